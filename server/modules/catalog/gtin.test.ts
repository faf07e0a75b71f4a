import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { gtinCheckDigit, isGtin, normalizeGtin } from './gtin.ts'

test('numbers of all four lengths are known by their check digit', () => {
  for (const gtin of ['96385074', '036000291452', '4006381333931', '10614141543219'])
    assert.equal(isGtin(gtin), true, gtin)
  for (const wrong of [
    '96385075',
    '4006381333932',
    '400638133393',
    '0000000000000',
    '40063813339x',
  ])
    assert.equal(isGtin(wrong), false, wrong)
})

test('a UPC, an ISBN-10 and a number with hyphens come to one spelling', () => {
  assert.equal(normalizeGtin('036000291452'), '0036000291452')
  assert.equal(normalizeGtin('0-306-40615-2'), '9780306406157')
  assert.equal(normalizeGtin('978-0-306-40615-7'), '9780306406157')
  assert.equal(normalizeGtin('080442957X'), '9780804429573')
  assert.equal(normalizeGtin('0804429570'), undefined)
})

test('one wrong digit is always noticed', () => {
  const body = fc.stringMatching(/^[1-9]\d{11}$/)
  fc.assert(
    fc.property(body, fc.nat(12), fc.integer({ min: 1, max: 9 }), (digits, place, shift) => {
      const gtin = `${digits}${gtinCheckDigit(digits)}`
      const wrong = [...gtin]
      wrong[place] = String((Number(wrong[place]) + shift) % 10)
      return isGtin(gtin) && !isGtin(wrong.join(''))
    }),
  )
})
