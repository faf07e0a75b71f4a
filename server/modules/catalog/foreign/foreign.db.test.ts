import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bytes, testCatalog } from '../../../../tests/support/catalog.ts'
import type { ImportFormat } from '../index.ts'

const { catalog, platform, stock } = await testCatalog()
const { importer, api } = catalog
const MARKET = { currency: 'USD', country: 'US' }
const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name))
type Settings = Extract<ImportFormat, { settings: unknown }>['settings']

let imports = 0
function load(
  file: string | Uint8Array,
  format: 'shopify' | 'google-merchant',
  settings: Partial<Settings> = {},
) {
  imports += 1
  const all = { seller: 'acme', warehouse: 'US-EAST', ...settings }
  return importer.importProducts({ ...bytes(file), format, settings: all, key: `f${imports}` })
}

async function read(ref: string) {
  const text = 'select product_id from catalog.product_refs where ref = $1'
  const { rows } = await platform.db.query({ text, values: [ref] })
  assert.ok(rows[0], `${ref} is not there`)
  return api.getProduct({ idOrSlug: rows[0].product_id, ...MARKET })
}

async function offerRow(sku: string) {
  const { rows } = await platform.db.query({
    text: `select o.* from catalog.offer_skus s join catalog.offers o on o.id = s.offer_id
           where s.sku = $1`,
    values: [sku],
  })
  return rows[0]
}

const levels = async (sku: string) => {
  const { id } = await offerRow(sku)
  return stock
    .flatMap((call) => call.levels)
    .filter((level) => level.offerId === id)
    .map(({ warehouseCode, quantity }) => `${warehouseCode} ${quantity}`)
}

const told = (errors: readonly { row: number; field: string; message: string }[]) =>
  errors.map(({ row, field, message }) => `${row} ${field}: ${message}`)

test("Shopify's export: wrong rows are named as in the file, the others are in", async () => {
  const report = await load(fixture('shopify.csv'), 'shopify', {
    categories: { 'cameras & LENSES': 'el-1' },
  })
  assert.deepEqual(told(report.firstErrors), [
    '5 Variant Price: is not an amount of USD: 84.505',
    '6 category: is no category: Packaging',
    '8 Title: is a formula',
  ])
  assert.equal(report.products, 3)
})

test("Shopify's variants, pictures, prices, weights and stock are taken over", async () => {
  const shirt = await read('acme:linen-shirt')
  assert.equal(shirt.name, 'Linen Shirt "Riviera"')
  assert.equal(shirt.description, 'Cut from Belgian linen.\nMachine wash\nMade in Portugal & Spain')
  assert.deepEqual([shirt.brand, shirt.categories.at(-1)?.slug], ['Atelier Nord', 'apparel/shirts'])
  assert.equal(shirt.images.length, 4)
  assert.deepEqual(shirt.attributes, [
    { name: 'Type', value: 'Shirt' },
    { name: 'Tags', value: ['linen', 'summer'] },
  ])
  assert.deepEqual(
    shirt.variants.map(({ sku, options, gtin }) => [sku, Object.values(options).sort(), gtin]),
    [
      ['AN-LS-S-W', ['S', 'White'], '4006381333931'],
      ['AN-LS-M-W', ['M', 'White'], undefined],
      ['AN-LS-M-B', ['Blue', 'M'], undefined],
    ],
  )
  const reduced = await offerRow('AN-LS-S-W')
  assert.deepEqual([reduced.price_minor, reduced.sale_price_minor], [9500, 7900])
  assert.equal((await offerRow('AN-LS-M-B')).sale_price_minor, null)
  assert.deepEqual(await levels('AN-LS-S-W'), ['US-EAST 12'])
  assert.deepEqual(await levels('AN-LS-M-B'), ['US-EAST 0'])
})

test("Shopify's states: unpublished is a draft, archived stays so", async () => {
  const { rows } = await platform.db.query({
    text: `select ref, status from catalog.products where ref like 'acme:%camera' order by ref`,
  })
  assert.deepEqual(rows, [
    { ref: 'acme:field-camera', status: 'draft' },
    { ref: 'acme:old-camera', status: 'archived' },
  ])
})

test('products of unknown categories go to the one that is given; imports come twice', async () => {
  const settings = { categories: { 'Cameras & lenses': 'el-1' }, category: 'aa' }
  const report = await load(fixture('shopify.csv'), 'shopify', settings)
  assert.deepEqual([report.products, report.changed, report.errors], [4, 1, 2])
  const box = await read('acme:gift-box')
  assert.deepEqual([box.variants[0]?.sku, box.variants[0]?.price.amount], ['gift-box-1', 450])
  assert.deepEqual(box.options, [])
})

