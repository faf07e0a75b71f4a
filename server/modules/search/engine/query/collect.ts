import { countNearHit, countNearOptions, sampleOf, strideFor } from '../facets/counter.ts'
import { type FacetCounts, startCounts } from '../facets/counts.ts'
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
import { type Browsed, browse } from './browse.ts'
import { compileFilters, FAILED_OPTIONS, type FilterProgram, PASSED } from './filters.ts'
import { createJudge, type Judge } from './judge.ts'
import type { Matcher, Matches } from './match.ts'
import { type Order, offerBy, offerUsual, offerWordBy, orderFor } from './order.ts'
import type { Clause } from './plan.ts'
import { resolveClauses, type SegmentClause } from './postings.ts'
import { createSieve, failedOnly, type Sieve } from './sieve.ts'
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
  /** The numbers of every so-manieth match, for the facets; may be drawn until the next run. */
  sample: (stride: number) => Uint32Array
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
  readonly sieve: Sieve
  readonly kinds: Float32Array | null
  readonly top: TopList
  /** Null for that by words, or the usual one where there are none. */
  readonly order: Order | null
  readonly counts: FacetCounts | null
  /** Where those that fail one facet's filter only are counted; null when they need not be. */
  readonly near: FacetCounts | null
  readonly hits: Uint32Array
  /** Of the documents that fail one facet's filter only, one in so many is counted. */
  readonly nearStride: number
  /** The first match of the next chunk that is looked at for it. */
  nearNext: number
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
  const by = createJudge(segment, program, request.filters)
  const run: Run = {
    segment,
    request,
    judge: by,
    sieve: createSieve(by, request.filters),
    kinds: request.kinds.size === 0 ? null : pathFactors(segment, request.kinds),
    top: topFor(segment, request),
    order: orderFor(request.sort, program, segment),
    counts,
    near: kept === null ? counts : null,
    hits: hitsOf(segment),
    nearStride: strideFor(mostMatches(segment, clauses), request.facetExactLimit),
    nearNext: 0,
    total: 0,
    nearFrom: segment.documents,
  }
  let browsed: Browsed | null = null
  if (clauses.length === 0) {
    browsed = browseAll(run)
  } else {
    for (const chunk of chunksOf(run)) {
      if (run.total >= request.enough) break
      if (request.any) {
        matcher.matchAny(segment, clauses, chunk)
      } else {
        matcher.matchAll(segment, clauses, chunk)
      }
      visitMatches(run, matcher.matches, chunk << CHUNK_BITS)
    }
    offerMatches(run)
  }
  const { total, kinds } = run
  if (run.near !== null) {
    countNearOptions(run.near, program, run.hits.subarray(run.nearFrom), run.nearStride)
  }
  const hits = run.hits.subarray(0, total)
  const sample = browsed?.sample ?? ((stride: number) => sampleOf(hits, stride))
  const sampled = browsed?.sampled ?? (!program.unfiltered && run.nearStride > 1)
  const found = { segment, clauses, program, kinds, total, top: run.top.drain(), sample, counts }
  return { ...found, sampled: kept?.sampled ?? sampled, kept, keptAs }
}

/**
 * The chunks in the order in which they are looked at. Neighbouring chunks hold neighbouring categories:
 * who stops early looks at some of all first; otherwise those with the kind that is asked for come first,
 * since most of the others' documents are then told from the best at a glance.
 */
function chunksOf(run: Run): readonly number[] {
  const { chunks, columns } = run.segment
  const inOrder = Array.from({ length: chunks }, (_, chunk) => chunk)
  if (run.request.enough !== Number.POSITIVE_INFINITY) {
    return [0, 1, 2, 3].flatMap((from) => inOrder.filter((chunk) => chunk % 4 === from))
  }
  if (run.kinds === null || chunks < 2) return inOrder
  const order = chunkOrders.get(run.kinds) ?? orderChunks(inOrder, run.kinds, columns)
  chunkOrders.set(run.kinds, order)
  return order
}

/** By the factors, which are of one segment. */
const chunkOrders = new WeakMap<Float32Array, readonly number[]>()

function orderChunks(
  inOrder: readonly number[],
  kinds: Float32Array,
  { pathDocumentStart }: Segment['columns'],
): readonly number[] {
  const most = new Float32Array(inOrder.length)
  for (let path = 0; path < kinds.length; path++) {
    const from = pathDocumentStart[path]! >>> CHUNK_BITS
    const to = (pathDocumentStart[path + 1]! - 1) >>> CHUNK_BITS
    for (let chunk = from; chunk <= to; chunk++) most[chunk] = Math.max(most[chunk]!, kinds[path]!)
  }
  return inOrder.toSorted((a, b) => most[b]! - most[a]! || a - b)
}

/** What decides which documents are found and which are near, where nothing that changes in place does. */
function keyOfCounts({ clauses, any, filters, facetExactLimit, enough }: RunRequest): string {
  const { categories, brands, sellers, attributes } = filters
  const filtered = [categories, brands, sellers, attributes]
  return `${keyOfWords(clauses)}${JSON.stringify([any, ...filtered, facetExactLimit, enough])}`
}

const wordKeys = new WeakMap<readonly Clause[], string>()

