import { IN_STOCK } from '../segment/live.ts'
import type { Segment } from '../segment/segment.ts'
import type { SearchSort } from '../types.ts'
import type { FilterProgram } from './filters.ts'
import type { TopList } from './top.ts'

/** What documents are ordered by other than by words: by one column, and equal ones by another. */
export type Order = Readonly<{
  /** Null where no document has a value. */
  column: Float64Array | Float32Array | Uint16Array | null
  further: Uint32Array | null
  /** -1 where the lowest value comes first. */
  sign: 1 | -1
}>

/** The order that is asked for; null for that by words or of a page without words. */
export function orderFor(
  sort: SearchSort,
  { price }: FilterProgram,
  { live, columns }: Segment,
): Order | null {
  switch (sort) {
    case 'price':
      return { column: price, further: null, sign: -1 }
    case '-price':
      return { column: price, further: null, sign: 1 }
    case 'rating':
      return { column: live.rating, further: live.reviewCount, sign: 1 }
    case 'newest':
      return { column: columns.createdAtMs, further: null, sign: 1 }
    case 'popular':
      return { column: live.popularity, further: null, sign: 1 }
    default:
      return null
  }
}

/** Higher first. NaN for a missing value, which comes last in either direction. */
function keyOf({ column, further, sign }: Order, document: number): number {
  if (column === null) return Number.NaN
  const key = sign * column[document]!
  return further === null ? key : key * 2 ** 32 + further[document]!
}

function offerKey(top: TopList, document: number, key: number): void {
  const known = Number.isNaN(key) ? Number.NEGATIVE_INFINITY : key
  if (known >= top.least) top.offer(document, known)
}

type Usual = Readonly<{ prior: Float32Array; mostPrior: Float32Array; flags: Uint8Array }>

/** Offers 32 neighbouring documents at once. */
export type OfferWord = (word: number, bits: number) => void

/** By their prior and stock: the order of a page without words. Most words have none that is good enough. */
export function offerUsual(top: TopList, { prior, mostPrior, flags }: Usual): OfferWord {
  return (word, bits) => {
    if (mostPrior[word]! + IN_STOCK < top.least) return
    for (let rest = bits; rest !== 0; rest &= rest - 1) {
      const document = (word << 5) | (31 - Math.clz32(rest & -rest))
      const key = prior[document]! + (flags[document]! & IN_STOCK)
      if (key >= top.least) top.offer(document, key)
    }
  }
}

/** By any other order. */
export function offerWordBy(top: TopList, order: Order): OfferWord {
  return (word, bits) => {
    for (let rest = bits; rest !== 0; rest &= rest - 1) {
      const document = (word << 5) | (31 - Math.clz32(rest & -rest))
      offerKey(top, document, keyOf(order, document))
    }
  }
}

/** Offers documents by any order but the usual one. */
export function offerBy(top: TopList, hits: Uint32Array, order: Order): void {
  for (let i = 0; i < hits.length; i++) offerKey(top, hits[i]!, keyOf(order, hits[i]!))
}
