import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SearchResult } from '#contracts/search/routes.ts'
import { testPlatform } from '../../../tests/support/platform.ts'
import { searchShop, until } from './testing/shop.ts'

const HEADPHONES = {
  name: 'Wireless headphones',
  translations: [
    { locale: 'ar', name: 'سماعات لاسلكية' },
    { locale: 'de', name: 'Kabellose Kopfhörer', description: 'Für lange Flüge' },
    { locale: 'ja', name: 'ワイヤレスヘッドホン' },
  ],
}

test('a product is found and suggested by its name in the shopper’s language, as it is now', async () => {
  const shop = await searchShop(testPlatform)
  const [headphones, card] = [shop.ids.make('prd'), shop.ids.make('prd')]
  await shop.sell(headphones, HEADPHONES)
  await shop.sell(card, { name: 'Gift card' })
  const search = await shop.start()
  const find = async (q: string, locale?: string) => search.find({ q, locale })

  for (const [q, locale] of [
    ['Kopfhörer', 'de'],
    ['kopfhoerer flug', 'de-AT'],
    ['ヘッドホン', 'ja'],
    ['السماعات', 'ar'],
    ['ヘッドホン', undefined],
  ] as const) {
    const { items, total } = await find(q, locale)
    assert.deepEqual([items[0]?.id, total], [headphones, 1], q)
  }
  assert.equal((await find('Kopfhörer', 'en')).total, 0)
  assert.equal((await find('Kopfhörer')).total, 0)

  const misspelt = await find('kopfhörrer', 'de')
  assert.deepEqual(
    [misspelt.items[0]?.name, misspelt.correctedQuery],
    ['Kabellose Kopfhörer', 'Kopfhörer'],
  )

  const suggested = await search.api.suggest({ q: 'kopfh', locale: 'de', limit: 8 })
  assert.equal(suggested.completions[0], 'Kopfhörer')
  assert.deepEqual(
    suggested.products.map(({ name }) => name),
    ['Kabellose Kopfhörer'],
  )
  const japanese = await search.api.suggest({ q: 'ヘッ', locale: 'ja', limit: 8 })
  assert.equal(japanese.completions[0], 'ヘッドホン')

  await shop.sell(headphones, { ...HEADPHONES, translations: [{ locale: 'de', name: 'Ohrhörer' }] })
  await until(async () => (await find('Ohrhörer', 'de')).total === 1)
  assert.equal((await find('Kopfhörer', 'de')).total, 0)
  await shop.sell(headphones, { name: HEADPHONES.name })
  await until(async () => (await find('Ohrhörer', 'de')).total === 0)
})

test('where nothing is found, what is popular is told with its categories', async () => {
  const shop = await searchShop(testPlatform)
  const [laptop, mouse] = [shop.ids.make('prd'), shop.ids.make('prd')]
  await shop.sell(laptop, { name: 'Falcon laptop' })
  await shop.sell(mouse, { name: 'Zeta mouse', leaf: 'cat_3' })
  const search = await shop.start()
  const ids = (items: readonly { id: string }[] = []) => items.map(({ id }) => id).toSorted()

  for (const q of ['😀', '😀👩‍👩‍👧', '؟', 'qqqqqq', '笔记本', 'مرحبا']) {
    const found = SearchResult.parse(await search.find({ q }))
    assert.deepEqual([found.total, found.items, found.instead?.reason], [0, [], 'popular'], q)
    assert.deepEqual(ids(found.instead?.items), [laptop, mouse].toSorted())
    assert.deepEqual(
      found.instead?.categories.map(({ value, count }) => [value, count]),
      [
        ['computers', 2],
        ['laptops', 1],
        ['mice', 1],
      ],
    )
  }
  const within = await search.find({ q: 'qqqqqq', category: 'mice' })
  assert.deepEqual(ids(within.instead?.items), [mouse])
  const filtered = await search.find({ q: 'laptop', brand: ['Nobody'] })
  assert.deepEqual([filtered.total, filtered.instead?.reason], [0, 'without_filters'])
  assert.deepEqual(ids(filtered.instead?.items), [laptop])
  const neither = await search.find({ q: 'qqqqqq', brand: ['Nobody'] })
  assert.equal(neither.instead?.reason, 'popular')
  assert.equal((await search.find({ q: 'laptop' })).instead, undefined)
  assert.equal((await search.find({ q: 'qqqqqq', page: 2 })).instead, undefined)
})

test('an empty shop has nothing to show instead', async () => {
  const shop = await searchShop(testPlatform)
  const search = await shop.start()
  const { total, instead } = await search.find({ q: 'laptop' })
  assert.deepEqual([total, instead], [0, undefined])
})
