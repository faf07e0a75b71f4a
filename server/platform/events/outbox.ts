import type { EventEnvelope, EventPayload, EventSpec } from '#contracts/kit/event.ts'
import type { Clock } from '../clock.ts'
import { jsonLines } from '../db/array-text.ts'
import type { Database } from '../db/database.ts'
import { statement, type Tx } from '../db/statement.ts'
import { createGong, type Gong } from '../gong.ts'
import type { Ids } from '../ids.ts'
import { currentRequestId } from '../log.ts'

/** An event about to be told: what happened to which record. */
export type NewEvent<E extends EventSpec = EventSpec> = Readonly<{
  spec: E
  aggregateId: string
  payload: EventPayload<E>
}>

export type Outbox = Readonly<{
  /** Appends events in the transaction of the change that they tell of. */
  append(tx: Tx, events: readonly NewEvent[]): Promise<void>
  /** Struck after a transaction with events has committed: the sequencer of this process wakes. */
  readonly appended: Gong
  /** Struck when events have reached the stream: the consumers of this process wake. */
  readonly moved: Gong
  /** Moves waiting events into the stream. @returns how many were moved; call again while full. */
  sequence(): Promise<number>
  /** Events after a position, oldest first. */
  read(after: number, limit: number): Promise<EventEnvelope[]>
  /** Position of the newest event. */
  head(): Promise<number>
}>

const SEQUENCE_BATCH = 2_000

const appendEvents = statement(
  'platform.append_events',
  `insert into platform.outbox (id, type, aggregate_id, payload, headers)
   select unnest($1::text[]), unnest($2::text[]), unnest($3::text[]),
          unnest(string_to_array($4, E'\\n'))::jsonb, $5`,
)

// The head's row is the sequencer's lock: a rival waits here until our positions are committed.
// What is visible and not yet moved is taken in order of `seq`, which for one aggregate is the
// order of its changes, because they were made under its row lock.
const sequenceEvents = statement<{ moved: number }>(
  'platform.sequence_events',
  `with head as (
     select position from platform.event_head where only_row for update
   ), taken as (
     delete from platform.outbox
     where seq = any (array(select seq from platform.outbox order by seq limit ${SEQUENCE_BATCH}))
       and exists (select from head)
     returning seq, id, type, aggregate_id, payload, headers, created_at
   ), placed as (
     insert into platform.events (position, id, type, aggregate_id, payload, headers, created_at)
     select head.position + row_number() over (order by taken.seq),
            taken.id, taken.type, taken.aggregate_id, taken.payload, taken.headers, taken.created_at
     from taken, head
     returning position
   ), advanced as (
     update platform.event_head set position = position + (select count(*) from placed)
     where only_row and exists (select from placed)
   )
   select count(*)::int as moved from placed`,
)

const readEvents = statement<{
  position: number
  id: string
  type: string
  aggregate_id: string
  payload: unknown
  headers: Record<string, string>
  created_at: string
}>(
  'platform.read_events',
  `select position, id, type, aggregate_id, payload, headers, created_at
   from platform.events where position > $1 order by position limit $2`,
)

const readHead = statement<{ position: number }>(
  'platform.read_event_head',
  'select position from platform.event_head where only_row',
)

const PARTITION_EVENTS = 5_000_000
/** A process looks for the next partition each time that it has moved so many events. */
const PARTITION_LOOK = 100_000

/** The transactional outbox of one database. */
export function createOutbox({
  db,
  ids,
  clock,
}: Readonly<{ db: Database; ids: Ids; clock: Clock }>): Outbox {
  /** The newest partition that is known to be there; none before the first look. */
  let newestPartition: number | undefined
  let sequenced = 0

  /** Makes the partition of the head, and from the middle of that on the next one. */
  async function ensurePartitions(): Promise<void> {
    const [row] = await readHead(db)
    const head = row?.position ?? 0
    const needed = Math.floor((head + PARTITION_EVENTS / 2) / PARTITION_EVENTS)
    let next = (newestPartition ?? Math.floor(head / PARTITION_EVENTS) - 1) + 1
    for (; next <= needed; next += 1) {
      await addPartition(db, next)
      newestPartition = next
    }
  }

  return {
    appended: createGong(clock),
    moved: createGong(clock),
    async append(tx, events) {
      if (events.length === 0) return
      const requestId = currentRequestId()
      await appendEvents(tx, [
        events.map(() => ids.make('evt')),
        events.map((event) => event.spec.type),
        events.map((event) => event.aggregateId),
        jsonLines(events.map((event) => event.payload)),
        JSON.stringify(requestId ? { requestId } : {}),
      ])
    },
    async sequence() {
      if (newestPartition === undefined) await ensurePartitions()
      const [row] = await sequenceEvents(db)
      const moved = row?.moved ?? 0
      sequenced += moved
      if (sequenced >= PARTITION_LOOK) {
        await ensurePartitions()
        sequenced = 0
      }
      return moved
    },
    async read(after, limit) {
      const rows = await readEvents(db, [after, limit])
      return rows.map((row) => ({
        id: row.id,
        position: row.position,
        type: row.type,
        aggregateId: row.aggregate_id,
        payload: row.payload,
        headers: row.headers,
        createdAt: row.created_at,
      }))
    },
    async head() {
      const [row] = await readHead(db)
      return row?.position ?? 0
    },
  }
}

/**
 * Adds one partition by attaching a table, whose lock leaves readers and sequencers alone: creating
 * it in place would wait for all of them. The lock is its own rival: one process makes it.
 */
async function addPartition(db: Database, number: number): Promise<void> {
  const name = `platform.events_p${number}`
  await db.tx(async (tx) => {
    await tx.query({ text: 'lock table platform.events in share update exclusive mode' })
    const { rows } = await tx.query({ text: `select to_regclass('${name}') is not null as there` })
    if ((rows[0] as { there: boolean }).there) return
    await tx.query({ text: `create table ${name} (like platform.events including all)` })
    await tx.query({
      text: `alter table platform.events attach partition ${name}
             for values from (${number * PARTITION_EVENTS}) to (${(number + 1) * PARTITION_EVENTS})`,
    })
  })
}
