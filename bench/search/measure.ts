import type { SearchEngine, SearchQuery } from '../../server/modules/search/engine/index.ts'
import { type Figure, percentile } from '../support/report.ts'

/** How a list of questions was answered. */
type Measured = Readonly<{ times: readonly number[]; cpuSeconds: number }>

function measure<Case>(cases: readonly Case[], work: (each: Case) => unknown): Measured {
  const before = process.cpuUsage()
  const times = cases.map((each) => {
    const startedAt = performance.now()
    work(each)
    return performance.now() - startedAt
  })
  const { user, system } = process.cpuUsage(before)
  return { times, cpuSeconds: (user + system) / 1e6 }
}

/** p50, p95 and p99 of a list of times. */
export function latencies(times: readonly number[]): string {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentile(times, share).toFixed(2))
  return `p50 ${p50}, p95 ${p95}, p99 ${p99} ms`
}

const WARMING = 150

/**
 * Answers queries on one thread, without any cache of answers. Processor time holds on a busy machine too.
 * @param warming asked before: other questions, so many that the machine code is made of what is called often
 */
export function measureQueries(
  name: string,
  engine: SearchEngine,
  queries: readonly SearchQuery[],
  warming: readonly SearchQuery[] = queries.slice(0, WARMING),
): Figure[] {
  for (const query of warming) engine.search(query)
  const { times, cpuSeconds } = measure(queries, (query) => engine.search(query))
  return [
    {
      name: `${name}, engine`,
      value: queries.length / cpuSeconds,
      unit: 'queries/s a core',
      note: latencies(times),
    },
    { name: `${name}, engine, p99`, value: percentile(times, 0.99), unit: 'ms' },
    ...byKind(name, queries, times),
  ]
}

function kindOf({ text, filters = {} }: SearchQuery): string {
  const filtered = Object.keys(filters).some((filter) => filter !== 'categories')
  return `${text === undefined ? 'category pages' : 'words'}${filtered ? ', filtered' : ''}`
}

/** What each kind of question takes on average, and its share of the whole time. */
function byKind(name: string, queries: readonly SearchQuery[], times: readonly number[]): Figure[] {
  const kinds = new Map<string, number[]>()
  queries.forEach((query, i) => {
    const kind = kindOf(query)
    kinds.set(kind, [...(kinds.get(kind) ?? []), times[i]!])
  })
  const sum = (list: readonly number[]) => list.reduce((all, each) => all + each, 0)
  return [...kinds].sort().map(([kind, list]) => ({
    name: `${name}, engine, ${kind}`,
    value: sum(list) / list.length,
    unit: 'ms',
    note: `${list.length} questions, ${Math.round((100 * sum(list)) / sum(times))} % of the time`,
  }))
}

/** Completes beginnings of words, one to all letters of a query. */
export function measureSuggestions(
  name: string,
  engine: SearchEngine,
  queries: readonly SearchQuery[],
): Figure[] {
  engine.refreshSuggestions([])
  const beginnings = queries.flatMap(({ text = '' }, i) =>
    text.length < 3 ? [] : [text.slice(0, 2 + (i % (text.length - 1)))],
  )
  for (const beginning of beginnings.slice(0, WARMING)) engine.suggest(beginning)
  const { times } = measure(beginnings, (beginning) => engine.suggest(beginning))
  return [
    {
      name: `${name}, suggest, p99`,
      value: percentile(times, 0.99),
      unit: 'ms',
      note: latencies(times),
    },
  ]
}