/** How words are met. It is written once for as long as the reading of a text is kept. */
function keyOfWords(clauses: readonly Clause[]): string {
  const known = wordKeys.get(clauses)
  if (known !== undefined) return known
  const words = clauses.map(({ optional, alternatives }) => [
    optional,
    alternatives.map(({ terms }) => terms),
  ])
  const key = JSON.stringify(words)
  wordKeys.set(clauses, key)
  return key
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

/** Takes all documents that pass the filters. */
function browseAll(run: Run): Browsed {
  const { request, top, order, segment, judge: by } = run
  const { filters, facetExactLimit } = request
  const { prior, mostPrior } = segment.live
  const found = browse({ segment, judge: by, counts: run.near, filters, facetExactLimit })
  run.total = found.total
  if (order === null) {
    found.visit(offerUsual(top, { prior, mostPrior, flags: by.program.flags }))
  } else {
    raiseLeast(run, order, found.sample)
    found.visit(offerWordBy(top, order))
  }
  return found
}

/** So many of the matches are tried first where there are several times as many. */
const TRIED = 2_048

/**
 * Finds a key that as many as are wanted have at least, by a sample of the matches: others need no offer.
 * Documents stand in order of their ids, so that by age each could be better than all before it.
 */
function raiseLeast(
  { segment, request, top, total }: Run,
  order: Order,
  sample: (stride: number) => Uint32Array,
): void {
  const stride = Math.floor(total / TRIED)
  if (stride < 4) return
  const trial = topFor(segment, request)
  offerBy(trial, sample(stride), order)
  top.least = trial.least
}

/** Takes the matches of a chunk that pass the filters. */
function visitMatches(run: Run, matches: Matches, base: number): void {
  if (run.judge.program.unfiltered) keepLiving(run, matches, base)
  else keepPassing(run, matches, base)
}

/** Where no filter is. */
function keepLiving(run: Run, { documents, scores, count }: Matches, base: number): void {
  const { segment, hits } = run
  const { deleted } = run.judge.program
  const all = count()
  let { total } = run
  for (let i = 0; i < all; i++) {
    const document = base | documents[i]!
    hits[total] = document
    scores[total - run.total] = scores[i]!
    total += deleted[document]! ^ 1
  }
  offerScored(run, segment, { scores, from: run.total, to: total })
  run.total = total
}

/** The same for filters; of those that fail a single facet's one in `nearStride` is counted there. */
function keepPassing(run: Run, { documents, scores, count }: Matches, base: number): void {
  const { segment, near, hits, sieve } = run
  const { marks } = sieve
  const all = count()
  sieve.sift(documents, all, base)
  let { total } = run
  for (let i = 0; i < all; i++) {
    hits[total] = base | documents[i]!
    scores[total - run.total] = scores[i]!
    total += Number(marks[i] === 0)
  }
  if (near !== null) countNear(run, near, { documents, all, base })
  offerScored(run, segment, { scores, from: run.total, to: total })
  run.total = total
}

function countNear(
  run: Run,
  near: FacetCounts,
  { documents, all, base }: Readonly<{ documents: Uint16Array; all: number; base: number }>,
): void {
  const { sieve, nearStride, judge: by, hits } = run
  let i = run.nearNext
  for (; i < all; i += nearStride) {
    const failed = failedOnly(sieve.marks[i]!)
    if (failed === PASSED) continue
    const document = base | documents[i]!
    if (failed === FAILED_OPTIONS) hits[--run.nearFrom] = document
    else countNearHit(near, by.program, document, { failed, weight: nearStride })
  }
  run.nearNext = i - all
}

/** Offers the hits of a chunk by their scores, if these decide. Those of one category path stand together. */
function offerScored(
  { judge: by, kinds, top, hits, order }: Run,
  { live: { prior }, columns: { path, pathDocumentStart } }: Segment,
  { scores, from, to }: Readonly<{ scores: Float32Array; from: number; to: number }>,
): void {
  if (order !== null) return
  const { flags } = by.program
  let least = top.least / MOST_PRIOR
  let end = kinds === null ? Number.POSITIVE_INFINITY : 0
  let kind = 1
  for (let i = from; i < to; i++) {
    const document = hits[i]!
    if (document >= end) {
      kind = kinds![path[document]!]!
      end = pathDocumentStart[path[document]! + 1]!
    }
    const text = scores[i - from]! * kind
    if (text < least) continue
    const stock = (flags[document]! & IN_STOCK) !== 0 ? 1 : OUT_OF_STOCK_FACTOR
    const key = text * prior[document]! * stock
    if (key < top.least) continue
    top.offer(document, key)
    least = top.least / MOST_PRIOR
  }
}

/** Offers all matches by the order that is asked for, if words do not decide. */
function offerMatches(run: Run): void {
  const { top, order, total } = run
  if (order === null) return
  const hits = run.hits.subarray(0, total)
  raiseLeast(run, order, (stride) => sampleOf(hits, stride))
  offerBy(top, hits, order)
}

function topFor(segment: Segment, request: RunRequest): TopList {
  const capacity = Math.min(request.capacity, segment.documents)
  return createTopList(capacity, segment.columns.idRank, boundOf(segment, request))
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
    const { marks, sift } = createSieve(by, request.filters)
    const clauses = resolveClauses(request.clauses, segment)
    const { documents, count } = matcher.matches
    for (let chunk = 0; chunk < segment.chunks; chunk++) {
      matcher.matchAll(segment, clauses, chunk)
      sift(documents, count(), chunk << CHUNK_BITS)
      if (marks.subarray(0, count()).includes(0)) return true
    }
    return false
  })
}
