import assert from 'node:assert/strict'
import type { SearchDocument, SearchFilters, SearchResult } from '../types.ts'
import { naiveFacets, naiveMatches } from './naive.ts'

function countsOf(values: readonly Readonly<{ value: string; count: number }>[]) {
  return Object.fromEntries(
    values.filter(({ count }) => count > 0).map((each) => [each.value, each.count]),
  )
}

/** Whether an answer has the matches and counts of a plain evaluation of every document. */
export function assertFacets(
  found: SearchResult,
  documents: readonly SearchDocument[],
  filters: SearchFilters,
): void {
  const { facets } = found
  assert.ok(facets)
  const names = facets.attributes.map(({ name }) => name)
  const expected = naiveFacets(documents, filters, names)
  const matches = naiveMatches(documents, filters)
  assert.equal(found.total, matches.length)
  const ids = matches.map((each) => each.id)
  if (ids.length <= found.hits.length) {
    assert.deepEqual(found.hits.map((hit) => hit.id).sort(), ids.sort())
  }
  assert.deepEqual(countsOf(facets.categories), Object.fromEntries(expected.categories))
  assert.deepEqual(countsOf(facets.brands), Object.fromEntries(expected.brands))
  for (const { atLeast, count } of facets.ratings) {
    assert.equal(count, expected.ratings.get(atLeast) ?? 0)
  }
  for (const { name, values } of facets.attributes) {
    assert.deepEqual(countsOf(values), Object.fromEntries(expected.attributes.get(name) ?? []))
  }
  const buckets = facets.price?.buckets ?? []
  for (const { from, to, count } of buckets) {
    assert.equal(count, expected.prices.filter((price) => price >= from && price < to).length)
  }
  assert.equal(
    buckets.reduce((sum, bucket) => sum + bucket.count, 0),
    expected.prices.length,
  )
}
