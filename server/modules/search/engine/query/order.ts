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

/** Offers documents by their prior and stock: the order of a page without words. */
export function offerUsual(
  top: TopList,
  hits: Uint32Array,
  { prior, flags }: Readonly<{ prior: Float32Array; flags: Uint8Array }>,
): void {
  for (let i = 0; i < hits.length; i++) {
    const document = hits[i]!
    const key = prior[document]! + (flags[document]! & IN_STOCK)
    if (key >= top.least) top.offer(document, key)
  }
}

/** Offers documents by any other order. */
export function offerBy(top: TopList, hits: Uint32Array, keyOf: KeyOf): void {
  for (let i = 0; i < hits.length; i++) {
    const document = hits[i]!
    const key = keyOf(document)
    if (!(key < top.least)) top.offer(document, key)
  }
}
