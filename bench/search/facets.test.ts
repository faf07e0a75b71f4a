import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  createSearchEngine,
  type SearchDocument,
  type SearchFilters,
} from '../../server/modules/search/engine/index.ts'
import { assertFacets } from '../../server/modules/search/engine/testing/assert-facets.ts'
import { naiveFacets } from '../../server/modules/search/engine/testing/naive.ts'
import { readDemo } from '../relevance/demo.ts'
import { type Chance, createChance } from './chance.ts'
import { growShop } from './shop.ts'

const PRODUCTS = 100_000
const CASES = 8
const MARK = 'markedword'
const MARKET = { market: 'US', currency: 'USD' }
/** Every value is told, not only the most frequent. */
const EVERY_VALUE = { categories: 10_000, values: 100_000, attributes: 8 }

const demo = readDemo(join(import.meta.dirname, '../../data/demo'))
const shop = growShop(demo.documents)

/** Grown from the demo catalogue; every tenth has a word of its own in its name. */
const documents = shop.documents(0, PRODUCTS).map((document, i): SearchDocument => {
  const prices = document.prices.map((price) => ({ ...price, ...MARKET }))
  const { fields } = document
  const name = i % 10 === 0 ? `${fields.name} ${MARK}` : fields.name
  return { ...document, prices, fields: { ...fields, name } }
})

const engine = createSearchEngine({ facetExactLimit: PRODUCTS })
const sampling = createSearchEngine({ facetExactLimit: 20_000 })
for (let from = 0; from < PRODUCTS; from += 20_000) {
  const batch = documents.slice(from, from + 20_000)
  engine.apply(batch.map((document) => ({ kind: 'upsert', document })))
}
engine.merge()

/** Filters that some product passes: each with its chance, two attributes of one variant among them. */
function filtersFor(chance: Chance): SearchFilters {
  const { categoryPath, brand, prices, rating, variants } = documents[
    Math.floor(chance() * PRODUCTS)
  ] as SearchDocument
  const amount = prices[0]?.amount ?? 1_000
  const variant = variants[0] ?? []
  const from = Math.floor(chance() * Math.max(1, variant.length - 1))
  const pairs = variant.slice(from, from + 1 + Math.floor(chance() * 2))
  const names = new Set(pairs.map(({ name }) => name))
  const depth = Math.floor(chance() * categoryPath.length)
  return {
    ...(chance() < 0.6 && { categories: categoryPath.slice(depth, depth + 1) }),
    ...(chance() < 0.3 && { brands: [brand, 'HP'] }),
    ...(chance() < 0.4 && { priceMin: Math.floor(amount / 3), priceMax: amount * 3 }),
    ...(chance() < 0.3 && { ratingMin: Math.floor(rating) }),
    ...(chance() < 0.4 && { inStock: true }),
    ...(chance() < 0.7 &&
      names.size === pairs.length && {
        attributes: pairs.map(({ name, value }) => ({ name, values: [value] })),
      }),
  }
}

test('facets of 100,000 products equal a plain evaluation: categories, brands, prices, ratings, attributes', () => {
  const chance = createChance(20_261)
  for (let number = 0; number < CASES; number += 1) {
    const filters = filtersFor(chance)
    const marked = number % 3 === 2
    const found = engine.search({
      filters,
      facets: EVERY_VALUE,
      market: MARKET,
      limit: 10,
      ...(marked && { text: MARK }),
    })
    assert.equal(found.facets?.approximate, false)
    const among = marked ? documents.filter(({ fields }) => fields.name.endsWith(MARK)) : documents
    assertFacets(found, among, filters)
  }
})

test('past the exact limit counts are told to be of a sample, and are near what they stand for', () => {
  sampling.apply(documents.slice(0, 40_000).map((document) => ({ kind: 'upsert', document })))
  const { facets, total } = sampling.search({ facets: EVERY_VALUE, market: MARKET })
  assert.equal(total, 40_000)
  assert.equal(facets?.approximate, true)
  const expected = naiveFacets(documents.slice(0, 40_000), {}, [])
  for (const { value, count } of facets?.categories ?? []) {
    const real = expected.categories.get(value) ?? 0
    if (real > 4_000) assert.ok(Math.abs(count - real) < real / 5, `${value}: ${count} for ${real}`)
  }
})
