import type { Operations } from '@stoa/client'
import { fromDecimal } from '../../../../contracts/kit/money.ts'
import { ORIGIN, readQueryId } from './origin.ts'

export const SORTS = ['relevance', 'popular', 'price', '-price', 'rating', 'newest'] as const
export type Sort = (typeof SORTS)[number]

/** What the address of a results page says. Prices are decimal text in the shopper's currency. */
export type Filters = Readonly<{
  q: string
  category: string
  brand: readonly string[]
  seller: readonly string[]
  attributes: Readonly<Record<string, readonly string[]>>
  from: string
  to: string
  rating: string
  inStock: boolean
  onSale: boolean
  sort: Sort
  page: number
  /** The search of which this is a further page; empty on the first. */
  queryId: string
}>

const PAGE_SIZE = 30
/** The API shows no more pages than this. */
export const LAST_PAGE = 500

const MAX_VALUES = 20

/** Reads an address; whatever makes no sense is left out, so that no address is an error. */
export function readFilters(url: string): Filters {
  const query = new URL(url, 'http://shop').searchParams
  const all = (name: string) =>
    [...new Set(query.getAll(name).map(tidy).filter(Boolean))].slice(0, MAX_VALUES)
  const one = (name: string) => tidy(query.get(name) ?? '')
  const attributes = [...new Set([...query.keys()].filter((key) => /^attr\../.test(key)))]
    .slice(0, MAX_VALUES)
    .map((key) => [key.slice('attr.'.length), all(key)] as const)
    .filter(([, values]) => values.length > 0)
  const sort = SORTS.find((name) => name === one('sort')) ?? 'relevance'
  const page = /^\d{1,3}$/.test(one('page')) ? Number(one('page')) : 1
  return {
    q: one('q'),
    category: one('category'),
    brand: all('brand'),
    seller: all('seller'),
    attributes: Object.fromEntries(attributes),
    from: decimal(one('from')),
    to: decimal(one('to')),
    rating: /^[1-5](\.\d)?$/.test(one('rating')) ? one('rating') : '',
    inStock: one('inStock') === 'true',
    onSale: one('onSale') === 'true',
    sort,
    page: Math.min(Math.max(page, 1), LAST_PAGE),
    queryId: readQueryId(one(ORIGIN)),
  }
}

function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 200)
}

/** "1.299,50" and "1299.5" are both 1299.50; anything else is nothing. */
function decimal(text: string): string {
  const plain = text
    .replace(/[^\d.,]/g, '')
    .replace(/[.,](?=\d{3}(\D|$))/g, '')
    .replace(',', '.')
  return /^\d{1,9}(\.\d{1,3})?$/.test(plain) ? plain : ''
}

/** The query of the address that shows these filters: only what is set, in one order. */
export function filtersQuery(filters: Partial<Filters>): string {
  const query = new URLSearchParams()
  const put = (name: string, value: string | undefined) => value && query.append(name, value)
  put('q', filters.q)
  put('category', filters.category)
  for (const brand of filters.brand ?? []) put('brand', brand)
  for (const seller of filters.seller ?? []) put('seller', seller)
  for (const [name, values] of Object.entries(filters.attributes ?? {})) {
    for (const value of values) put(`attr.${name}`, value)
  }
  put('from', filters.from)
  put('to', filters.to)
  put('rating', filters.rating)
  put('inStock', filters.inStock ? 'true' : '')
  put('onSale', filters.onSale ? 'true' : '')
  put('sort', filters.sort === 'relevance' ? '' : filters.sort)
  const isFurther = filters.page !== undefined && filters.page > 1
  put('page', isFurther ? String(filters.page) : '')
  put(ORIGIN, isFurther ? filters.queryId : '')
  return query.toString()
}

export type ListFilter =
  | Readonly<{ kind: 'brand' | 'seller' }>
  | Readonly<{ kind: 'attribute'; name: string }>

/** The filters with one value more, or without it if it is there; back at the first page. */
export function toggle(filters: Filters, filter: ListFilter, value: string): Filters {
  const flip = (values: readonly string[]) =>
    values.includes(value) ? values.filter((item) => item !== value) : [...values, value]
  if (filter.kind !== 'attribute') {
    return { ...filters, [filter.kind]: flip(filters[filter.kind]), page: 1 }
  }
  const { [filter.name]: current = [], ...others } = filters.attributes
  const values = flip(current)
  return {
    ...filters,
    attributes: values.length > 0 ? { ...others, [filter.name]: values } : others,
    page: 1,
  }
}

/** How many filters are on, besides words and category. */
export function countFilters(filters: Filters): number {
  const lists = [filters.brand, filters.seller, ...Object.values(filters.attributes)]
  const flags = [filters.from || filters.to, filters.rating, filters.inStock, filters.onSale]
  return lists.reduce((sum, list) => sum + list.length, 0) + flags.filter(Boolean).length
}

/** The same with no filter but words and category. */
export function withoutFilters({ q, category, sort }: Filters): Partial<Filters> {
  return { q, category, sort }
}

type SearchQuery = Operations['search']['query']

/** What to ask the API. A price range the wrong way round is turned. */
export function searchQuery(
  filters: Filters,
  market: Readonly<{ country: string; currency: string }>,
): SearchQuery {
  const minor = (text: string) => (text ? fromDecimal(text, market.currency)?.amount : undefined)
  const ends = [minor(filters.from), minor(filters.to)]
  const [low, high] = ends
  const [minPrice, maxPrice] =
    low !== undefined && high !== undefined && low > high ? [high, low] : ends
  const attributes = Object.entries(filters.attributes).map(
    ([name, values]) => [`attr.${name}`, [...values]] as const,
  )
  return {
    ...market,
    q: filters.q || undefined,
    category: filters.category || undefined,
    brand: filters.brand.length > 0 ? [...filters.brand] : undefined,
    seller: filters.seller.length > 0 ? [...filters.seller] : undefined,
    minPrice,
    maxPrice,
    minRating: filters.rating || undefined,
    inStock: filters.inStock || undefined,
    onSale: filters.onSale || undefined,
    sort: filters.sort === 'relevance' && !filters.q ? 'popular' : filters.sort,
    page: filters.page,
    limit: PAGE_SIZE,
    queryId: filters.queryId || undefined,
    ...(Object.fromEntries(attributes) as Record<`attr.${string}`, string[]>),
  }
}
