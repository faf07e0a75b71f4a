import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseLocale, translated } from './localization.ts'
import type { ProductRecord } from './model.ts'

const CHOICES = [
  ['the very locale that is asked for', ['de', 'de-AT'], 'de-AT', undefined, 'de-AT'],
  ['its language, where the region has none', ['de', 'fr'], 'de-AT', undefined, 'de'],
  ['the shop’s own text, where neither has', ['fr'], 'de-AT', undefined, undefined],
  ['what the browser wants most', ['de', 'fr'], undefined, 'de;q=0.5, fr-CH', 'fr'],
  ['the next of its languages', ['de'], undefined, 'pl, de-CH;q=0.8, en;q=0.5', 'de'],
  ['the shop’s language before one wanted less', ['de'], undefined, 'en-GB, de;q=0.5', undefined],
  ['what is asked for before the browser', ['de', 'fr'], 'fr', 'de', 'fr'],
  ['letters large or small', ['de-AT'], undefined, 'DE-at', 'de-AT'],
  ['no language that is refused', ['de'], undefined, 'de;q=0', undefined],
  ['nothing from what is no such header', ['de'], undefined, ';;q=,*,--', undefined],
] as const

for (const [name, locales, wanted, header, expected] of CHOICES) {
  test(`shows ${name}`, () => assert.equal(chooseLocale(locales, wanted, header), expected))
}

test('each text falls back by itself', () => {
  const record = {
    name: 'Lamp',
    description: 'Bright',
    translations: [
      { locale: 'de', name: 'Lampe', description: 'Hell' },
      { locale: 'de-AT', name: 'Lamperl', description: null },
      { locale: 'fr', name: 'Lampe', description: null },
    ],
  } as unknown as ProductRecord
  const texts = (locale?: string) => {
    const { name, description } = translated(record, locale)
    return [name, description]
  }
  assert.deepEqual(texts('de-AT'), ['Lamperl', 'Hell'])
  assert.deepEqual(texts('fr'), ['Lampe', 'Bright'])
  assert.deepEqual(texts(), ['Lamp', 'Bright'])
})
