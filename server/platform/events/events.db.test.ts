import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { type EventEnvelope, event } from '#contracts/kit/event.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { testPlatform } from '../../../tests/support/platform.ts'
import { auditEvents } from '../audit.ts'
import { seededChance } from '../chance.ts'
import { systemClock } from '../clock.ts'
import { type Database, openDatabase } from '../db/database.ts'
import type { Tx } from '../db/statement.ts'
import { createIds } from '../ids.ts'
import { silentLog } from '../log.ts'
import type { Consumer } from './consumer.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { createConsumerRunner } from './runner.ts'
import { runSequencer } from './sequencer.ts'
import { createStreamFeed } from './stream-feed.ts'

const changed = event({
  type: 'test.record_changed.v1',
  aggregate: 'record',
  summary: 'A record has a new version',
  payload: z.object({ version: z.int() }),
})

const WRITERS = 64
const RECORDS = 12
const CHANGES_EACH = 25

const SCHEMA = `
create table public.records (id text primary key, version int not null);
create table public.effects (
  consumer text not null, n bigint generated always as identity, event_id text not null,
  record text not null, version int not null);`

type Process = Readonly<{ db: Database; outbox: Outbox; stop(): Promise<void> }>

/** A process of the shop: a pool, an outbox, a sequencer and these consumers, running until stopped. */
function startProcess(url: string, seed: number, consumers: readonly Consumer[]): Process {
  const db = openDatabase({ url, log: silentLog, poolSize: 8 })
  const ids = createIds({ clock: systemClock, chance: seededChance(seed) })
  const outbox = createOutbox({ db, ids, clock: systemClock })
  const ending = new AbortController()
  const deps = { db, outbox, source: 'main', clock: systemClock, log: silentLog }
  const loops = [
    runSequencer(deps, ending.signal),
    ...consumers.map((consumer) => {
      const feed = createStreamFeed(consumer.name, deps)
      return createConsumerRunner(consumer, { ...deps, feed }).run(ending.signal)
    }),
  ]
  return {
    db,
    outbox,
    async stop() {
      ending.abort()
      await Promise.all(loops)
      await db.close()
    },
  }
}

/** Notes each event that it handles; `trouble` may throw before or after. */
function noting(name: string, trouble = async (_tx: Tx): Promise<void> => {}): Consumer {
  return {
    name: `test.${name}`,
    events: [changed],
    async handle(tx, events) {
      await tx.query({
        text: `insert into public.effects (consumer, event_id, record, version)
               select $1, e, r, v from unnest($2::text[], $3::text[], $4::int[]) with ordinality as u(e, r, v, n)
               order by n`,
        values: [
          name,
          events.map(({ id }) => id),
          events.map(({ aggregateId }) => aggregateId),
          events.map(({ payload }) => (payload as { version: number }).version),
        ],
      })
      await trouble(tx)
    },
  }
}

/** Changes a record under its row lock, slowly, and rolls some changes back. */
async function change(process: Process, record: string, fate: number): Promise<boolean> {
  try {
    await process.db.tx(async (tx) => {
      const { rows } = await tx.query({
        text: 'update public.records set version = version + 1 where id = $1 returning version',
        values: [record],
      })
      const { version } = rows[0] as { version: number }
      if (fate < 0.5) await systemClock.sleep(fate * 8)
      await process.outbox.append(tx, [
        { spec: changed, aggregateId: record, payload: { version } },
      ])
      if (fate > 0.3 && fate < 0.7) await systemClock.sleep(fate * 5)
      if (fate > 0.85) throw new Error('rolled back')
    })
    process.outbox.appended.strike()
    return true
  } catch {
    return false
  }
}

async function write(processes: readonly Process[], writers: number): Promise<number> {
  let committed = 0
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      const chance = seededChance(writer)
      for (let round = 0; round < CHANGES_EACH; round += 1) {
        const record = `rec-${Math.floor(chance.float() * RECORDS)}`
        const process = processes[writer % processes.length] as Process
        if (await change(process, record, chance.float())) committed += 1
      }
    }),
  )
  return committed
}

async function until(what: string, holds: () => Promise<boolean>, ms = 120_000): Promise<void> {
  const end = systemClock.monotonicMs() + ms
  while (!(await holds().catch(() => false))) {
    assert.ok(systemClock.monotonicMs() < end, `${what}: not within ${ms} ms`)
    await systemClock.sleep(20)
  }
}

async function prepare(poolSize = 4) {
  const platform = await testPlatform({ poolSize })
  await platform.db.query({ text: SCHEMA })
  await platform.db.query({
    text: `insert into public.records select 'rec-' || n, 0 from generate_series(0, ${RECORDS - 1}) n`,
  })
  return platform
}

