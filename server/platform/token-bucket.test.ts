import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { testClock } from '../../tests/support/platform.ts'
import { createLocalBuckets } from './token-bucket.ts'

const POLICY = { burst: 3, perSecond: 2 }

test('the burst goes through at once, then as many as come back', async () => {
  const clock = testClock()
  const buckets = createLocalBuckets(clock)
  const left: number[] = []
  for (let made = 0; made < 3; made += 1) left.push((await buckets.take('a', POLICY)).remaining)
  assert.deepEqual(left, [2, 1, 0])
  assert.deepEqual((await buckets.take('a', POLICY)).waitMs, 500)
  assert.equal((await buckets.take('b', POLICY)).waitMs, 0, 'another key has a bucket of its own')
  clock.advance(500)
  assert.equal((await buckets.take('a', POLICY)).waitMs, 0)
  assert.equal((await buckets.take('a', POLICY)).waitMs, 500)
})

test('requests at one moment do not slip through', async () => {
  const buckets = createLocalBuckets(testClock())
  const taken = await Promise.all(Array.from({ length: 50 }, () => buckets.take('a', POLICY)))
  assert.equal(taken.filter(({ waitMs }) => waitMs === 0).length, 3)
})

test('over any stretch of time no more pass than the burst and what came back', async () => {
  const pauses = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(pauses, async (waits) => {
      const clock = testClock()
      const buckets = createLocalBuckets(clock)
      const began = clock.monotonicMs()
      let passed = 0
      for (const wait of waits) {
        if ((await buckets.take('a', POLICY)).waitMs === 0) passed += 1
        clock.advance(wait)
      }
      const seconds = (clock.monotonicMs() - began) / 1_000
      assert.ok(passed <= POLICY.burst + seconds * POLICY.perSecond)
    }),
  )
})

test('who waits as long as he is told gets through', async () => {
  const waits = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 20, maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(waits, async (pauses) => {
      const clock = testClock()
      const buckets = createLocalBuckets(clock)
      for (const pause of pauses) {
        const { waitMs } = await buckets.take('a', POLICY)
        clock.advance(waitMs > 0 ? Math.ceil(waitMs) : pause)
        if (waitMs > 0) assert.equal((await buckets.take('a', POLICY)).waitMs, 0)
      }
    }),
  )
})

test('memory is bounded', async () => {
  const buckets = createLocalBuckets(testClock(), 10)
  for (let key = 0; key < 100; key += 1) await buckets.take(String(key), POLICY)
  assert.equal((await buckets.take('0', POLICY)).remaining, 2)
})
