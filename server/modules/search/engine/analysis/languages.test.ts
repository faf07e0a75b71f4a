import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fold } from './fold.ts'
import { languagesOf, markOf, readTranslation, readWords, termIn, unmarked } from './languages.ts'
import { analyse } from './tokens.ts'

function termsOf(text: string, language: string): string[] {
  return readTranslation(analyse, text, language).map(({ term }) => unmarked(term))
}

test('spellings and forms of one word are one term in its language', () => {
  for (const [language, ...words] of [
    ['de', 'Kopfhörer', 'kopfhoerer', 'KOPFHÖRERN'],
    ['de', 'Tasche', 'Taschen'],
    ['de', 'Größe', 'Groesse', 'Größen', 'groß'],
    ['de', 'Glas', 'Gläser', 'Gläsern'],
    ['de', 'Ausweis', 'Ausweise', 'Ausweisen'],
    ['es', 'impresora', 'Impresoras'],
    ['es', 'inalámbrico', 'inalambricos', 'inalámbrica'],
    ['es', 'luz', 'Luces'],
    ['ar', 'طابعة', 'الطابعة', 'والطابعه', 'طَابِعَة'],
    ['ar', 'سماعات', 'السّمّاعات', 'سمـاعات'],
    ['ar', 'إلغاء', 'الغاء', 'ألغاء'],
    ['fr', 'Étagère', 'etagere'],
  ] as const) {
    const terms = new Set(words.map((word) => termIn(language, fold(word))))
    assert.equal(terms.size, 1, `${words.join()}: ${[...terms].join()}`)
  }
})

test('other words stay other terms', () => {
  for (const [language, one, other] of [
    ['de', 'steuer', 'stur'],
    ['de', 'Kabel', 'Kamera'],
    ['es', 'bolso', 'bola'],
    ['ja', 'かぎ', 'かき'],
    ['ar', 'باب', 'كتاب'],
  ] as const) {
    assert.notDeepEqual(termsOf(one, language), termsOf(other, language))
  }
})

test('models, measures and numbers are what they are in every language', () => {
  assert.deepEqual(termsOf('LX-20 mit 15,6 Zoll', 'de'), ['lx', '20', 'mit', '15.6in'])
  assert.deepEqual(termsOf('٥٥', 'ar'), ['55'])
})

test('scripts without spaces are pairs of letters, and letters by themselves but hiragana', () => {
  const tokens = readTranslation(analyse, 'USB黒い鞄', 'ja')
  assert.deepEqual(
    tokens.map(({ term, coarse }) => [unmarked(term), coarse && unmarked(coarse)]),
    [
      ['usb', undefined],
      ['黒い', '黒'],
      ['い鞄', undefined],
      ['鞄', undefined],
    ],
  )
})

test('a question’s words in such scripts are those of a dictionary, each with its pairs', () => {
  assert.deepEqual(
    readWords('黒いノートパソコン usb', ['ja']).map(({ surface, pairs }) => [surface, pairs?.[0]]),
    [
      ['黒い', '黒い'],
      ['ノート', 'ノー'],
      ['パソコン', 'パソ'],
      ['usb', undefined],
    ],
  )
  assert.deepEqual(readWords('black bag', ['ja']), analyse('black bag'))
  assert.deepEqual(readWords('黒い', []), analyse('黒い'))
})

test('a term tells its language, the shop’s own words have none', () => {
  const term = termIn('de', 'kamera')
  assert.deepEqual([markOf(term), unmarked(term)], [':de:', 'kamera'])
  assert.deepEqual([markOf('camera'), unmarked('camera')], ['', 'camera'])
})

test('languages come from the locale and from the letters', () => {
  assert.deepEqual(languagesOf('kopfhörer 55"', 'de-AT'), ['de'])
  assert.deepEqual(languagesOf('headphones', undefined), [])
  assert.deepEqual(languagesOf('ヘッドホン', 'de'), ['ja', 'de'])
  assert.deepEqual(languagesOf('笔记本', 'zh-Hans'), ['zh', 'ja'])
  assert.deepEqual(languagesOf('سماعات', 'ar'), ['ar'])
  assert.deepEqual(languagesOf('😀', undefined), [])
})
