export type { SearchApi, SearchInput, SearchStats } from './api.ts'
export { createSearch, type SearchDeps } from './module.ts'
export { createOpenSearchStore } from './opensearch/store.ts'
