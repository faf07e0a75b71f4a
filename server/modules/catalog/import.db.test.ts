import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { ImportRowError } from '#contracts/catalog/import.ts'
import { bytes, jsonl, productRow, testCatalog } from '../../../tests/support/catalog.ts'

const { catalog, platform, stock } = await testCatalog()
const { importer, api } = catalog
const { db } = platform
const MARKET = { currency: 'USD', country: 'US' }

const load = (rows: readonly unknown[], key: string) =>
  importer.importProducts({ ...jsonl(rows), format: 'jsonl', key })

async function count(what: string): Promise<number> {
  const { rows } = await db.query({ text: `select count(*)::int as n from catalog.${what}` })
  return rows[0].n
}

async function idOf(ref: string): Promise<string> {
  const text = 'select product_id from catalog.product_refs where ref = $1'
  return (await db.query({ text, values: [ref] })).rows[0]?.product_id
}

const read = async (ref: string) => api.getProduct({ idOrSlug: await idOf(ref), ...MARKET })

const fields = (errors: readonly ImportRowError[]) =>
  errors.map(({ row, field }) => `${row} ${field}`)

test('an imported row can be read by id and by slug, attributes in their order', async () => {
  const attributes = { Zoom: '3x', Weight: { value: 1, unit: 'kg' }, Art: ['a', 'b'] }
  const report = await load([productRow('a1', { attributes })], 'first')
  assert.deepEqual([report.products, report.changed, report.errors], [1, 1, 0])
  const product = await read('a1')
  assert.deepEqual(Object.fromEntries(product.attributes.map((a) => [a.name, a.value])), attributes)
  assert.deepEqual(
    product.attributes.map(({ name }) => name),
    ['Zoom', 'Weight', 'Art'],
  )
  assert.deepEqual(await api.getProduct({ idOrSlug: product.slug, ...MARKET }), product)
  assert.deepEqual(
    product.categories.map(({ slug }) => slug),
    ['electronics', 'electronics/cameras'],
  )
})

test('its stock was handed to the inventory, by warehouse', () => {
  const [call] = stock
  assert.deepEqual(
    call?.levels.map(({ warehouseCode, quantity }) => [warehouseCode, quantity]),
    [['US-EAST', 12]],
  )
})

test('the same rows again change nothing, and tell nobody', async () => {
  await load([productRow('b1')], 'b')
  const before = [await count('price_history'), await platform.outbox.head()]
  while ((await platform.outbox.sequence()) > 0);
  const head = await platform.outbox.head()
  const report = await load([productRow('b1')], 'b again')
  while ((await platform.outbox.sequence()) > 0);
  assert.deepEqual([report.products, report.changed], [1, 0])
  assert.equal(await count('price_history'), before[0])
  assert.equal(await platform.outbox.head(), head)
})

test('a finished import is not done again under its key', async () => {
  const first = await load([productRow('c1')], 'c')
  const calls = stock.length
  assert.deepEqual(await load([productRow('c1'), productRow('c2')], 'c'), first)
  assert.equal(stock.length, calls)
})

test('a new price is written to the history and raises versions; content left out stays', async () => {
  await load([productRow('d1', { description: 'Fine.', brand: 'Dee' })], 'd')
  const before = await api.getForIndex({ productIds: [await idOf('d1')] })
  const offer = { seller: 'acme', sku: 'd1-O', price: { amount: 15_000, currency: 'USD' } }
  const variants = [{ sku: 'd1-V', offers: [offer] }]
  const report = await load([productRow('d1', { variants, name: 'Renamed d1' })], 'd2')
  assert.equal(report.changed, 1)
  const [after] = await api.getForIndex({ productIds: [await idOf('d1')] })
  assert.equal(after?.version, (before[0]?.version ?? 0) + 1)
  assert.deepEqual([after?.description, after?.brand], ['Fine.', 'Dee'])
  assert.equal(after?.variants[0]?.offers[0]?.price.amount, 15_000)
  assert.notEqual(after?.slug, before[0]?.slug)
  const old = await api.getProduct({ idOrSlug: before[0]?.slug ?? '', ...MARKET })
  assert.equal(old.slug, after?.slug, 'the old address leads to the product and its new slug')
  const { rows } = await db.query({
    text: `select h.price_minor from catalog.price_history h join catalog.offer_skus s
           on s.offer_id = h.offer_id where s.sku = 'd1-O' order by h.version`,
  })
  assert.deepEqual(rows, [{ price_minor: 19_900 }, { price_minor: 15_000 }])
})

