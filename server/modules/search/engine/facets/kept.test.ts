import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  createSearchEngine,
  createSearchReader,
  type SearchDocument,
  type SearchFilters,
} from '../index.ts'
import { assertFacets } from '../testing/assert-facets.ts'
import { anyDocument } from '../testing/catalogue.ts'
import { LEAST_KEPT_DOCUMENTS } from './kept.ts'

const market = { market: 'US', currency: 'USD' }
const DOCUMENTS = 2 * LEAST_KEPT_DOCUMENTS

/** So many different documents that the counts of most questions are kept. */
function sample(): SearchDocument[] {
  const documents = fc.sample(anyDocument, { numRuns: DOCUMENTS, seed: 11 })
  return documents.map((document, i) => {
    const fields = { ...document.fields, name: `${document.fields.name} lamp` }
    return { ...document, id: `p${10_000 + i}`, fields }
  })
}

test('kept counts are those of a plain evaluation after deletions, patches and new versions', () => {
  const engine = createSearchEngine()
  const reader = createSearchReader()
  const living = new Map(sample().map((document) => [document.id, document]))
  const [first] = living.values()
  const asked: readonly (readonly [SearchFilters, string | undefined])[] = [
    [{}, undefined],
    [{}, 'lamp'],
    [{ brands: [first!.brand] }, 'lamp'],
    [{ categories: first!.categoryPath.slice(0, 1) }, undefined],
    [{ inStock: true }, 'lamp'],
  ]
  const assertAll = () => {
    const news = engine.publish()
    if (news) reader.take(structuredClone(news))
    for (const [filters, text] of [...asked, ...asked]) {
      const query = { ...(text && { text }), filters, facets: {}, limit: 10, market }
      for (const found of [engine.search(query), reader.search(query)]) {
        assert.equal(found.facets?.approximate, false)
        assertFacets(found, [...living.values()], filters)
      }
    }
  }
  engine.apply([...living.values()].map((document) => ({ kind: 'upsert', document })))
  assertAll()

  const ids = [...living.keys()]
  for (const id of ids.slice(0, 50)) {
    engine.apply([{ kind: 'delete', id }])
    living.delete(id)
  }
  assertAll()

  for (const id of ids.slice(50, 100)) {
    const patch = { rating: 1, inStock: false }
    engine.apply([{ kind: 'patch', id, patch }])
    const { prices, ...rest } = living.get(id)!
    const unsold = prices.map((price) => ({ ...price, inStock: false }))
    living.set(id, { ...rest, ...patch, prices: unsold })
  }
  assertAll()

  const changed = ids.slice(100, 150).map((id) => ({ ...living.get(id)!, brand: 'Other' }))
  engine.apply(changed.map((document) => ({ kind: 'upsert', document })))
  for (const document of changed) living.set(document.id, document)
  assertAll()
})
