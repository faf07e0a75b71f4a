import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as admin from '#contracts/search/admin.ts'
import { search as searchRoute } from '#contracts/search/routes.ts'
import { callerOf, operatorOf } from '../../../../tests/support/operator.ts'
import { testPlatform } from '../../../../tests/support/platform.ts'
import { GUEST } from '../../../platform/http/actor.ts'
import { searchShop, until } from '../testing/shop.ts'

const shop = await searchShop(testPlatform)
const [sofa, chair, lamp] = ['Red sofa', 'Green chair', 'Desk lamp'].map((name) => {
  const id = shop.ids.make('prd')
  shop.sellSecretly(id, { name, leaf: 'cat_3' })
  return id
}) as [string, string, string]
const parts = await shop.start()
/** Another process on the same database. */
const other = await shop.start()
for (const each of [parts, other]) await until(async () => (await each.api.stats()).serving)
const follow = async () => {
  await other.tickers.find(({ name }) => name === 'search.follow_merchandise')?.run()
}
const operator = operatorOf(shop, parts.routes)
const guest = callerOf(shop, parts.routes, GUEST)

const idsOf = async (q: string, more: object = {}) =>
  (await parts.find({ q, ...more })).items.map(({ id }) => id)

async function changesOf(entityId: string) {
  const { body } = await operator(admin.listSearchChanges, { query: { entityId } })
  return body.items.map(({ action, actor, diff }) => [action, actor, Object.keys(diff).toSorted()])
}

test('a synonym holds at once here and by the next look in other processes, until it is removed', async () => {
  assert.deepEqual(await idsOf('davenport'), [])
  const body = { from: 'davenport', to: ['sofa'] }
  const made = await operator(admin.createSynonym, { body })
  assert.equal(made.status, 201)
  assert.deepEqual(await idsOf('davenports'), [sofa])
  assert.equal((await other.find({ q: 'davenport' })).total, 0)
  await follow()
  assert.equal((await other.find({ q: 'davenport' })).total, 1)

  const { id } = made.body
  const synonymId = { synonymId: id }
  const german = { ...body, locale: 'de' }
  const stale = { 'if-match': '"7"' }
  const refused = await operator(admin.replaceSynonym, {
    params: synonymId,
    body: german,
    headers: stale,
  })
  assert.deepEqual([refused.status, refused.problem.code], [412, 'precondition_failed'])
  assert.deepEqual(await idsOf('davenport'), [sofa], 'the refusal changed nothing')
  const headers = { 'if-match': '"1"' }
  const edited = await operator(admin.replaceSynonym, { params: synonymId, body: german, headers })
  assert.deepEqual([edited.body.version, edited.headers['etag']], [2, '"2"'])
  assert.deepEqual(await idsOf('davenport'), [])
  assert.deepEqual(await idsOf('davenport', { locale: 'de-AT' }), [sofa])
  const same = await operator(admin.replaceSynonym, { params: synonymId, body: german })
  assert.equal(same.body.version, 2, 'the same again changes nothing')

  assert.equal((await operator(admin.removeSynonym, { params: synonymId })).status, 204)
  assert.deepEqual(await idsOf('davenport', { locale: 'de' }), [])
  assert.equal((await operator(admin.getSynonym, { params: synonymId })).status, 404)
  assert.deepEqual(await changesOf(id), [
    ['removed', 'operator:ops_1', ['enabled', 'from', 'locale', 'oneWay', 'to']],
    ['edited', 'operator:ops_1', ['locale']],
    ['created', 'operator:ops_1', ['enabled', 'from', 'oneWay', 'to']],
  ])
})

test('synonyms that no search could meet, and anyone but operators, are refused', async () => {
  const words = (from: string, to: string[], oneWay = false) =>
    operator(admin.createSynonym, { body: { from, to, oneWay } })
  assert.equal((await words('one two three four', ['x'])).status, 400)
  assert.equal((await words('x', ['one two three four'])).status, 400)
  assert.equal((await words('', ['x'])).status, 400)
  assert.equal((await words('x', [])).status, 400)
  assert.equal((await guest(admin.createSynonym, { body: { from: 'x', to: ['y'] } })).status, 401)
  const { body } = await operator(admin.listSynonyms)
  assert.deepEqual(body, { items: [], nextCursor: null })
})

async function pageOf(cursor: string) {
  const query = { limit: '2', ...(cursor && { cursor }) }
  return (await operator(admin.listSynonyms, { query })).body
}

