import type { SearchResult } from '#contracts/search/routes.ts'
import type { SearchPlace } from './engine/index.ts'

export type SearchInput = Readonly<{
  q: string
  category?: string | undefined
  brand?: readonly string[] | undefined
  seller?: readonly string[] | undefined
  minPrice?: number | undefined
  maxPrice?: number | undefined
  minRating?: number | undefined
  inStock?: boolean | undefined
  onSale?: boolean | undefined
  /** Tells how each item came by its place. For operators. */
  explain?: boolean | undefined
  /** Language of the words; the shop's own unless told. */
  locale?: string | undefined
  /** Of a further page: that of the first one. */
  queryId?: string | undefined
  /** Who asks, as far as it may be kept. Absent: the search is not a shopper's and is not logged. */
  asker?: Readonly<{ visitor: string | null }> | undefined
  attributes: Readonly<Record<string, readonly string[]>>
  sort: 'relevance' | 'price' | '-price' | 'rating' | 'newest' | 'popular'
  page: number
  /** Instead of a page: what comes after this place, however deep. */
  after?: SearchPlace | undefined
  limit: number
  currency: string
  country: string
}>

export type SearchApi = Readonly<{
  search(input: SearchInput): Promise<SearchResult>
  suggest(input: { q: string; locale?: string | undefined; limit: number }): Promise<{
    completions: string[]
    categories: { id: string; slug: string; name: string; count: number }[]
    products: { id: string; slug: string; name: string; image?: string }[]
  }>
  /** Makes the index anew from the database. */
  rebuild(input: { onProgress?: (done: number) => void }): Promise<{ documents: number }>
  /** Compares the index with the database and mends what drifted. */
  verify(): Promise<{ documents: number; mended: number }>
  /** What the operator watches. */
  stats(): Promise<SearchStats>
}>

export type SearchStats = Readonly<{
  documents: number
  segments: number
  /** Replaced or deleted documents that a merge will take out. */
  deleted: number
  bytes: number
  /** Events of the stream that the index has not taken in. */
  eventsBehind: number
  /** Documents that differed from the catalogue without an event. */
  mended: number
  /** Whether an index is being built. */
  building: boolean
  /** How many products that one has so far. */
  built: number
  /** Whether searches are answered by the index. */
  serving: boolean
  searches: number
  degradedSearches: number
  cacheHits: number
  /** Searches that were not logged, because too many waited to be. */
  forgottenQueries: number
}>