test('each wrong row is reported with its field, and the good ones are in', async () => {
  const offer = (over: object) => [
    {
      sku: 'x',
      offers: [{ seller: 'acme', sku: 'x', price: { amount: 1, currency: 'USD' }, ...over }],
    },
  ]
  const twin = { sku: 'y', options: { Size: 'L' }, offers: [] }
  const rows = [
    productRow('e1'),
    productRow('e2', { category: 'nowhere' }),
    productRow('e3', { seller: 'nobody' }),
    productRow('e4', { variants: offer({ price: { amount: 1.5, currency: 'USD' } }) }),
    productRow('e5', { variants: offer({ price: { amount: 1, currency: 'XTS' } }) }),
    productRow('e6', { variants: offer({ salePrice: { amount: 1, currency: 'USD' } }) }),
    productRow('e7', { variants: offer({ stock: { MOON: 1 } }) }),
    productRow('e8', { variants: [{ sku: 'v', gtin: '4006381333932', offers: [] }] }),
    productRow('e9', { variants: [twin, { ...twin, sku: 'z' }] }),
    productRow('e10', { colour: 'red' }),
    productRow('e11', { name: 'NUL \0 within' }),
    productRow('e12', { variants: offer({ sku: 'a1-O' }) }),
    productRow('e13'),
  ]
  const report = await load(rows, 'e')
  assert.deepEqual(fields(report.firstErrors), [
    '2 category',
    '3 seller',
    '4 variants[0].offers[0].price.amount',
    '5 variants[0].offers[0].price.currency',
    '6 variants[0].offers[0].salePrice',
    '7 variants[0].offers[0].stock.MOON',
    '8 variants[0].gtin',
    '9 variants[1].options',
    '10 ',
    '11 name',
    '12 variants[0].offers[0].sku',
  ])
  assert.equal(report.products, 2)
  assert.ok((await idOf('e1')) && (await idOf('e13')))
  assert.equal(await idOf('e2'), undefined)
})

test('a row that only the database refuses does not take its batch with it', async () => {
  await load(
    [productRow('f1', { variants: [{ sku: 'f-1', options: { Size: 'S' }, offers: [] }] })],
    'f',
  )
  // Its new variant has the options of one that this row does not name.
  const clash = productRow('f1', { variants: [{ sku: 'f-2', options: { Size: 'S' }, offers: [] }] })
  const report = await load([productRow('f2'), clash, productRow('f3')], 'f clash')
  assert.deepEqual([report.products, fields(report.firstErrors)], [2, ['2 ']])
  assert.ok(await idOf('f3'))
})

test('of two rows of one product the later one wins, as if they came in two files', async () => {
  const report = await load(
    [productRow('g1', { name: 'First' }), productRow('g2'), productRow('g1', { name: 'Second' })],
    'g',
  )
  assert.deepEqual([report.products, report.errors], [3, 0])
  assert.equal((await read('g1')).name, 'Second')
})

test('broken lines cost themselves alone: no JSON, no UTF-8, far too long', async () => {
  const good = (ref: string) => Buffer.from(`${JSON.stringify(productRow(ref))}\n`)
  async function* pieces() {
    yield Buffer.concat([good('h1'), Buffer.from('{"ref":\n'), Buffer.from([0xc3, 0x28, 10])])
    for (let mebibyte = 0; mebibyte < 50; mebibyte += 1) yield Buffer.alloc(2 ** 20, 'x')
    yield Buffer.concat([Buffer.from('\n'), good('h2').subarray(0, -1)])
  }
  const report = await importer.importProducts({ stream: pieces(), format: 'jsonl', key: 'h' })
  assert.deepEqual(
    report.firstErrors.map(({ row, message }) => [row, message]),
    [
      [2, 'is not valid JSON'],
      [3, 'is not UTF-8'],
      [4, 'is longer than 8 MiB'],
    ],
  )
  assert.ok((await idOf('h1')) && (await idOf('h2')))
})