test('lists go on by their cursor', async () => {
  const made: string[] = []
  for (const from of ['ab', 'cd', 'ef']) {
    const { body } = await operator(admin.createSynonym, { body: { from, to: ['zz'] } })
    made.unshift(body.id)
  }
  const seen: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await pageOf(cursor)
    seen.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor
  }
  assert.deepEqual(seen, made)
  assert.equal((await operator(admin.listSynonyms, { query: { cursor: 'x' } })).status, 400)
})

test('a rule pins, is previewed before it is enabled, and is explained', async () => {
  const rule = {
    name: 'Lamps first',
    condition: { query: { match: 'equals', words: 'sofas' } },
    effect: { kind: 'pin', products: [{ productId: lamp, position: 1 }] },
    enabled: false,
  }
  const { body: made } = await operator(admin.createRule, { body: rule })
  const params = { ruleId: made.id }
  const { body: preview } = await operator(admin.previewRule, { params, query: { q: 'Sofa' } })
  assert.deepEqual(
    [preview.matches, preview.before.map(({ id }) => id), preview.after.map(({ id }) => id)],
    [true, [sofa], [lamp, sofa]],
  )
  assert.deepEqual(await idsOf('sofa'), [sofa], 'it does not hold yet')
  await operator(admin.replaceRule, { params, body: { ...rule, enabled: true } })
  assert.deepEqual(await idsOf('sofa'), [lamp, sofa])
  assert.deepEqual(await idsOf('sofa', { sort: 'price' }), [sofa], 'an order that was asked for')
  assert.deepEqual(await idsOf('sofa', { inStock: true }), [sofa], 'filters hold for it')
  const { body } = await operator(searchRoute, { query: { q: 'sofa', explain: 'true' } })
  assert.deepEqual(body.rules, [
    { id: made.id, name: 'Lamps first', kind: 'pin', productIds: [lamp] },
  ])
  assert.equal(body.total, 2)
  await operator(admin.removeRule, { params })
})

test('a category is arranged where no words are searched', async () => {
  const { body: made } = await operator(admin.createRule, {
    body: {
      name: 'Chairs down',
      condition: { categoryId: 'cat_3' },
      effect: { kind: 'bury', target: { productIds: [chair] } },
    },
  })
  assert.equal((await idsOf('', { category: 'mice', sort: 'popular' })).at(-1), chair)
  await operator(admin.removeRule, { params: { ruleId: made.id } })
})

test('a redirect is answered for its words and its time, to paths of the shop alone', async () => {
  const redirect = (path: string, more: object = {}) =>
    operator(admin.createRule, {
      body: {
        name: 'Help',
        condition: { query: { match: 'contains', words: 'returns' } },
        effect: { kind: 'redirect', path },
        ...more,
      },
    })
  for (const path of ['https://evil.test', '//evil.test', '/\\evil.test', '/a b', 'x', '/a\nb']) {
    assert.equal((await redirect(path)).status, 400, path)
  }
  await redirect('/old', { endsAt: '2020-01-01T00:00:00Z' })
  assert.equal((await parts.find({ q: 'my returns' })).redirect, undefined)
  await redirect('/shipping')
  const { body } = await guest(searchRoute, { query: { q: 'my return' } })
  assert.equal(body.redirect, '/shipping')
  assert.match(body.queryId, /^qry_/)
  assert.equal((await parts.find({ q: 'sofa' })).redirect, undefined)
})

test('rules without a condition, or that end before they begin, are refused', async () => {
  const effect = { kind: 'redirect', path: '/x' }
  const condition = { query: { match: 'equals', words: 'x' } }
  const bad = [
    { name: 'x', condition: {}, effect },
    { name: 'x', condition, effect: { kind: 'pin', products: [] } },
    {
      name: 'x',
      condition,
      effect: {
        kind: 'pin',
        products: [1, 1].map((position) => ({ productId: lamp, position })),
      },
    },
    { name: 'x', condition, effect: { kind: 'boost', target: { brand: 'A' }, factor: 0 } },
    {
      name: 'x',
      condition,
      effect,
      startsAt: '2026-01-02T00:00:00Z',
      endsAt: '2026-01-01T00:00:00Z',
    },
  ]
  for (const body of bad) assert.equal((await operator(admin.createRule, { body })).status, 400)
})

test('who changed what cannot be changed', async () => {
  await assert.rejects(shop.db.query({ text: 'delete from search.changes' }), { code: '23514' })
  await until(async () => (await operator(admin.listSearchChanges)).body.items.length > 3)
})
