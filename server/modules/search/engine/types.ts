/** One attribute of a variant, such as `colour: red`. Compared exactly; the caller normalises case. */
export type AttributePair = Readonly<{ name: string; value: string }>

/**
 * What a product costs in one market. `amount` is whole minor units of `currency`. `inStock` and
 * `onSale` default to the document's own.
 */
export type MarketPrice = Readonly<{
  market: string
  currency: string
  amount: number
  inStock?: boolean
  onSale?: boolean
}>

/** The words that are searched. `categoryNames[i]` names `categoryPath[i]`. */
export type SearchFields = Readonly<{
  name: string
  categoryNames: readonly string[]
  /** SKUs, GTINs, manufacturers' part numbers: matched whole, never corrected. */
  identifiers: readonly string[]
  description: string
  attributesText: string
  /** In other languages than the shop's own; each language once. Absent where there are none. */
  translations?: readonly Translation[]
}>

/** What a product is called in a language, by its code of two or three letters. */
export type Translation = Readonly<{ language: string; name: string; description: string }>

/** A product as the index knows it. Ids are compared by their UTF-8 bytes. */
export type SearchDocument = Readonly<{
  id: string
  fields: SearchFields
  /** Empty when there is none. */
  brand: string
  /** Category ids from the root to the leaf. */
  categoryPath: readonly string[]
  sellers: readonly string[]
  /** One list of attributes per variant, so that two filters can be met by one variant. */
  variants: readonly (readonly AttributePair[])[]
  prices: readonly MarketPrice[]
  inStock: boolean
  onSale: boolean
  /** 0 to 5, kept to thousandths; 0 when there are no reviews. */
  rating: number
  reviewCount: number
  /** Any number ≥ 0 that grows with demand, such as units sold in 30 days. */
  popularity: number
  createdAtMs: number
}>

/**
 * What may change in place, without indexing the words again. `inStock` and `onSale` apply to every
 * market; an entry of `prices` then sets its own market's.
 */
export type SearchPatch = Readonly<{
  prices?: readonly MarketPrice[]
  inStock?: boolean
  onSale?: boolean
  rating?: number
  reviewCount?: number
  popularity?: number
}>

/** One step of the log that keeps the index up to date. */
export type SearchChange =
  | Readonly<{ kind: 'upsert'; document: SearchDocument }>
  | Readonly<{ kind: 'patch'; id: string; patch: SearchPatch }>
  | Readonly<{ kind: 'delete'; id: string }>

export type SearchSort = 'relevance' | 'price' | '-price' | 'rating' | 'newest' | 'popular'

export type Market = Readonly<{ market: string; currency: string }>

/** OR inside each list, AND across. Prices are minor units of the query's market, inclusive. */
export type SearchFilters = Readonly<{
  /** Category ids at any level; a product matches when one of them is on its path. */
  categories?: readonly string[]
  brands?: readonly string[]
  sellers?: readonly string[]
  priceMin?: number
  priceMax?: number
  ratingMin?: number
  inStock?: boolean
  onSale?: boolean
  attributes?: readonly Readonly<{ name: string; values: readonly string[] }>[]
}>

export type FacetRequest = Readonly<{
  /** How many categories, of all levels. Default 100. */
  categories?: number
  /** How many values of brand and of each attribute. Default 20. */
  values?: number
  /** How many attributes are chosen besides the selected ones. Default 8. */
  attributes?: number
}>

/**
 * A place in the order of a query's hits: the score or sorted value of a hit and its id. It stays one
 * when products come and go.
 */
export type SearchPlace = Readonly<{
  key: number
  id: string
  /** Whether the place is among the first hits, whose names are looked at. */
  reranked: boolean
  /** Then the last of these by score alone. */
  edge?: Readonly<{ key: number; id: string }>
  /** How many hits are before it and at it. */
  position: number
}>

export type SearchQuery = Readonly<{
  text?: string
  filters?: SearchFilters
  /** Whose price and stock count. Default: the first market that was ever indexed. */
  market?: Market
  sort?: SearchSort
  /** From 1. */
  page?: number
  /** Instead of a page: what comes after the last hit of an answer, however deep. */
  after?: SearchPlace
  limit?: number
  /** In whose translations the words are looked for too, the shopper's own first. */
  languages?: readonly string[]
  /** The last word may be unfinished. */
  prefix?: boolean
  /** Default true. */
  correctTypos?: boolean
  /** The shop's own, beside those that the engine knows; those of this query's words are enough. */
  synonyms?: readonly Synonym[]
  facets?: FacetRequest | false
  explain?: boolean
}>

export type FacetValue = Readonly<{ value: string; count: number; selected: boolean }>

/** `parent` is the category above, null at the top. */
export type CategoryFacetValue = FacetValue & Readonly<{ parent: string | null }>

/** `from` inclusive, `to` exclusive, minor units. */
export type PriceBucket = Readonly<{ from: number; to: number; count: number }>

export type Facets = Readonly<{
  /** True when the matches were more than the exact limit and the counts are scaled samples. */
  approximate: boolean
  /** The most frequent, and whatever is near to the selected ones in the tree. */
  categories: readonly CategoryFacetValue[]
  brands: readonly FacetValue[]
  price: Readonly<{ min: number; max: number; buckets: readonly PriceBucket[] }> | null
  /** Products rated at least 4, 3, 2 and 1. */
  ratings: readonly Readonly<{ atLeast: number; count: number }>[]
  attributes: readonly Readonly<{ name: string; values: readonly FacetValue[] }>[]
}>

/** The parts of a score; `score` is their product and sum as `formula` says. */
export type ScoreExplanation = Readonly<{
  formula: string
  words: readonly Readonly<{
    word: string
    matched: string
    inverseFrequency: number
    impact: number
    score: number
  }>[]
  text: number
  boosts: Readonly<Record<string, number>>
  popularityAndRating: number
  stock: number
  score: number
}>

export type SearchHit = Readonly<{ id: string; score: number; explanation?: ScoreExplanation }>

export type SearchResult = Readonly<{
  hits: readonly SearchHit[]
  /** Exact. */
  total: number
  facets: Facets | null
  /** The text with misspelt words replaced, when any was. */
  correctedQuery: string | null
  /** Words that no longer need to match, because all together found too little. */
  droppedWords: readonly string[]
  /** Where the next page begins; null or absent when there is none. */
  next?: SearchPlace | null
}>

/** One line of the synonym table. `oneWay`: a search for `from` also finds `to`, not the reverse. */
export type Synonym = Readonly<{ from: string; to: readonly string[]; oneWay?: boolean }>

export type Suggestion = Readonly<{
  kind: 'query' | 'category' | 'brand'
  text: string
  /** The category's id, for a category. */
  id?: string
}>

export type Suggestions = Readonly<{
  completions: readonly Suggestion[]
  categories: readonly Suggestion[]
  /** Product ids, best first. */
  productIds: readonly string[]
}>

export type EngineOptions = Readonly<{
  /** Plain BM25 over name and description and nothing else: the baseline of the relevance table. */
  plain?: boolean
  synonyms?: readonly Synonym[]
  /** With fewer matches than this, products that lack a word are shown too. Default 10. */
  relaxBelow?: number
  /** Above this many matches facets are counted on a sample. Default 20,000; all of 100,000 documents. */
  facetExactLimit?: number
}>
