import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import { statement } from '../../../platform/db/statement.ts'
import type { PopularQuery } from '../engine/index.ts'

/** More different queries of one day are not kept apart: the rarest are not worth a line. */
const MOST_QUERIES = 20_000

const deleteDay = statement(
  'search.delete_query_day',
  'delete from search.query_days where day = $1',
)
// A search counts as without results only if no filter of the shopper's was to blame.
const sumDay = statement(
  'search.sum_query_day',
  `insert into search.query_days
     (day, query, searches, visitors, zero_results, clicked_searches, reciprocal_ranks, carts, orders)
   select $1::date, q.query, count(*)::int, count(distinct q.mark)::int,
          count(*) filter (where q.total = 0 and q.filters_hash is null)::int,
          count(e.best)::int, coalesce(sum(1.0 / e.best), 0),
          count(*) filter (where e.carts)::int, count(*) filter (where e.orders)::int
   from search.queries q
   left join (
     select query_id, min(position) filter (where kind = 'click') as best,
            bool_or(kind = 'cart') as carts, bool_or(kind = 'order') as orders
     from search.query_events where happened_at >= $1::date at time zone 'utc' group by query_id
   ) e on e.query_id = q.id
   where q.asked_at >= $1::date at time zone 'utc'
     and q.asked_at < ($1::date + 1) at time zone 'utc' and q.query <> ''
   group by q.query
   order by count(*) desc, q.query limit ${MOST_QUERIES}`,
)
const listPopular = statement<PopularQuery>(
  'search.list_popular_queries',
  `select query as text, sum(searches)::int as count from search.query_days
   where day > $1 and query !~ '@|[0-9]{7}'
   group by query
   having max(visitors) >= $2 and sum(searches) > sum(zero_results)
   order by count desc, query limit 5000`,
)

const DAY_MS = 86_400_000
const POPULAR_DAYS = 14
/** What fewer visitors asked on each day may be somebody's own words, and completes nothing. */
const FEWEST_VISITORS = 5
const LONGEST = `set local statement_timeout = '10min'`

/** Sums the last days anew, today's among them: clicks and orders come later than searches. */
export async function sumDays(
  { db, clock }: Readonly<{ db: Database; clock: Clock }>,
  days: number,
): Promise<void> {
  for (let back = 0; back < days; back += 1) {
    const day = dayOf(clock, back)
    await db.tx(async (tx) => {
      await tx.query({ text: LONGEST })
      await deleteDay(tx, [day])
      await sumDay(tx, [day])
    })
  }
}

/** What shoppers asked for and found, the most frequent first. */
export function popularQueries({
  db,
  clock,
}: Readonly<{ db: Database; clock: Clock }>): Promise<readonly PopularQuery[]> {
  return listPopular(db, [dayOf(clock, POPULAR_DAYS), FEWEST_VISITORS])
}

/** The day in UTC so many days ago. */
export function dayOf(clock: Clock, back: number): string {
  return new Date(clock.now().getTime() - back * DAY_MS).toISOString().slice(0, 10)
}
