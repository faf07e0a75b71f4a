import { type FacetCounts, startCounts, strideFor } from '../facets/counter.ts'
import { MEETS_ALL, testVariants } from '../facets/variants.ts'
import { pathFactors } from '../kinds/factors.ts'
import type { KindFactors } from '../kinds/recognise.ts'
import { IN_STOCK, MOST_PRIOR } from '../segment/live.ts'
import { CHUNK_BITS, documentFrequency, type Segment } from '../segment/segment.ts'
import type { Market, SearchFilters, SearchSort } from '../types.ts'
import { admit, browse } from './browse.ts'
import { compileFilters, type FilterProgram, PASSED, testDocument } from './filters.ts'
import { type Matcher, type Matches, resolveClauses, type SegmentClause } from './match.ts'
import { type KeyOf, keyFunction, offerBy, offerUsual } from './order.ts'
import type { Clause } from './plan.ts'
import { createTopList, type TopEntry, type TopList } from './top.ts'

/** What a run over the index is asked for. */
export type RunRequest = Readonly<{
  clauses: readonly Clause[]
  /** Whether one word is enough. */
  any: boolean
  filters: SearchFilters
  market: Market | null
  sort: SearchSort
  capacity: number
  facets: boolean
  /** Stops after the chunk in which so many matches were found. */
  enough: number
  /** From how many documents on facets may be sampled. */
  facetExactLimit: number
  /** Of categories that the words ask for. */
  kinds: KindFactors
}>

/** What a run found in one segment. */
export type SegmentRun = Readonly<{
  segment: Segment
  clauses: readonly SegmentClause[]
  program: FilterProgram
  /** What scores are multiplied with, by category path; null where no category is asked for. */
  kinds: Float32Array | null
  total: number
  top: readonly TopEntry[]
  /** Numbers of all matches, for the facets; empty when none were asked for. */
  hits: Uint32Array
  counts: FacetCounts | null
  /** Whether facet counts besides those of `hits` are of a sample. */
  sampled: boolean
}>

/** Out of stock stays in sight, but behind what can be bought. */
export const OUT_OF_STOCK_FACTOR = 0.75

type Run = {
  readonly segment: Segment
  readonly request: RunRequest
  readonly program: FilterProgram
  readonly kinds: Float32Array | null
  readonly top: TopList
  readonly keyOf: KeyOf
  readonly counts: FacetCounts | null
  readonly hits: Uint32Array
  /** Of the documents that fail one facet's filter only, one in so many is counted. */
  readonly nearStride: number
  total: number
}

/** Runs over one segment: matches, filters, keeps the best, and counts what facets need. */
export function runSegment(matcher: Matcher, segment: Segment, request: RunRequest): SegmentRun {
  const program = compileFilters(segment, request.filters, request.market)
  const clauses = resolveClauses(request.clauses, segment)
  const run: Run = {
    segment,
    request,
    program,
    kinds: request.kinds.size === 0 ? null : pathFactors(segment, request.kinds),
    top: createTopList(Math.min(request.capacity, segment.documents)),
    keyOf: keyFunction(request.sort, program, segment),
    counts: request.facets ? startCounts(segment) : null,
    hits: request.facets || clauses.length === 0 ? hitsOf(segment) : new Uint32Array(0),
    nearStride: strideFor(mostMatches(segment, clauses), request.facetExactLimit),
    total: 0,
  }
  let listsSampled = false
  if (clauses.length === 0) {
    listsSampled = browseAll(run)
  } else {
    for (let chunk = 0; chunk < segment.chunks && run.total < request.enough; chunk++) {
      if (request.any) {
        matcher.matchAny(segment, clauses, chunk)
      } else {
        matcher.matchAll(segment, clauses, chunk)
      }
      visitMatches(run, matcher.matches, chunk << CHUNK_BITS)
    }
  }
  const { counts, total, kinds } = run
  const hits = counts === null ? run.hits : run.hits.subarray(0, total)
  const sampled = !program.unfiltered && (run.nearStride > 1 || listsSampled)
  return { segment, clauses, program, kinds, total, top: run.top.drain(), hits, counts, sampled }
}

/** At most how many documents of a segment can match. */
function mostMatches(segment: Segment, clauses: readonly SegmentClause[]): number {
  const sizes = clauses
    .filter((clause) => !clause.optional)
    .map(({ alternatives }) =>
      alternatives.reduce(
        (sum, { terms }) =>
          sum + Math.min(...terms.map((term) => documentFrequency(segment, term))),
        0,
      ),
    )
  return Math.min(segment.documents, ...sizes)
}

const reusableHits = new WeakMap<Segment, Uint32Array>()

/** Room for every document of a segment; each query writes over the last one's. */
function hitsOf(segment: Segment): Uint32Array {
  const hits = reusableHits.get(segment) ?? new Uint32Array(segment.documents)
  reusableHits.set(segment, hits)
  return hits
}

/** Takes all documents that pass the filters. @returns whether facets are of a sample */
function browseAll(run: Run): boolean {
  const { request, top, hits, segment, program } = run
  const { filters, facetExactLimit } = request
  const found = browse({ ...run, filters, facetExactLimit })
  run.total = found.total
  const taken = hits.subarray(0, found.total)
  if (request.sort === 'relevance') {
    offerUsual(top, taken, { prior: segment.live.prior, flags: program.flags })
  } else {
    offerBy(top, taken, run.keyOf)
  }
  return found.sampled
}

function visitMatches(run: Run, matches: Matches, base: number): void {
  const { keyOf, top, hits, program, kinds, nearStride } = run
  const { unfiltered } = program
  const { documents, scores } = matches
  const { prior } = run.segment.live
  const { path } = run.segment.columns
  const { flags } = program
  const count = matches.count()
  const byText = run.request.sort === 'relevance'
  const keepHits = run.counts !== null
  for (let i = 0; i < count; i++) {
    const document = base | documents[i]!
    const weight = document % nearStride === 0 ? nearStride : 0
    if (unfiltered ? program.deleted[document] === 0 : admit(run, document, weight)) {
      if (keepHits) {
        hits[run.total] = document
      }
      run.total++
      const kind = kinds === null ? 1 : kinds[path[document]!]!
      const text = scores[i]! * kind
      if (byText && text * MOST_PRIOR < top.least) {
        continue
      }
      const stock = (flags[document]! & IN_STOCK) !== 0 ? 1 : OUT_OF_STOCK_FACTOR
      const key = byText ? text * prior[document]! * stock : keyOf(document)
      if (!(key < top.least)) {
        top.offer(document, key)
      }
    }
  }
}

/** Whether anything matches and passes the filters: stops at the first. */
export function anyMatch(
  matcher: Matcher,
  segments: readonly Segment[],
  request: RunRequest,
): boolean {
  return segments.some((segment) => {
    const program = compileFilters(segment, request.filters, request.market)
    const clauses = resolveClauses(request.clauses, segment)
    const { documents, count } = matcher.matches
    for (let chunk = 0; chunk < segment.chunks; chunk++) {
      matcher.matchAll(segment, clauses, chunk)
      for (let i = 0; i < count(); i++) {
        const document = (chunk << CHUNK_BITS) | documents[i]!
        if (
          testDocument(program, segment, document) === PASSED &&
          testVariants(program, segment, document) === MEETS_ALL
        ) {
          return true
        }
      }
    }
    return false
  })
}
