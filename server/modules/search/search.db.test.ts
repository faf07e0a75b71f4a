import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { SearchResult } from '#contracts/search/routes.ts'
import { testPlatform } from '../../../tests/support/platform.ts'
import { systemClock } from '../../platform/clock.ts'
import { encodeCursor } from '../../platform/http/cursor.ts'
import { readCursor } from './place.ts'
import { productOf, searchShop, until } from './testing/shop.ts'

const euros = (amount: number) => ({ amount, currency: 'EUR' })
const dollars = (amount: number) => ({ amount, currency: 'USD' })

test('what is sold is found, with its facets, in the shopper’s currency', async () => {
  const shop = await searchShop(testPlatform)
  const [laptop, mouse] = [shop.ids.make('prd'), shop.ids.make('prd')]
  await shop.sell(laptop, {
    name: 'Acme Falcon laptop',
    brand: 'Acme',
    price: euros(80_000),
    attributes: { Colour: 'Red', 'Screen size': { value: 15.6, unit: 'in' }, 'Dual SIM': true },
  })
  await shop.sell(mouse, {
    name: 'Zeta mouse',
    brand: 'Zeta',
    leaf: 'cat_3',
    price: dollars(2_000),
    attributes: { colour: 'Blue' },
  })
  const search = await shop.start()
  const all = SearchResult.parse(await search.find({ currency: 'EUR' }))
  assert.equal(all.total, 2)
  assert.equal(all.nextCursor, null)
  assert.deepEqual([all.facets.price.min, all.facets.price.max], [1_600, 80_000])
  assert.deepEqual(
    all.facets.category.values.map(({ value, label, count }) => [value, label, count]),
    [
      ['computers', 'Computers', 2],
      ['laptops', 'Laptops', 1],
      ['mice', 'Mice', 1],
    ],
  )
  const colour = all.facets.attributes.find(({ name }) => name === 'colour')
  assert.deepEqual(colour?.values.map(({ value, count }) => [value, count]).sort(), [
    ['Blue', 1],
    ['Red', 1],
  ])
  const red = await search.find({ q: 'laptop', attributes: { Colour: ['red'] }, brand: ['acme'] })
  assert.deepEqual(
    red.items.map(({ id }) => id),
    [laptop],
  )
  const picked = red.facets.attributes.find(({ name }) => name === 'colour')
  assert.deepEqual(picked?.values, [{ value: 'Red', label: 'Red', count: 1, selected: true }])
  const cheap = await search.find({ currency: 'EUR', maxPrice: 1_600, sort: 'price' })
  assert.deepEqual(
    cheap.items.map(({ id, price }) => [id, price]),
    [[mouse, euros(1_600)]],
  )
  assert.equal((await search.find({ currency: 'EUR', maxPrice: 1_599 })).total, 0)
  assert.equal((await search.find({ category: 'mice' })).total, 1)
  assert.equal((await search.find({ category: 'cat_1' })).total, 2)
  await assert.rejects(search.find({ category: 'none' }), { code: 'not_found' })
  assert.equal((await search.find({ attributes: { nonsense: ['x'] } })).total, 0)
  assert.equal((await search.find({ seller: ['sel_2'] })).total, 0)
})

test('who asks for it is told the parts of each score', async () => {
  const shop = await searchShop(testPlatform)
  await shop.sell(shop.ids.make('prd'), { name: 'Falcon notebook' })
  const search = await shop.start()
  const explained = SearchResult.parse(await search.find({ q: 'laptop', explain: true }))
  const [item] = explained.items
  assert.ok(item?.explain && item.explain.boosts['kind']! > 1)
  assert.ok(item.explain.words.some(({ matched }) => matched === 'laptop'))
  const plain = await search.find({ q: 'laptop' })
  assert.equal(plain.items[0]?.explain, undefined)
})

test('a change is found soon after its commit, by words, price and stock', async () => {
  const shop = await searchShop(testPlatform)
  const search = await shop.start()
  const id = shop.ids.make('prd')
  await shop.sell(id, { name: 'Falcon laptop', price: dollars(100_00) })
  await until(async () => (await search.find({ q: 'falcon' })).total === 1)
  assert.equal((await search.find({ q: 'falcon', maxPrice: 50_00 })).total, 0)

  await shop.sell(id, { name: 'Falcon laptop', price: dollars(40_00) })
  await until(async () => (await search.find({ q: 'falcon', maxPrice: 50_00 })).total === 1)

  await shop.sell(id, { name: 'Falcon laptop', price: dollars(40_00), available: 0 })
  await until(async () => (await search.find({ q: 'falcon', inStock: true })).total === 0)
  assert.equal((await search.find({ q: 'falcon' })).items[0]?.availability.inStock, false)

  await shop.sell(id, { name: 'Eagle laptop', price: dollars(40_00) })
  await until(async () => (await search.find({ q: 'eagle' })).total === 1)
  await shop.sell(id, { name: 'Eagle laptop', active: false })
  await until(async () => (await search.find({ q: 'eagle' })).total === 0)
  await until(async () => (await search.api.stats()).eventsBehind === 0)
})

