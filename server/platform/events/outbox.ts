import type { EventEnvelope, EventPayload, EventSpec } from '#contracts/kit/event.ts'
import type { Clock } from '../clock.ts'
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
   select id, type, aggregate_id, payload, $5
   from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[]) with ordinality
     as e(id, type, aggregate_id, payload, n)
   order by n`,
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

const addPartition = statement(
  'platform.lock_event_head',
  'select position from platform.event_head where only_row for update',
)

const PARTITION_EVENTS = 5_000_000

/** The transactional outbox of one database. */
export function createOutbox({
  db,
  ids,
  clock,
}: Readonly<{ db: Database; ids: Ids; clock: Clock }>): Outbox {
  let partitionsUpTo = 0

  async function ensurePartition(head: number): Promise<void> {
    const needed = Math.floor((head + PARTITION_EVENTS / 2) / PARTITION_EVENTS)
    for (; partitionsUpTo < needed; partitionsUpTo += 1) {
      const number = partitionsUpTo + 1
      const [from, to] = [number * PARTITION_EVENTS, (number + 1) * PARTITION_EVENTS]
      await db.tx(async (tx) => {
        await addPartition(tx)
        await tx.query({
          text: `create table if not exists platform.events_p${number}
                 partition of platform.events for values from (${from}) to (${to})`,
        })
      })
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
        events.map((event) => JSON.stringify(event.payload)),
        JSON.stringify(requestId ? { requestId } : {}),
      ])
    },
    async sequence() {
      const [row] = await sequenceEvents(db)
      const moved = row?.moved ?? 0
      if (moved > 0) {
        const [head] = await readHead(db)
        await ensurePartition(head?.position ?? 0)
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
