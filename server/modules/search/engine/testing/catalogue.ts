import fc from 'fast-check'
import type { SearchDocument, SearchFilters } from '../types.ts'

const WORDS = ['red', 'leather', 'sofa', 'lamp', 'table', 'cable', 'usb', 'phone', 'case', 'black']
const TREE = [[], ['a'], ['a', 'a1'], ['a', 'a2'], ['a', 'a2', 'a2x'], ['b'], ['b', 'b1']]

const pair = fc.record({
  name: fc.constantFrom('colour', 'size', 'material'),
  value: fc.constantFrom('x', 'y', 'z'),
})

/** A variant has at most one value of an attribute. */
const variant = fc.uniqueArray(pair, { maxLength: 3, selector: ({ name }) => name })

const price = fc
  .record({
    amount: fc.integer({ min: 0, max: 50_000 }),
    inStock: fc.option(fc.boolean(), { nil: undefined }),
    onSale: fc.option(fc.boolean(), { nil: undefined }),
  })
  .map(({ amount, inStock, onSale }) => ({
    market: 'US',
    currency: 'USD',
    amount,
    ...(inStock !== undefined && { inStock }),
    ...(onSale !== undefined && { onSale }),
  }))

/** Small documents that often meet one another's values. */
export const anyDocument: fc.Arbitrary<SearchDocument> = fc
  .record({
    id: fc.integer({ min: 0, max: 60 }).map((n) => `p${n}`),
    words: fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 5 }),
    brand: fc.constantFrom('', 'Acme', 'Zeta', 'Borg'),
    categoryPath: fc.constantFrom(...TREE),
    sellers: fc.uniqueArray(fc.constantFrom('s1', 's2', 's3'), { maxLength: 3 }),
    variants: fc.array(variant, { maxLength: 4 }),
    prices: fc.array(price, { maxLength: 1 }),
    inStock: fc.boolean(),
    onSale: fc.boolean(),
    rating: fc.integer({ min: 0, max: 10 }).map((half) => half / 2),
    reviewCount: fc.integer({ min: 0, max: 50 }),
    popularity: fc.integer({ min: 0, max: 5 }),
    createdAtMs: fc.integer({ min: 0, max: 5 }),
  })
  .map(({ words, ...rest }) => ({
    ...rest,
    fields: {
      name: words.join(' '),
      categoryNames: rest.categoryPath,
      identifiers: [],
      description: '',
      attributesText: '',
    },
  }))

const values = fc.uniqueArray(fc.constantFrom('x', 'y', 'z', 'none'), {
  minLength: 1,
  maxLength: 2,
})

/** Filters of which each is often absent. */
export const anyFilters: fc.Arbitrary<SearchFilters> = fc.record(
  {
    categories: fc.uniqueArray(fc.constantFrom('a', 'a1', 'a2', 'b', 'none'), { maxLength: 2 }),
    brands: fc.uniqueArray(fc.constantFrom('Acme', 'Zeta', 'None'), { maxLength: 2 }),
    sellers: fc.uniqueArray(fc.constantFrom('s1', 's2', 'none'), { maxLength: 2 }),
    priceMin: fc.integer({ min: 0, max: 30_000 }),
    priceMax: fc.integer({ min: 20_000, max: 50_000 }),
    ratingMin: fc.integer({ min: 0, max: 10 }).map((half) => half / 2),
    inStock: fc.boolean(),
    onSale: fc.boolean(),
    attributes: fc.uniqueArray(
      fc.record({ name: fc.constantFrom('colour', 'size', 'material', 'none'), values }),
      { maxLength: 3, selector: ({ name }) => name },
    ),
  },
  { requiredKeys: [] },
)