test('a packed file is seen to be packed', async () => {
  const packed = gzipSync(`\uFEFF${JSON.stringify(productRow('i1'))}\r\n`)
  await importer.importProducts({ ...bytes(packed), format: 'jsonl', key: 'i' })
  assert.ok(await idOf('i1'))
})

test('a dry run finds the errors and writes nothing', async () => {
  const before = [await count('products'), await count('imports'), stock.length]
  const rows = [productRow('j1'), productRow('j2', { category: 'nowhere' })]
  const report = await importer.importProducts({
    ...jsonl(rows),
    format: 'jsonl',
    key: 'j',
    dryRun: true,
  })
  assert.deepEqual([report.products, fields(report.firstErrors)], [1, ['2 category']])
  assert.deepEqual([await count('products'), await count('imports'), stock.length], before)
})

test('an import that was stopped half-way goes on, and nothing is lost or told twice', async () => {
  const rows = Array.from({ length: 3_500 }, (_, n) =>
    productRow(`k${n}`, n === 2_700 ? { category: 'nowhere' } : {}),
  )
  async function* failing() {
    yield* jsonl(rows.slice(0, 2_400)).stream
    throw new Error('the disk is gone')
  }
  await assert.rejects(
    importer.importProducts({ stream: failing(), format: 'jsonl', key: 'k' }),
    /the disk is gone/,
  )
  const written = new Set(stock.flatMap(({ levels }) => levels.map(({ offerId }) => offerId))).size
  const report = await load(rows, 'k')
  assert.deepEqual([report.rows, report.products, report.errors], [3_500, 3_499, 1])
  const again = await load(rows, 'k whole')
  assert.deepEqual([again.products, again.changed], [3_499, 0])
  const after = new Set(stock.flatMap(({ levels }) => levels.map(({ offerId }) => offerId))).size
  assert.ok(written < after)
  assert.equal(await count(`products where ref like 'k%'`), 3_499)
  const { rows: told } = await db.query({
    text: `select count(*)::int as n from (
             select jsonb_array_elements_text(payload -> 'productIds') as id from platform.outbox
             union all
             select jsonb_array_elements_text(payload -> 'productIds') from platform.events
           ) e join catalog.products p on p.id = e.id where p.ref like 'k%'`,
  })
  assert.equal(told[0].n, 3_499)
})

test('a key belongs to one file', async () => {
  const file = { file: import.meta.filename, format: 'jsonl' as const, key: 'first' }
  await assert.rejects(importer.importProducts(file), { code: 'catalog.import_failed' })
})

test('a row that breaks the rules of its category is refused with the place of what is wrong', async () => {
  const properties = {
    Zoom: { type: 'integer', minimum: 1, maximum: 100 },
    Mount: { type: 'string', enum: ['EF', 'Z'] },
  }
  const schema = { type: 'object', properties, required: ['Zoom'], additionalProperties: false }
  await db.query({
    text: `update catalog.categories set attribute_schema = $1 where code = 'el'`,
    values: [JSON.stringify(schema)],
  })
  const rows = [
    productRow('r-good', { attributes: { Zoom: 3, Mount: 'EF' } }),
    productRow('r-bad', { attributes: { Zoom: 3.5, Mount: 'PL', Colour: 'red' } }),
    productRow('r-missing', { attributes: { Mount: 'Z' } }),
    productRow('r-silent'),
    productRow('r-elsewhere', { category: 'aa-1', attributes: { Anything: 'goes' } }),
  ]
  const report = await load(rows, 'rules')
  assert.equal(report.products, 2)
  assert.deepEqual(fields(report.firstErrors), [
    '2 attributes.Colour',
    '2 attributes.Mount',
    '2 attributes.Zoom',
    '3 attributes.Zoom',
    '4 attributes.Zoom',
  ])
  const silent = await load([productRow('r-good', { name: 'Renamed' })], 'rules, known')
  assert.deepEqual([silent.changed, silent.errors], [1, 0])
  await db.query({ text: `update catalog.categories set attribute_schema = null` })
})
