import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fold } from './fold.ts'
import { pluralOf, stem } from './stem.ts'
import { analyse } from './tokens.ts'
import { measureOf } from './units.ts'

function termsOf(text: string): readonly string[] {
  return analyse(text).flatMap(({ term, joined, coarse }) =>
    [term, joined, coarse].filter((each) => each !== undefined),
  )
}

const READINGS: readonly (readonly [text: string, terms: readonly string[]])[] = [
  ['tv stand 55 in', ['tv', 'stand', '55in']],
  ['55" TV', ['55in', 'tv']],
  ['55-inch', ['55in']],
  ['55″', ['55in']],
  ['15.6" laptop', ['15.6in', '15in', 'laptop']],
  ['500 GB', ['500gb']],
  ['500GB', ['500gb']],
  ['1,000 ml', ['1000ml']],
  ['2,5 l', ['2.5l']],
  ['pack of 2 in black', ['pack', 'of', '2', 'in', 'black']],
  ['LE-40B650', ['le', 'le40b650', '40b650']],
  ['le40b650', ['le40b650']],
  ['Wi-Fi', ['wi', 'wifi', 'fi']],
  ["Levi's jeans", ['levis', 'jean']],
  ['Batteries', ['battery']],
  ['watches boxes glasses', ['watch', 'box', 'glass']],
  ['café Ñandú Straße', ['cafe', 'nandu', 'strasse']],
  ['SmartFit™ stand', ['smartfit', 'stand']],
  ['ＵＳＢ', ['usb']],
  ['冷蔵庫', ['冷蔵', '蔵庫']],
  ['  ...  ""', []],
]

for (const [text, terms] of READINGS) {
  test(`reads ${JSON.stringify(text)} as ${terms.join(' ') || 'nothing'}`, () => {
    assert.deepEqual(termsOf(text), terms)
  })
}

test('a singular and its plural have one stem', () => {
  const words = ['battery', 'watch', 'box', 'shoe', 'headphone', 'glass', 'knife', 'lens', 'case']
  for (const word of words) {
    assert.equal(stem(pluralOf(word)), stem(word), word)
  }
})

test('words that end in s and are no plurals stay whole', () => {
  for (const word of ['wireless', 'bus', 'tennis', 'series', 'lens', 'gps', 'this']) {
    assert.equal(stem(word), word)
  }
})

test('a measure needs a number and a known unit', () => {
  assert.equal(measureOf('55in'), '55in')
  assert.equal(measureOf('55xyz'), undefined)
  assert.equal(measureOf('in'), undefined)
})

test('folding twice changes nothing more, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(fold(fold(text)), fold(text))
    }),
  )
})

test('no text makes the analyser fail or hang', () => {
  const evil = ['a'.repeat(5_000), '-'.repeat(5_000), 'a-'.repeat(2_500), `${'1,'.repeat(2_500)}x`]
  for (const text of evil) {
    assert.doesNotThrow(() => analyse(text))
  }
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void analyse(text)))
})
