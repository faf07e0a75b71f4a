import { ON_SALE } from '../segment/live.ts'
import type { Segment } from '../segment/segment.ts'
import type { FilterProgram } from './filters.ts'

/**
 * Of 32 neighbouring documents (one word of a set), who passes the filters on prices, ratings and sales.
 * A bit stands for a document.
 */
export type LiveMask = {
  /** Who passes all of them. */
  passing: number
  /** Who fails the price alone. */
  nearPrice: number
  /** Who fails the rating alone. */
  nearRating: number
}

export function createLiveMask(): LiveMask {
  return { passing: 0, nearPrice: 0, nearRating: 0 }
}

/** Whether there are such filters at all. */
export function needsMask({ priceWanted, ratingMin, flagsWanted }: FilterProgram): boolean {
  return priceWanted || ratingMin > 0 || (flagsWanted & ON_SALE) !== 0
}

/**
 * Tests those of a word's documents that `candidates` names. All 32 are looked at, without branches: a
 * processor cannot foresee who passes, and to guess wrong costs it more than to look at all.
 */
export function testWord(
  mask: LiveMask,
  { program, segment }: Readonly<{ program: FilterProgram; segment: Segment }>,
  word: number,
  candidates: number,
): void {
  const from = word << 5
  const end = Math.min(32, segment.documents - from)
  const { flagsWanted, priceWanted, ratingMin } = program
  const onSale =
    (flagsWanted & ON_SALE) === 0 ? candidates : candidates & onSaleIn(program, from, end)
  const priced = priceWanted ? onSale & pricedIn(program, from, end) : onSale
  const rated = ratingMin > 0 ? onSale & ratedIn(segment, { from, end, ratingMin }) : onSale
  mask.passing = priced & rated
  mask.nearPrice = rated & ~priced
  mask.nearRating = priced & ~rated
}

/** Moves those of some documents who pass to the front, in their order. @returns these */
export function keepLive(
  program: FilterProgram,
  { live: { rating } }: Segment,
  documents: Uint32Array,
): Uint32Array {
  const { flagsWanted, flags, priceWanted, price, priceMin, priceMax, ratingMin } = program
  let kept = documents
  if ((flagsWanted & ON_SALE) !== 0) {
    let size = 0
    for (let i = 0; i < kept.length; i++) {
      const document = kept[i]!
      kept[size] = document
      size += Number((flags[document]! & ON_SALE) !== 0)
    }
    kept = kept.subarray(0, size)
  }
  if (priceWanted) {
    let size = 0
    for (let i = 0; price !== null && i < kept.length; i++) {
      const document = kept[i]!
      const amount = price[document]!
      kept[size] = document
      size += Number(amount >= priceMin) & Number(amount <= priceMax)
    }
    kept = kept.subarray(0, size)
  }
  if (ratingMin > 0) {
    let size = 0
    for (let i = 0; i < kept.length; i++) {
      const document = kept[i]!
      kept[size] = document
      size += Number(rating[document]! >= ratingMin)
    }
    kept = kept.subarray(0, size)
  }
  return kept
}

function onSaleIn({ flags }: FilterProgram, from: number, end: number): number {
  let bits = 0
  for (let i = 0; i < end; i++) bits |= Number((flags[from + i]! & ON_SALE) !== 0) << i
  return bits
}

function pricedIn({ price, priceMin, priceMax }: FilterProgram, from: number, end: number): number {
  if (price === null) return 0
  let bits = 0
  for (let i = 0; i < end; i++) {
    const amount = price[from + i]!
    bits |= (Number(amount >= priceMin) & Number(amount <= priceMax)) << i
  }
  return bits
}

function ratedIn(
  { live: { rating } }: Segment,
  { from, end, ratingMin }: Readonly<{ from: number; end: number; ratingMin: number }>,
): number {
  let bits = 0
  for (let i = 0; i < end; i++) bits |= Number(rating[from + i]! >= ratingMin) << i
  return bits
}