test('a restart goes on from where the kept index stood', async () => {
  const shop = await searchShop(testPlatform)
  const [first, second] = [shop.ids.make('prd'), shop.ids.make('prd')]
  await shop.sell(first, { name: 'Falcon laptop' })
  const before = await shop.start()
  await before.stop?.()
  await shop.sell(second, { name: 'Eagle laptop' })
  // Nobody told of this one: an index that was built anew would have it.
  shop.sellSecretly(shop.ids.make('prd'), { name: 'Owl laptop' })
  const search = await shop.start()
  await until(async () => (await search.find({ q: 'eagle' })).total === 1)
  assert.equal((await search.find({ q: 'falcon' })).total, 1)
  assert.equal((await search.find({ q: 'owl' })).total, 0)
})

test('a damaged file is noticed, and the index is built anew', async () => {
  const shop = await searchShop(testPlatform)
  await shop.sell(shop.ids.make('prd'), { name: 'Falcon laptop' })
  const before = await shop.start()
  await before.stop?.()
  const copy = join(shop.folder, 'copy-0')
  const [build] = (await readdir(copy)).filter((name) => name.startsWith('index-'))
  const names = await readdir(join(copy, build as string))
  const words = join(
    copy,
    build as string,
    names.find((name) => name.startsWith('words')) as string,
  )
  const bytes = await readFile(words)
  bytes[bytes.length >> 1]! ^= 0xff
  await writeFile(words, bytes)
  const search = await shop.start()
  const { items, degraded } = await search.find({ q: 'falcon' })
  assert.equal(items.length, 1)
  assert.equal(degraded, undefined)
  assert.equal((await readdir(copy)).includes(build as string), false)
})

test('an index of another database is not believed', async () => {
  const [shop, other] = [await searchShop(testPlatform), await searchShop(testPlatform)]
  await shop.sell(shop.ids.make('prd'), { name: 'Falcon laptop' })
  const before = await shop.start()
  await before.stop?.()
  await other.sell(other.ids.make('prd'), { name: 'Eagle laptop' })
  const search = await other.start({ folder: shop.folder })
  await until(async () => (await search.find({ q: 'eagle' })).total === 1)
  assert.equal((await search.find({ q: 'falcon' })).total, 0)
})

test('a rebuild beside the live index swaps without a gap and tells how far it is', async () => {
  const shop = await searchShop(testPlatform)
  for (let i = 0; i < 1_500; i += 1) {
    shop.sellSecretly(shop.ids.make('prd'), { name: `Falcon laptop number ${i}` })
  }
  const search = await shop.start()
  shop.sellSecretly(shop.ids.make('prd'), { name: 'Owl laptop' })
  const told: number[] = []
  let over = false
  const rebuilding = search.api.rebuild({ onProgress: (done) => told.push(done) }).finally(() => {
    over = true
  })
  while (!over) {
    const found = await search.find({ q: 'falcon', page: 1 + (told.length % 3) })
    assert.equal(found.total, 1_500)
    assert.equal(found.degraded, undefined)
    await systemClock.sleep(1)
  }
  assert.deepEqual(await rebuilding, { documents: 1_501 })
  assert.deepEqual(
    told,
    told.toSorted((a, b) => a - b),
  )
  assert.deepEqual([told.length > 2, told.at(-1)], [true, 1_501])
  assert.equal((await search.find({ q: 'owl' })).total, 1)
})

test('verify finds what no event told of, and what is no longer there', async () => {
  const shop = await searchShop(testPlatform)
  const [kept, changed, gone] = [1, 2, 3].map(() => shop.ids.make('prd')) as [
    string,
    string,
    string,
  ]
  for (const id of [kept, changed, gone]) await shop.sell(id, { name: 'Falcon laptop' })
  const search = await shop.start()
  assert.deepEqual(await search.api.verify(), { documents: 3, mended: 0 })
  shop.catalog.products.set(changed, productOf(changed, { name: 'Eagle laptop' }))
  shop.catalog.products.delete(gone)
  assert.deepEqual(await search.api.verify(), { documents: 2, mended: 2 })
  assert.equal((await search.find({ q: 'falcon' })).total, 1)
  assert.equal((await search.find({ q: 'eagle' })).total, 1)
  assert.equal((await search.api.stats()).mended, 2)
})

test('two processes of one folder keep a copy each', async () => {
  const shop = await searchShop(testPlatform)
  await shop.sell(shop.ids.make('prd'), { name: 'Falcon laptop' })
  const [one, two] = [await shop.start(), await shop.start()]
  assert.equal((await one.find({ q: 'falcon' })).total, 1)
  assert.equal((await two.find({ q: 'falcon' })).total, 1)
  assert.deepEqual((await readdir(shop.folder)).sort(), ['copy-0', 'copy-1'])
})

