/**
 * Goal: one index serves several processes, stays fresh, and whatever happens to the engine ends without drift.
 * Method: the search module on a catalogue in memory and a real OpenSearch, reached by a line that can be cut.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import { median } from '../../bench/support/report.ts'
import { named } from '../../server/modules/search/engine/testing/documents.ts'
import { createOpenSearchClient } from '../../server/modules/search/opensearch/client.ts'
import { createOpenSearchStore } from '../../server/modules/search/opensearch/store.ts'
import type { IndexStore } from '../../server/modules/search/port.ts'
import { liveThrough } from '../../server/modules/search/testing/journey.ts'
import { searchShop, until } from '../../server/modules/search/testing/shop.ts'
import { seededChance } from '../../server/platform/chance.ts'
import { systemClock as clock } from '../../server/platform/clock.ts'
import { silentLog as log } from '../../server/platform/log.ts'
import { engineUrl, faultyLine } from '../support/faulty-line.ts'
import { dropIndexes } from '../support/opensearch.ts'
import { testPlatform } from '../support/platform.ts'

const url = engineUrl('OPENSEARCH_URL')
const client = createOpenSearchClient({ url, clock })
const names: string[] = []
after(async () => {
  await dropIndexes(url, names)
  client.close()
})

/** A shop whose processes share one index, each by a line of its own. */
async function openShop() {
  const shop = await searchShop(testPlatform)
  const name = `test-${randomBytes(5).toString('hex')}`
  names.push(name)
  const newStore = (at = url, budgetMs = 5_000): IndexStore =>
    createOpenSearchStore({
      url: at,
      name,
      db: shop.db,
      ids: shop.ids,
      clock,
      log,
      chance: seededChance(1),
      budgetMs,
    })
  const deleteIndexes = () => dropIndexes(url, [name])
  return { ...shop, newStore, deleteIndexes, name }
}

async function openLine() {
  const line = await faultyLine(url)
  after(line.close)
  return line
}

test('a change is found within a second of its commit, by every process', async () => {
  const shop = await openShop()
  const first = await shop.start({ store: shop.newStore() })
  const second = await shop.start({ store: shop.newStore() })
  const both = (asked: Parameters<typeof first.find>[0], total: number) => async () => {
    const found = await Promise.all([first.find(asked), second.find(asked)])
    return found.every((each) => each.total === total && !each.degraded)
  }
  const id = shop.ids.make('prd')
  const dollars = (amount: number) => ({ amount, currency: 'USD' })
  const steps = [
    { sold: { name: 'Falcon laptop', price: dollars(9_000) }, asked: { q: 'falcon' }, total: 1 },
    {
      sold: { name: 'Falcon laptop', price: dollars(4_000) },
      asked: { maxPrice: 5_000 },
      total: 1,
    },
    { sold: { name: 'Falcon laptop', available: 0 }, asked: { inStock: true }, total: 0 },
    { sold: { name: 'Eagle laptop' }, asked: { q: 'eagle' }, total: 1 },
    { sold: { name: 'Eagle laptop', active: false }, asked: { q: 'eagle' }, total: 0 },
  ]
  const waits: number[] = []
  for (const { sold, asked, total } of steps) {
    const startedAt = performance.now()
    await shop.sell(id, sold)
    await until(both(asked, total))
    waits.push(performance.now() - startedAt)
  }
  process.stdout.write(`changes were seen after ${waits.map(Math.round).join(', ')} ms\n`)
})

test('one process feeds the index; when it ends another one goes on', async () => {
  const shop = await openShop()
  const stores = [shop.newStore(), shop.newStore()] as const
  const first = await shop.start({ store: stores[0] })
  const second = await shop.start({ store: stores[1] })
  assert.deepEqual([await stores[0].leads(), await stores[1].leads()], [true, false])
  await first.stop?.()
  await shop.sell(shop.ids.make('prd'), { name: 'Falcon laptop' })
  await until(async () => (await second.find({ q: 'falcon' })).total === 1)
  assert.equal(await stores[1].leads(), true)
})

test('a rebuild by one process swaps without a gap for the other', async () => {
  const shop = await openShop()
  for (let i = 0; i < 50; i += 1) {
    await shop.sell(shop.ids.make('prd'), { name: `Falcon laptop ${i}` })
  }
  const first = await shop.start({ store: shop.newStore() })
  const second = await shop.start({ store: shop.newStore() })
  await until(async () => {
    const { total, degraded } = await second.find({ q: 'falcon' })
    return total === 50 && !degraded
  })
  shop.sellSecretly(shop.ids.make('prd'), { name: 'Owl laptop' })
  let rebuilding = true
  const rebuilt = second.api.rebuild({}).finally(() => (rebuilding = false))
  while (rebuilding) {
    for (const search of [first, second]) {
      const { total, degraded } = await search.find({ q: 'falcon' })
      assert.deepEqual([total, degraded], [50, undefined])
    }
    await clock.sleep(1)
  }
  assert.equal((await rebuilt).documents, 51)
  await until(async () => (await first.find({ q: 'owl' })).total === 1)
  await shop.sell(shop.ids.make('prd'), { name: 'Eagle laptop' })
  await until(async () => (await first.find({ q: 'eagle' })).total === 1)
  assert.equal((await first.api.verify()).mended, 0)
})

