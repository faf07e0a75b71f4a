/**
 * Goal: events reach their consumers by Kafka as they do by the stream: in order of each aggregate, each applied once,
 * whatever happens to Kafka (F4), and past messages that nobody can handle (F12).
 * Method: the relay and two processes of one consumer on a real broker, which is stopped, started and wiped by
 * ENGINES_COMMAND where it is given.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { Admin, Producer, stringSerializers } from '@platformatic/kafka'
import { z } from 'zod'
import { type EventSpec, event } from '../../contracts/kit/event.ts'
import { seededChance } from '../../server/platform/chance.ts'
import { systemClock as clock } from '../../server/platform/clock.ts'
import { openDatabase } from '../../server/platform/db/database.ts'
import type { Consumer } from '../../server/platform/events/consumer.ts'
import { createOutbox } from '../../server/platform/events/outbox.ts'
import { listParked, returnParked } from '../../server/platform/events/parked.ts'
import { createConsumerRunner } from '../../server/platform/events/runner.ts'
import { runSequencer } from '../../server/platform/events/sequencer.ts'
import { createIds } from '../../server/platform/ids.ts'
import { createKafkaFeed } from '../../server/platform/kafka/kafka-feed.ts'
import { clientOptions, topicOf } from '../../server/platform/kafka/line.ts'
import { createRelay } from '../../server/platform/kafka/relay.ts'
import { silentLog as log } from '../../server/platform/log.ts'
import { timeUntil } from '../support/faulty-line.ts'
import { testPlatform } from '../support/platform.ts'

const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',')
const engines = process.env['ENGINES_COMMAND']
const broker = (action: 'stop' | 'start' | 'wipe') =>
  promisify(execFile)(engines as string, [action, 'kafka'])

const noted = event({
  type: 'kafkatest.record_changed.v1',
  aggregate: 'record',
  summary: 'A record has a new version',
  payload: z.object({ version: z.int() }),
})
const later = event({ ...noted, type: 'kafkatest.record_changed.v2' })

const { db, url } = await testPlatform({ poolSize: 4 })
await db.query({
  text: `create table public.effects (
    n bigint generated always as identity, event_id text, record text, version int)`,
})
const line = { brokers, prefix: `stoa-test-${randomBytes(4).toString('hex')}`, partitions: 3 }
const topic = topicOf(line, noted.type)

/** Versions below 0 are refused until they are forgiven. */
let strict = true
const consumer: Consumer = {
  name: 'kafkatest.note',
  events: [noted],
  async handle(tx, events) {
    for (const { id, aggregateId, payload } of events) {
      const { version } = payload as { version: number }
      if (strict && version < 0) throw new Error('a version below 0')
      await tx.query({
        text: 'insert into public.effects (event_id, record, version) values ($1, $2, $3)',
        values: [id, aggregateId, version],
      })
    }
  },
}

/** A process of the shop: sequencer, relay, consumer. */
function startProcess(seed: number) {
  const own = openDatabase({ url, log, poolSize: 6 })
  const ids = createIds({ clock, chance: seededChance(seed) })
  const outbox = createOutbox({ db: own, ids, clock })
  const ending = new AbortController()
  const eventTypes = [noted.type]
  const relay = createRelay({ line, eventTypes, db: own, outbox, clock, log })
  const feed = createKafkaFeed(consumer, { line, clock, log })
  const loops = [
    runSequencer({ outbox, clock, log }, ending.signal),
    relay(ending.signal),
    createConsumerRunner(consumer, { db: own, feed, clock, log }).run(ending.signal),
  ]
  return {
    async append(
      changes: readonly (readonly [record: string, version: number])[],
      spec: EventSpec = noted,
    ) {
      await own.tx((tx) =>
        outbox.append(
          tx,
          changes.map(([aggregateId, version]) => ({ spec, aggregateId, payload: { version } })),
        ),
      )
      outbox.appended.strike()
    },
    async stop() {
      ending.abort()
      await Promise.all(loops)
      await own.close()
    },
  }
}

const processes = [startProcess(1), startProcess(2)] as const
const [first, second] = processes
let told = 0
const RECORDS = 10

after(async () => {
  for (const one of processes) await one.stop()
  const admin = new Admin(clientOptions(line))
  await admin.deleteTopics({ topics: [topic] }).catch(() => {})
  await admin.close()
})

/** Tells the next version of each record, by one process and the other in turn. */
async function tell(rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    told += 1
    const changes = Array.from({ length: RECORDS }, (_, n) => [`rec-${n}`, told] as const)
    await (round % 2 ? second : first).append(changes)
  }
}

async function count(): Promise<number> {
  const { rows } = await db.query({ text: 'select count(*)::int as n from public.effects' })
  return (rows[0] as { n: number }).n
}

/** Every version of every record has had its effect once, and in order. */
async function assertApplied(): Promise<void> {
  await timeUntil('all is applied', async () => (await count()) >= told * RECORDS)
  const { rows } = await db.query({
    text: `select record, array_agg(version order by n) as versions from public.effects
           where version > 0 group by record`,
  })
  const expected = Array.from({ length: told }, (_, n) => n + 1)
  for (const { versions } of rows as { versions: number[] }[]) assert.deepEqual(versions, expected)
  assert.equal(rows.length, RECORDS)
}

const parked = () => listParked(db, { limit: 100 })

test('two processes share the work: each event once, each aggregate in order', async () => {
  await tell(100)
  await assertApplied()
})

test('what cannot be read, is of a newer version or always fails is parked; others go on; it comes back', async () => {
  const producer = new Producer({ ...clientOptions(line), serializers: stringSerializers })
  const bad = [
    'no json',
    '{"id":1}',
    JSON.stringify({ ...envelope('evt_x'), payload: { version: 'x' } }),
  ]
  await producer.send({
    messages: bad.map((value) => ({ topic, key: 'rec-0', value })),
    acks: -1,
  })
  await producer.close()
  await first.append([['rec-0', 1]], later)
  await first.append([['poison', -1]])
  await tell(5)
  await assertApplied()
  await timeUntil('they are parked', async () => (await parked()).length === 5)
  const all = await parked()
  assert.deepEqual(all.map(({ type }) => type).sort(), [
    noted.type,
    noted.type,
    later.type,
    'unreadable',
    'unreadable',
  ])
  const poison = all.find(({ aggregateId }) => aggregateId === 'poison')
  assert.ok(poison && poison.attempts === 5 && /a version below 0/.test(poison.error))
  const back = () => returnParked(db, [consumer], poison)
  assert.deepEqual(await back(), { failed: 'a version below 0' })
  strict = false
  assert.deepEqual([await back(), await back()], ['handled', 'not_parked'])
  assert.equal((await parked()).length, 4)
  await db.query({ text: 'delete from public.effects where version < 0' })
})

function envelope(id: string) {
  const createdAt = new Date().toISOString()
  return {
    id,
    position: 1,
    type: noted.type,
    aggregateId: 'rec-0',
    payload: {},
    headers: {},
    createdAt,
  }
}

test('Kafka gone: events wait in the stream, and all arrive when it is back', {
  skip: !engines,
}, async () => {
  await broker('stop')
  await tell(50)
  await clock.sleep(3_000)
  assert.ok((await count()) < told * RECORDS)
  await broker('start')
  await assertApplied()
})

test('Kafka wiped: the last days are told again, and have no second effect', {
  skip: !engines,
}, async () => {
  await broker('wipe')
  await tell(5)
  await broker('start')
  await assertApplied()
  await tell(5)
  await assertApplied()
})
