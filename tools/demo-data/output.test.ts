import assert from 'node:assert/strict'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { compress, readCsv, readJsonLines } from './files.ts'
import type { DemoCategory, DemoProduct, DemoSeller, DemoWarehouse } from './model.ts'
import { findFaults } from './validate.ts'

const data = join(import.meta.dirname, '../../data')
const sets = { icecat: 19_406, goodbooks: 10_000, grocer: 92_331, pricerunner: 13_233 }
const categories = readJsonLines<DemoCategory>(data, 'demo/categories.jsonl.gz')
const sellers = readJsonLines<DemoSeller>(data, 'demo/sellers.jsonl.gz')
const warehouses = readJsonLines<DemoWarehouse>(data, 'demo/warehouses.jsonl.gz')
const products = [...Object.keys(sets), 'openfoodfacts'].flatMap((set) =>
  readJsonLines<DemoProduct>(data, `demo/products-${set}.jsonl.gz`),
)

test('every row of the catalogue has the right shape and refers to what exists', () => {
  assert.deepEqual(findFaults({ categories, sellers, warehouses, products }), [])
})

test('no row of a source is lost: each has its variant or its offer', () => {
  const variants = Map.groupBy(
    products.flatMap((product) => product.variants),
    (variant) => variant.sku.split('-')[0],
  )
  for (const [set, count] of Object.entries(sets)) {
    assert.equal(variants.get(set)?.length, count, set)
  }
  const offers = variants.get('pricerunner')?.flatMap((variant) => variant.offers)
  assert.equal(offers?.length, 30_311)
})

test('a fault in a row is found', () => {
  const [product] = products as [DemoProduct]
  const faulty = { ...product, category: 'nowhere', name: ' <b>x</b>' }
  const faults = findFaults({ categories, sellers, warehouses, products: [product, faulty] })
  assert.ok(faults.some((fault) => fault.includes('no category nowhere')))
  assert.ok(faults.some((fault) => fault.includes('occurs twice')))
  assert.ok(faults.some((fault) => fault.includes('name')))
})

test('judgements speak of products of the catalogue', () => {
  const refs = new Set(products.map(({ ref }) => ref))
  const rows = readCsv(data, 'judgements/icecat_dev.csv.gz')
  assert.equal(rows.length, 1890)
  assert.deepEqual(
    rows.filter((row) => !refs.has(row.product ?? '')),
    [],
  )
})

test('each postal code stands once with its coordinates', () => {
  const rows = readCsv(data, 'reference/postal_codes_geo.csv.gz')
  const keys = new Set(rows.map((row) => `${row.country_code} ${row.zipcode}`))
  assert.equal(keys.size, rows.length)
  assert.ok(rows.every((row) => Math.abs(Number(row.latitude)) <= 90 && row.longitude !== ''))
})

test('compression depends on the content alone', () => {
  assert.deepEqual(compress('same'), compress('same'))
  assert.equal(compress('same').readUInt32LE(4), 0)
})

test('the licences of what is redistributed lie beside it', () => {
  for (const name of ['Apache-2.0.txt', 'zygmuntz_goodbooks-10k.CC-BY-SA-4.0.txt']) {
    assert.ok(
      existsSync(join(data, 'licences', name)) && statSync(join(data, 'licences', name)).size > 0,
    )
  }
})