test('drift is found and mended, in the index as well as in the catalogue', async () => {
  const shop = await openShop()
  const [kept, lost, ghost] = [0, 1, 2].map(() => shop.ids.make('prd')) as [string, string, string]
  await shop.sell(kept, { name: 'Falcon laptop' })
  await shop.sell(lost, { name: 'Eagle laptop' })
  await shop.sell(ghost, { name: 'Owl laptop' })
  const search = await shop.start({ store: shop.newStore() })
  await until(async () => (await search.find({ q: 'laptop' })).total === 3)
  shop.sellSecretly(kept, { name: 'Raven laptop' })
  shop.catalog.products.delete(ghost)
  const path = `/stoa-${shop.name}-products/_doc/${lost}`
  const { _version } = await client.call<{ _version: number }>({ method: 'GET', path })
  const asKept = `version=${_version}&version_type=external_gte&refresh=true`
  await client.call({ method: 'DELETE', path: `${path}?${asKept}` })
  assert.equal((await search.api.verify()).mended, 3)
  assert.equal((await search.find({ q: 'raven' })).total, 1)
  assert.equal((await search.find({ q: 'eagle' })).total, 1)
  assert.equal((await search.api.stats()).documents, 2)
  assert.equal((await search.api.verify()).mended, 0)
})

test('a state that was read before never replaces one that was read later', async () => {
  const shop = await openShop()
  const store = shop.newStore()
  await store.start?.()
  const index = await store.create(async () => true)
  await index.finish({ position: 1, eventId: 'evt_1' })
  await store.adopt(index)
  const apply = (name: string, asOf: number) =>
    index.apply({ documents: [named('a', name)], gone: [], asOf })
  await apply('newer', 9)
  await apply('older', 8)
  assert.equal((await index.search({ text: 'newer' })).total, 1)
  await index.apply({ documents: [], gone: ['a'], asOf: 8 })
  assert.equal((await index.search({})).total, 1)
  await index.apply({ documents: [], gone: ['a'], asOf: 10 })
  await apply('older', 9)
  assert.equal((await index.search({})).total, 0)
  await index.close()
  await store.close()
})

test('a build that was left is gone on with, not begun again', async () => {
  const shop = await openShop()
  const begun = shop.newStore()
  await begun.start?.()
  const cursor = { position: 5, eventId: 'evt_5' }
  const half = await begun.create(async () => true)
  const progress = { cursor, after: 'prd_m', done: 700 }
  await half.apply({ documents: [named('a', 'falcon')], gone: [], asOf: 5, progress })
  await begun.close()
  const other = shop.newStore()
  await other.start?.()
  assert.equal(await other.open(), null)
  const index = await other.create(async (from) => from.position === 5)
  assert.deepEqual(index.progress(), progress)
  await index.finish(cursor)
  await other.adopt(index)
  assert.equal((await index.search({ text: 'falcon' })).total, 1)
  const anew = await other.create(async () => false)
  assert.equal(anew.progress(), null)
  await other.close()
})

test('a slow engine is left alone: searches degrade at once, and recover by themselves', async () => {
  const shop = await openShop()
  const line = await openLine()
  await shop.sell(shop.ids.make('prd'), { name: 'Falcon laptop' })
  const store = shop.newStore(line.url, 300)
  const search = await shop.start({ store })
  await until(async () => !(await search.find({ q: 'falcon' })).degraded)
  line.delay(2_000)
  const times: number[] = []
  for (let i = 0; i < 12; i += 1) {
    const startedAt = performance.now()
    // Each asks something else, or the result cache would answer.
    const { degraded } = await search.find({ q: `falcon ${i}` })
    assert.equal(degraded, true)
    times.push(performance.now() - startedAt)
  }
  assert.ok(median(times) < 1_500, `they took ${times} ms: they waited for it`)
  assert.equal((await search.api.stats()).serving, false)
  assert.deepEqual((await search.api.suggest({ q: 'fal', limit: 5 })).completions, [])
  line.delay(0)
  await until(async () => !(await search.find({ q: 'falcon' })).degraded)
})

test('a shop that starts without the engine takes it up when it comes', async () => {
  const shop = await openShop()
  const line = await openLine()
  line.cut()
  await shop.sell(shop.ids.make('prd'), { name: 'Falcon laptop' })
  const search = await shop.start({ store: shop.newStore(line.url) })
  assert.equal((await search.find({ q: 'falcon' })).degraded, true)
  line.mend()
  await until(async () => (await search.find({ q: 'falcon' })).total === 1)
})

test('prices, stock and names change while the engine is killed and its index deleted: no drift', async () => {
  const shop = await openShop()
  const line = await openLine()
  const search = await shop.start({ store: shop.newStore(line.url) })
  const journey = await liveThrough(shop, search, [
    { before: 20, happen: line.cut },
    { before: 40, happen: line.mend },
    { before: 55, happen: shop.deleteIndexes },
    { before: 75, happen: line.cut },
    { before: 80, happen: shop.deleteIndexes },
    { before: 95, happen: line.mend },
  ])
  process.stdout.write(
    `${journey.searches} searches, ${journey.degraded} degraded, the slowest ${journey.worstMs.toFixed(0)} ms\n`,
  )
  assert.equal(journey.mended, 0)
  assert.ok(journey.degraded > 0)
  assert.ok(journey.worstMs < 60_000)
})
