import { createHash } from 'node:crypto'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { statement } from '../../platform/db/statement.ts'
import type { PopularQuery, SearchQuery } from './engine/index.ts'

/** What is remembered of a search; nothing of who asked. */
export type AskedQuery = Readonly<{
  query: SearchQuery
  total: number
  tookMs: number
  correctedQuery: string | null
  degraded: boolean
}>

const insertQueries = statement(
  'search.insert_queries',
  `insert into search.queries
     (asked_at, query, filters_hash, total, took_ms, corrected_query, degraded)
   select * from unnest
     ($1::timestamptz[], $2::text[], $3::bytea[], $4::int[], $5::real[], $6::text[], $7::boolean[])`,
)
const listPopular = statement<PopularQuery>(
  'search.list_popular_queries',
  `select query as text, count(*)::int as count from (
     select query, total from search.queries
     where asked_at > $1::timestamptz and query <> '' limit 1000000
   ) recent
   group by query having count(*) >= 5 and max(total) > 0
   order by count(*) desc, query limit 5000`,
)
const listPartitions = statement<{ name: string }>(
  'search.list_query_partitions',
  `select c.relname as name from pg_inherits i
   join pg_class c on c.oid = i.inhrelid
   where i.inhparent = 'search.queries'::regclass`,
)

const MOST_WAITING = 10_000
const MOST_AT_ONCE = 1_000
const MAX_LENGTH = 200
const POPULAR_DAYS = 14
const KEPT_MONTHS = 13

export type QueryLog = Readonly<{
  /** Never waits, never fails; forgets the search if too many wait to be written. */
  note(asked: AskedQuery): void
  /** Writes what waits. @returns how many searches. */
  flush(): Promise<number>
  /** What shoppers asked for and found, the most frequent first. */
  popular(): Promise<readonly PopularQuery[]>
  /** Makes the coming months' partitions, drops those that are too old. */
  turnMonths(): Promise<void>
  forgotten(): number
}>

export function createQueryLog({ db, clock }: Readonly<{ db: Database; clock: Clock }>): QueryLog {
  let waiting: unknown[][] = []
  let forgotten = 0

  return {
    forgotten: () => forgotten,
    note({ query, total, tookMs, correctedQuery, degraded }) {
      if (waiting.length >= MOST_WAITING) {
        forgotten += 1
        return
      }
      waiting.push([
        clock.now().toISOString(),
        (query.text ?? '').toLowerCase().slice(0, MAX_LENGTH).replaceAll('\u0000', ''),
        hashOf(query),
        total,
        tookMs,
        correctedQuery,
        degraded,
      ])
    },
    async flush() {
      const rows = waiting.slice(0, MOST_AT_ONCE)
      if (rows.length === 0) return 0
      waiting = waiting.slice(MOST_AT_ONCE)
      const columns = (rows[0] as unknown[]).map((_, column) => rows.map((row) => row[column]))
      await insertQueries(db, columns)
      return rows.length
    },
    popular() {
      const since = clock.now().getTime() - POPULAR_DAYS * 86_400_000
      return listPopular(db, [new Date(since).toISOString()])
    },
    async turnMonths() {
      for (const ahead of [1, 2]) {
        const [from, to] = [monthOf(clock, ahead), monthOf(clock, ahead + 1)]
        await db.query({
          text: `create table if not exists search.${partitionOf(from)}
                 partition of search.queries for values from ('${from}') to ('${to}')`,
        })
      }
      const oldest = partitionOf(monthOf(clock, -KEPT_MONTHS))
      for (const { name } of await listPartitions(db)) {
        if (/^queries_\d{6}$/.test(name) && name < oldest) {
          await db.query({ text: `drop table search.${name}` })
        }
      }
    },
  }
}

/** The first day of the month so many months ahead. */
function monthOf(clock: Clock, ahead: number): string {
  const now = clock.now()
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1))
  return first.toISOString().slice(0, 10)
}

function partitionOf(firstDay: string): string {
  return `queries_${firstDay.slice(0, 4)}${firstDay.slice(5, 7)}`
}

/** Null without filters. */
function hashOf({ filters }: SearchQuery): Buffer | null {
  if (!filters || Object.keys(filters).length === 0) return null
  return createHash('sha256').update(JSON.stringify(filters)).digest().subarray(0, 8)
}