/** Every version of every record, once and in order, for each consumer; the stream without gaps. */
async function assertDelivered(db: Database, consumers: readonly string[]): Promise<number> {
  const query = async <Row>(text: string) => (await db.query({ text })).rows as Row[]
  const records = await query<{ id: string; version: number }>('select * from public.records')
  const total = records.reduce((all, record) => all + record.version, 0)
  const stream = await query<{
    position: number
    aggregate_id: string
    payload: { version: number }
  }>('select position, aggregate_id, payload from platform.events order by position')
  assert.deepEqual(
    stream.map((row) => row.position),
    Array.from({ length: total }, (_, n) => n + 1),
  )
  const effects = await query<{ consumer: string; record: string; version: number }>(
    'select consumer, record, version from public.effects order by n',
  )
  for (const { id, version } of records) {
    const expected = Array.from({ length: version }, (_, n) => n + 1)
    const told = stream.filter((row) => row.aggregate_id === id)
    assert.deepEqual(
      told.map((row) => row.payload.version),
      expected,
      `${id} in the stream`,
    )
    for (const consumer of consumers) {
      const handled = effects.filter((row) => row.consumer === consumer && row.record === id)
      assert.deepEqual(
        handled.map((row) => row.version),
        expected,
        `${id} at ${consumer}`,
      )
    }
  }
  assert.equal(effects.length, total * consumers.length)
  assert.deepEqual(await auditEvents(db), [])
  return total
}

const caughtUp = (db: Database, consumers: number) => async () => {
  const { rows } = await db.query({
    text: `select (select count(*)::int from platform.outbox) as waiting,
             (select count(*)::int from platform.consumer_cursors, platform.event_head h
              where consumer_cursors.position = h.position) as level`,
  })
  const { waiting, level } = rows[0] as { waiting: number; level: number }
  return waiting === 0 && level === consumers
}

test('64 writers, two sequencers, three consumers twice: each event once, in order, without gaps', async () => {
  const { db, url } = await prepare()
  const names = ['one', 'two', 'three']
  const processes = [1, 2].map((seed) =>
    startProcess(
      url,
      seed,
      names.map((name) => noting(name)),
    ),
  )
  const committed = await write(processes, WRITERS)
  await until('all delivered', caughtUp(db, names.length))
  await Promise.all(processes.map((process) => process.stop()))
  assert.equal(await assertDelivered(db, names), committed)
  assert.ok(committed > WRITERS * CHANGES_EACH * 0.7, String(committed))
})

test('all connections cut again and again in the middle: nothing lost, nothing twice', async () => {
  const { db, url } = await prepare()
  const names = ['one', 'two', 'three']
  const processes = [3, 4].map((seed) =>
    startProcess(
      url,
      seed,
      names.map((name) => noting(name)),
    ),
  )
  let writing = true
  const cutting = (async () => {
    for (let cut = 0; writing || cut < 4; cut += 1) {
      await systemClock.sleep(60)
      await db.query({
        text: `select pg_terminate_backend(pid) from pg_stat_activity
               where datname = current_database() and pid <> pg_backend_pid()`,
      })
    }
  })()
  await write(processes, 24)
  writing = false
  await cutting
  await write(processes, 8)
  await until('all delivered', caughtUp(db, names.length))
  await Promise.all(processes.map((process) => process.stop()))
  assert.ok((await assertDelivered(db, names)) > 100)
})

test('a consumer that dies in the middle of its batch leaves no half of it, and goes on', async () => {
  const { db, url } = await prepare()
  let deaths = 0
  const dying = noting('one', async (tx) => {
    if (deaths >= 3) return
    deaths += 1
    await tx.query({ text: 'select pg_terminate_backend(pg_backend_pid())' })
  })
  const process = startProcess(url, 5, [dying])
  await write([process], 4)
  await until('all delivered', caughtUp(db, 1))
  await process.stop()
  assert.equal(deaths, 3)
  await assertDelivered(db, ['one'])
})

async function appendVersions(platform: Awaited<ReturnType<typeof prepare>>, count: number) {
  await platform.db.tx((tx) =>
    platform.outbox.append(
      tx,
      Array.from({ length: count }, (_, n) => ({
        spec: changed,
        aggregateId: 'rec-0',
        payload: { version: n + 1 },
      })),
    ),
  )
}

const handledVersions = async (db: Database) =>
  (await db.query({ text: 'select version from public.effects order by n' })).rows.map(
    (row: { version: number }) => row.version,
  )

const without = (count: number, left: readonly number[]) =>
  Array.from({ length: count }, (_, n) => n + 1).filter((version) => !left.includes(version))

