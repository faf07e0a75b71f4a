import type { Database } from './db/database.ts'
import { statement } from './db/statement.ts'

const doubled = statement<{ id: string }>(
  'platform.audit_doubled_events',
  `select id from platform.events group by id having count(*) > 1 limit 10`,
)
const gaps = statement<{ events: number; first: number | null; last: number | null; head: number }>(
  'platform.audit_gaps',
  `select count(*)::bigint as events, min(position) as first, max(position) as last,
          (select position from platform.event_head) as head
   from platform.events`,
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
  for (const row of await doubled(db)) breaches.push(`Event ${row.id} stands in the stream twice`)
  const [range] = await gaps(db)
  if (range && range.first !== null && range.last !== null) {
    if (range.last - range.first + 1 !== range.events) {
      breaches.push(
        `The stream from ${range.first} to ${range.last} has ${range.events} events: positions are missing`,
      )
    }
    if (range.last !== range.head)
      breaches.push(`The stream ends at ${range.last}, its head says ${range.head}`)
  }
  for (const row of await ahead(db))
    breaches.push(`Consumer ${row.consumer} is ahead of the stream`)
  for (const row of await parked(db))
    breaches.push(`${row.count} events of ${row.consumer} are parked`)
  return breaches
}

const behindBy = statement<{ behind: number }>(
  'platform.events_behind',
  `select (coalesce((select max(h.position - c.position) from platform.consumer_cursors c, platform.event_head h), 0)
           + (select count(*) from platform.outbox))::int as behind`,
)

/** Events that the slowest consumer has still to handle, those not yet in the stream included. */
export async function eventsBehind(db: Database): Promise<number> {
  const [row] = await behindBy(db)
  return row?.behind ?? 0
}
