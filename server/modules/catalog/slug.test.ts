import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { productSlug, slugWords } from './slug.ts'

test('a name becomes lower-case words of ASCII', () => {
  assert.equal(slugWords('  Größe “XL” – Crème Brûlée & Co. '), 'grosse-xl-creme-brulee-and-co')
  assert.equal(slugWords("Men's Łódź T-Shirt"), 'mens-lodz-t-shirt')
  assert.equal(slugWords('日本語'), '')
})

test('a long name is cut between words', () => {
  const slug = slugWords('word '.repeat(40))
  assert.ok(slug.length <= 80 && slug.endsWith('word'))
})

test('products of one name differ by their ref, and are the same whenever loaded', () => {
  assert.notEqual(productSlug('Milk', 'a'), productSlug('Milk', 'b'))
  assert.equal(productSlug('Milk', 'a'), productSlug('Milk', 'a'))
  assert.match(productSlug('日本語', 'a'), /^[0-9a-z]{6}$/)
})

test('any text makes an address that needs no escaping', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) =>
      /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(productSlug(name, name)),
    ),
  )
})