const versionOf = (one: EventEnvelope) => (one.payload as { version: number }).version

test('poison events are parked after their attempts, neighbours handled in order and soon', async () => {
  const platform = await prepare()
  const poison = [3, 411, 499, 500, 900]
  await appendVersions(platform, 1_200)
  const tries = new Map<number, number>()
  let batches = 0
  const base = noting('one')
  await platform.deliver([
    {
      ...base,
      async handle(tx, events) {
        batches += 1
        await base.handle(tx, events)
        const bad = events.find((one) => poison.includes(versionOf(one)))
        if (!bad) return
        if (events.length === 1) tries.set(versionOf(bad), (tries.get(versionOf(bad)) ?? 0) + 1)
        throw new Error(`cannot take ${versionOf(bad)}`)
      },
    },
  ])
  assert.deepEqual(await handledVersions(platform.db), without(1_200, poison))
  const { rows } = await platform.db.query({
    text: 'select payload, error, attempts from platform.parked_events order by position',
  })
  assert.deepEqual(
    rows.map((row) => row.payload.version),
    poison,
  )
  assert.match(rows[0].error, /cannot take 3/)
  assert.deepEqual(
    [...tries.values()],
    poison.map(() => rows[0].attempts),
  )
  assert.ok(batches < 250, `${batches} batches`)
})

test('an effect that the database refuses at the commit is the event’s fault too', async () => {
  const platform = await prepare()
  await platform.db.query({
    text: `create table public.allowed (version int primary key);
           insert into public.allowed select n from generate_series(1, 9) n where n <> 4;
           alter table public.effects add foreign key (version) references public.allowed
             deferrable initially deferred`,
  })
  await appendVersions(platform, 9)
  await platform.deliver([noting('one')])
  assert.deepEqual(await handledVersions(platform.db), without(9, [4]))
})

test('an event waits, and is not parked, while what it needs is away', async () => {
  const platform = await prepare()
  await appendVersions(platform, 5)
  let away = 12
  const unavailable = generalProblem('unavailable')
  const consumer = noting('one', async () => {
    away -= 1
    if (away > 0) throw unavailable
  })
  for (let tries = 0; away > 0; tries += 1) {
    await platform.deliver([consumer]).catch((error: unknown) => assert.equal(error, unavailable))
    assert.ok(tries < 20)
  }
  assert.deepEqual(await handledVersions(platform.db), without(5, []))
  assert.deepEqual(await auditEvents(platform.db), [])
})

test('what fails after the commit harms no later event', async () => {
  const platform = await prepare()
  await appendVersions(platform, 600)
  const consumer: Consumer = {
    ...noting('one'),
    afterCommit() {
      throw new Error('nobody listens')
    },
  }
  await platform.deliver([consumer])
  await appendVersions(platform, 3)
  await platform.deliver([consumer])
  assert.equal((await handledVersions(platform.db)).length, 603)
  assert.deepEqual(await auditEvents(platform.db), [])
})

test('an event that comes a second time has no second effect', async () => {
  const platform = await prepare()
  await appendVersions(platform, 10)
  await platform.deliver([noting('one')])
  await platform.db.query({ text: 'update platform.consumer_cursors set position = 4' })
  await platform.deliver([noting('one')])
  assert.deepEqual(await handledVersions(platform.db), without(10, []))
})

test('the next partition is made before it is needed, while others read and write', async () => {
  const platform = await prepare()
  await platform.db.query({ text: 'update platform.event_head set position = 4999999' })
  const reader = await platform.db.connect()
  try {
    await reader.query('begin')
    await reader.query('select count(*) from platform.events')
    const outboxes = [1, 2, 3].map((seed) =>
      createOutbox({
        db: platform.db,
        ids: createIds({ clock: systemClock, chance: seededChance(seed) }),
        clock: systemClock,
      }),
    )
    await appendVersions(platform, 3)
    const moved = await Promise.all(outboxes.map((outbox) => outbox.sequence()))
    assert.equal(
      moved.reduce((all, count) => all + count, 0),
      3,
    )
  } finally {
    await reader.query('rollback')
    reader.release()
  }
  const events = await platform.outbox.read(0, 10)
  assert.deepEqual(
    events.map((one) => one.position),
    [5_000_000, 5_000_001, 5_000_002],
  )
  const { rows } = await platform.db.query({
    text: `select inhrelid::regclass::text as name from pg_inherits
           where inhparent = 'platform.events'::regclass order by 1`,
  })
  assert.deepEqual(
    rows.map((row) => row.name),
    ['platform.events_p0', 'platform.events_p1'],
  )
})
