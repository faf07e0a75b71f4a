import {
  FAILED_BRAND,
  FAILED_CATEGORY,
  FAILED_PRICE,
  FAILED_RATING,
  type FilterProgram,
} from '../query/filters.ts'
import { NO_PRICE_BUCKET, RATING_UNIT } from '../segment/live.ts'
import type { FacetCounts } from './counts.ts'
import { type KeptCounts, restoreCounts } from './kept.ts'
import { roomFor } from './room.ts'
import { addColumn, addRuns, addTo } from './tally.ts'
import {
  countAllOptions,
  countOptions,
  countOtherOptions,
  WARMED_AT_ONCE,
  warmVariants,
} from './variants.ts'

/** The lowest and highest price are looked at only where the bucket may hold them. */
function countPrice(
  counts: FacetCounts,
  { price, priceBucket }: FilterProgram,
  document: number,
  weight: number,
): void {
  const bucket = priceBucket === null ? NO_PRICE_BUCKET : priceBucket[document]!
  if (bucket === NO_PRICE_BUCKET) {
    return
  }
  counts.prices[bucket]! += weight
  if (bucket <= counts.lowestBucket || bucket >= counts.highestBucket) {
    widenPrices(counts, bucket, price![document]!)
  }
}

function widenPrices(counts: FacetCounts, bucket: number, price: number): void {
  counts.lowestBucket = Math.min(counts.lowestBucket, bucket)
  counts.highestBucket = Math.max(counts.highestBucket, bucket)
  counts.priceMin = Math.min(counts.priceMin, price)
  counts.priceMax = Math.max(counts.priceMax, price)
}

/** Whole stars by rating. */
const STARS = Uint8Array.from({ length: 5 * RATING_UNIT + 1 }, (_, units) => units / RATING_UNIT)

function countPrices(
  counts: FacetCounts,
  { price, priceBucket }: FilterProgram,
  sample: Uint32Array,
  weight: number,
): void {
  if (price === null || priceBucket === null) return
  const { prices } = counts
  let { lowestBucket: lowest, highestBucket: highest } = counts
  for (let i = 0; i < sample.length; i++) {
    const bucket = priceBucket[sample[i]!]!
    if (bucket === NO_PRICE_BUCKET) continue
    prices[bucket]! += weight
    if (bucket <= lowest || bucket >= highest) {
      widenPrices(counts, bucket, price[sample[i]!]!)
      lowest = counts.lowestBucket
      highest = counts.highestBucket
    }
  }
}

/** How many are counted where not all are. */
const SAMPLE_SIZE = 4_096

/** One in how many documents is counted, when there are so many and up to `exactLimit` all are. */
export function strideFor(documents: number, exactLimit: number): number {
  return documents <= exactLimit ? 1 : Math.ceil(documents / Math.min(exactLimit, SAMPLE_SIZE))
}

/**
 * Counts documents that passed every filter, one column after the other, in the facets that change only
 * with the index itself.
 * @param weight how many documents each stands for
 */
export function countLasting(
  counts: FacetCounts,
  { program, kept }: Readonly<{ program: FilterProgram; kept: KeptCounts | null }>,
  { documents, weight }: Readonly<{ documents: Uint32Array; weight: number }>,
): void {
  if (kept !== null) {
    restoreCounts(counts, kept)
    return
  }
  const { columns } = counts.segment
  addColumn(counts.brands, columns.brand, documents, weight)
  addRuns(counts.paths, columns.pathDocumentStart, documents, weight)
  countAllOptions(counts.options, { program, segment: counts.segment }, documents, weight)
}

/** The same in the facets of prices and ratings. */
export function countLive(
  counts: FacetCounts,
  program: FilterProgram,
  { documents, weight }: Readonly<{ documents: Uint32Array; weight: number }>,
): void {
  const { rating } = counts.segment.live
  const { stars } = counts
  for (let i = 0; i < documents.length; i++) {
    stars[STARS[rating[documents[i]!]!]!]! += weight
  }
  countPrices(counts, program, documents, weight)
}

/** Counts documents that failed one attribute's filter only, in that facet. */
export function countNearOptions(
  counts: FacetCounts,
  program: FilterProgram,
  documents: Uint32Array,
  weight: number,
): void {
  for (let from = 0; from < documents.length; from += WARMED_AT_ONCE) {
    const to = Math.min(documents.length, from + WARMED_AT_ONCE)
    counts.options.warmed ^= warmVariants(counts.segment, documents, from, to)
    if (program.allGroups === 1) {
      const block = documents.subarray(from, to)
      countOtherOptions(counts.options, { program, segment: counts.segment }, block, weight)
      continue
    }
    for (let i = from; i < to; i++) {
      countOptions(counts.options, program, counts.segment, documents[i]!, weight)
    }
  }
}

/** Every so-manieth: since documents are in order of category and brand, each of these has its share. */
export function sampleOf(hits: Uint32Array, stride: number): Uint32Array {
  if (stride === 1) return hits
  const sample = roomFor(Math.ceil(hits.length / stride))
  for (let i = 0; i < sample.length; i++) {
    sample[i] = hits[i * stride]!
  }
  return sample
}

/** Counts documents that failed the same one set's filter only, in that facet. */
export function countNearDocuments(
  counts: FacetCounts,
  program: FilterProgram,
  documents: Uint32Array,
  { failed, weight }: Readonly<{ failed: number; weight: number }>,
): void {
  const { columns } = counts.segment
  if (failed === FAILED_CATEGORY) {
    addRuns(counts.paths, columns.pathDocumentStart, documents, weight)
  } else if (failed === FAILED_BRAND) {
    addColumn(counts.brands, columns.brand, documents, weight)
  } else {
    countNearOptions(counts, program, documents, weight)
  }
}

/** Counts a document that failed one facet's filter only, in that facet, for `weight` documents. */
export function countNearHit(
  counts: FacetCounts,
  program: FilterProgram,
  document: number,
  near: Readonly<{ failed: number; weight: number }>,
): void {
  const { columns, live } = counts.segment
  const { failed, weight } = near
  if (failed === FAILED_CATEGORY) {
    addTo(counts.paths, columns.path[document]!, weight)
  } else if (failed === FAILED_BRAND) {
    addTo(counts.brands, columns.brand[document]!, weight)
  } else if (failed === FAILED_PRICE) {
    countPrice(counts, program, document, weight)
  } else if (failed === FAILED_RATING) {
    counts.stars[STARS[live.rating[document]!]!]! += weight
  } else {
    countOptions(counts.options, program, counts.segment, document, weight)
  }
}
