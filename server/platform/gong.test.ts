import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Clock, systemClock } from './clock.ts'
import { createGong } from './gong.ts'

/** Sleeps until aborted, and counts the sleepers. */
function sleepingClock(): Clock & { sleepers(): number } {
  let sleepers = 0
  return {
    ...systemClock,
    sleepers: () => sleepers,
    async sleep(_ms, signal) {
      sleepers += 1
      await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()))
      sleepers -= 1
    },
  }
}

const never = new AbortController().signal

test('a strike wakes everyone who waits, once', async () => {
  const clock = sleepingClock()
  const gong = createGong(clock)
  const woken = [1, 2, 3].map(() => gong.wait(gong.strikes(), 60_000, never))
  assert.equal(clock.sleepers(), 3)
  gong.strike()
  await Promise.all(woken)
  assert.equal(clock.sleepers(), 0)
  void gong.wait(gong.strikes(), 60_000, never)
  await nextTurn()
  assert.equal(clock.sleepers(), 1)
})

test('a strike between looking and waiting is not missed', async () => {
  const clock = sleepingClock()
  const gong = createGong(clock)
  const heard = gong.strikes()
  gong.strike()
  await gong.wait(heard, 60_000, never)
  assert.equal(clock.sleepers(), 0)
})

test('waiting ends by itself, and when it is called off', async () => {
  const timed = createGong(systemClock)
  await timed.wait(timed.strikes(), 5, never)
  const ending = new AbortController()
  const gong = createGong(sleepingClock())
  const waiting = gong.wait(gong.strikes(), 60_000, ending.signal)
  ending.abort()
  await waiting
  await gong.wait(gong.strikes(), 60_000, ending.signal)
})
