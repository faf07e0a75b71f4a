import { generalProblem } from '#contracts/kit/problem.ts'
import type { QueryReport } from '#contracts/search/schemas.ts'
import type { Clock } from '../../../platform/clock.ts'
import { writeCell } from '../../../platform/csv-cells.ts'
import { type Queryable, statement } from '../../../platform/db/statement.ts'
import { decodeCursor, encodeCursor } from '../../../platform/http/cursor.ts'
import { dayOf } from './days.ts'

/** Sums of the days, `$1` to `$2`, after a place in the order by `rank`. */
function reportOf(rank: 'searches' | '"zeroResults"'): string {
  return `select * from (
    select query, sum(searches)::int as searches, sum(zero_results)::int as "zeroResults",
           sum(zero_results)::float8 / sum(searches) as "zeroResultRate",
           sum(clicked_searches)::int as "clickedSearches",
           sum(clicked_searches)::float8 / sum(searches) as "clickThroughRate",
           coalesce(sum(reciprocal_ranks) / nullif(sum(clicked_searches), 0), 0)
             as "meanReciprocalRank",
           sum(carts)::int as carts, sum(orders)::int as orders,
           sum(orders)::float8 / sum(searches) as "conversionRate"
    from search.query_days where day between $1 and $2 group by query
  ) report
  where ${rank} > 0 and (${rank} < $3 or (${rank} = $3 and query > $4))
  order by ${rank} desc, query limit $5`
}

const REPORTS = {
  queries: statement<QueryReport>('search.report_queries', reportOf('searches')),
  'zero-results': statement<QueryReport>('search.report_zero_results', reportOf('"zeroResults"')),
} as const

export type ReportName = keyof typeof REPORTS
export type Days = Readonly<{ from?: string | undefined; to?: string | undefined }>
type Deps = Readonly<{ reports: Queryable; clock: Clock }>

const PAGE = 50
const USUAL_DAYS = 7
const MOST_DAYS = 92
const MOST_LINES = 10_000
const FIRST = [2 ** 31 - 1, ''] as const

/** One page of a report. @throws validation_failed */
export async function readReport(
  deps: Deps,
  name: ReportName,
  asked: Days & Readonly<{ cursor?: string | undefined; limit?: number | undefined }>,
): Promise<{ items: QueryReport[]; nextCursor: string | null }> {
  const { cursor, limit = PAGE } = asked
  const place = cursor === undefined ? FIRST : decodeCursor(cursor, ['number', 'string'])
  if (!Number.isInteger(place[0])) throw refusal('query.cursor', 'is no nextCursor of this list')
  const items = await REPORTS[name](deps.reports, [...rangeOf(deps.clock, asked), ...place, limit])
  const last = items.at(-1)
  const rank = last && (name === 'queries' ? last.searches : last.zeroResults)
  const more = last !== undefined && rank !== undefined && items.length === limit
  return { items, nextCursor: more ? encodeCursor([rank, last.query]) : null }
}

const COLUMNS = [
  'query',
  'searches',
  'zeroResults',
  'zeroResultRate',
  'clickedSearches',
  'clickThroughRate',
  'meanReciprocalRank',
  'carts',
  'orders',
  'conversionRate',
] as const satisfies readonly (keyof QueryReport)[]

/** A report as CSV; words that a spreadsheet would run are made harmless. @throws validation_failed */
export async function exportReport(deps: Deps, name: ReportName, days: Days): Promise<Uint8Array> {
  const rows = await REPORTS[name](deps.reports, [
    ...rangeOf(deps.clock, days),
    ...FIRST,
    MOST_LINES,
  ])
  const lines = rows.map((row) =>
    COLUMNS.map((column) => {
      const value = row[column]
      return typeof value === 'number' ? rounded(value) : writeCell(value)
    }),
  )
  return Buffer.from([COLUMNS, ...lines].map((cells) => `${cells.join(',')}\r\n`).join(''))
}

function rounded(value: number): string {
  return String(Math.round(value * 10_000) / 10_000)
}

function rangeOf(clock: Clock, { from, to }: Days): [from: string, to: string] {
  const last = to ?? dayOf(clock, 0)
  const first = from ?? new Date(Date.parse(last) - (USUAL_DAYS - 1) * 86_400_000).toISOString()
  const days = (Date.parse(last) - Date.parse(first.slice(0, 10))) / 86_400_000 + 1
  if (days < 1) throw refusal('query.to', 'is before from')
  if (days > MOST_DAYS) throw refusal('query.from', `is at most ${MOST_DAYS} days before to`)
  return [first.slice(0, 10), last]
}

function refusal(path: string, message: string) {
  return generalProblem('validation_failed', {
    detail: `${path} ${message}`,
    errors: [{ path, message }],
  })
}
