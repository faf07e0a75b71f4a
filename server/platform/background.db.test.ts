import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { event } from '#contracts/kit/event.ts'
import { testPlatform } from '../../tests/support/platform.ts'
import { eventsBehind } from './audit.ts'
import { createBackground, MAIN_SOURCE } from './background.ts'
import { systemClock } from './clock.ts'
import { createCursor } from './events/cursor.ts'
import { silentLog } from './log.ts'
import type { Ticker } from './module.ts'

const { db, outbox } = await testPlatform({ poolSize: 2 })

/** Runs them until that holds. @returns what was warned of. */
async function runUntil(holds: () => boolean, tickers: readonly Ticker[]): Promise<string[]> {
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
  while (!holds()) await systemClock.sleep(5)
  await background.stop()
  return warned
}

test('rounds follow at once while there is work, then wait for their time', async () => {
  const rounds: number[] = []
  let left = 5
  await runUntil(
    () => rounds.length >= 5,
    [
      {
        name: 'test.work',
        everyMs: 60_000,
        async run() {
          rounds.push(left)
          left = Math.max(0, left - 1)
          return left
        },
      },
    ],
  )
  assert.deepEqual(rounds, [5, 4, 3, 2, 1])
})

test('a round that fails is told, waits, and neither ends its ticker nor disturbs others', async () => {
  let [failing, throwing, passing] = [0, 0, 0]
  const warned = await runUntil(
    () => Math.min(failing, throwing, passing) >= 3,
    [
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
    ],
  )
  assert.ok(warned.some((line) => line.includes('test.failing') && line.includes('this round')))
  assert.ok(warned.some((line) => line.includes('test.throwing')))
})

test('stopping lets the running round finish', async () => {
  let finished = false
  let begin = () => {}
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
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
          begin()
          await systemClock.sleep(40)
          finished = true
          return 1
        },
      },
    ],
  })
  background.start()
  await begun
  await background.stop()
  assert.ok(finished)
})

test('catching up handles all that waits, and what comes of it, and returns', async () => {
  const told = (type: string) =>
    event({ type, aggregate: 'record', summary: 'Told', payload: z.object({ n: z.int() }) })
  const [first, second] = [told('test.first.v1'), told('test.second.v1')]
  const seen: string[] = []
  const followed: string[] = []
  const place = createCursor({ consumer: 'test.follow', source: MAIN_SOURCE })
  /** One event a round, as a reader with a cursor of its own. */
  async function follow(): Promise<number> {
    const from = await place.read(db)
    const [next] = await outbox.read(from, 1)
    if (!next) return 0
    if (next.type === first.type || next.type === second.type) followed.push(next.type)
    await db.tx((tx) => place.move(tx, next.position))
    return 1
  }
  const background = createBackground({
    db,
    outbox,
    consumers: [
      {
        name: 'test.last',
        events: [second],
        handle: async (_tx, events) => void seen.push(...events.map(({ type }) => type)),
      },
      {
        name: 'test.first',
        events: [first],
        handle: (tx, events) =>
          outbox.append(
            tx,
            events.map(({ aggregateId }) => ({ spec: second, aggregateId, payload: { n: 2 } })),
          ),
      },
    ],
    tickers: [
      { name: 'test.follow', everyMs: 1_000, followsEvents: true, run: follow },
      { name: 'test.tidy', everyMs: 1_000, run: () => assert.fail('nothing that follows events') },
    ],
    clock: systemClock,
    log: silentLog,
  })
  await db.tx((tx) =>
    outbox.append(tx, [{ spec: first, aggregateId: 'record-1', payload: { n: 1 } }]),
  )
  await background.catchUp()
  assert.deepEqual(seen, [second.type])
  assert.deepEqual(followed, [first.type, second.type])
  assert.equal(await eventsBehind(db), 0)
})