test('without an index, names in the database answer and say so', async () => {
  const shop = await searchShop(testPlatform)
  const id = shop.ids.make('prd')
  await shop.sell(id, { name: 'Falcon laptop', brand: 'Acme' })
  const broken = {
    answers: () => true,
    leads: async () => true,
    open: fail,
    create: fail,
    adopt: fail,
    close: async () => {},
  }
  const search = await shop.start({ store: broken })
  const keepTitles = search.tickers.find(({ name }) => name === 'search.keep_titles')
  while ((await keepTitles?.run()) !== 0);
  const found = SearchResult.parse(await search.find({ q: 'falc lap' }))
  assert.deepEqual([found.degraded, found.total, found.items[0]?.id], [true, 1, id])
  assert.equal((await search.find({ q: 'falcon', category: 'mice' })).total, 0)
  assert.equal((await search.find({ brand: ['acme'] })).total, 1)
  assert.equal((await search.find({ q: "'; drop table x; -- & | ! <->" })).total, 0)
  assert.equal((await search.api.suggest({ q: 'fal', limit: 5 })).products.length, 1)
  await assert.rejects(search.api.rebuild({}), { code: 'unavailable' })
})

async function fail(): Promise<never> {
  throw new Error('The engine is down')
}

test('suggestions complete words and name categories with their counts', async () => {
  const shop = await searchShop(testPlatform)
  for (let i = 0; i < 5; i += 1) {
    await shop.sell(shop.ids.make('prd'), { name: `Acme gaming laptop ${i}`, brand: 'Acme' })
  }
  const search = await shop.start()
  const { completions, categories, products } = await search.api.suggest({ q: 'lap', limit: 8 })
  assert.ok(completions.some((text) => text.startsWith('lap')))
  assert.deepEqual(categories, [{ id: 'cat_2', slug: 'laptops', name: 'Laptops', count: 5 }])
  assert.equal(products.length, 5)
  assert.deepEqual((await search.api.suggest({ q: ' ', limit: 8 })).completions, [])
})

test('hostile queries are answered, fast', async () => {
  const shop = await searchShop(testPlatform)
  for (let i = 0; i < 300; i += 1) {
    shop.sellSecretly(shop.ids.make('prd'), { name: `Falcon laptop ${i} (a+)+b` })
  }
  const search = await shop.start()
  const hostile = [
    '😀🚀👩‍👩‍👧‍👦',
    'a'.repeat(500),
    'laptop '.repeat(70),
    '(a+)+$',
    "'; drop table search.titles; --",
    'name:* AND NOT (x OR "y)~2^3',
    'مرحبا بالعالم',
    'שלום',
    'the of and',
    '"',
    '\u0000\ud800',
    '%_\\',
    'ｌａｐｔｏｐ',
    '笔记本电脑',
  ]
  for (const q of hostile) {
    const startedAt = performance.now()
    SearchResult.parse(await search.find({ q, asker: { visitor: null } }))
    await search.api.suggest({ q, limit: 8 })
    const tookMs = performance.now() - startedAt
    assert.ok(tookMs < 30_000, `${q.slice(0, 20)} took ${tookMs} ms`)
  }
  const log = search.tickers.find(({ name }) => name === 'search.log_queries')
  assert.equal(await log?.run(), hostile.length)
  await assert.rejects(search.find({ page: 501, limit: 20 }), { code: 'validation_failed' })
  const deepest = await search.find({ page: 500, limit: 20 })
  assert.deepEqual([deepest.items, deepest.nextCursor], [[], null])
})

test('the cursor of a page leads to the next one, and what is no cursor is refused', async () => {
  const shop = await searchShop(testPlatform)
  for (let i = 0; i < 7; i += 1) await shop.sell(shop.ids.make('prd'), { name: `Falcon ${i} lamp` })
  const search = await shop.start()
  const seen: string[] = []
  let place: Parameters<typeof search.find>[0] | null = {}
  while (place) {
    const found = await search.find({ q: 'lamp', limit: 3, ...place })
    seen.push(...found.items.map(({ id }) => id))
    place = found.nextCursor === null ? null : readCursor(found.nextCursor, 3)
  }
  assert.deepEqual([seen.length, new Set(seen).size], [7, 7])
  assert.deepEqual(readCursor('3', 3), { page: 3 })
  for (const none of [
    'x',
    'WzFd',
    encodeCursor(['abc', 'p1', 1, '', '']),
    encodeCursor(['1', 'p1', -1, '', '']),
  ]) {
    assert.throws(() => readCursor(none, 3), { code: 'validation_failed' })
  }
})
