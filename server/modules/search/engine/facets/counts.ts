import { PRICE_STEPS } from '../segment/live.ts'
import type { Segment } from '../segment/segment.ts'
import { countOf } from '../segment/strings.ts'
import { clearTally, createTally, type Tally } from './tally.ts'
import type { OptionCounter } from './variants.ts'

/** The facet counts of one segment, by its own dictionary numbers. */
export type FacetCounts = {
  readonly segment: Segment
  readonly brands: Tally
  readonly paths: Tally
  /** Follows from that of the paths, when all are counted. */
  readonly categories: Tally
  /** By whole stars, 0 to 5. */
  readonly stars: Uint32Array
  readonly prices: Uint32Array
  readonly options: OptionCounter
  priceMin: number
  priceMax: number
  lowestBucket: number
  highestBucket: number
}

const reusable = new WeakMap<Segment, FacetCounts>()

/** Fresh counts for a segment; the memory of an earlier query is used again. */
export function startCounts(segment: Segment): FacetCounts {
  const options = countOf(segment.options)
  const counts = reusable.get(segment) ?? {
    segment,
    brands: createTally(countOf(segment.brands)),
    paths: createTally(segment.columns.pathStart.length - 1),
    categories: createTally(countOf(segment.categories)),
    stars: new Uint32Array(6),
    prices: new Uint32Array(PRICE_STEPS.length),
    options: { tally: createTally(options), seen: new Uint32Array(options), stamp: 0, warmed: 0 },
    priceMin: 0,
    priceMax: 0,
    lowestBucket: 0,
    highestBucket: 0,
  }
  reusable.set(segment, counts)
  clearTally(counts.brands)
  clearTally(counts.paths)
  counts.stars.fill(0)
  counts.prices.fill(0)
  clearTally(counts.options.tally)
  counts.priceMin = Number.POSITIVE_INFINITY
  counts.priceMax = Number.NEGATIVE_INFINITY
  counts.lowestBucket = PRICE_STEPS.length
  counts.highestBucket = 0
  return counts
}
