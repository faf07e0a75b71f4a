/**
 * Goal (F5): a price changed in the shop is found by search, while the engine is killed, its index deleted and the
 * engine comes back; product pages and categories go on meanwhile; nothing has drifted at the end.
 * Method: one `stoa start` on the demo's first products, which reaches OpenSearch by a line that can be cut.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createClient, httpTransport } from '../../packages/client/src/index.ts'
import { openDatabase } from '../../server/platform/db/database.ts'
import { databaseIdentity } from '../../server/platform/db/identity.ts'
import { silentLog } from '../../server/platform/log.ts'
import { engineUrl, faultyLine, timeUntil } from '../support/faulty-line.ts'
import { dropIndexes } from '../support/opensearch.ts'
import { createTestDatabase } from '../support/postgres.ts'
import {
  killShops,
  runStoa,
  smallDataFolder,
  startShopProcess,
  temporaryHome,
} from '../support/shop-process.ts'
import { unwrap } from '../support/shopper.ts'

const url = engineUrl('OPENSEARCH_URL')
const database = await createTestDatabase()
const data = await smallDataFolder(20)
const { home, remove } = temporaryHome()
const line = await faultyLine(url)
const settings = { home, dataFolder: data.folder }
const env = { DATABASE_URL: database.url, DATABASE_POOL_SIZE: '6', OPENSEARCH_URL: line.url }
const shop = await startShopProcess({ ...settings, env })
const db = openDatabase({ url: database.url, log: silentLog, poolSize: 2 })
const name = await databaseIdentity(db)
await db.close()

after(async () => {
  await killShops()
  await dropIndexes(url, [name])
  await line.close()
  data.remove()
  remove()
  await database.drop()
})

const search = (query: string) =>
  fetch(`${shop.url}/api/v1/search?currency=USD&country=US&${query}`)

type Found = Readonly<{ total: number; degraded?: boolean; items: readonly { id: string }[] }>

async function find(query: string): Promise<Found> {
  const reply = await search(query)
  assert.equal(reply.status, 200)
  return (await reply.json()) as Found
}

test('the journey of a price goes on through every outage of the engine, and nothing drifts', async () => {
  await timeUntil('the index serves', async () => !(await find('q=')).degraded)
  const operator = createClient({ transport: httpTransport(shop.url), token: shop.operatorKey() })
  const { items } = unwrap(await shop.client.search({ query: { q: '', limit: 8 } }))
  const category = items[0]?.categoryId as string
  const seen = { pages: 0, browsed: 0, degraded: 0, worstMs: 0 }
  let running = true

  async function shopper(number: number): Promise<void> {
    for (let turn = number; running; turn += 1) {
      const startedAt = performance.now()
      const { id } = items[turn % items.length] as (typeof items)[number]
      const page = await fetch(`${shop.url}/api/v1/products/${id}?currency=USD&country=US`)
      assert.equal(page.status, 200)
      const browsed = await find(`category=${category}&page=1&limit=${(turn % 20) + 1}`)
      assert.ok(browsed.items.length > 0)
      seen.pages += 1
      seen.browsed += 1
      seen.degraded += browsed.degraded ? 1 : 0
      seen.worstMs = Math.max(seen.worstMs, performance.now() - startedAt)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  const shoppers = Promise.all([0, 1, 2, 3].map(shopper))
  shoppers.catch(() => {})

  const faults = new Map<number, () => unknown>([
    [6, line.cut],
    [12, line.mend],
    [16, () => dropIndexes(url, [name])],
    [22, line.cut],
    [24, () => dropIndexes(url, [name])],
    [28, line.mend],
  ])
  const prices = new Map<string, number>()
  for (let number = 0; number < 32; number += 1) {
    await faults.get(number)?.()
    const { id } = items[number % items.length] as (typeof items)[number]
    const page = unwrap(await shop.client.getProduct({ params: { id }, query: {} }))
    const amount = 700_000 + 100 * number
    for (const offer of page.variants.flatMap(({ offers }) => offers)) {
      const price = { amount, currency: 'USD' }
      const body = { price, salePrice: null }
      unwrap(await operator.changeOffer({ params: { offerId: offer.offerId }, body }))
    }
    prices.set(id, amount)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  for (const [id, amount] of prices) {
    await timeUntil(`${id} is found for ${amount}`, async () => {
      const found = await find(`minPrice=${amount}&maxPrice=${amount}`)
      return !found.degraded && found.items.some((item) => item.id === id)
    })
  }
  running = false
  await shoppers
  const verified = await runStoa(['search', 'verify'], { ...settings, env })
  assert.match(verified.output, / compared, 0 mended/)
  assert.ok(seen.degraded > 0)
  process.stdout.write(
    `${seen.pages} product pages, ${seen.browsed} categories (${seen.degraded} degraded), the slowest pair ${seen.worstMs.toFixed(0)} ms\n`,
  )
})
