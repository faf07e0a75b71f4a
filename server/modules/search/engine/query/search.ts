import { countLasting, countLive, strideFor } from '../facets/counter.ts'
import { keepCounts, LEAST_KEPT_DOCUMENTS } from '../facets/kept.ts'
import { findFacets, keepFacets } from '../facets/known.ts'
import { summariseLasting, summariseLive } from '../facets/summary.ts'
import type {
  FacetRequest,
  Facets,
  SearchHit,
  SearchPlace,
  SearchQuery,
  SearchResult,
} from '../types.ts'
import type { RunRequest, SegmentRun } from './collect.ts'
import type { SearchContext } from './context.ts'
import { explainHit } from './explain.ts'
import { type Clause, MAX_TEXT, type QueryPlan } from './plan.ts'
import {
  boostsOf,
  idOf,
  pastPlace,
  type Ranked,
  type Ranking,
  RERANK_WINDOW,
  rankRuns,
} from './ranking.ts'
import { readQuery } from './readings.ts'
import { runOrRelax } from './relax.ts'

/** The deepest position that a page may reach; past it a search must be narrowed. */
export const MAX_POSITION = 10_000

const DEFAULT_LIMIT = 20
const DEFAULT_FACET_EXACT_LIMIT = 20_000
/** An index of no more products counts them all: that is no work, and a count is then what a click finds. */
const SMALL_INDEX = 100_000

function pageOf(query: SearchQuery): Readonly<{ from: number; to: number }> {
  const page = query.page ?? 1
  const limit = query.limit ?? DEFAULT_LIMIT
  if (!Number.isInteger(page) || !Number.isInteger(limit) || page < 1 || limit < 0) {
    throw new RangeError('page is a whole number from 1, limit one from 0')
  }
  if (page * limit > MAX_POSITION) {
    throw new RangeError(`page × limit is at most ${MAX_POSITION}`)
  }
  return { from: (page - 1) * limit, to: page * limit }
}

/**
 * Answers a query.
 * @param enough when given, matching may stop after so many: the total is then a lower bound
 * @throws RangeError for a page past `MAX_POSITION` or too many attribute filters
 */
export function search(
  context: SearchContext,
  query: SearchQuery,
  enough = Number.POSITIVE_INFINITY,
): SearchResult {
  const { from, to } = pageOf(query)
  const { after = null } = query
  const text = (query.text ?? '').slice(0, MAX_TEXT)
  const sort = query.sort ?? 'relevance'
  const { planned, kinds } = readQuery(context, {
    text,
    prefix: query.prefix ?? false,
    correctTypos: query.correctTypos ?? true,
    synonyms: query.synonyms,
    languages: query.languages,
    byWords: sort === 'relevance',
  })
  const byWords = sort === 'relevance' && planned.clauses.length > 0 && !context.options.plain
  const rerank = byWords && (after === null || after.reranked)
  const request: RunRequest = {
    clauses: planned.clauses,
    any: context.options.plain ?? false,
    filters: query.filters ?? {},
    market: query.market ?? context.defaultMarket,
    sort,
    after: rerank ? null : after,
    capacity: capacityFor(to + 1, rerank, after),
    facets: query.facets !== false && query.facets !== undefined,
    enough,
    facetExactLimit: exactLimitOf(context),
    kinds,
  }
  if ((query.text ?? '').trim() !== '' && planned.clauses.length === 0) {
    return answerNothing(planned)
  }
  const found = runOrRelax(context, request, planned.correctedQuery ?? text)
  const edge = after?.edge ?? null
  const ranking = rankRuns(found.runs, request.kinds, { rerank, edge })
  const total = found.runs.reduce((sum, run) => sum + run.total, 0)
  const start = rerank && after !== null ? startAfter(ranking, after) : from
  const shown = ranking.ranked.slice(start, start + to - from)
  const position = (after?.position ?? from) + shown.length
  const more = shown.length > 0 && start + shown.length < ranking.ranked.length
  return {
    hits: shown.map((each) => toHit(each, found.clauses, query.explain ?? false)),
    total,
    next: more ? placeOf(ranking, start + shown.length, position) : null,
    facets: request.facets ? facetsOf(context, query, found.runs, total) : null,
    correctedQuery: planned.correctedQuery,
    droppedWords: found.dropped,
  }
}

