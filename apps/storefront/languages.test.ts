import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { formatFor, localeOf } from './lib/format.ts'
import { LANGUAGES, messagesFor } from './messages/index.ts'
import { PLURAL_FORMS } from './messages/plural.ts'
import { startTestShop, type TestShop } from './test-shop.ts'

type Text = string | ((...values: unknown[]) => string)
type Texts = ReadonlyMap<string, Text>

/** All texts of a language by the names that lead to them. */
function textsOf(table: object, above = ''): Texts {
  return new Map(
    Object.entries(table).flatMap(([name, value]: [string, unknown]): [string, Text][] =>
      typeof value === 'object' && value !== null
        ? [...textsOf(value, `${above}${name}.`)]
        : [[above + name, value as Text]],
    ),
  )
}

const english = textsOf(messagesFor('en'))
/** Numbers of every plural form of every language. */
const NUMBERS = [0, 1, 2, 3, 11, 100]
/** Said otherwise than by a figure: once, twice, a word for none. */
const SAID_IN_WORDS = new Set([0, 1, 2])

/** Which of the values given to it a text shows. */
function shown(text: Text, values: readonly unknown[]): boolean[] {
  assert.ok(typeof text === 'function')
  const said = text(...values)
  return values.map((value) => said.includes(String(value)))
}

test('every message is said by some page', () => {
  const programs = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .filter((path) => !path.startsWith('messages'))
    .map((path) => readFileSync(join(import.meta.dirname, path), 'utf8'))
    .join('\n')
  const unsaid = Object.keys(messagesFor('en')).filter(
    (name) => !new RegExp(`\\b${name}\\b`).test(programs),
  )
  assert.deepEqual(unsaid, [])
})

describe('the words of the shop', () => {
  for (const language of LANGUAGES) {
    const texts = textsOf(messagesFor(language))

    test(`${language} has every text, none of them empty`, () => {
      assert.deepEqual([...texts.keys()].toSorted(), [...english.keys()].toSorted())
      for (const [name, text] of texts) {
        assert.equal(typeof text, typeof english.get(name), name)
        if (typeof text === 'string') assert.ok(text.trim().length > 0, name)
      }
    })

    test(`${language} shows in its texts what the English ones show`, () => {
      for (const [name, text] of texts) {
        const original = english.get(name)
        if (typeof text === 'string' || typeof original !== 'function') continue
        const words = Array.from({ length: original.length }, (_, place) => `«${place}»`)
        for (const number of NUMBERS) {
          const values = [number, ...words.slice(1)]
          if (SAID_IN_WORDS.has(number)) text(...values)
          else assert.deepEqual(shown(text, values), shown(original, values), `${name}, ${number}`)
        }
        assert.doesNotMatch(text(...words), /undefined/, name)
      }
    })

    test(`${language} counts in the forms that its grammar has`, () => {
      const rules = new Intl.PluralRules(language)
      const forms: readonly string[] = PLURAL_FORMS[language]
      assert.deepEqual(forms.toSorted(), rules.resolvedOptions().pluralCategories.toSorted())
      for (const [name, text] of texts) {
        if (typeof text === 'string') continue
        for (const number of NUMBERS) {
          const said = text(number, ...Array.from({ length: text.length }, () => '«»'))
          assert.doesNotMatch(said, /undefined|NaN/, name)
        }
      }
    })
  }

  test('each language is written in its own script', () => {
    for (const [language, script] of [
      ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]|^(Stoa|ltr)$|\{/u],
      ['ar', /\p{Script=Arabic}|^(Stoa|rtl)$/u],
    ] as const) {
      for (const [name, text] of textsOf(messagesFor(language))) {
        if (typeof text === 'string') assert.match(text, script, name)
      }
    }
  })

  test('Arabic has a word for one and for two, and nouns follow the number', () => {
    const { itemsCount } = messagesFor('ar')
    assert.deepEqual(
      [1, 2, 3, 11, 100].map((n) => itemsCount(n)),
      ['منتج واحد', 'منتجان', '3 منتجات', '11 منتجًا', '100 منتج'],
    )
  })
})

