import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createSearchEngine, type SearchDocument, type SearchEngine } from '../index.ts'
import { assertFacets } from '../testing/assert-facets.ts'
import { anyDocument, anyFilters } from '../testing/catalogue.ts'
import { priceOf } from '../testing/naive.ts'

/** Indexes in several batches, so that old versions lie as tombstones in older segments. */
function indexInBatches(batches: readonly (readonly SearchDocument[])[]) {
  const engine = createSearchEngine()
  const living = new Map<string, SearchDocument>()
  for (const batch of batches) {
    engine.apply(batch.map((document) => ({ kind: 'upsert', document })))
    for (const document of batch) {
      living.set(document.id, document)
    }
  }
  return { engine, documents: [...living.values()] }
}

function assertFound(
  engine: SearchEngine,
  documents: readonly SearchDocument[],
  filters: Parameters<typeof assertFacets>[2],
  text?: string,
): void {
  const found = engine.search({
    ...(text !== undefined && { text }),
    filters,
    facets: {},
    limit: 100,
    market: { market: 'US', currency: 'USD' },
  })
  assertFacets(found, documents, filters)
}

const anyBatches = fc.array(fc.array(anyDocument, { maxLength: 25 }), {
  minLength: 1,
  maxLength: 4,
})

test('matches and disjunctive facets equal a plain evaluation of every document', () => {
  fc.assert(
    fc.property(anyBatches, anyFilters, fc.boolean(), (batches, filters, merged) => {
      const { engine, documents } = indexInBatches(batches)
      if (merged) {
        engine.merge()
      }
      assertFound(engine, documents, filters)
    }),
    { numRuns: 400 },
  )
})

test('facets of a search for a word are those of the documents that have it', () => {
  fc.assert(
    fc.property(anyBatches, anyFilters, (batches, filters) => {
      const { engine, documents } = indexInBatches(batches)
      const having = documents.filter((each) => each.fields.name.split(' ').includes('sofa'))
      if (having.length > 0) {
        assertFound(engine, having, filters, 'sofa')
      }
    }),
    { numRuns: 200 },
  )
})

test('an attribute filter on two names needs one variant that has both', () => {
  const { engine } = indexInBatches([
    [documentWith('both', [[option('colour', 'x'), option('size', 'y')]])],
    [documentWith('apart', [[option('colour', 'x')], [option('size', 'y')]])],
  ])
  const attributes = [
    { name: 'colour', values: ['x'] },
    { name: 'size', values: ['y'] },
  ]
  const { hits } = engine.search({ filters: { attributes } })
  assert.deepEqual(
    hits.map((hit) => hit.id),
    ['both'],
  )
})

test('a selected value without a product stays in sight with a count of zero', () => {
  const { engine } = indexInBatches([[documentWith('one', [[option('colour', 'x')]])]])
  const { facets } = engine.search({
    filters: { brands: ['Nobody'], attributes: [{ name: 'colour', values: ['q'] }] },
    facets: {},
  })
  assert.deepEqual(facets?.brands, [{ value: 'Nobody', count: 0, selected: true }])
  assert.deepEqual(
    facets?.attributes[0]?.values.find((each) => each.selected),
    { value: 'q', count: 0, selected: true },
  )
})

test('facets past the exact limit are marked as approximate and keep their scale', () => {
  const engine = createSearchEngine({ facetExactLimit: 10 })
  const documents = Array.from({ length: 100 }, (_, i) => documentWith(`p${1000 + i}`, []))
  engine.apply(documents.map((document) => ({ kind: 'upsert', document })))
  const { facets, total } = engine.search({ facets: {} })
  assert.equal(total, 100)
  assert.equal(facets?.approximate, true)
  assert.deepEqual(facets?.brands, [{ value: 'Acme', count: 100, selected: false }])
})

test('a small index counts all of its products, however many are found', () => {
  const engine = createSearchEngine()
  const documents = Array.from({ length: 20_001 }, (_, i) => ({
    ...documentWith(`p${100_000 + i}`, []),
    brand: i < 7 ? 'Rare' : 'Acme',
  }))
  engine.apply(documents.map((document) => ({ kind: 'upsert', document })))
  const { facets } = engine.search({ facets: {} })
  assert.deepEqual(
    [facets?.approximate, facets?.brands.map(({ count }) => count)],
    [false, [19_994, 7]],
  )
})

test('what is near to a selected category is told however few there are of it', () => {
  const { engine } = indexInBatches([
    [
      ...Array.from({ length: 9 }, (_, i) => filed(`big${i}`, ['big'])),
      filed('left', ['small', 'left']),
      filed('right', ['small', 'right']),
      filed('below', ['small', 'left', 'below']),
    ],
  ])
  const { facets } = engine.search({
    filters: { categories: ['left'] },
    facets: { categories: 1 },
  })
  assert.deepEqual(
    facets?.categories.map(({ value, count, parent }) => [value, count, parent]),
    [
      ['big', 9, null],
      ['small', 3, null],
      ['left', 2, 'small'],
      ['below', 1, 'left'],
      ['right', 1, 'small'],
    ],
  )
})

function filed(id: string, categoryPath: readonly string[]): SearchDocument {
  return { ...documentWith(id, []), categoryPath }
}

function option(name: string, value: string) {
  return { name, value }
}

function documentWith(id: string, variants: SearchDocument['variants']): SearchDocument {
  const [template] = fc.sample(anyDocument, { numRuns: 1, seed: 7 })
  const document = { ...template!, id, variants, brand: 'Acme', prices: [] }
  assert.equal(priceOf(document), undefined)
  return document
}
