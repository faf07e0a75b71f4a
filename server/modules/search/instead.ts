import type { SearchFilters, SearchQuery } from './engine/index.ts'

/** Why what is shown instead of nothing is shown. */
export type Reason = 'without_filters' | 'popular'

/** As many products stand in for what was not found. */
const SHOWN = 12

/**
 * What is asked when nothing was found, one after the other until something is: the same without
 * filters but the category, then what is popular there, then in the whole shop.
 */
export function questionsInstead(
  query: SearchQuery,
): readonly Readonly<{ reason: Reason; query: SearchQuery }>[] {
  const { text = '', filters = {}, market, languages, synonyms } = query
  const { categories, ...others } = filters
  const asked = { ...(market && { market }), page: 1, limit: SHOWN, facets: {} }
  const within: SearchFilters = categories?.length ? { categories } : {}
  const words = {
    ...(text !== '' && { text }),
    ...(languages && { languages }),
    ...(synonyms && { synonyms }),
  }
  const filtered = Object.keys(others).length > 0
  return [
    ...(filtered
      ? [{ reason: 'without_filters' as const, query: { ...asked, ...words, filters: within } }]
      : []),
    ...[within, ...(categories?.length ? [{}] : [])].map((filters) => ({
      reason: 'popular' as const,
      query: { ...asked, filters, sort: 'popular' as const },
    })),
  ]
}
