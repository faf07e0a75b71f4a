import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClock } from '../../tests/support/platform.ts'
import { createLocalThrottle, type ThrottlePolicy } from './throttle.ts'

const POLICY: ThrottlePolicy = {
  free: 3,
  firstWaitMs: 1_000,
  longestWaitMs: 4_000,
  forgetMs: 60_000,
}

test('the free tries go through at once, then each wait is twice the last, up to the longest', async () => {
  const clock = testClock()
  const throttle = createLocalThrottle(clock)
  const waits: number[] = []
  for (let made = 0; made < 6; made += 1) {
    assert.equal(await throttle.take('a', POLICY), 0)
    const wait = await throttle.take('b', { ...POLICY, free: 99 })
    assert.equal(wait, 0, 'another key is not slowed down')
    const waiting = made < 2 ? 0 : await throttle.take('a', POLICY)
    waits.push(waiting)
    clock.advance(waiting)
  }
  assert.deepEqual(waits, [0, 0, 1_000, 2_000, 4_000, 4_000])
})

test('tries at one moment do not slip through', async () => {
  const throttle = createLocalThrottle(testClock())
  const waits = await Promise.all(Array.from({ length: 50 }, () => throttle.take('a', POLICY)))
  assert.equal(waits.filter((wait) => wait === 0).length, 3)
})

test('a success and a long quiet forget', async () => {
  const clock = testClock()
  const throttle = createLocalThrottle(clock)
  for (let made = 0; made < 3; made += 1) await throttle.take('a', POLICY)
  assert.ok((await throttle.take('a', POLICY)) > 0)
  await throttle.forget('a')
  for (let made = 0; made < 3; made += 1) assert.equal(await throttle.take('a', POLICY), 0)
  clock.advance(60_001)
  assert.equal(await throttle.take('a', POLICY), 0)
})

test('memory is bounded', async () => {
  const throttle = createLocalThrottle(testClock(), 10)
  for (let key = 0; key < 100; key += 1) await throttle.take(String(key), POLICY)
  for (let made = 0; made < 3; made += 1) assert.equal(await throttle.take('0', POLICY), 0)
})
