import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { test } from 'node:test'
import { search, suggest } from '#contracts/search/routes.ts'
import { testPlatform } from '../../../tests/support/platform.ts'
import { systemClock } from '../../platform/clock.ts'
import { GUEST } from '../../platform/http/actor.ts'
import type { CallContext, RawJson } from '../../platform/http/binding.ts'
import { silentLog } from '../../platform/log.ts'
import { createThreadStore } from './index-store.ts'
import type { IndexStore, SearchIndex } from './port.ts'
import { liveThrough } from './testing/journey.ts'
import { searchShop, until } from './testing/shop.ts'

type WatchedStore = IndexStore &
  Readonly<{
    last(): SearchIndex | undefined
    /** Nothing is opened until what this returns is called. */
    hold(): () => void
  }>

/** A store of threads that shows which index serves, so that a test can end it. */
function watchedStore(folder: string): WatchedStore {
  const store = createThreadStore({ folder, clock: systemClock, log: silentLog })
  let last: SearchIndex | undefined
  let held: Promise<void> | undefined
  return {
    ...store,
    last: () => last,
    hold() {
      let release = () => {}
      held = new Promise((resolve) => {
        release = resolve
      })
      return release
    },
    async open() {
      await held
      const index = await store.open()
      last = index ?? last
      return index
    },
    async create(canGoOn) {
      last = await store.create(canGoOn)
      return last
    },
  }
}

test('an index whose thread ends is opened again, and catches up', async () => {
  const shop = await searchShop(testPlatform)
  await shop.sell(shop.ids.make('prd'), { name: 'Falcon laptop' })
  const store = watchedStore(shop.folder)
  const parts = await shop.start({ store })
  await shop.sell(shop.ids.make('prd'), { name: 'Eagle laptop' })
  await until(async () => (await parts.find({ q: 'eagle' })).total === 1)
  const failed = store.last()
  const release = store.hold()
  await failed?.close()
  const between = await parts.find({ q: 'falcon' })
  assert.equal(between.degraded, true)
  release()
  await until(async () => (await parts.find({ q: 'eagle' })).degraded === undefined)
  assert.notEqual(store.last(), failed)
  assert.equal((await parts.find({ q: 'falcon' })).total, 1)
  await until(async () => (await parts.find({ q: 'eagle' })).total === 1)
})

test('prices, stock and names change while the thread is ended and its folder is deleted: no drift', async () => {
  const shop = await searchShop(testPlatform)
  const store = watchedStore(shop.folder)
  const parts = await shop.start({ store })
  const journey = await liveThrough(shop, parts, [
    { before: 20, happen: () => store.last()?.close() },
    { before: 50, happen: () => rm(shop.folder, { recursive: true, force: true }) },
    { before: 60, happen: () => store.last()?.close() },
    { before: 90, happen: () => store.last()?.close() },
  ])
  assert.equal(journey.mended, 0)
  assert.ok(journey.degraded > 0)
  assert.ok(journey.worstMs < 60_000, `a search took ${journey.worstMs} ms`)
})

test('a catalogue that cannot be read for a while delays changes and loses none', async () => {
  const shop = await searchShop(testPlatform)
  let broken = false
  const catalog = {
    ...shop.catalog,
    async getForIndex(input: { productIds: readonly string[] }) {
      if (broken) throw new Error('The database is away')
      return shop.catalog.getForIndex(input)
    },
  }
  const parts = await shop.start({ catalog })
  broken = true
  await shop.sell(shop.ids.make('prd'), { name: 'Falcon laptop' })
  await systemClock.sleep(50)
  assert.equal((await parts.find({ q: 'falcon' })).total, 0)
  broken = false
  await until(async () => (await parts.find({ q: 'falcon' })).total === 1)
})

test('a seller’s and a category’s products are read again when these change', async () => {
  const shop = await searchShop(testPlatform)
  const id = shop.ids.make('prd')
  await shop.sell(id, { name: 'Falcon laptop' })
  const parts = await shop.start()
  shop.sellSecretly(id, { name: 'Eagle laptop' })
  await shop.tellOfSeller('sel_2')
  await shop.tellOfSeller('sel_1')
  await until(async () => (await parts.find({ q: 'eagle' })).total === 1)
})

test('the routes read filters of any name and refuse what is too long', async () => {
  const shop = await searchShop(testPlatform)
  await shop.sell(shop.ids.make('prd'), { name: 'Falcon', attributes: { Colour: 'Red' } })
  const parts = await shop.start()
  await until(async () => (await parts.api.stats()).serving)
  const ask = async (query: Record<string, unknown>) => {
    const binding = parts.routes.find(({ route }) => route === search)
    const input = { params: undefined, query: search.query.parse(query), body: undefined }
    assert.ok(binding)
    const { body } = await binding.handle(input, {
      actor: GUEST,
      headers: {},
    } as unknown as CallContext)
    return search.replies[200].parse(JSON.parse((body as RawJson).rawJson.toString()))
  }
  assert.equal((await ask({ 'attr.colour': 'Red', currency: 'EUR' })).currency, 'EUR')
  assert.equal((await ask({ 'attr.colour': 'Red' })).total, 1)
  assert.equal((await ask({ 'attr.colour': ['Blue', 'Green'] })).total, 0)
  assert.equal((await ask({})).total, 1)
  await assert.rejects(ask({ page: '500', limit: '100' }), { code: 'validation_failed' })
  assert.equal(search.query.safeParse({ q: 'x'.repeat(5_000) }).success, false)
  assert.equal(suggest.query.safeParse({ q: 'x'.repeat(5_000) }).success, false)
})

test('what the titles have not read is held back as it is for every consumer', async () => {
  const shop = await searchShop(testPlatform)
  const { tickers } = await shop.start()
  const follow = tickers.find(({ name }) => name === 'search.keep_titles')
  const place = async () => {
    const { rows } = await shop.db.query({
      text: `select position from platform.consumer_cursors where consumer = 'search.keep_titles'`,
    })
    return (rows[0] as { position: number } | undefined)?.position
  }
  await follow?.run()
  assert.equal(await place(), 0)
  await shop.sell(shop.ids.make('prd'), { name: 'Falcon laptop' })
  assert.equal(await place(), 0)
  while ((await follow?.run()) !== 0);
  assert.equal(await place(), await shop.outbox.head())
})
