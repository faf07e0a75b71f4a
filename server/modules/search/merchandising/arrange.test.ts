import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { RuleEffect, SearchRule } from '#contracts/search/schemas.ts'
import type { SearchQuery, SearchResult } from '../engine/index.ts'
import { searchArranged } from './arrange.ts'
import { rankingsOf } from './model.ts'

/** An index of `count` products p0, p1, … in order of score; every third is of brand Acme. */
function indexOf(count: number) {
  const all = Array.from({ length: count }, (_, n) => ({ id: `p${n}`, score: count - n }))
  return async ({ filters, page = 1, limit = 20 }: SearchQuery): Promise<SearchResult> => {
    const hits = all.filter((_, n) => !filters?.brands || n % 3 === 0)
    return {
      hits: hits.slice((page - 1) * limit, page * limit),
      total: hits.length,
      facets: null,
      correctedQuery: null,
      droppedWords: [],
    }
  }
}

const ruleOf = (effect: RuleEffect) => ({ id: `rul_${effect.kind}`, effect }) as SearchRule

async function arranged(
  count: number,
  effects: readonly RuleEffect[],
  query: SearchQuery = {},
): Promise<{ ids: string[]; total: number }> {
  const answer = await searchArranged({
    query: { text: 'x', sort: 'relevance', page: 1, limit: 10, ...query },
    rankings: rankingsOf(effects.map(ruleOf)),
    ask: indexOf(count),
    soldOf: async (ids) => new Set(ids.filter((id) => id !== 'gone')),
    pathOf: async () => [],
  })
  assert.ok(answer)
  return { ids: answer.found.hits.map(({ id }) => id), total: answer.found.total }
}

const pin = (...products: [string, number][]): RuleEffect => ({
  kind: 'pin',
  products: products.map(([productId, position]) => ({ productId, position })),
})

test('pinned products stand at their places, found or not; the rest closes up', async () => {
  const { ids, total } = await arranged(5, [pin(['p4', 1], ['new', 3], ['gone', 2])])
  assert.deepEqual(ids, ['p4', 'p0', 'new', 'p1', 'p2', 'p3'])
  assert.equal(total, 6)
})

test('the first of two rules for one place has it', async () => {
  const { ids } = await arranged(3, [pin(['p2', 1]), pin(['p1', 1])])
  assert.deepEqual(ids, ['p2', 'p0', 'p1'])
})

test('a shopper’s filters hold for pinned products too', async () => {
  const brands = { filters: { brands: ['Acme'] } }
  const { ids } = await arranged(7, [pin(['p6', 1], ['new', 2])], brands)
  assert.deepEqual(ids, ['p6', 'p0', 'p3'])
})

test('a boost lifts by its factor, from far behind too, and a buried product is last', async () => {
  const boost: RuleEffect = { kind: 'boost', target: { brand: 'Acme' }, factor: 100 }
  const lifted = await arranged(2_000, [boost])
  assert.deepEqual(lifted.ids.slice(0, 4), ['p0', 'p3', 'p6', 'p9'])
  const bury: RuleEffect = { kind: 'bury', target: { productIds: ['p0', 'p1'] } }
  const sunk = await arranged(4, [bury])
  assert.deepEqual(sunk.ids, ['p2', 'p3', 'p0', 'p1'])
})

test('all pages together show each product once, whatever the rules', async () => {
  const product = fc.integer({ min: 0, max: 1_400 }).map((n) => `p${n}`)
  const effect = fc.oneof(
    fc
      .uniqueArray(fc.tuple(product, fc.integer({ min: 1, max: 100 })), {
        selector: ([, position]) => position,
        minLength: 1,
        maxLength: 5,
      })
      .map((products) => pin(...products)),
    fc.constant<RuleEffect>({ kind: 'boost', target: { brand: 'Acme' }, factor: 3 }),
    fc
      .array(product, { minLength: 1, maxLength: 5 })
      .map((productIds): RuleEffect => ({ kind: 'bury', target: { productIds } })),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 1_300 }),
      fc.array(effect, { maxLength: 3 }),
      async (count, effects) => {
        const pages: string[] = []
        for (let page = 1; page <= 15; page += 1) {
          const { ids } = await arranged(count, effects, { page, limit: 100 })
          pages.push(...ids)
        }
        assert.equal(new Set(pages).size, pages.length)
        for (let n = 0; n < count; n += 1) assert.ok(pages.includes(`p${n}`), `p${n} is missing`)
      },
    ),
    { numRuns: 40 },
  )
})
