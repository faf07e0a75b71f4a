import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testPlatform } from '../../tests/support/platform.ts'
import { createBackground } from './background.ts'
import { systemClock } from './clock.ts'
import { silentLog } from './log.ts'
import type { Ticker } from './module.ts'

const { db, outbox } = await testPlatform({ poolSize: 2 })

async function runFor(ms: number, tickers: readonly Ticker[]): Promise<string[]> {
  const warned: string[] = []
  const log = { ...silentLog, warn: (facts: object) => void warned.push(JSON.stringify(facts)) }
  const background = createBackground({
    db,
    outbox,
    consumers: [],
    tickers,
    clock: systemClock,
    log,
  })
  background.start()
  await systemClock.sleep(ms)
  await background.stop()
  return warned
}

test('rounds follow at once while there is work, then wait for their time', async () => {
  const rounds: number[] = []
  let left = 5
  await runFor(60, [
    {
      name: 'test.work',
      everyMs: 60_000,
      async run() {
        rounds.push(left)
        left = Math.max(0, left - 1)
        return left
      },
    },
  ])
  assert.deepEqual(rounds, [5, 4, 3, 2, 1])
})

test('a round that fails is told, waits, and neither ends its ticker nor disturbs others', async () => {
  let [failing, throwing, passing] = [0, 0, 0]
  const warned = await runFor(120, [
    {
      name: 'test.failing',
      everyMs: 10,
      async run() {
        failing += 1
        throw new Error('this round')
      },
    },
    {
      name: 'test.throwing',
      everyMs: 10,
      run() {
        throwing += 1
        throw new Error('at once')
      },
    },
    {
      name: 'test.passing',
      everyMs: 10,
      async run() {
        passing += 1
        return 0
      },
    },
  ])
  for (const rounds of [failing, throwing, passing]) {
    assert.ok(rounds >= 3 && rounds <= 13, String(rounds))
  }
  assert.ok(warned.some((line) => line.includes('test.failing') && line.includes('this round')))
  assert.ok(warned.some((line) => line.includes('test.throwing')))
})

test('stopping lets the running round finish', async () => {
  let finished = false
  const background = createBackground({
    db,
    outbox,
    consumers: [],
    clock: systemClock,
    log: silentLog,
    tickers: [
      {
        name: 'test.slow',
        everyMs: 1,
        async run() {
          await systemClock.sleep(40)
          finished = true
          return 1
        },
      },
    ],
  })
  background.start()
  await systemClock.sleep(5)
  await background.stop()
  assert.ok(finished)
})
