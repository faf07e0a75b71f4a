import assert from 'node:assert/strict'
import { test } from 'node:test'
import { draw } from './draw.ts'
import { makePrice, makeSalePrice, roundToPriceTag, scatterPrice } from './prices.ts'
import { makeQuantity, makeStock } from './stock.ts'
import { shorten, toPlainText, toSlug } from './text.ts'

const keys = Array.from({ length: 4000 }, (_, i) => `item-${i}`)

test('the same key draws the same number on every machine', () => {
  assert.equal(draw('price', 'goodbooks-1'), draw('price', 'goodbooks-1'))
  assert.equal(draw('a').toFixed(12), '0.815779499940')
})

test('half of all made prices lie below the median and none far outside', () => {
  const rule = { median: 100, spread: 0.5 }
  const prices = keys.map((key) => makePrice(rule, key))
  const below = prices.filter((price) => price < 100).length / prices.length
  assert.ok(below > 0.46 && below < 0.54, `${below}`)
  assert.ok(Math.min(...prices) > 33 && Math.max(...prices) < 301)
})

test('offers of one product lie within twelve per cent of it', () => {
  for (const key of keys) {
    const share = scatterPrice(key)
    assert.ok(share >= 0.88 && share <= 1.12)
  }
})

test('price tags are positive whole minor units that end as shops end them', () => {
  assert.deepEqual(
    [0.01, 1.37, 14.2, 249.3, 1234].map(roundToPriceTag),
    [19, 139, 1399, 24900, 122900],
  )
})

test('a tenth of all offers is reduced, never to nothing and never raised', () => {
  const price = { amount: 1999, currency: 'USD' }
  const sales = keys.map((key) => makeSalePrice(price, key)).filter((sale) => sale !== undefined)
  const share = sales.length / keys.length
  assert.ok(share > 0.08 && share < 0.12, `${share}`)
  assert.ok(sales.every(({ amount }) => amount > 0 && amount < price.amount))
})

test('about four per cent are sold out and few hold very many', () => {
  const quantities = keys.map(makeQuantity)
  const none = quantities.filter((quantity) => quantity === 0).length / keys.length
  const many = quantities.filter((quantity) => quantity > 100).length / keys.length
  assert.ok(none > 0.03 && none < 0.055, `${none}`)
  assert.ok(many > 0.005 && many < 0.05, `${many}`)
})

test('the stock of an offer is spread over its warehouses without loss', () => {
  for (const key of keys.slice(0, 300)) {
    const stock = makeStock(key, ['A', 'B', 'C'])
    const total = Object.values(stock).reduce((sum, quantity) => sum + quantity, 0)
    assert.equal(total, makeQuantity(key))
    assert.ok(Object.keys(stock).length > 0)
  }
})

test('text loses tags, entities and doubled blanks, and keeps comparison signs', () => {
  assert.equal(toPlainText('Intel&reg; <br />Xeon  &amp; more\\nlines'), 'Intel® Xeon & more lines')
  assert.equal(toPlainText('3 m > 75 dB'), '3 m > 75 dB')
  assert.equal(shorten('one two three', 9), 'one two…')
  assert.equal(toSlug('Prepared Meals & Entrées'), 'prepared-meals-and-entrees')
})
