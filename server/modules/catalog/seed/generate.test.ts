import assert from 'node:assert/strict'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { createGunzip } from 'node:zlib'
import { ImportProduct } from '#contracts/catalog/import.ts'
import { normalizeGtin } from '../gtin.ts'
import { generateProduct } from './generate.ts'
import { createSeedModel } from './model.ts'

const DEMO = join(import.meta.dirname, '../../../../data/demo')
const real: ImportProduct[] = []
const model = createSeedModel()
for (const set of ['icecat', 'goodbooks', 'grocer', 'openfoodfacts', 'pricerunner']) {
  const file = createReadStream(join(DEMO, `products-${set}.jsonl.gz`))
  let count = 0
  for await (const line of createInterface({ input: file.pipe(createGunzip()) })) {
    count += 1
    if (count > 1_500) break
    real.push(JSON.parse(line))
    model.add(real.at(-1) as ImportProduct)
  }
}
const seedModel = model.close()
const make = (seed: number, count: number) =>
  Array.from({ length: count }, (_, number) => generateProduct(seedModel, seed, number))
const made = make(1, 5_000)

test('the same seed and number make the same product, another seed another', () => {
  assert.deepEqual(make(1, 50), made.slice(0, 50))
  assert.notDeepEqual(make(2, 50), made.slice(0, 50))
})

test('every product is a valid row; refs and SKUs are unique, GTINs right and unique', () => {
  const words = { ref: new Set<string>(), sku: new Set<string>(), gtin: new Set<string>() }
  let gtins = 0
  for (const product of made) {
    assert.deepEqual(ImportProduct.parse(product), product)
    words.ref.add(product.ref)
    for (const { gtin, offers } of product.variants) {
      for (const offer of offers) words.sku.add(offer.sku)
      if (gtin === undefined) continue
      gtins += 1
      words.gtin.add(gtin)
      assert.equal(normalizeGtin(gtin), gtin)
    }
  }
  const offers = made.flatMap(({ variants }) => variants.flatMap((variant) => variant.offers))
  assert.deepEqual(
    [words.ref.size, words.sku.size, words.gtin.size],
    [made.length, offers.length, gtins],
  )
})

const mean = (products: readonly ImportProduct[], measure: (product: ImportProduct) => number) =>
  products.reduce((sum, product) => sum + measure(product), 0) / products.length

const offersOf = ({ variants }: ImportProduct) => variants.flatMap(({ offers }) => offers)

for (const [what, measure] of [
  ['variants', ({ variants }) => variants.length],
  ['offers', (product) => offersOf(product).length],
  ['levels of stock', (p) => offersOf(p).flatMap((o) => Object.keys(o.stock ?? {})).length],
  ['attributes', ({ attributes }) => Object.keys(attributes ?? {}).length],
  ['words in the name', ({ name }) => name.split(' ').length],
  ['descriptions', ({ description }) => (description === undefined ? 0 : 1)],
  ['reduced products', (product) => (offersOf(product).some((offer) => offer.salePrice) ? 1 : 0)],
  ['logarithm of the price', (product) => Math.log(offersOf(product)[0]?.price.amount ?? 1)],
] as const satisfies readonly (readonly [string, (product: ImportProduct) => number])[]) {
  test(`made-up products have as many as real ones, within 15 %: ${what}`, () => {
    const [expected, found] = [mean(real, measure), mean(made, measure)]
    assert.ok(Math.abs(found / expected - 1) < 0.15, `${found} is not near ${expected}`)
  })
}

test('demand falls by Zipf: the product wanted most stands far above the middle one', () => {
  const demand = made.map(({ popularity }) => 10 ** ((popularity ?? 0) * 7)).sort((a, b) => b - a)
  const share = (rank: number) => (demand[rank - 1] as number) / (demand[0] as number)
  // The k-th of a Pareto sample of exponent 1 is about 1/k of the first.
  const slope = Math.log(share(2_000) / share(20)) / Math.log(2_000 / 20)
  assert.ok(slope < -0.85 && slope > -1.15, `the slope is ${slope}`)
})

test('new model numbers come with new products, and names are seldom those of real ones', () => {
  const known = new Set(real.map(({ name }) => name))
  const fresh = new Set(made.map(({ name }) => name).filter((name) => !known.has(name)))
  assert.ok(fresh.size > made.length / 3, `${fresh.size} names are new`)
})
