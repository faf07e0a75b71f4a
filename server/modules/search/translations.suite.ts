import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languagesOf, type SearchDocument, type Translation } from './engine/index.ts'
import { named } from './engine/testing/documents.ts'
import type { SearchIndex } from './port.ts'

const MARKET = { market: 'US', currency: 'USD' }

function translated(
  id: string,
  name: string,
  names: Readonly<Record<string, string>>,
  descriptions: Readonly<Record<string, string>> = {},
): SearchDocument {
  const document = named(id, name)
  const translations = Object.entries(names).map(
    ([language, each]): Translation => ({
      language,
      name: each,
      description: descriptions[language] ?? '',
    }),
  )
  return { ...document, fields: { ...document.fields, translations } }
}

const SHOP: readonly SearchDocument[] = [
  translated('printer', 'Laser printer LX-20', {
    de: 'Laserdrucker LX-20',
    es: 'Impresora láser LX-20',
    ja: 'レーザープリンター LX-20',
    ar: 'طابعة ليزر LX-20',
  }),
  translated(
    'headphones',
    'Wireless headphones',
    {
      de: 'Kabellose Kopfhörer',
      es: 'Auriculares inalámbricos',
      ja: 'ワイヤレスヘッドホン',
      ar: 'سمّاعات لاسلكية',
    },
    {
      de: 'Mit Geräuschunterdrückung für lange Flüge',
      ar: 'مع خاصيّة إلغاء الضوضاء',
      ja: '静かな旅のために',
    },
  ),
  translated('bag', 'Laptop bag', {
    de: 'Tasche für Notebooks',
    es: 'Bolso para portátil',
    ja: 'ノートパソコン用の黒い鞄',
    ar: 'حقيبة للحاسوب المحمول',
  }),
  translated('poison', 'Rat bait', { de: 'Gift gegen Ratten' }),
  named('gift', 'Gift card'),
]

/** What is asked in a language, and what has to come first. */
const FINDS: readonly (readonly [locale: string, text: string, best: string])[] = [
  ['de', 'laserdrucker', 'printer'],
  ['de', 'Laser-Drucker', 'printer'],
  ['de', 'laser drucker', 'printer'],
  ['de-AT', 'Kopfhörer', 'headphones'],
  ['de', 'kopfhoerer', 'headphones'],
  ['de', 'kopfhorer kabellos', 'headphones'],
  ['de', 'geräuschunterdrückung', 'headphones'],
  ['de', 'Taschen für Notebook', 'bag'],
  ['de', 'Laser printer', 'printer'],
  ['es', 'impresoras laser', 'printer'],
  ['es', 'auricular inalambrico', 'headphones'],
  ['es-MX', 'BOLSOS', 'bag'],
  ['ja', 'プリンター', 'printer'],
  ['ja', 'レーザー プリンター', 'printer'],
  ['ja', 'ﾌﾟﾘﾝﾀｰ', 'printer'],
  ['ja', '黒い鞄', 'bag'],
  ['ja', '鞄', 'bag'],
  ['ja', '静か', 'headphones'],
  ['ar', 'طابعة', 'printer'],
  ['ar', 'الطابعه', 'printer'],
  ['ar', 'سماعات لاسلكيه', 'headphones'],
  ['ar', 'إلغاء ضوضاء', 'headphones'],
  ['ar', 'حقائب حاسوب', 'bag'],
]

/** Words of translations, which every engine of search has to find for who reads that language. */
export function describeTranslations(
  name: string,
  build: (documents: readonly SearchDocument[]) => Promise<SearchIndex>,
): void {
  let kept: Promise<SearchIndex> | undefined

  function shop(): Promise<SearchIndex> {
    kept ??= build(SHOP)
    return kept
  }

  async function ask(text: string, locale?: string) {
    const languages = languagesOf(text, locale)
    return (await shop()).search({
      text,
      market: MARKET,
      ...(languages.length > 0 && { languages }),
    })
  }

  async function idsOf(text: string, locale?: string) {
    return (await ask(text, locale)).hits.map(({ id }) => id)
  }

  test(`${name}: a product is found by its name and description in the shopper's language`, async () => {
    for (const [locale, text, best] of FINDS) {
      assert.equal((await idsOf(text, locale))[0], best, `${locale}: ${text}`)
    }
  })

  test(`${name}: who reads the shop's own language meets no words of others`, async () => {
    for (const text of ['laserdrucker', 'auriculares', 'tasche', 'kabellos']) {
      assert.deepEqual(await idsOf(text), [], text)
    }
    assert.deepEqual(await idsOf('gift'), ['gift'])
    assert.deepEqual(await idsOf('tasche', 'es'), [])
    assert.deepEqual((await idsOf('gift', 'de')).toSorted(), ['gift', 'poison'])
  })

  test(`${name}: letters tell their language, whatever the shopper's is`, async () => {
    assert.equal((await idsOf('طابعة'))[0], 'printer')
    assert.equal((await idsOf('ヘッドホン', 'de'))[0], 'headphones')
  })

  test(`${name}: kana that differ by a voice mark are other words`, async () => {
    const index = await build([
      translated('key', 'Key', { ja: 'かぎ' }),
      translated('oyster', 'Oyster', { ja: 'かき' }),
    ])
    const { hits } = await index.search({ text: 'かぎ', market: MARKET, languages: ['ja'] })
    assert.deepEqual(
      hits.map(({ id }) => id),
      ['key'],
    )
  })

  test(`${name}: a misspelt word of a translation is corrected`, async () => {
    const found = await ask('kopfhöhrer', 'de')
    assert.equal(found.hits[0]?.id, 'headphones')
    assert.notEqual(found.correctedQuery, null)
    assert.ok(!found.correctedQuery?.includes(':'))
    assert.deepEqual(await idsOf('kopfhöhrer'), [])
  })

  test(`${name}: words that a translation lacks are let go of, by the word`, async () => {
    const found = await ask('ヘッドホン 鉛筆', 'ja')
    assert.equal(found.hits[0]?.id, 'headphones')
    assert.deepEqual(found.droppedWords, ['鉛筆'])
  })

  test(`${name}: no word is told to be left out where all that is found has it`, async () => {
    const found = await ask('kabellose kopfhörer', 'de')
    assert.deepEqual([found.total, found.droppedWords], [1, []])
  })

  test(`${name}: products are suggested by beginnings of their translated names`, async () => {
    const index = await shop()
    const suggest = async (text: string, locale: string) =>
      (await index.suggest({ text, limit: 8, languages: languagesOf(text, locale) })).productIds
    assert.deepEqual(await suggest('kopfh', 'de'), ['headphones'])
    assert.deepEqual(await suggest('auri', 'es'), ['headphones'])
    assert.deepEqual(await suggest('طاب', 'ar'), ['printer'])
    assert.deepEqual(await suggest('プリ', 'ja'), ['printer'])
    const own = await index.suggest({ text: 'kopfh', limit: 8 })
    assert.deepEqual([...own.productIds, ...own.completions], [])
  })

  test(`${name}: a changed translation is found, the one before is not`, async () => {
    const index = await build(SHOP)
    const changed = translated('bag', 'Laptop bag', { de: 'Rucksack' })
    assert.equal(await index.apply({ documents: [changed], gone: [], asOf: 2 }), 1)
    const find = async (text: string) =>
      (await index.search({ text, market: MARKET, languages: ['de'] })).hits.map(({ id }) => id)
    assert.deepEqual(await find('Rucksack'), ['bag'])
    assert.deepEqual(await find('Tasche'), [])
  })
}
