export type { CatalogApi, IndexDocument, OfferSnapshot } from './api.ts'