test('prices and days are written as the language and country have it', () => {
  const of = (language: string, country: string) => formatFor(localeOf({ language, country }))
  const yen = { amount: 129_800, currency: 'JPY' }
  assert.match(of('ja', 'JP').money(yen), /^[¥￥]129,800$/)
  assert.equal(of('ja', 'JP').day('2026-05-12T10:00:00Z'), '5月12日')
  assert.match(of('es', 'ES').money({ amount: 123_450, currency: 'EUR' }), /^1234,50\s€$/)
  assert.match(of('ar', 'AE').day('2026-05-12T10:00:00Z'), /^12 مايو$/)
  assert.match(of('ar', 'EG').money({ amount: 123_450, currency: 'EUR' }), /1,234\.50/)
})

test('styles name no side of the page, but for what is turned round by hand', () => {
  const folder = join(import.meta.dirname, 'styles')
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.css')) continue
    const rules = readFileSync(join(folder, file), 'utf8').replace(/\[dir="rtl"\][^}]*\}/g, '')
    assert.doesNotMatch(
      rules,
      /(margin|padding|border)-(left|right)|\b(text-align|float|clear): (left|right)|[{;]\s*(left|right):/,
      file,
    )
  }
})

describe('pages in a language', () => {
  let shop: TestShop
  before(async () => {
    shop = await startTestShop()
  })
  after(() => shop.close())

  for (const language of LANGUAGES) {
    test(`an address that names ${language} shows it, and the browser goes on in it`, async () => {
      const browser = shop.browser()
      const t = messagesFor(language)
      const { body } = await browser.get(`/departments?lang=${language}`)
      assert.match(body, new RegExp(`<html lang="${language}" dir="${t.dir}">`))
      const next = await browser.get('/cart')
      assert.match(next.body, new RegExp(`<html lang="${language}" dir="${t.dir}">`))
      assert.ok(next.body.includes(t.cartEmpty))
      for (const path of ['/about', '/privacy', '/shipping']) {
        assert.equal((await browser.get(path)).status, 200)
      }
    })
  }

  test('a page names its own address and those of its other languages', async () => {
    const { body } = await shop.browser().get('/departments?lang=ar')
    const links = [...body.matchAll(/<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">/g)]
    assert.deepEqual(
      links.map(([, language, address]) => `${language} ${address}`),
      [
        'x-default http://shop.test/departments',
        'en http://shop.test/departments',
        'de http://shop.test/departments?lang=de',
        'es http://shop.test/departments?lang=es',
        'ja http://shop.test/departments?lang=ja',
        'ar http://shop.test/departments?lang=ar',
      ],
    )
    assert.match(body, /<link rel="canonical" href="http:\/\/shop\.test\/departments\?lang=ar">/)
  })

  test('the choice lists every language by its own name', async () => {
    const { body } = await shop.browser().get('/preferences')
    for (const language of LANGUAGES) {
      assert.ok(body.includes(`lang="${language}"`))
      assert.ok(body.includes(`>${messagesFor(language).language}</option>`))
    }
  })

  test('choosing another language on a page whose address names one changes it', async () => {
    const browser = shop.browser()
    const { body } = await browser.get('/departments?lang=ja')
    assert.match(body, /name="back" value="\/departments"/)
    await browser.post('/preferences', {
      country: 'US',
      currency: 'USD',
      language: 'es',
      back: '/departments',
    })
    assert.match((await browser.get('/departments')).body, /<html lang="es"/)
  })

  test('a language that the shop does not speak is passed over', async () => {
    const browser = shop.browser()
    assert.match((await browser.get('/departments?lang=xx')).body, /<html lang="en"/)
    assert.match((await browser.get('/departments?lang=de&lang=ar')).body, /<html lang="en"/)
  })
})
