import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytes, testCatalog } from '../../../tests/support/catalog.ts'
import { splitCells } from './flows/csv-records.ts'

const { catalog, platform } = await testCatalog()
const MARKET = { currency: 'USD', country: 'US' }
const HEADER =
  'ref,seller,name,category,option:Size,variant_sku,gtin,offer_seller,offer_sku,price,currency,stock:US-EAST'

const load = (lines: readonly string[], key: string) =>
  catalog.importer.importProducts({
    ...bytes([HEADER, ...lines].join('\r\n')),
    format: 'csv',
    key,
  })

async function read(ref: string) {
  const text = 'select product_id from catalog.product_refs where ref = $1'
  const { rows } = await platform.db.query({ text, values: [ref] })
  return catalog.api.getProduct({ idOrSlug: rows[0]?.product_id ?? 'none', ...MARKET })
}

test('rows of one product become its variants and their offers', async () => {
  const report = await load(
    [
      's1,acme,"Shirt, ""blue""\nlinen",aa-1,M,s1-M,,,s1-M,24.90,USD,5',
      's1,acme,,aa-1,M,s1-M,,best,b-s1-M,23.90,USD,',
      's1,acme,,aa-1,L,s1-L,4006381333931,,s1-L,25,USD,1',
      's2,acme,Cap,aa-1,,s2,,,s2,2500,JPY,1',
    ],
    'good',
  )
  assert.deepEqual([report.products, report.errors, report.rows], [2, 0, 4])
  const shirt = await read('s1')
  assert.equal(shirt.name, 'Shirt, "blue"\nlinen')
  assert.deepEqual(shirt.options, [{ name: 'Size', values: ['M', 'L'] }])
  assert.deepEqual(
    shirt.variants.map(({ sku, offers }) => [sku, offers.map(({ price }) => price.amount).sort()]),
    [
      ['s1-M', [2390, 2490]],
      ['s1-L', [2500]],
    ],
  )
  assert.equal((await read('s2')).variants[0]?.price.amount, 2500)
})

test('a wrong row is reported under its number, the others of its product are in', async () => {
  const report = await load(
    [
      't1,acme,Shirt,aa-1,M,t1-M,,,t1-M,24.999,USD,5',
      't1,acme,Shirt,aa-1,L,t1-L,,,t1-L,24.90,USD,5',
      't1,acme,Shirt,aa-1,XL,t1-XL,123,,t1-XL,24.90,USD,5',
      't2,acme,=cmd|calc,aa-1,M,t2-M,,,t2-M,1,USD,5',
      't3,acme,Shirt,aa-1,M,t3-M,,,t3-M,1',
      't4,acme,Shirt,aa-1,M,t4-M,,,t4-M,2.5,JPY,5',
      't5,acme,Shirt,aa-1,M,t5-M,,,t5-M,2.5,USD,many',
      't6,acme,Shirt,nowhere,M,t6-M,,,t6-M,2.5,USD,1',
      't7,acme,Shirt,aa-1,M,t7-M,,,t7-M,2.5,USD,1',
    ],
    'bad rows',
  )
  assert.deepEqual(
    report.firstErrors.map(({ row, field }) => `${row} ${field}`),
    ['1 price', '3 variants[1].gtin', '4 name', '5 ', '6 price', '7 stock:US-EAST', '8 category'],
  )
  assert.deepEqual(
    (await read('t1')).variants.map(({ sku }) => sku),
    ['t1-L'],
  )
  assert.equal((await read('t7')).name, 'Shirt')
})

test('a quote that is never closed costs its own row alone', async () => {
  const line = (ref: string, name: string) => `${ref},acme,${name},aa-1,M,${ref},,,${ref},1,USD,1`
  const many = Array.from({ length: 3_000 }, (_, n) => line(`u${n}`, 'Shirt'))
  const report = await load([line('first', '"Shirt'), ...many, line('last', 'a "b" c')], 'quotes')
  assert.deepEqual(
    report.firstErrors.map(({ row, message }) => [row, message]),
    [
      [1, 'has a quote that is not closed'],
      [3_002, 'has a quote in the wrong place'],
    ],
  )
  assert.equal(report.products, 3_000)
})

test('a header that cannot be used is refused with the columns at fault', async () => {
  const file = bytes('ref,seller,nmae\n1,2,3\n')
  await assert.rejects(catalog.importer.importProducts({ ...file, format: 'csv', key: 'header' }), {
    code: 'catalog.import_failed',
    message: /"nmae" is unknown.*name is missing/,
  })
})

test('columns may be divided by semicolons', async () => {
  const text = [HEADER, 'w1,acme,"a;b",aa-1,M,w1,,,w1,1,USD,1'].join('\n').replaceAll(',', ';')
  const report = await catalog.importer.importProducts({
    ...bytes(text),
    format: 'csv',
    key: 'semicolons',
  })
  assert.deepEqual([report.products, (await read('w1')).name], [1, 'a;b'])
})

test('cells are read as RFC 4180 has them', () => {
  assert.deepEqual(splitCells('a,"b ""c"", d",,', ','), ['a', 'b "c", d', '', ''])
  assert.deepEqual(splitCells('"","a\nb"', ','), ['', 'a\nb'])
  assert.equal(splitCells('"a"b,c', ','), undefined)
  assert.equal(splitCells('a"b",c', ','), undefined)
})
