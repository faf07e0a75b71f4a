import { IN_STOCK } from '../segment/live.ts'
import type { Segment } from '../segment/segment.ts'
import type { SearchSort } from '../types.ts'
import type { FilterProgram } from './filters.ts'
import type { TopList } from './top.ts'

export type KeyOf = (document: number) => number

/** What documents are ordered by other than by words, higher first. A missing price comes last in either order. */
export function keyFunction(sort: SearchSort, program: FilterProgram, segment: Segment): KeyOf {
  const { live, columns } = segment
  const { price, flags } = program
  switch (sort) {
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
      return (document) => live.prior[document]! + (flags[document]! & IN_STOCK ? 1 : 0)
  }
}

function orInfinite(price: number | undefined): number | null {
  return price === undefined || Number.isNaN(price) ? null : price
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
export function offerWordBy(top: TopList, keyOf: KeyOf): OfferWord {
  return (word, bits) => {
    for (let rest = bits; rest !== 0; rest &= rest - 1) {
      const document = (word << 5) | (31 - Math.clz32(rest & -rest))
      const key = keyOf(document)
      if (!(key < top.least)) top.offer(document, key)
    }
  }
}

/** Offers documents by any order. */
export function offerBy(top: TopList, hits: Uint32Array, keyOf: KeyOf): void {
  for (let i = 0; i < hits.length; i++) {
    const document = hits[i]!
    const key = keyOf(document)
    if (!(key < top.least)) top.offer(document, key)
  }
}