test("Shopify's newer column names are known; another CSV is refused with what it lacks", async () => {
  const text = [
    'Title,URL handle,Status,SKU,Price,Compare-at price,Product category,Inventory quantity',
    'Cup,cup,Active,CUP,7.00,,el-1,5',
  ].join('\n')
  assert.equal((await load(text, 'shopify')).products, 1)
  assert.deepEqual(await levels('CUP'), ['US-EAST 5'])
  await assert.rejects(load('a,b\n1,2\n', 'shopify'), {
    code: 'catalog.import_failed',
    message: /column handle or url handle.*price is missing/,
  })
})

test('settings that lead nowhere are refused before anything is read', async () => {
  const wrong = {
    seller: 'nobody',
    category: 'zz',
    warehouse: 'MOON',
    currency: 'XTS',
    categories: { Hats: 'yy' },
  }
  await assert.rejects(load(fixture('shopify.csv'), 'shopify', wrong), {
    code: 'catalog.import_failed',
    message: /seller nobody.*category zz.*warehouse MOON.*XTS.*"Hats" leads to no category: yy/,
  })
})

test('a feed in XML: broken items cost themselves alone, item groups become variants', async () => {
  const report = await load(fixture('google-merchant.xml'), 'google-merchant', { inStock: 10 })
  assert.deepEqual(told(report.firstErrors), [
    '3 price: is not an amount: 24.999 USD',
    '4 : is not well-formed XML: </titel> closes nothing',
    '5 category: is no category: Spare parts',
  ])
  const camera = await read('acme:OPT-100')
  assert.equal(camera.name, 'Field Camera <Mark II>, black & silver')
  assert.equal(camera.description, 'Half frame – takes 35 mm film.')
  assert.equal(camera.images.length, 4)
  assert.deepEqual(camera.options, [{ name: 'Color', values: ['Black', 'Silver'] }])
  assert.deepEqual(
    camera.variants.map(({ sku, price }) => [sku, price.amount]),
    [
      ['OPT-100-B', 34900],
      ['OPT-100-S', 35900],
    ],
  )
  const offer = await offerRow('OPT-100-B')
  assert.deepEqual(
    [offer.sale_price_minor, offer.sale_starts_at],
    [29900, '2026-02-01T05:00:00.000Z'],
  )
  assert.deepEqual(await levels('OPT-100-B'), ['US-EAST 10'])
  assert.deepEqual(await levels('OPT-100-S'), ['US-EAST 0'])
})

test('a feed in one endless line is read item by item, in pieces of any size', async () => {
  const item = (n: number) =>
    `<item><g:id>L${n}</g:id><title>Part ${n}</title><g:price>1 USD</g:price><g:product_type>el-1</g:product_type></item>`
  const text = `<rss><channel>${Array.from({ length: 300 }, (_, n) => item(n)).join('')}`
  async function* pieces() {
    const all = Buffer.from(`${text}<item><g:id>cut</g:id>`)
    for (let from = 0; from < all.length; from += 997) yield all.subarray(from, from + 997)
  }
  const report = await importer.importProducts({
    stream: pieces(),
    format: 'google-merchant',
    settings: { seller: 'acme' },
    key: 'endless',
  })
  assert.equal(report.products, 300)
  assert.deepEqual(told(report.firstErrors), ['301 : does not end: the file is cut off'])
})

test('50 MB without an item are passed over without being kept; Latin-1 is refused', async () => {
  async function* junk() {
    yield Buffer.from('<rss>')
    for (let mebibyte = 0; mebibyte < 50; mebibyte += 1) yield Buffer.alloc(2 ** 20, 'x')
    yield Buffer.from('<item><g:id>J</g:id><title>J</title><g:price>1 USD</g:price></item>')
  }
  const settings = { seller: 'acme', category: 'el-1' }
  const source = { stream: junk(), format: 'google-merchant' as const, settings, key: 'junk' }
  assert.equal((await importer.importProducts(source)).products, 1)
  const latin = Buffer.from('<rss><item><title>Caf\xe9</title></item></rss>', 'latin1')
  await assert.rejects(load(latin, 'google-merchant'), { message: /not UTF-8/ })
})

test('a feed as tab-separated text', async () => {
  const report = await load(fixture('google-merchant.tsv'), 'google-merchant', { category: 'el' })
  assert.deepEqual(told(report.firstErrors), [
    '2 gtin: has a wrong check digit: 4006381333932',
    '3 price: is not an amount: 19,90 USD',
  ])
  const film = await read('acme:T-1')
  assert.deepEqual([film.name, film.images.length], ['Film, 36 exposures', 2])
  assert.deepEqual(await levels('T-1'), ['US-EAST 40'])
  assert.equal((await read('acme:T-4')).categories.at(-1)?.slug, 'electronics')
  await assert.rejects(load('name\tprice\nx\t1\n', 'google-merchant'), { message: /column id/ })
})
