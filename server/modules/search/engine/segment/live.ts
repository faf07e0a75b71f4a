import type { MarketPrice, SearchDocument, SearchPatch } from '../types.ts'

/** What a market's shoppers see of each document; written in place. */
export type MarketColumns = Readonly<{
  /** Minor units; NaN where the product has no price in this market. */
  price: Float64Array
  /** Which step of `PRICE_STEPS` the price is on; `NO_PRICE_BUCKET` without a price. */
  bucket: Uint8Array
  flags: Uint8Array
  /** The flag `IN_STOCK` once more, 32 documents a word. */
  inStock: Uint32Array
}>

/** The part of a segment that changes in place. All columns are in shared memory. */
export type LiveColumns = Readonly<{
  documents: number
  deleted: Uint8Array
  /** Who is not deleted: bit `d & 31` of word `d >>> 5`. */
  living: Uint32Array
  /** How many were deleted since the segment was opened, by which what was counted before is known to be of another time. */
  deletions: Uint32Array
  flags: Uint8Array
  inStock: Uint32Array
  rating: Uint16Array
  reviewCount: Uint32Array
  popularity: Float32Array
  /** What popularity and rating multiply a score with; about 0.95 to 1.1. */
  prior: Float32Array
  /** No prior of 32 neighbouring documents is above theirs here. */
  mostPrior: Float32Array
  markets: Map<string, MarketColumns>
}>

export const IN_STOCK = 1
export const ON_SALE = 2
export const RATING_UNIT = 1000

const STEPS_PER_DECADE = [1, 1.5, 2, 3, 4, 5, 7]

/** The lower borders of the price histogram, minor units: 0, 10, 15, 20, 30 … 7 × 10^11. */
export const PRICE_STEPS: readonly number[] = [
  0,
  ...Array.from({ length: 11 }, (_, decade) => decade + 1).flatMap((decade) =>
    STEPS_PER_DECADE.map((step) => Math.round(step * 10 ** decade)),
  ),
]

export const NO_PRICE_BUCKET = 255

function bucketOf(price: number): number {
  if (Number.isNaN(price)) {
    return NO_PRICE_BUCKET
  }
  let low = 0
  let high = PRICE_STEPS.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (PRICE_STEPS[middle]! <= price) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return Math.max(0, low - 1)
}

export function marketKey(market: string, currency: string): string {
  return `${market}:${currency}`
}

function shared(documents: number, bytesPerElement: number): SharedArrayBuffer {
  return new SharedArrayBuffer(documents * bytesPerElement)
}

function sharedBits(documents: number): Uint32Array {
  return new Uint32Array(shared((documents + 31) >>> 5, 4))
}

export function createLiveColumns(documents: number): LiveColumns {
  const living = sharedBits(documents).fill(0xffffffff)
  if ((documents & 31) !== 0) living[living.length - 1] = 2 ** (documents & 31) - 1
  return {
    documents,
    deleted: new Uint8Array(shared(documents, 1)),
    living,
    deletions: new Uint32Array(1),
    flags: new Uint8Array(shared(documents, 1)),
    inStock: sharedBits(documents),
    rating: new Uint16Array(shared(documents, 2)),
    reviewCount: new Uint32Array(shared(documents, 4)),
    popularity: new Float32Array(shared(documents, 4)),
    prior: new Float32Array(shared(documents, 4)).fill(1),
    mostPrior: new Float32Array(shared((documents + 31) >>> 5, 4)),
    markets: new Map(),
  }
}

/** The columns of a market; made, with the documents' own flags, when the market is new. */
export function marketOf(live: LiveColumns, key: string): MarketColumns {
  let columns = live.markets.get(key)
  if (columns === undefined) {
    columns = {
      price: new Float64Array(shared(live.documents, 8)).fill(Number.NaN),
      bucket: new Uint8Array(shared(live.documents, 1)).fill(NO_PRICE_BUCKET),
      flags: new Uint8Array(shared(live.documents, 1)),
      inStock: sharedBits(live.documents),
    }
    columns.flags.set(live.flags)
    columns.inStock.set(live.inStock)
    live.markets.set(key, columns)
  }
  return columns
}

type Flagged = Readonly<{ flags: Uint8Array; inStock: Uint32Array }>

function setFlags({ flags, inStock }: Flagged, document: number, value: number): void {
  const bit = 1 << (document & 31)
  flags[document] = value
  if ((value & IN_STOCK) !== 0) inStock[document >>> 5]! |= bit
  else inStock[document >>> 5]! &= ~bit
}

function setPrior({ prior, mostPrior }: LiveColumns, document: number, value: number): void {
  prior[document] = value
  mostPrior[document >>> 5] = Math.max(mostPrior[document >>> 5]!, prior[document]!)
}

