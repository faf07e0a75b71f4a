import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SearchRule, SearchSynonym } from '#contracts/search/schemas.ts'
import { prepare } from './model.ts'

const STORED = { version: 1, createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' }
const AT = new Date('2026-05-01T12:00:00Z')

function synonym(over: Partial<SearchSynonym>): SearchSynonym {
  const plain = { id: 'syn_1', from: 'davenport', to: ['sofa'], oneWay: false, locale: null }
  return { ...STORED, ...plain, enabled: true, ...over }
}

function rule(over: Partial<SearchRule>): SearchRule {
  return {
    ...STORED,
    id: 'rul_1',
    name: 'Rule',
    condition: { query: { match: 'equals', words: 'red laptops' } },
    effect: { kind: 'redirect', path: '/c/laptops' },
    priority: 0,
    startsAt: null,
    endsAt: null,
    enabled: true,
    ...over,
  }
}

const withSynonyms = (...synonyms: SearchSynonym[]) => prepare({ version: 1, synonyms, rules: [] })
const withRules = (...rules: SearchRule[]) => prepare({ version: 1, synonyms: [], rules })

test('synonyms are found by their words in any form, and by no others', () => {
  const { synonymsFor } = withSynonyms(synonym({}), synonym({ id: 'syn_2', from: 'lamp' }))
  const found = [{ from: 'davenport', to: ['sofa'] }]
  assert.deepEqual(synonymsFor('green Davenports', undefined), found)
  assert.deepEqual(synonymsFor('chair', undefined), [])
})

test('a two-way synonym is found by both sides, a one-way one by its own alone', () => {
  assert.equal(withSynonyms(synonym({})).synonymsFor('sofa', undefined).length, 1)
  const oneWay = withSynonyms(synonym({ oneWay: true }))
  assert.equal(oneWay.synonymsFor('sofa', undefined).length, 0)
  assert.deepEqual(oneWay.synonymsFor('davenport', undefined), [
    { from: 'davenport', to: ['sofa'], oneWay: true },
  ])
})

test('words in a row are found in the middle of a query', () => {
  const { synonymsFor } = withSynonyms(synonym({ from: 'pen drive', to: ['usb stick'] }))
  assert.equal(synonymsFor('fast pen drive 64 gb', undefined).length, 1)
  assert.equal(synonymsFor('drive pen', undefined).length, 0)
})

test('a synonym of a language holds in it and in its countries', () => {
  const { synonymsFor } = withSynonyms(synonym({ locale: 'de' }))
  assert.equal(synonymsFor('sofa', 'de').length, 1)
  assert.equal(synonymsFor('sofa', 'de-AT').length, 1)
  assert.equal(synonymsFor('sofa', 'en').length, 0)
  assert.equal(synonymsFor('sofa', undefined).length, 0, 'the shop’s own language is English')
})

test('a rule is met by equal or contained words, and by its category', () => {
  const contains = { query: { match: 'contains' as const, words: 'laptop bag' } }
  const questions = (each: SearchRule) =>
    [
      { text: 'Red LAPTOP', categoryId: undefined },
      { text: 'cheap red laptop', categoryId: undefined },
      { text: 'blue laptop bags', categoryId: undefined },
      { text: 'bag laptop', categoryId: undefined },
      { text: '', categoryId: 'cat_1' },
    ].map((question) => withRules(each).rulesFor({ ...question, at: AT }).length)
  assert.deepEqual(questions(rule({})), [1, 0, 0, 0, 0])
  assert.deepEqual(questions(rule({ condition: contains })), [0, 0, 1, 0, 0])
  assert.deepEqual(questions(rule({ condition: { categoryId: 'cat_1' } })), [0, 0, 0, 0, 1])
  const both = { ...contains, categoryId: 'cat_1' }
  assert.deepEqual(questions(rule({ condition: both })), [0, 0, 0, 0, 0])
})

test('a rule holds from its beginning until before its end', () => {
  const timed = rule({ startsAt: '2026-05-01T12:00:00.000Z', endsAt: '2026-05-02T00:00:00.000Z' })
  const holds = (at: string) =>
    withRules(timed).rulesFor({ text: 'red laptop', categoryId: undefined, at: new Date(at) })
      .length === 1
  assert.deepEqual(
    ['2026-05-01T11:59:59.999Z', '2026-05-01T12:00:00Z', '2026-05-02T00:00:00Z'].map(holds),
    [false, true, false],
  )
})
