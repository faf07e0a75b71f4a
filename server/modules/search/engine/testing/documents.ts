import type { SearchChange, SearchDocument } from '../types.ts'

/** A product with only a name, to be spread over. */
export function named(
  id: string,
  name: string,
  rest: Partial<SearchDocument> = {},
): SearchDocument {
  return {
    id,
    fields: { name, categoryNames: [], identifiers: [], description: '', attributesText: '' },
    brand: '',
    categoryPath: [],
    sellers: [],
    variants: [],
    prices: [],
    inStock: true,
    onSale: false,
    rating: 0,
    reviewCount: 0,
    popularity: 0,
    createdAtMs: 0,
    ...rest,
  }
}

export function upserts(documents: readonly SearchDocument[]): readonly SearchChange[] {
  return documents.map((document) => ({ kind: 'upsert', document }))
}
