import type { SearchEvent } from '#contracts/search/schemas.ts'
import type { Database } from '../../../platform/db/database.ts'
import { statement } from '../../../platform/db/statement.ts'
import { timeOf } from '../../../platform/ids.ts'
import type { Log } from '../../../platform/log.ts'
import { createWriteBehind } from '../../../platform/write-behind.ts'

// The last click of the visitor on the product tells by which search he came to it.
const insertEvents = statement(
  'search.insert_query_events',
  `insert into search.query_events (happened_at, kind, query_id, product_id, position, visitor)
   select e.at, e.kind, coalesce(e.query_id, c.query_id), e.product_id, e.position, e.visitor
   from unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[])
     as e (at, kind, query_id, product_id, position, visitor)
   left join lateral (
     select c.query_id from search.query_events c
     where e.query_id is null and c.kind = 'click' and c.visitor = e.visitor
       and c.product_id = e.product_id and c.happened_at <= e.at
       and c.happened_at > e.at - interval '30 days'
     order by c.happened_at desc limit 1
   ) c on true
   where coalesce(e.query_id, c.query_id) is not null`,
)
const claimOrders = statement(
  'search.claim_orders',
  `insert into search.orders (order_id, ordered_at, visitor)
   select * from unnest($1::text[], $2::timestamptz[], $3::text[]) order by 1
   on conflict (order_id) do update set visitor = excluded.visitor`,
)

const CAPACITY = 20_000
const BATCH = 2_000
/** A page of results that is open for longer is no longer what was found. */
const OLDEST_MS = 7 * 86_400_000
const CLOCK_SKEW_MS = 60_000

type Told = Readonly<{ at: Date; visitor: string | null }> & SearchEvent

/** What visitors do after searches. */
export type EventLog = Readonly<{
  /** Never waits, never fails. @returns how many make sense and can be kept. */
  record(
    events: readonly SearchEvent[],
    told: Readonly<{ at: Date; visitor: string | null }>,
  ): number
  /** Writes what waits. @returns how many events. */
  flush(): Promise<number>
}>

export function createEventLog({ db, log }: Readonly<{ db: Database; log: Log }>): EventLog {
  const rows = createWriteBehind<Told>({
    what: 'events of searches',
    capacity: CAPACITY,
    batch: BATCH,
    log,
    async write(told) {
      // Clicks first: what was put into a cart a moment later looks for them.
      for (const kind of ['click', 'cart'] as const) {
        const some = told.filter((event) => event.kind === kind)
        if (some.length > 0) await insertEvents(db, columnsOf(some))
      }
      const claims = new Map(
        told.flatMap((event) => (event.kind === 'order' ? [[event.orderId, event] as const] : [])),
      )
      if (claims.size === 0) return
      await claimOrders(db, [
        [...claims.keys()],
        [...claims.values()].map(({ at }) => at.toISOString()),
        [...claims.values()].map(({ visitor }) => visitor),
      ])
    },
  })
  return {
    flush: rows.flush,
    record(events, told) {
      const kept = events.filter((event) => isUseful(event, told))
      return kept.filter((event) => rows.add({ ...event, ...told })).length
    },
  }
}

/** Whether the search can have been, and the visitor is known where he has to be. */
function isUseful(event: SearchEvent, { at, visitor }: Omit<Told, 'kind'>): boolean {
  const queryId = event.kind === 'order' ? undefined : event.queryId
  if (queryId === undefined) return visitor !== null
  const age = at.getTime() - timeOf(queryId).getTime()
  return age > -CLOCK_SKEW_MS && age < OLDEST_MS
}

function columnsOf(events: readonly Told[]): unknown[] {
  const column = (read: (event: Exclude<Told, { kind: 'order' }>) => unknown) =>
    events.map((event) => (event.kind === 'order' ? null : read(event)))
  return [
    column(({ at }) => at.toISOString()),
    column(({ kind }) => kind),
    column(({ queryId }) => queryId ?? null),
    column(({ productId }) => productId),
    column((event) => (event.kind === 'click' ? event.position : null)),
    column(({ visitor }) => visitor),
  ]
}
