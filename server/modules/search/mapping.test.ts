import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { convert } from '#contracts/kit/money.ts'
import { systemClock } from '../../platform/clock.ts'
import { attributeValues, toSearchDocument } from './documents.ts'
import { boundsInBase } from './exchange.ts'
import { spellings, toSearchQuery } from './query.ts'
import { createResultCache } from './result-cache.ts'
import { readAttributes } from './routes.ts'
import { productOf } from './testing/shop.ts'
import { prefixWords } from './titles.ts'

const rates = {
  currency: 'USD',
  toBase: ({ amount, currency }: { amount: number; currency: string }) =>
    currency === 'USD' ? amount : currency === 'EUR' ? amount * 2 : undefined,
}

test('a product becomes a document: path, options by variant, prices in one currency', () => {
  const product = productOf('prd_1', {
    name: 'Shirt',
    brand: ' Acme ',
    price: { amount: 100, currency: 'EUR' },
    listPrice: { amount: 150, currency: 'EUR' },
    attributes: { Colour: 'Red', Weight: { value: 1.5, unit: 'kg' }, Ports: ['USB', 'HDMI'] },
  })
  const [variant] = product.variants
  const document = toSearchDocument(
    { ...product, variants: [{ ...variant!, options: { colour: ' Dark  blue ' } }] },
    rates,
  )
  assert.equal(document?.brand, 'Acme')
  assert.deepEqual(document?.categoryPath, ['cat_1', 'cat_2'])
  assert.deepEqual(document?.variants, [
    [
      { name: 'colour', value: 'Dark blue' },
      { name: 'weight', value: '1.5 kg' },
      { name: 'ports', value: 'USB' },
      { name: 'ports', value: 'HDMI' },
    ],
  ])
  assert.deepEqual(document?.prices, [
    { market: 'base', currency: 'USD', amount: 200, inStock: true, onSale: true },
  ])
})

test('a product is on sale where the price that lists show of it is', () => {
  const product = productOf('prd_1', { name: 'Shirt' })
  const variantOf = (amount: number, listAmount: number) => ({
    ...product.variants[0]!,
    offers: [
      {
        ...product.variants[0]!.offers[0]!,
        price: { amount, currency: 'USD' },
        listPrice: { amount: listAmount, currency: 'USD' },
      },
    ],
  })
  const [usual, cut] = [variantOf(9, 9), variantOf(5, 9)]
  const isOnSale = (variants: (typeof usual)[]) =>
    toSearchDocument({ ...product, variants }, rates)?.onSale
  assert.deepEqual([isOnSale([cut, usual]), isOnSale([usual, cut])], [true, false])
})

test('the price is the cheapest offer of the first variant that is in stock', () => {
  const product = productOf('prd_1', { name: 'Shirt' })
  const offer = (amount: number, available?: number) => ({
    ...product.variants[0]!.offers[0]!,
    price: { amount, currency: 'USD' },
    listPrice: { amount, currency: 'USD' },
    ...(available === undefined ? {} : { available }),
  })
  const variants = [[offer(1, 0)], [offer(9, 2), offer(7, 1), offer(5, 0)], [offer(2, 5)]].map(
    (offers) => ({ ...product.variants[0]!, offers }),
  )
  assert.equal(toSearchDocument({ ...product, variants }, rates)?.prices[0]?.amount, 7)
  const out = [{ ...product.variants[0]!, offers: [offer(3, 0)] }]
  assert.equal(toSearchDocument({ ...product, variants: out }, rates)?.inStock, false)
})

test('what is not sold has no document, what cannot be converted no price', () => {
  const product = productOf('prd_1', { name: 'Shirt', price: { amount: 1, currency: 'XXX' } })
  assert.deepEqual(toSearchDocument(product, rates)?.prices, [])
  assert.equal(toSearchDocument({ ...product, active: false }, rates), null)
  const unoffered = [{ ...product.variants[0]!, offers: [] }]
  assert.equal(toSearchDocument({ ...product, variants: unoffered }, rates), null)
})

