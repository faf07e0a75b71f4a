import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testPlatform } from '../../tests/support/platform.ts'
import { systemClock } from './clock.ts'
import { housekeeping } from './housekeeping.ts'
import { createIdempotency } from './idempotency.ts'

const { db, outbox } = await testPlatform({ poolSize: 2 })
const jobs = housekeeping({ db, idempotency: createIdempotency({ db, clock: systemClock }) })

async function runJob(name: string): Promise<void> {
  const job = jobs.find((one) => one.name === name)
  await job?.run({}, { signal: new AbortController().signal, attempt: 1 })
}

const addEvent = (position: number, age: string) =>
  db.query({
    text: `insert into platform.events (position, id, type, aggregate_id, payload, headers, created_at)
           values ($1::bigint, 'evt_' || $1::bigint, 'x', 'y', '{}', '{}', now() - $2::interval)`,
    values: [position, age],
  })

async function positions(): Promise<number[]> {
  return (await outbox.read(0, 100)).map((event) => event.position)
}

test('a partition of the stream goes when it is old and every consumer has passed it', async () => {
  await db.query({ text: 'update platform.event_head set position = 9000000' })
  await outbox.sequence()
  await addEvent(4_000_000, '30 days')
  await addEvent(4_900_000, '15 days')
  await addEvent(5_000_000, '15 days')
  await addEvent(9_000_000, '13 days')
  await db.query({
    text: `insert into platform.consumer_cursors (consumer, source, position)
           values ('slow', 'main', 4899999), ('quick', 'main', 9000000)`,
  })
  await runJob('platform.drop_old_events')
  assert.deepEqual(await positions(), [4_000_000, 4_900_000, 5_000_000, 9_000_000])
  await db.query({ text: 'update platform.consumer_cursors set position = 9000000' })
  await runJob('platform.drop_old_events')
  assert.deepEqual(await positions(), [5_000_000, 9_000_000])
  await db.query({ text: `update platform.events set created_at = now() - interval '1 year'` })
  await runJob('platform.drop_old_events')
  assert.deepEqual(await positions(), [5_000_000, 9_000_000], 'the head’s partition stays')
})

test('the inbox forgets what is older than the stream', async () => {
  await db.query({
    text: `insert into platform.inbox (consumer, event_id, handled_at)
           select 'c', 'old' || n, now() - interval '15 days' from generate_series(1, 12000) n;
           insert into platform.inbox (consumer, event_id) values ('c', 'new')`,
  })
  await runJob('platform.sweep_inbox')
  const { rows } = await db.query({ text: 'select event_id from platform.inbox' })
  assert.deepEqual(rows, [{ event_id: 'new' }])
})
