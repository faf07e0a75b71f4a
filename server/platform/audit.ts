import type { Database } from './db/database.ts'
import { statement } from './db/statement.ts'

/** Read in pieces, so that no statement takes long. Two of one id would stand near each other. */
const PIECE = 100_000

const ends = statement<{ first: number | null; last: number | null; head: number }>(
  'platform.audit_ends',
  `select (select position from platform.events order by position limit 1) as first,
          (select position from platform.events order by position desc limit 1) as last,
          (select position from platform.event_head) as head`,
)
const countBetween = statement<{ events: number }>(
  'platform.audit_count',
  `select count(*)::int as events from platform.events where position >= $1 and position < $2`,
)
const doubled = statement<{ id: string }>(
  'platform.audit_doubled_events',
  `select id from platform.events where position >= $1 and position < $2
   group by id having count(*) > 1 limit 10`,
)
const ahead = statement<{ consumer: string }>(
  'platform.audit_cursors',
  `select consumer from platform.consumer_cursors
   where position > (select position from platform.event_head)`,
)
const parked = statement<{ consumer: string; count: number }>(
  'platform.audit_parked',
  'select consumer, count(*)::int as count from platform.parked_events group by consumer',
)

/** Breaches of I5 (events) that the database alone shows, in words. */
export async function auditEvents(db: Database): Promise<string[]> {
  const breaches: string[] = []
  const [range] = await ends(db)
  if (range && range.first !== null && range.last !== null) {
    breaches.push(...(await auditPieces(db, range.first, range.last)))
    if (range.last !== range.head)
      breaches.push(`The stream ends at ${range.last}, its head says ${range.head}`)
  }
  for (const row of await ahead(db))
    breaches.push(`Consumer ${row.consumer} is ahead of the stream`)
  for (const row of await parked(db))
    breaches.push(`${row.count} events of ${row.consumer} are parked`)
  return breaches
}

async function auditPieces(db: Database, first: number, last: number): Promise<string[]> {
  const breaches = new Set<string>()
  for (let from = first; from <= last; from += PIECE) {
    const end = Math.min(from + PIECE, last + 1)
    const [counted] = await countBetween(db, [from, end])
    if (counted?.events !== end - from)
      breaches.add(
        `The stream from ${from} to ${end - 1} has ${counted?.events} events: positions are missing`,
      )
    for (const { id } of await doubled(db, [from, end + PIECE]))
      breaches.add(`Event ${id} stands in the stream twice`)
  }
  return [...breaches]
}

const behindBy = statement<{ consumer: string | null; behind: number }>(
  'platform.events_behind',
  `with waiting as (select count(*) as events from platform.outbox)
   select c.consumer, (h.position - c.position + w.events)::int as behind
   from platform.consumer_cursors c, platform.event_head h, waiting w
   where h.position > c.position
   union all
   select null, events::int from waiting where events > 0
   order by behind desc`,
)

/** Who has events to handle, those not yet in the stream included: the slowest first. */
export async function whoIsBehind(
  db: Database,
): Promise<readonly Readonly<{ who: string; behind: number }>[]> {
  const rows = await behindBy(db)
  return rows.map(({ consumer, behind }) => ({ who: consumer ?? 'the stream', behind }))
}

/** Events that the slowest consumer has still to handle. */
export async function eventsBehind(db: Database): Promise<number> {
  const [slowest] = await whoIsBehind(db)
  return slowest?.behind ?? 0
}
