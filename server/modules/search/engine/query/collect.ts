import {
  countNearHit,
  countNearOptions,
  type FacetCounts,
  startCounts,
  strideFor,
} from '../facets/counter.ts'
import { findKept, type KeptCounts } from '../facets/kept.ts'
import { pathFactors } from '../kinds/factors.ts'
import type { KindFactors } from '../kinds/recognise.ts'
import { IN_STOCK, MOST_PRIOR } from '../segment/live.ts'
import {
  CHUNK_BITS,
  documentFrequency,
  placeOfId,
  rankOfId,
  type Segment,
} from '../segment/segment.ts'
import type { Market, SearchFilters, SearchSort } from '../types.ts'
import { browse } from './browse.ts'
import { compileFilters, FAILED, FAILED_OPTIONS, type FilterProgram, PASSED } from './filters.ts'
import { createJudge, type Judge, judge } from './judge.ts'
import { type Matcher, type Matches, resolveClauses, type SegmentClause } from './match.ts'
import { type KeyOf, keyFunction, offerBy, offerUsual } from './order.ts'
import type { Clause } from './plan.ts'
import { createTopList, type TopBound, type TopEntry, type TopList } from './top.ts'

/** What a run over the index is asked for. */
export type RunRequest = Readonly<{
  clauses: readonly Clause[]
  /** Whether one word is enough. */
  any: boolean
  filters: SearchFilters
  market: Market | null
  sort: SearchSort
  capacity: number
  /** Only what comes after this in the order counts for the top. */
  after: Readonly<{ key: number; id: string }> | null
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
  /** What was counted before for the same words and filters, and under which key it is kept. */
  kept: KeptCounts | null
  keptAs: string | null
}>

const encoder = new TextEncoder()

/** Out of stock stays in sight, but behind what can be bought. */
export const OUT_OF_STOCK_FACTOR = 0.75

type Run = {
  readonly segment: Segment
  readonly request: RunRequest
  readonly judge: Judge
  readonly kinds: Float32Array | null
  readonly top: TopList
  readonly keyOf: KeyOf
  readonly counts: FacetCounts | null
  /** Where those that fail one facet's filter only are counted; null when they need not be. */
  readonly near: FacetCounts | null
  readonly hits: Uint32Array
  /** Of the documents that fail one facet's filter only, one in so many is counted. */
  readonly nearStride: number
  total: number
  /** Documents that fail one attribute's filter only are at the end of `hits`, from here on. */
  nearFrom: number
}

/** Runs over one segment: matches, filters, keeps the best, and counts what facets need. */
export function runSegment(matcher: Matcher, segment: Segment, request: RunRequest): SegmentRun {
  const program = compileFilters(segment, request.filters, request.market)
  const clauses = resolveClauses(request.clauses, segment)
  const counts = request.facets ? startCounts(segment) : null
  const keptAs = counts !== null && program.lasting ? keyOfCounts(request) : null
  const kept = keptAs === null ? null : findKept(segment, keptAs)
  const run: Run = {
    segment,
    request,
    judge: createJudge(segment, program, request.filters),
    kinds: request.kinds.size === 0 ? null : pathFactors(segment, request.kinds),
    top: createTopList(
      Math.min(request.capacity, segment.documents),
      segment.columns.idRank,
      boundOf(segment, request),
    ),
    keyOf: keyFunction(request.sort, program, segment),
    counts,
    near: kept === null ? counts : null,
    hits: hitsOf(segment),
    nearStride: strideFor(mostMatches(segment, clauses), request.facetExactLimit),
    total: 0,
    nearFrom: segment.documents,
  }
  let listsSampled = false
  if (clauses.length === 0) {
    listsSampled = browseAll(run)
  } else {
    for (const chunk of chunksOf(segment, request)) {
      if (run.total >= request.enough) break
      if (request.any) {
        matcher.matchAny(segment, clauses, chunk)
      } else {
        matcher.matchAll(segment, clauses, chunk)
      }
      visitMatches(run, matcher.matches, chunk << CHUNK_BITS)
    }
  }
  const { total, kinds } = run
  if (run.near !== null) {
    countNearOptions(run.near, program, run.hits.subarray(run.nearFrom), run.nearStride)
  }
  const hits = counts === null ? run.hits : run.hits.subarray(0, total)
  const sampled = !program.unfiltered && (run.nearStride > 1 || listsSampled)
  const found = { segment, clauses, program, kinds, total, top: run.top.drain(), hits, counts }
  return { ...found, sampled: kept?.sampled ?? sampled, kept, keptAs }
}

/** Neighbouring chunks hold neighbouring categories: who stops early looks at some of all first. */
function chunksOf({ chunks }: Segment, { enough }: RunRequest): readonly number[] {
  const inOrder = Array.from({ length: chunks }, (_, chunk) => chunk)
  if (enough === Number.POSITIVE_INFINITY) return inOrder
  return [0, 1, 2, 3].flatMap((from) => inOrder.filter((chunk) => chunk % 4 === from))
}