/** Makes anew what follows from other columns, once these were filled. */
export function deriveLive(live: LiveColumns): void {
  for (let document = 0; document < live.documents; document++) {
    if (live.deleted[document] === 1) live.living[document >>> 5]! &= ~(1 << (document & 31))
    setPrior(live, document, live.prior[document]!)
  }
  for (const columns of [live, ...live.markets.values()]) {
    for (let document = 0; document < live.documents; document++) {
      if ((columns.flags[document]! & IN_STOCK) !== 0) {
        columns.inStock[document >>> 5]! |= 1 << (document & 31)
      }
    }
  }
}

/** Writes a document's changeable part at its place in a segment. */
export function writeLive(live: LiveColumns, document: number, source: SearchDocument): void {
  const flags = (source.inStock ? IN_STOCK : 0) | (source.onSale ? ON_SALE : 0)
  for (const columns of [live, ...live.markets.values()]) {
    setFlags(columns, document, flags)
  }
  writePrices(live, document, source.prices)
  live.rating[document] = ratingUnits(source.rating)
  live.reviewCount[document] = source.reviewCount
  live.popularity[document] = source.popularity
  setPrior(live, document, priorOf(live, document))
}

/** Changes a document in place. A price that is not named stays as it is. */
export function patchLive(live: LiveColumns, document: number, patch: SearchPatch): void {
  for (const columns of [live, ...live.markets.values()]) {
    const stocked = withFlag(columns.flags[document]!, IN_STOCK, patch.inStock)
    setFlags(columns, document, withFlag(stocked, ON_SALE, patch.onSale))
  }
  writePrices(live, document, patch.prices ?? [])
  if (patch.rating !== undefined) {
    live.rating[document] = ratingUnits(patch.rating)
  }
  if (patch.reviewCount !== undefined) {
    live.reviewCount[document] = patch.reviewCount
  }
  if (patch.popularity !== undefined) {
    live.popularity[document] = patch.popularity
  }
  setPrior(live, document, priorOf(live, document))
}

function withFlag(flags: number, flag: number, value: boolean | undefined): number {
  return value === undefined ? flags : value ? flags | flag : flags & ~flag
}

function writePrices(live: LiveColumns, document: number, prices: readonly MarketPrice[]): void {
  for (const price of prices) {
    const columns = marketOf(live, marketKey(price.market, price.currency))
    columns.price[document] = price.amount
    columns.bucket[document] = bucketOf(price.amount)
    let flags = withFlag(columns.flags[document]!, IN_STOCK, price.inStock)
    flags = withFlag(flags, ON_SALE, price.onSale)
    setFlags(columns, document, flags)
  }
}

/** Takes a document out of all answers. */
export function markDeleted(live: LiveColumns, document: number): void {
  live.deleted[document] = 1
  live.living[document >>> 5]! &= ~(1 << (document & 31))
  live.deletions[0]! += 1
}

function ratingUnits(rating: number): number {
  return Math.round(Math.min(5, Math.max(0, rating)) * RATING_UNIT)
}

const USUAL_RATING = 3.8
const USUAL_WEIGHT = 8

/** No prior is above this. */
export const MOST_PRIOR = 1.09

/** Gentle by design: at most 6 % for popularity and 4 % up or down for a well-founded rating. */
export function priorFor({
  rating,
  reviewCount,
  popularity,
}: Readonly<{ rating: number; reviewCount: number; popularity: number }>): number {
  const mean = (rating * reviewCount + USUAL_RATING * USUAL_WEIGHT) / (reviewCount + USUAL_WEIGHT)
  const demand = Math.min(1, Math.log1p(popularity) / Math.log(100_000))
  return 1 + 0.06 * demand + (0.04 * (mean - USUAL_RATING)) / 2
}

function priorOf(live: LiveColumns, document: number): number {
  return priorFor({
    rating: live.rating[document]! / RATING_UNIT,
    reviewCount: live.reviewCount[document]!,
    popularity: live.popularity[document]!,
  })
}

/** Copies one document's changeable part from a segment that is about to be replaced. */
export function copyLive(
  from: Readonly<{ live: LiveColumns; document: number }>,
  to: Readonly<{ live: LiveColumns; document: number }>,
): void {
  const [source, target, i, j] = [from.live, to.live, from.document, to.document]
  if (source.deleted[i] === 1) {
    target.deleted[j] = 1
    target.living[j >>> 5]! &= ~(1 << (j & 31))
  }
  setFlags(target, j, source.flags[i]!)
  target.rating[j] = source.rating[i]!
  target.reviewCount[j] = source.reviewCount[i]!
  target.popularity[j] = source.popularity[i]!
  setPrior(target, j, source.prior[i]!)
}

/** Copies one document's part of a market. */
export function copyMarket(
  from: Readonly<{ columns: MarketColumns; document: number }>,
  to: Readonly<{ columns: MarketColumns; document: number }>,
): void {
  to.columns.price[to.document] = from.columns.price[from.document]!
  to.columns.bucket[to.document] = from.columns.bucket[from.document]!
  setFlags(to.columns, to.document, from.columns.flags[from.document]!)
}