/** How many of the best are kept: all up to the page's end and one more, or so many past the reranked ones. */
function capacityFor(to: number, rerank: boolean, after: SearchPlace | null): number {
  if (!rerank) return to
  return after === null ? Math.max(to, RERANK_WINDOW) : RERANK_WINDOW + to
}

/** Where in a ranking the hits begin that come after a place among the reranked ones. */
function startAfter({ ranked, window }: Ranking, after: SearchPlace): number {
  const start = ranked.slice(0, window).findIndex((each) => pastPlace(each, after) > 0)
  return start < 0 ? window : start
}

/** The place of the last hit before `end`. */
function placeOf({ ranked, window, edge }: Ranking, end: number, position: number): SearchPlace {
  const last = ranked[end - 1]!
  const place = { key: last.score, id: idOf(last), position }
  return edge !== null && end <= window
    ? { ...place, reranked: true, edge }
    : { ...place, reranked: false }
}

function answerNothing(planned: QueryPlan): SearchResult {
  return {
    hits: [],
    total: 0,
    facets: null,
    correctedQuery: planned.correctedQuery,
    droppedWords: [],
  }
}

function toHit(ranked: Ranked, clauses: readonly Clause[], explain: boolean): SearchHit {
  const hit = { id: idOf(ranked), score: ranked.score }
  return explain
    ? {
        ...hit,
        explanation: explainHit(ranked.run, clauses, { ...ranked, boosts: boostsOf(ranked) }),
      }
    : hit
}

/**
 * Keeps the counts of many documents. Those of a sample only where the segment alone has more matches
 * than are counted exactly, for then every answer with them is of a sample.
 */
function keepIfBroad(run: SegmentRun, stride: number, exactLimit: number): void {
  const { keptAs, kept, counts, total, sampled } = run
  if (keptAs === null || kept !== null) return
  if (run.clauses.length > 0 && total < LEAST_KEPT_DOCUMENTS) return
  if (stride === 1 || total > exactLimit) keepCounts(counts!, keptAs, sampled || stride > 1)
}

function facetsOf(
  context: SearchContext,
  query: SearchQuery,
  runs: readonly SegmentRun[],
  total: number,
): Facets {
  const limit = exactLimitOf(context)
  const weight = strideFor(total, limit)
  const request = query.facets === false ? {} : (query.facets ?? {})
  const segments = runs.map(({ segment }) => segment)
  const keptAs = runs[0]?.keptAs ?? null
  const key = keptAs === null || total < LEAST_KEPT_DOCUMENTS ? null : askedAs(keptAs, request)
  const known = key === null ? null : findFacets(segments, key)
  for (const run of runs) {
    const sample = { documents: run.sample(weight), weight }
    countLive(run.counts!, run.program, sample)
    if (known !== null) continue
    countLasting(run.counts!, run, sample)
    keepIfBroad(run, weight, limit)
  }
  const counts = runs.map((run) => run.counts!)
  const lasting = known ?? summariseLasting(counts, request, query.filters ?? {})
  if (known === null && key !== null) keepFacets(segments, key, lasting)
  const approximate = weight > 1 || runs.some((run) => run.sampled)
  return { approximate, ...lasting, ...summariseLive(counts) }
}

function exactLimitOf({ options, segments }: SearchContext): number {
  if (options.facetExactLimit !== undefined) return options.facetExactLimit
  const documents = segments.reduce((sum, segment) => sum + segment.documents, 0)
  return documents <= SMALL_INDEX ? SMALL_INDEX : DEFAULT_FACET_EXACT_LIMIT
}

function askedAs(keptAs: string, request: FacetRequest): string {
  return `${keptAs}${JSON.stringify(request)}`
}
