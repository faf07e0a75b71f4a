import {
  FAILED_BRAND,
  FAILED_CATEGORY,
  FAILED_PRICE,
  FAILED_RATING,
  type FilterProgram,
} from '../query/filters.ts'
import { NO_PRICE_BUCKET, PRICE_STEPS, RATING_UNIT } from '../segment/live.ts'
import type { Segment } from '../segment/segment.ts'
import { countOf } from '../segment/strings.ts'
import { countAllOptions, countOptions, type OptionCounter } from './variants.ts'

/** The facet counts of one segment, by its own dictionary numbers. */
export type FacetCounts = {
  readonly segment: Segment
  readonly brands: Uint32Array
  readonly paths: Uint32Array
  /** By whole stars, 0 to 5. */
  readonly stars: Uint32Array
  readonly prices: Uint32Array
  readonly options: OptionCounter
  priceMin: number
  priceMax: number
}

const reusable = new WeakMap<Segment, FacetCounts>()

/** Fresh counts for a segment; the memory of an earlier query is used again. */
export function startCounts(segment: Segment): FacetCounts {
  const options = countOf(segment.options)
  const counts = reusable.get(segment) ?? {
    segment,
    brands: new Uint32Array(countOf(segment.brands)),
    paths: new Uint32Array(segment.columns.pathStart.length - 1),
    stars: new Uint32Array(6),
    prices: new Uint32Array(PRICE_STEPS.length),
    options: { counts: new Uint32Array(options), seen: new Uint32Array(options), stamp: 0 },
    priceMin: 0,
    priceMax: 0,
  }
  reusable.set(segment, counts)
  counts.brands.fill(0)
  counts.paths.fill(0)
  counts.stars.fill(0)
  counts.prices.fill(0)
  counts.options.counts.fill(0)
  counts.priceMin = Number.POSITIVE_INFINITY
  counts.priceMax = Number.NEGATIVE_INFINITY
  return counts
}

function countPrice(counts: FacetCounts, program: FilterProgram, document: number): void {
  const bucket = program.priceBucket === null ? NO_PRICE_BUCKET : program.priceBucket[document]!
  if (bucket !== NO_PRICE_BUCKET) {
    const price = program.price![document]!
    counts.prices[bucket]!++
    counts.priceMin = price < counts.priceMin ? price : counts.priceMin
    counts.priceMax = price > counts.priceMax ? price : counts.priceMax
  }
}

function countStars(counts: FacetCounts, document: number): void {
  counts.stars[Math.floor(counts.segment.live.rating[document]! / RATING_UNIT)]!++
}

/**
 * Counts documents that passed every filter in every facet, one column after the other.
 * @param stride only each `stride`-th is counted
 */
export function countHits(
  counts: FacetCounts,
  program: FilterProgram,
  hits: Uint32Array,
  stride: number,
): void {
  const { columns, live } = counts.segment
  countColumn(counts.brands, columns.brand, hits, stride)
  countColumn(counts.paths, columns.path, hits, stride)
  const { rating } = live
  const { stars } = counts
  for (let i = 0; i < hits.length; i += stride) {
    stars[(rating[hits[i]!]! / RATING_UNIT) | 0]!++
  }
  for (let i = 0; i < hits.length; i += stride) {
    countPrice(counts, program, hits[i]!)
  }
  if (program.allGroups === 0) {
    countAllOptions(counts.options, counts.segment, hits, stride)
    return
  }
  for (let i = 0; i < hits.length; i += stride) {
    countOptions(counts.options, program, counts.segment, hits[i]!)
  }
}

function countColumn(
  counts: Uint32Array,
  column: Uint32Array,
  hits: Uint32Array,
  stride: number,
): void {
  for (let i = 0; i < hits.length; i += stride) {
    counts[column[hits[i]!]!]!++
  }
}

/** Counts a document that failed one facet's filter only, in that facet. */
export function countNearHit(
  counts: FacetCounts,
  program: FilterProgram,
  document: number,
  failed: number,
): void {
  const { columns } = counts.segment
  if (failed === FAILED_CATEGORY) {
    counts.paths[columns.path[document]!]!++
  } else if (failed === FAILED_BRAND) {
    counts.brands[columns.brand[document]!]!++
  } else if (failed === FAILED_PRICE) {
    countPrice(counts, program, document)
  } else if (failed === FAILED_RATING) {
    countStars(counts, document)
  } else {
    countOptions(counts.options, program, counts.segment, document)
  }
}
