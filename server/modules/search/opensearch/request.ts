import type { SearchFilters, SearchPlace, SearchQuery, SearchResult } from '../engine/index.ts'
import type { KindFactors } from '../engine/kinds/recognise.ts'
import type { Clause as Word } from '../engine/query/plan.ts'
import type { Directory } from './directory.ts'
import type { Explained } from './explain.ts'
import { planFacets } from './facets.ts'
import {
  ACTIVE,
  allOf,
  type Clause,
  type Filters,
  filtersOf,
  flagged,
  otherFilters,
} from './filters.ts'
import { placeOf, sortBy, valuesAfter } from './places.ts'
import { browsedQuery, scoredQuery, wordsQuery } from './text.ts'

/** Hits of a page unless a query says otherwise. */
export const DEFAULT_LIMIT = 20

/** What OpenSearch is sent. */
export type RequestBody = Readonly<Record<string, unknown>>

/** What it answers. */
export type FoundPage = Readonly<{
  timed_out: boolean
  hits: Readonly<{
    total: Readonly<{ value: number }>
    hits: readonly Readonly<Explained & { sort?: readonly unknown[] }>[]
  }>
  aggregations?: unknown
}>

/** One search in the index's words, for whichever words of it. */
export type SearchRequest = Readonly<{
  body(words: readonly Word[]): RequestBody
  /** What matches, as a filter: for asking whether anything does. */
  matching(words: readonly Word[]): Clause
  readFacets(answer: unknown): SearchResult['facets']
  next(page: FoundPage): SearchPlace | null
}>

/** Turns a query into a request that OpenSearch understands. */
export function createRequest({
  query,
  directory,
  kinds,
}: Readonly<{ query: SearchQuery; directory: Directory; kinds: KindFactors }>): SearchRequest {
  const { page = 1, limit = DEFAULT_LIMIT, sort = 'relevance', market, filters = {} } = query
  const { after } = query
  const from = (page - 1) * limit
  const order = { sort, market }
  const compiled = filtersOf(filters, market)
  const wanted = query.facets !== false && query.facets !== undefined
  const facets = wanted ? facetsOf(query, filters, { compiled, directory }) : null
  const afterwards = facets ? otherFilters(compiled, null) : []
  const before = [ACTIVE, ...compiled.plain, ...(facets ? [] : otherFilters(compiled, null))]
  const inStock = flagged('in_stock', market)

  return {
    body(words) {
      const matching = wordsQuery(words, before)
      return {
        ...(after ? { search_after: valuesAfter(after, order) } : { from }),
        size: limit,
        query:
          sort !== 'relevance'
            ? matching
            : words.length === 0
              ? browsedQuery(matching, inStock)
              : scoredQuery(matching, { words, kinds, inStock }),
        sort: sortBy(sort, market),
        track_total_hits: true,
        _source: false,
        ...(afterwards.length > 0 && { post_filter: allOf(afterwards) }),
        ...(facets && { aggs: facets.aggregations }),
        ...(query.explain && { explain: true, docvalue_fields: ['prior'] }),
      }
    },
    matching: (words) => wordsQuery(words, [...before, ...afterwards]),
    readFacets: (answer) => facets?.read(answer) ?? null,
    next({ hits: { hits, total } }) {
      const [last, position] = [hits.at(-1), (after?.position ?? from) + hits.length]
      const isLast = !last || hits.length < limit || position >= total.value
      return isLast ? null : placeOf(last, { ...order, position })
    },
  }
}

function facetsOf(
  query: SearchQuery,
  filters: SearchFilters,
  known: Readonly<{ compiled: Filters; directory: Directory }>,
) {
  const request = query.facets === false ? {} : (query.facets ?? {})
  return planFacets({ request, filters, market: query.market, ...known })
}
