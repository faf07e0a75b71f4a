import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isbn10ToGtin, isGtin, normalizeGtin } from './gtin.ts'

test('a GTIN needs the right length and the right check digit', () => {
  assert.equal(isGtin('4006381333931'), true)
  assert.equal(isGtin('4006381333932'), false)
  assert.equal(isGtin('96385074'), true)
  assert.equal(isGtin('400638133393'), false)
  assert.equal(isGtin('0000000000000'), false)
})

test('a UPC becomes a GTIN-13, a padded GTIN-14 loses its padding', () => {
  assert.equal(normalizeGtin('036000291452'), '0036000291452')
  assert.equal(normalizeGtin('00735858169875'), '0735858169875')
  assert.equal(normalizeGtin('96385074'), '96385074')
})

test("a shop's own number and a code with a wrong check digit are no GTIN", () => {
  assert.equal(normalizeGtin('2000001186008'), undefined)
  assert.equal(normalizeGtin('4006381333932'), undefined)
  assert.equal(normalizeGtin('n/a'), undefined)
})

test('an ISBN-10 that lost its zeros becomes an ISBN-13', () => {
  assert.equal(isbn10ToGtin('61120081'), '9780061120084')
  assert.equal(isbn10ToGtin('080442957X'), '9780804429573')
  assert.equal(isbn10ToGtin('61120082'), undefined)
  assert.equal(isbn10ToGtin(''), undefined)
})
