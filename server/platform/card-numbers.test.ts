import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasCardNumber, maskCardNumbers } from './card-numbers.ts'

const CARDS = [
  '4242424242424242',
  'my card is 4111 1111 1111 1111.',
  '5555-5555-5555-4444',
  '378282246310005',
  '6011111111111117',
  '30569309025904',
]

test('a card number is found alone, in groups and within a text', () => {
  for (const text of CARDS) assert.ok(hasCardNumber(text), text)
})

test('numbers of articles, telephones, ids and what fails the check are no cards', () => {
  for (const text of [
    '4006381333931',
    '4242424242424241',
    '+49 30 901820',
    '1Z999AA10123456784',
    'tok_4242424242424242',
    'ord_01jd4242424242424242xyz',
    '12.4242424242424242',
    '9780140449136',
    '449044304137828',
    '00000000000000000000',
    '',
  ])
    assert.ok(!hasCardNumber(text), text)
})

test('what is masked has no card number any more, and keeps its other words', () => {
  for (const text of CARDS) {
    const masked = maskCardNumbers(text)
    assert.ok(!hasCardNumber(masked), masked)
    assert.equal(masked.replace(/1/g, ''), text.replace(/\d/g, ''))
  }
})