/** What decides which documents are found and which are near, where nothing that changes in place does. */
function keyOfCounts({ clauses, any, filters, facetExactLimit, enough }: RunRequest): string {
  const words = clauses.map(({ optional, alternatives }) => [
    optional,
    alternatives.map(({ terms }) => terms),
  ])
  const { categories, brands, sellers, attributes } = filters
  return JSON.stringify([
    words,
    any,
    categories,
    brands,
    sellers,
    attributes,
    facetExactLimit,
    enough,
  ])
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
  const { request, top, hits, segment } = run
  const { filters, facetExactLimit } = request
  const found = browse({ ...run, counts: run.near, filters, facetExactLimit })
  run.total = found.total
  const taken = hits.subarray(0, found.total)
  if (request.sort === 'relevance') {
    offerUsual(top, taken, { prior: segment.live.prior, flags: run.judge.program.flags })
  } else {
    offerBy(top, taken, run.keyOf)
  }
  return found.sampled
}

/** Takes the matches of a chunk that pass the filters. */
function visitMatches(run: Run, matches: Matches, base: number): void {
  const taken = run.judge.program.unfiltered
    ? keepLiving(run, matches, base)
    : keepPassing(run, matches, base)
  const { documents } = matches
  const { hits, total } = run
  if (run.counts !== null || run.request.sort !== 'relevance') {
    for (let i = 0; i < taken; i++) {
      hits[total + i] = base | documents[i]!
    }
  }
  run.total += taken
  if (run.request.sort === 'relevance') {
    offerMatches(run, matches, { base, taken })
  } else {
    offerBy(run.top, hits.subarray(total, total + taken), run.keyOf)
  }
}

/** Moves the matches that stay to the front. @returns how many they are */
function keepLiving({ judge }: Run, { documents, scores, count }: Matches, base: number): number {
  const { deleted } = judge.program
  const all = count()
  let taken = 0
  for (let i = 0; i < all; i++) {
    const document = documents[i]!
    documents[taken] = document
    scores[taken] = scores[i]!
    taken += deleted[base | document]! ^ 1
  }
  return taken
}

/** The same for filters; who fails a single facet's is counted there, one in `nearStride`. */
function keepPassing(run: Run, { documents, scores, count }: Matches, base: number): number {
  const { judge: by, near, nearStride, hits } = run
  const all = count()
  let taken = 0
  for (let i = 0; i < all; i++) {
    const document = base | documents[i]!
    const verdict = judge(by, document)
    if (verdict === PASSED) {
      documents[taken] = documents[i]!
      scores[taken++] = scores[i]!
    } else if (verdict !== FAILED && near !== null && document % nearStride === 0) {
      if (verdict === FAILED_OPTIONS) hits[--run.nearFrom] = document
      else countNearHit(near, by.program, document, { failed: verdict, weight: nearStride })
    }
  }
  return taken
}

function offerMatches(
  { segment, judge, kinds, top }: Run,
  { documents, scores }: Matches,
  { base, taken }: Readonly<{ base: number; taken: number }>,
): void {
  const { prior } = segment.live
  const { path } = segment.columns
  const { flags } = judge.program
  for (let i = 0; i < taken; i++) {
    const document = base | documents[i]!
    const text = kinds === null ? scores[i]! : scores[i]! * kinds[path[document]!]!
    if (text * MOST_PRIOR < top.least) continue
    const stock = (flags[document]! & IN_STOCK) !== 0 ? 1 : OUT_OF_STOCK_FACTOR
    const key = text * prior[document]! * stock
    if (!(key < top.least)) top.offer(document, key)
  }
}

/** Where in a segment's order the top begins: past the place, with equal keys past the id. */
function boundOf(segment: Segment, { after }: RunRequest): TopBound | undefined {
  if (after === null) return undefined
  const id = encoder.encode(after.id)
  const rank = rankOfId(segment, id)
  return { key: after.key, rank: placeOfId(segment, id) < 0 ? rank : rank + 1 }
}

/** Whether anything matches and passes the filters: stops at the first. */
export function anyMatch(
  matcher: Matcher,
  segments: readonly Segment[],
  request: RunRequest,
): boolean {
  return segments.some((segment) => {
    const program = compileFilters(segment, request.filters, request.market)
    const by = createJudge(segment, program, request.filters)
    const clauses = resolveClauses(request.clauses, segment)
    const { documents, count } = matcher.matches
    for (let chunk = 0; chunk < segment.chunks; chunk++) {
      matcher.matchAll(segment, clauses, chunk)
      for (let i = 0; i < count(); i++) {
        if (judge(by, (chunk << CHUNK_BITS) | documents[i]!) === PASSED) return true
      }
    }
    return false
  })
}
