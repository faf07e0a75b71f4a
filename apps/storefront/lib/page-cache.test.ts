import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPageCache, type SharedPage } from './page-cache.ts'

const LIFETIME = { freshMs: 1_000, usableMs: 5_000 }

function page(text: string, shows: readonly string[] = []): SharedPage {
  const rest = { symbols: new Set<string>(), kind: '', status: 200, subject: undefined, tag: text }
  return { ...rest, cut: [text], shows, lifetime: LIFETIME, forms: new Map() }
}

function cacheOf(maxSize = 1_000_000) {
  const time = { ms: 0 }
  const pages = createPageCache({ now: () => new Date(time.ms), maxSize })
  let made = 0
  return {
    time,
    pages,
    made: () => made,
    /** The text of the page of a key, and whether it was there. */
    async ask(key: string, shows: readonly string[] = []) {
      const { made: got, isKept } = await pages.get(key, async () => {
        made += 1
        return page(`${key} ${made}`, shows)
      })
      assert.ok(typeof got !== 'function')
      return [got.cut[0], isKept]
    },
  }
}

test('a page is made once for all who ask, also for those who ask meanwhile', async () => {
  const { ask, made } = cacheOf()
  const together = await Promise.all([ask('a'), ask('a'), ask('b')])
  assert.deepEqual(together, [
    ['a 1', false],
    ['a 1', false],
    ['b 2', false],
  ])
  assert.deepEqual(await ask('a'), ['a 1', true])
  assert.equal(made(), 2)
})

test('a change takes away the pages that show the product, and no others', async () => {
  const { ask, pages } = cacheOf()
  await ask('a', ['prd_1', 'prd_2'])
  await ask('b', ['prd_2'])
  await ask('c', ['prd_3'])
  pages.drop(['prd_1'])
  assert.deepEqual(await ask('a', ['prd_1', 'prd_2']), ['a 4', false])
  assert.deepEqual(await ask('b'), ['b 2', true])
  pages.drop('all')
  assert.deepEqual(await ask('c'), ['c 5', false])
})

test('a page whose product changes while it is made is not kept', async () => {
  const { pages, ask } = cacheOf()
  let finish = (_: SharedPage) => {}
  const slow = pages.get('a', () => new Promise((resolve) => (finish = resolve)))
  pages.drop(['prd_1'])
  // Who asks after the change is not given what was begun before it.
  const later = ask('a', ['prd_1'])
  finish(page('old', ['prd_1']))
  assert.deepEqual([(await slow).isKept, (await later)[0]], [false, 'a 1'])
  assert.deepEqual(await ask('a'), ['a 1', true])
})

test('an older page is given while a new one is made, but not for ever', async () => {
  const { ask, time } = cacheOf()
  await ask('a')
  time.ms = 1_500
  assert.deepEqual(await ask('a'), ['a 1', true])
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(await ask('a'), ['a 2', true])
  time.ms = 7_000
  assert.deepEqual(await ask('a'), ['a 3', false])
})

test('what is asked for least recently goes first when there is no room', async () => {
  const { ask } = cacheOf(4_500)
  await ask('a')
  await ask('b')
  await ask('a')
  await ask('c')
  assert.deepEqual((await ask('a'))[1], true)
  assert.deepEqual((await ask('b'))[1], false)
})

test('a failure and a redirect are not kept, and what was kept before them goes', async () => {
  const { ask, pages, time } = cacheOf()
  await assert.rejects(pages.get('a', () => Promise.reject(new Error('away'))))
  const elsewhere = () => 'elsewhere'
  assert.equal((await pages.get('a', async () => elsewhere)).made, elsewhere)
  await ask('a')
  time.ms = 1_500
  await pages.get('a', async () => elsewhere)
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual((await ask('a'))[1], false)
})
