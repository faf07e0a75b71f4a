export type { SearchApi } from './api.ts'
export { createSearch } from './module.ts'
export { createOpenSearchStore } from './opensearch/store.ts'
