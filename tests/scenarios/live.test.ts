/**
 * Goal: a price and a stock changed on one process are seen by browsers on another; how soon, it tells.
 * Method: two `stoa start` on one PostgreSQL (with the Redis of REDIS_URL and the Kafka of KAFKA_BROKERS, where they are
 * named: the modules then take their events from there); Chromium opens the
 * product's page on each, an operator changes price and stock on the first.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, test } from 'node:test'
import { median } from '../../bench/support/report.ts'
import { createClient, httpTransport } from '../../packages/client/src/index.ts'
import { openBrowser } from '../support/browser.ts'
import { setAvailable, setPrice } from '../support/offer-changes.ts'
import { createTestDatabase } from '../support/postgres.ts'
import {
  killShops,
  type ShopProcess,
  smallDataFolder,
  startShopProcess,
  temporaryHome,
} from '../support/shop-process.ts'
import { unwrap } from '../support/shopper.ts'

const CHROMIUM = '/usr/bin/chromium'
/** For a machine that is many times slower than a developer's. */
const PATIENCE_MS = 120_000
const database = await createTestDatabase()
const data = await smallDataFolder(10)
const homes = [temporaryHome(), temporaryHome()]
const { REDIS_URL, KAFKA_BROKERS } = process.env
const engines = {
  ...(REDIS_URL ? { REDIS_URL } : {}),
  ...(KAFKA_BROKERS
    ? { KAFKA_BROKERS, EVENTS_FROM: 'kafka', KAFKA_PREFIX: `stoa-live-${process.pid}` }
    : {}),
}
const shops: ShopProcess[] = []
for (const { home } of homes) {
  shops.push(
    await startShopProcess({
      home,
      dataFolder: data.folder,
      env: { DATABASE_URL: database.url, DATABASE_POOL_SIZE: '6', ...engines },
    }),
  )
}
const [first, second] = shops as [ShopProcess, ShopProcess]

after(async () => {
  await killShops()
  data.remove()
  for (const { remove } of homes) remove()
  await database.drop()
})

const operator = createClient({ transport: httpTransport(first.url), token: first.operatorKey() })
const market = { currency: 'USD', country: 'US' }
const { items } = unwrap(await first.client.search({ query: { q: '', ...market, limit: 10 } }))
const product = unwrap(
  await first.client.getProduct({ params: { id: items[0]?.id as string }, query: market }),
)
const variant = product.variants[0]
assert.ok(variant)
const { offerId } = variant

type Told = Readonly<{ name: string; id: string; data: Record<string, unknown> }>

/** Reads a live stream until it is left. */
async function follow(shop: ShopProcess, lastId?: string) {
  const ending = new AbortController()
  const query = new URLSearchParams({ products: product.id, ...market })
  const reply = await fetch(`${shop.url}/api/v1/live?${query}`, {
    signal: ending.signal,
    headers: lastId ? { 'last-event-id': lastId } : {},
  })
  assert.equal(reply.status, 200)
  assert.match(reply.headers.get('content-type') ?? '', /^text\/event-stream/)
  const told: Told[] = []
  const decoder = new TextDecoder()
  let text = ''
  const reading = (async () => {
    for await (const part of reply.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(part, { stream: true })
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const lines = text.slice(0, end).split('\n')
        text = text.slice(end + 2)
        const field = (name: string) =>
          lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? ''
        if (field('event'))
          told.push({ name: field('event'), id: field('id'), data: JSON.parse(field('data')) })
      }
    }
  })().catch(() => {})
  return {
    told,
    /** Milliseconds until something is told that `holds`. */
    async until(holds: (one: Told) => boolean): Promise<number> {
      const began = performance.now()
      while (!told.some(holds)) {
        assert.ok(performance.now() - began < 300_000, `not told: ${JSON.stringify(told)}`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      return performance.now() - began
    },
    async leave() {
      ending.abort()
      await reading
    },
  }
}

const isPrice = (amount: number) => (one: Told) =>
  one.name === 'price' &&
  one.data['offerId'] === offerId &&
  (one.data['price'] as { amount: number }).amount === amount
const isStock = (quantity: number) => (one: Told) =>
  one.name === 'stock' &&
  one.data['offerId'] === offerId &&
  (one.data['availability'] as { quantity: number }).quantity === quantity

test('changes on one process are told by the other, and none is missed in between', async (t) => {
  const stream = await follow(second)
  await stream.until((one) => one.name === 'stock')
  // The first one also waits until the consumers have found each other.
  await setAvailable(operator, { offerId, quantity: 77 })
  await stream.until(isStock(77))
  const times: number[] = []
  for (const n of [1, 2, 3, 4, 5]) {
    await setPrice(operator, { offerId, amount: 10_000 + n })
    times.push(await stream.until(isPrice(10_000 + n)))
    await setAvailable(operator, { offerId, quantity: n })
    times.push(await stream.until(isStock(n)))
  }
  t.diagnostic(`half of the changes were told within ${Math.round(median(times))} ms`)
  const lastId = stream.told.findLast(({ id }) => id !== '')?.id
  assert.match(String(lastId), /^\d+$/)
  await stream.leave()
  await setPrice(operator, { offerId, amount: 20_000 })
  const back = await follow(second, lastId)
  await back.until(isPrice(20_000))
  await back.leave()
  const newest = back.told.findLast(({ id }) => id !== '')?.id
  const knowing = await follow(second, newest)
  await setPrice(operator, { offerId, amount: 20_001 })
  await knowing.until(isPrice(20_001))
  assert.ok(!knowing.told.some(isPrice(20_000)), 'what is known is not told again')
  await knowing.leave()
})

test('what is not asked for properly is refused', async () => {
  for (const query of ['', '?products=', '?products=x', `?products=${product.id}&currency=XXX`]) {
    const { status } = await fetch(`${second.url}/api/v1/live${query}`)
    assert.equal(status, 400, query)
  }
})

test('two browsers on two processes show the new price and stock as they change', {
  skip: !existsSync(CHROMIUM),
}, async (t) => {
  await setAvailable(operator, { offerId, quantity: 50 })
  const browser = await openBrowser(CHROMIUM)
  try {
    const pages = await Promise.all(
      shops.map(async (shop) => {
        const page = await browser.newPage()
        page.setDefaultTimeout(PATIENCE_MS)
        const following = page.waitForResponse((reply) => reply.url().includes('/api/v1/live'))
        await page.goto(`${shop.url}/p/${product.slug}?variant=${variant.sku}`)
        await following
        return page
      }),
    )
    const seen = async (selector: string, text: RegExp) => {
      const began = performance.now()
      for (const page of pages)
        await page.locator(selector).first().filter({ hasText: text }).waitFor()
      return performance.now() - began
    }
    const times: number[] = []
    await setPrice(operator, { offerId, amount: 12_345 })
    times.push(await seen(`[data-price-of="${offerId}"]`, /123\.45/))
    await setAvailable(operator, { offerId, quantity: 3 })
    times.push(await seen(`[data-stock-of="${offerId}"]`, /Only 3 left/))
    await setAvailable(operator, { offerId, quantity: 0 })
    times.push(await seen(`[data-stock-of="${offerId}"]`, /Out of stock/))
    for (const page of pages)
      assert.ok(await page.locator(`[data-buy-of="${offerId}"]`).first().isDisabled())
    t.diagnostic(`half of the changes were seen within ${Math.round(median(times))} ms`)
  } finally {
    await browser.close()
  }
})
