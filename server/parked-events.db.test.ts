import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { event } from '#contracts/kit/event.ts'
import * as routes from '#contracts/operations/routes.ts'
import { operatorOf } from '../tests/support/operator.ts'
import { testPlatform } from '../tests/support/platform.ts'
import { parkedEventRoutes } from './parked-events.ts'
import type { Consumer } from './platform/events/consumer.ts'

const noted = event({
  type: 'test.record_noted.v1',
  aggregate: 'record',
  summary: 'A record was noted',
  payload: z.object({ n: z.int() }),
})
const platform = await testPlatform()
const { db, outbox } = platform
const effects: number[] = []
let told = 0
let broken = true
const consumer: Consumer = {
  name: 'test.note',
  events: [noted],
  async handle(_tx, events) {
    for (const { payload } of events) {
      const { n } = payload as { n: number }
      if (broken && n % 2 === 0) throw new Error(`${n} is even`)
      effects.push(n)
    }
  },
  afterCommit: () => {
    told += 1
  },
}
const operator = operatorOf(platform, parkedEventRoutes(db, [consumer]))

const append = (numbers: readonly number[], spec = noted) =>
  db.tx((tx) =>
    outbox.append(
      tx,
      numbers.map((n) => ({ spec, aggregateId: `record-${n}`, payload: { n } })),
    ),
  )
const parked = async () => (await operator(routes.listParkedEvents)).body.items

test('what fails is parked with its reason, listed by pages, returned, and has its effect once', async () => {
  await append([1, 2, 3, 4, 5, 6])
  await platform.deliver([consumer])
  const all = await parked()
  assert.deepEqual(
    all.map(({ aggregateId, attempts }) => [aggregateId, attempts]).sort(),
    [2, 4, 6].map((n) => [`record-${n}`, 5]),
  )
  assert.match(all[0]?.error ?? '', /is even/)
  const first = await operator(routes.listParkedEvents, { query: { limit: '2' } })
  const cursor = String(first.body.nextCursor)
  const rest = await operator(routes.listParkedEvents, { query: { limit: '2', cursor } })
  assert.equal(first.body.items.length + rest.body.items.length, 3)
  const [one] = all
  assert.ok(one)
  const params = { consumer: one.consumer, eventId: one.eventId }
  const failed = await operator(routes.returnParkedEvent, { params })
  assert.equal(failed.problem.code, 'operations.event_failed')
  assert.equal((await parked()).find(({ eventId }) => eventId === one.eventId)?.attempts, 6)
  broken = false
  const before = told
  assert.equal((await operator(routes.returnParkedEvent, { params })).status, 204)
  assert.equal((await operator(routes.returnParkedEvent, { params })).status, 404)
  const n = (one.payload as { n: number }).n
  assert.equal(effects.filter((effect) => effect === n).length, 1)
  assert.equal(told, before + 1)
})

test('a parked event is dropped for ever, and unknown ones are not found', async () => {
  const [one] = await parked()
  assert.ok(one)
  const params = { consumer: one.consumer, eventId: one.eventId }
  assert.equal((await operator(routes.dropParkedEvent, { params })).status, 204)
  assert.equal((await operator(routes.dropParkedEvent, { params })).status, 404)
  const nobody = { consumer: 'test.nobody', eventId: one.eventId }
  assert.equal((await operator(routes.returnParkedEvent, { params: nobody })).status, 404)
  assert.equal((await parked()).length, 1)
})

test('a version that is not known yet is parked at once, and nothing else waits for it', async () => {
  const later = event({ ...noted, type: 'test.record_noted.v2' as 'test.record_noted.v1' })
  await append([7], later)
  await append([9])
  await platform.deliver([consumer])
  assert.equal(effects.at(-1), 9)
  const found = (await parked()).find(({ type }) => type === 'test.record_noted.v2')
  assert.match(found?.error ?? '', /version .* is not known/)
  const params = { consumer: 'test.note', eventId: found?.eventId as string }
  const early = await operator(routes.returnParkedEvent, { params })
  assert.equal(early.problem.code, 'operations.event_failed')
})