test('attribute values are written as people read them', () => {
  assert.deepEqual(attributeValues(true), ['Yes'])
  assert.deepEqual(attributeValues(15.6), ['15.6'])
  assert.deepEqual(attributeValues(['a ', '']), ['a'])
  assert.deepEqual(attributeValues({ value: 2, unit: '' }), ['2'])
})

test('bounds let through exactly what is shown within them', () => {
  const rate = fc.integer({ min: 1, max: 3_000_000 }).map((n) => (n / 10_000).toFixed(4))
  const amount = fc.integer({ min: 0, max: 1_000_000 })
  fc.assert(
    fc.property(
      rate,
      fc.constantFrom('EUR', 'JPY', 'KWD'),
      amount,
      amount,
      amount,
      (rate, currency, base, min, max) => {
        const bounds = boundsInBase({ min, max }, { rate, base: 'USD', currency })
        const shown = convert({ amount: base, currency: 'USD' }, currency, rate).amount
        assert.equal(base >= bounds.min!, shown >= min)
        assert.equal(base <= bounds.max!, shown <= max)
      },
    ),
  )
  assert.deepEqual(boundsInBase({ min: 5 }, { rate: '1', base: 'USD', currency: 'USD' }), {
    min: 5,
  })
})

const input = {
  q: '  red   sofa ',
  attributes: { Size: ['xl'], colour: ['red', 'Blue'] },
  sort: 'price' as const,
  page: 2,
  limit: 10,
  currency: 'EUR',
  country: 'DE',
}
const known = { categoryId: 'cat_1', bounds: { min: 1 }, baseCurrency: 'USD' }

test('the order of filters does not matter to the query', () => {
  const query = toSearchQuery(input, known)
  const turned = { ...input, attributes: { colour: ['Blue', 'red'], Size: ['xl'] } }
  assert.equal(JSON.stringify(toSearchQuery(turned, known)), JSON.stringify(query))
  assert.equal(query.text, 'red sofa')
  assert.deepEqual(query.market, { market: 'base', currency: 'USD' })
  assert.deepEqual(
    query.filters?.attributes?.map(({ name }) => name),
    ['colour', 'size'],
  )
  assert.deepEqual(spellings(['usb-c']), ['USB-C', 'Usb-c', 'usb-c'])
})

test('attr.* are read from a loose query, commas and all; nonsense is refused', () => {
  const query = { q: 'x', 'attr.Colour': ['Red', ' '], 'attr.length': '1,5 m', other: 'y' }
  assert.deepEqual({ ...readAttributes(query) }, { Colour: ['Red'], length: ['1,5 m'] })
  assert.throws(() => readAttributes({ 'attr.': 'x' }), { code: 'validation_failed' })
  assert.throws(() => readAttributes({ 'attr.a': 'x'.repeat(201) }), { code: 'validation_failed' })
  assert.deepEqual(Object.keys(readAttributes({ 'attr.__proto__': 'x' })), ['__proto__'])
})

test('words for the lesser search hold letters and digits alone', () => {
  assert.equal(prefixWords("O'Neil & (usb|c) :*!"), 'o:* & neil:* & usb:* & c:*')
  assert.equal(prefixWords('😀 —'), '')
})

test('a kept result is given while the index stands still, and forgotten with the eldest', async () => {
  const cache = createResultCache<number>({ clock: systemClock, most: 2 })
  let loads = 0
  const load = async () => {
    loads += 1
    return loads
  }
  const ask = (key: string, version: number) => cache.get(key, version, load)
  assert.deepEqual([await ask('a', 1), await ask('a', 1), await ask('a', 2)], [1, 1, 2])
  await ask('b', 2)
  await ask('a', 2)
  await ask('c', 2)
  assert.equal(await ask('a', 2), 2)
  assert.equal(await ask('b', 2), 5)
  await assert.rejects(cache.get('d', 2, () => Promise.reject(new Error('no'))))
  assert.equal(await ask('d', 2), 6)
})
