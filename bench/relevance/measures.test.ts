import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasRelevant, ndcgAt, recallAt } from './measures.ts'

const GRADES = new Map([
  ['a', 3],
  ['b', 1],
  ['c', 0],
])

test('the ideal order scores 1 and unjudged results count as wrong', () => {
  assert.equal(ndcgAt(10, ['a', 'b'], GRADES), 1)
  assert.equal(ndcgAt(10, ['x', 'y'], GRADES), 0)
  const second = 7 / Math.log2(3) / (7 + 1 / Math.log2(3))
  assert.ok(Math.abs(ndcgAt(10, ['x', 'a'], GRADES) - second) < 1e-12)
})

test('only the first results count', () => {
  assert.equal(ndcgAt(1, ['x', 'a'], GRADES), 0)
  assert.equal(recallAt(1, ['b', 'a'], GRADES), 0.5)
})

test('a query without a relevant product has neither measure', () => {
  const none = new Map([['c', 0]])
  assert.equal(hasRelevant(none), false)
  assert.equal(ndcgAt(10, ['c'], none), 0)
  assert.equal(recallAt(10, ['c'], none), 0)
})
