import type { Market, SearchPlace, SearchQuery } from '../engine/index.ts'
import { priceField } from './mapping.ts'

type Sort = NonNullable<SearchQuery['sort']>

/** Ties go by id; what has no price comes last in either order. */
export function sortBy(sort: Sort, market: Market | undefined): readonly object[] {
  const price = (order: 'asc' | 'desc') =>
    market
      ? [{ [`${priceField(market)}.amount`]: { order, missing: '_last', unmapped_type: 'long' } }]
      : []
  const orders: Readonly<Record<Sort, readonly object[]>> = {
    relevance: [{ _score: 'desc' }],
    price: price('asc'),
    '-price': price('desc'),
    rating: [{ rating: 'desc' }, { review_count: 'desc' }],
    newest: [{ created_at_ms: 'desc' }],
    popular: [{ popularity: 'desc' }],
  }
  return [...orders[sort], { id: 'asc' }]
}

/** A rating and its number of reviews are one key, as they are in the embedded engine. */
const RATING_KEY = 2 ** 32
/** What OpenSearch sorts by where there is no price; as text, for it is past what a number can say. */
const NO_PRICE = { price: '9223372036854775807', '-price': '-9223372036854775808' } as const

/** The place of a hit, by the values it was sorted by. Higher keys come first, whatever the order. */
export function placeOf(
  hit: Readonly<{ _id: string; sort?: readonly unknown[] }>,
  {
    sort,
    market,
    position,
  }: Readonly<{ sort: Sort; market: Market | undefined; position: number }>,
): SearchPlace {
  const values = (hit.sort ?? []).map(Number)
  const [first = 0, second = 0] = values
  const isPrice = sort === 'price' || sort === '-price'
  const key =
    isPrice && (!market || !Number.isSafeInteger(first))
      ? Number.NEGATIVE_INFINITY
      : sort === 'price'
        ? -first
        : sort === 'rating'
          ? first * RATING_KEY + second
          : first
  return { key, id: hit._id, reranked: false, position }
}

/** The values after which the search goes on. */
export function valuesAfter(
  { key, id }: SearchPlace,
  { sort, market }: Readonly<{ sort: Sort; market: Market | undefined }>,
): readonly unknown[] {
  if (sort === 'rating') return [Math.floor(key / RATING_KEY), key % RATING_KEY, id]
  if (sort !== 'price' && sort !== '-price') return [key, id]
  if (!market) return [id]
  if (!Number.isFinite(key)) return [NO_PRICE[sort], id]
  return [sort === 'price' ? -key : key, id]
}
