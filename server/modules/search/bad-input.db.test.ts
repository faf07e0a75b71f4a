/**
 * Goal: whatever is asked, search gives an answer or a clear refusal (400), and the next one is served.
 * Method: each bad question as it stands in an address, through the route's schema and its handler.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { search, suggest } from '#contracts/search/routes.ts'
import { testPlatform } from '../../../tests/support/platform.ts'
import { GUEST } from '../../platform/http/actor.ts'
import type { CallContext, RawJson } from '../../platform/http/binding.ts'
import { searchShop } from './testing/shop.ts'

type Started = Awaited<ReturnType<Awaited<ReturnType<typeof searchShop>>['start']>>

async function openShop(): Promise<Started> {
  const made = await searchShop(testPlatform)
  for (const name of ['Falcon laptop', 'Eagle (a+)+b lamp', 'The lamp of the sea']) {
    await made.sell(made.ids.make('prd'), { name, attributes: { Colour: 'Red' } })
  }
  return made.start()
}

/** @returns the answer; `refused` where the schema or the handler says that it is no question */
async function ask(shop: Started, query: Readonly<Record<string, unknown>>) {
  const parsed = search.query.safeParse(query)
  if (!parsed.success) return 'refused'
  const binding = shop.routes.find(({ route }) => route === search)
  const context = { actor: GUEST, headers: {} } as unknown as CallContext
  try {
    const input = { params: undefined, query: parsed.data, body: undefined }
    const { body } = await binding!.handle(input, context)
    return search.replies[200].parse(JSON.parse((body as RawJson).rawJson.toString()))
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'validation_failed' || code === 'not_found') return 'refused'
    throw error
  }
}

const BOMB = `(${'a'.repeat(40)}+)+$`
const ANSWERED: readonly (readonly [what: string, query: Readonly<Record<string, unknown>>])[] = [
  ['nothing', {}],
  ['an empty text', { q: '' }],
  ['white space', { q: ' \t ' }],
  ['one letter', { q: 'l' }],
  ['only stop words', { q: 'the of and' }],
  ['quotes', { q: '"falcon\' “laptop”' }],
  ['an open quote', { q: '"' }],
  ['emoji', { q: '😀🚀👩‍👩‍👧‍👦' }],
  ['right to left', { q: 'مرحبا بالعالم שלום' }],
  ['marks of direction', { q: '\u202elaptop\u202c' }],
  ['SQL', { q: "'; drop table search.titles; --" }],
  ['more SQL', { q: "laptop' or 1=1", brand: "' or ''='" }],
  ['Lucene', { q: 'name:* AND NOT (x OR "y)~2^3 [a TO b] \\' }],
  ['a regular expression', { q: '/(a|a)*$/' }],
  ['a bomb of one', { q: BOMB, brand: BOMB, 'attr.colour': BOMB }],
  ['nested brackets', { q: '('.repeat(499) }],
  ['one long word', { q: 'a'.repeat(500) }],
  ['a word again and again', { q: 'laptop '.repeat(70) }],
  ['half a letter', { q: '\ud800' }],
  ['the letter zero', { q: 'lap\u0000top' }],
  ['many accents', { q: `l${'\u0301'.repeat(400)}` }],
  ['an unknown brand', { brand: 'Nobody' }],
  ['an unknown seller', { seller: 'sel_nobody' }],
  ['an unknown facet', { 'attr.nonsense': 'x', facet: 'colour', nonsense: 'y' }],
  ['names of what every object has', { 'attr.__proto__': 'x', 'attr.constructor': 'y' }],
  ['the last page', { page: '500', limit: '20' }],
  ['a price that nothing has', { minPrice: '999999999999', maxPrice: '1000000000000' }],
]

const REFUSED: readonly (readonly [what: string, query: Readonly<Record<string, unknown>>])[] = [
  ['5,000 letters', { q: 'x'.repeat(5_000) }],
  ['page 10,000', { page: '10000' }],
  ['a page too deep', { page: '500', limit: '100' }],
  ['page zero', { page: '0' }],
  ['a page of a half', { page: '1.5' }],
  ['a negative price', { minPrice: '-1' }],
  ['a negative highest price', { maxPrice: '-1' }],
  ['prices the wrong way round', { minPrice: '200', maxPrice: '100' }],
  ['a price in words', { minPrice: 'cheap' }],
  ['a price beyond all numbers', { maxPrice: '1e400' }],
  ['six stars', { minRating: '6' }],
  ['an unknown order', { sort: 'random' }],
  ['no products a page', { limit: '0' }],
  ['a thousand products a page', { limit: '1000' }],
  ['an unknown category', { category: 'no-such-category' }],
  ['a cursor that is none', { cursor: 'x' }],
  ['a facet without a name', { 'attr.': 'x' }],
  ['a facet with a very long name', { [`attr.${'x'.repeat(200)}`]: 'y' }],
  ['a very long value', { 'attr.colour': 'x'.repeat(300) }],
  ['too many values', { 'attr.colour': Array.from({ length: 60 }, (_, i) => `c${i}`) }],
  [
    'too many facets',
    Object.fromEntries(Array.from({ length: 31 }, (_, i) => [`attr.a${i}`, 'x'])),
  ],
]

test('whatever is asked is answered or refused, and the next question is answered', async (t) => {
  const shop = await openShop()
  for (const [what, query] of ANSWERED) {
    await t.test(`${what}: answered`, async () => {
      assert.notEqual(await ask(shop, query), 'refused')
    })
  }
  for (const [what, query] of REFUSED) {
    await t.test(`${what}: refused`, async () => {
      assert.equal(await ask(shop, query), 'refused')
      assert.notEqual(await ask(shop, { q: 'laptop' }), 'refused')
    })
  }
})

test('what is being typed may be anything too', async () => {
  const shop = await openShop()
  for (const [, { q }] of ANSWERED) {
    const parsed = suggest.query.safeParse({ q: String(q ?? '').slice(0, 200) })
    assert.ok(parsed.success)
    const { products } = await shop.api.suggest({ q: parsed.data.q, limit: 8 })
    assert.ok(Array.isArray(products))
  }
  assert.equal(suggest.query.safeParse({ q: 'x'.repeat(5_000) }).success, false)
})
