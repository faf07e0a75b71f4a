import { countHit, countNearHit, type FacetCounts, startCounts } from '../facets/counter.ts'
import { MEETS_ALL, MEETS_NONE, testVariants } from '../facets/variants.ts'
import { createGrowable } from '../segment/growable.ts'
import { IN_STOCK } from '../segment/live.ts'
import { CHUNK_BITS, CHUNK_SIZE, type Segment } from '../segment/segment.ts'
import type { Market, SearchFilters, SearchSort } from '../types.ts'
import { compileFilters, FAILED, type FilterProgram, PASSED, testDocument } from './filters.ts'
import { type Matcher, resolveClauses, type SegmentClause } from './match.ts'
import type { Clause } from './plan.ts'
import { createTopList, type TopEntry } from './top.ts'

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
}>

/** What a run found in one segment. */
export type SegmentRun = Readonly<{
  segment: Segment
  clauses: readonly SegmentClause[]
  program: FilterProgram
  total: number
  top: readonly TopEntry[]
  /** Numbers of all matches, for the facets; empty when none were asked for. */
  hits: Uint32Array
  counts: FacetCounts | null
}>

/** Out of stock stays in sight, but behind what can be bought. */
export const OUT_OF_STOCK_FACTOR = 0.75

type KeyOf = (document: number, text: number) => number

/** What documents are ordered by, higher first. A missing price comes last in either order. */
function keyFunction(request: RunRequest, program: FilterProgram, segment: Segment): KeyOf {
  const { live, columns } = segment
  const { price, flags } = program
  switch (request.sort) {
    case 'price':
      return (document) => -(orInfinite(price?.[document]) ?? Number.POSITIVE_INFINITY)
    case '-price':
      return (document) => orInfinite(price?.[document]) ?? Number.NEGATIVE_INFINITY
    case 'rating':
      return (document) => live.rating[document]! * 2 ** 32 + live.reviewCount[document]!
    case 'newest':
      return (document) => columns.createdAtMs[document]!
    case 'popular':
      return (document) => live.popularity[document]!
    default:
      return request.clauses.length === 0
        ? (document) => live.prior[document]! + (flags[document]! & IN_STOCK ? 1 : 0)
        : (document, text) =>
            text * live.prior[document]! * (flags[document]! & IN_STOCK ? 1 : OUT_OF_STOCK_FACTOR)
  }
}

function orInfinite(price: number | undefined): number | null {
  return price === undefined || Number.isNaN(price) ? null : price
}

/** Runs over one segment: matches, filters, keeps the best, and counts what facets need. */
export function runSegment(matcher: Matcher, segment: Segment, request: RunRequest): SegmentRun {
  const program = compileFilters(segment, request.filters, request.market)
  const clauses = resolveClauses(request.clauses, segment)
  const top = createTopList(Math.min(request.capacity, segment.documents))
  const counts = request.facets ? startCounts(segment) : null
  const hits = createGrowable()
  const keyOf = keyFunction(request, program, segment)
  let total = 0
  const visit = (document: number, text: number, mask: number): void => {
    const base = testDocument(program, segment, document)
    if (base === FAILED) {
      return
    }
    const variants = testVariants(program, segment, document)
    if (base === PASSED && variants === MEETS_ALL) {
      total++
      top.offer(document, keyOf(document, text), mask, text)
      if (counts !== null) {
        hits.push(document)
      }
    } else if (counts !== null && variants !== MEETS_NONE) {
      if (base === PASSED || variants === MEETS_ALL) {
        countNearHit(counts, program, document, base)
      }
    }
  }
  visitMatches(matcher, segment, { clauses, any: request.any }, visit)
  return { segment, clauses, program, total, top: top.drain(), hits: hits.values(), counts }
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

function visitMatches(
  matcher: Matcher,
  segment: Segment,
  wanted: Readonly<{ clauses: readonly SegmentClause[]; any: boolean }>,
  visit: (document: number, text: number, mask: number) => void,
): void {
  if (wanted.clauses.length === 0) {
    for (let document = 0; document < segment.documents; document++) {
      visit(document, 0, 0)
    }
    return
  }
  const { documents, scores, masks, count } = matcher.matches
  for (let chunk = 0; chunk * CHUNK_SIZE < segment.documents; chunk++) {
    if (wanted.any) {
      matcher.matchAny(segment, wanted.clauses, chunk)
    } else {
      matcher.matchAll(segment, wanted.clauses, chunk)
    }
    for (let i = 0; i < count(); i++) {
      visit((chunk << CHUNK_BITS) | documents[i]!, scores[i]!, masks[i]!)
    }
  }
}

/** Counts the matches in all facets, one in `stride` of them. */
export function countHits(run: SegmentRun, stride: number): void {
  for (let i = 0; i < run.hits.length; i += stride) {
    countHit(run.counts!, run.program, run.hits[i]!)
  }
}
