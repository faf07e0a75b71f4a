import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSearchEngine } from '../index.ts'
import { named, upserts } from '../testing/documents.ts'

function shop() {
  const engine = createSearchEngine()
  const category = (id: string, name: string) => ({
    categoryPath: [id],
    fields: {
      name: 'Wireless headphones Bluetooth',
      categoryNames: [name],
      identifiers: [],
      description: '',
      attributesText: '',
    },
  })
  engine.apply(
    upserts([
      named('a', '', { ...category('c1', 'Headphones'), brand: 'Sony' }),
      named('b', '', { ...category('c1', 'Headphones'), brand: 'Sony' }),
      named('c', '', { ...category('c2', 'Head torches'), brand: 'Headway' }),
    ]),
  )
  engine.refreshSuggestions([{ text: 'headset for gaming', count: 50 }])
  return engine
}

test('completes from queries, names and brands, and names categories', () => {
  const { completions, categories, productIds } = shop().suggest('head')
  const texts = completions.map((each) => each.text)
  assert.equal(texts[0], 'headset for gaming')
  assert.ok(texts.includes('headphones'))
  assert.ok(texts.includes('Headway'))
  assert.deepEqual(categories.map((each) => each.id).sort(), ['c1', 'c2'])
  assert.deepEqual([...productIds].sort(), ['a', 'b', 'c'])
})

test('phrases of names complete their first word', () => {
  const texts = shop()
    .suggest('wireless h')
    .completions.map((each) => each.text)
  assert.ok(texts.includes('wireless headphones'))
})

for (const typo of ['haed', 'hedphones', 'headphoness', 'heasphones']) {
  test(`one typo is forgiven: ${typo}`, () => {
    assert.ok(shop().suggest(typo).completions.length > 0)
  })
}

test('nothing typed suggests nothing', () => {
  const { completions, categories } = shop().suggest('  ')
  assert.deepEqual([completions, categories], [[], []])
})
