/**
 * The embedded search engine: an index of products in memory with words, filters, facets and
 * suggestions. Pure: it reads no clock, draws no chance, knows no database. See README.md.
 */
export { languageOf, languagesOf } from './analysis/languages.ts'
export { analyse } from './analysis/tokens.ts'
export {
  createSearchEngine,
  loadSearchEngine,
  type SearchEngine,
} from './engine.ts'
export { MAX_ATTRIBUTE_FILTERS } from './query/filters.ts'
export { PRODUCT_SYNONYMS } from './query/product-synonyms.ts'
export { MAX_POSITION } from './query/search.ts'
export { createSearchReader, type IndexNews } from './sharing.ts'
export type { EngineFigures } from './state.ts'
export { DamagedIndexError } from './store/sealed.ts'
export type { PopularQuery } from './suggest/entries.ts'
export type * from './types.ts'
