/**
 * Goal: a price changed on one process is seen on the other within a second, under load, while Redis goes and comes.
 * Method: two `stoa start` on one PostgreSQL, with Redis and MongoDB; each reaches Redis by a line that can be cut.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Client, createClient, httpTransport } from '../../packages/client/src/index.ts'
import { engineUrl, faultyLine } from '../support/faulty-line.ts'
import { createTestDatabase } from '../support/postgres.ts'
import {
  killShops,
  type ShopProcess,
  smallDataFolder,
  startShopProcess,
  temporaryHome,
} from '../support/shop-process.ts'
import { eventually, unwrap } from '../support/shopper.ts'

const database = await createTestDatabase()
const data = await smallDataFolder(20)
const homes = [temporaryHome(), temporaryHome()]
const line = await faultyLine(engineUrl('REDIS_URL'))
const shops: ShopProcess[] = []
for (const { home } of homes) {
  shops.push(
    await startShopProcess({
      home,
      dataFolder: data.folder,
      env: {
        DATABASE_URL: database.url,
        DATABASE_POOL_SIZE: '6',
        REDIS_URL: line.url,
        MONGODB_URL: engineUrl('MONGODB_URL'),
      },
    }),
  )
}
const [first, second] = shops as [ShopProcess, ShopProcess]

after(async () => {
  await killShops()
  await line.close()
  data.remove()
  for (const { remove } of homes) remove()
  await database.drop()
})

type Page = Readonly<{
  etag: string
  offers: readonly Readonly<{ offerId: string; price: { amount: number } }>[]
  ms: number
}>

async function page(shop: ShopProcess, id: string): Promise<Page> {
  const began = performance.now()
  const reply = await fetch(`${shop.url}/api/v1/products/${id}?currency=USD&country=US`)
  const { variants } = (await reply.json()) as { variants: Page[] }
  assert.equal(reply.status, 200)
  const etag = reply.headers.get('etag') as string
  const offers = variants.flatMap((variant) => variant.offers)
  return { etag, offers, ms: performance.now() - began }
}

const amountOf = ({ offers }: Page, offerId: string) =>
  offers.find((offer) => offer.offerId === offerId)?.price.amount

/** Asks both shops for pages until `until` is settled. */
async function load(ids: readonly string[], until: Promise<unknown>): Promise<readonly number[]> {
  let running = true
  void until.finally(() => (running = false)).catch(() => {})
  const times: number[] = []
  const shopper = async (n: number) => {
    for (let turn = n; running; turn += 1) {
      const { ms } = await page(turn % 2 === 0 ? first : second, ids[turn % ids.length] as string)
      times.push(ms)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  await Promise.all(Array.from({ length: 8 }, (_, n) => shopper(n)))
  return times
}

test('a price changed on one process is seen on the other, while Redis goes and comes', async () => {
  const operators = shops.map((shop) =>
    createClient({ transport: httpTransport(shop.url), token: shop.operatorKey() }),
  )
  const { items } = unwrap(await first.client.search({ query: { q: '', limit: 20 } }))
  const ids = items.map((item) => item.id)
  assert.ok(ids.length >= 5, `${ids.length} products`)
  const latencies: number[] = []

  async function changes(): Promise<void> {
    for (let n = 0; n < 40; n += 1) {
      if (n === 10) line.cut()
      if (n === 20) line.mend()
      if (n === 30) line.delay(2_000)
      if (n === 36) line.delay(0)
      const [here, there] = n % 2 === 0 ? [first, second] : [second, first]
      const id = ids[n % 5] as string
      const [offer] = (await page(there, id)).offers
      assert.ok(offer)
      const { offerId } = offer
      const price = { amount: offer.price.amount + 101 + n, currency: 'USD' }
      const operator = operators[n % 2] as Client
      unwrap(await operator.changeOffer({ params: { offerId }, body: { price, salePrice: null } }))
      const began = performance.now()
      for (;;) {
        const [shownHere, shownThere] = await Promise.all([page(here, id), page(there, id)])
        const shown = [shownHere, shownThere].map((one) => amountOf(one, offerId))
        const seen = shown.every((amount) => amount === price.amount)
        if (seen) {
          assert.equal(shownHere.etag, shownThere.etag)
          break
        }
        assert.ok(performance.now() - began < 300_000, `change ${n} is not seen after 5 minutes`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      latencies.push(performance.now() - began)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  const times = await load(ids, changes())
  const worst = Math.max(...latencies)
  const sorted = latencies.toSorted((a, b) => a - b)
  const pages = times.toSorted((a, b) => a - b)
  const share = (part: number, of: readonly number[]) =>
    (of[Math.floor(part * (of.length - 1))] as number).toFixed(1)
  process.stdout.write(
    `${latencies.length} changes seen after ${share(0.5, sorted)} ms (median), ${worst.toFixed(1)} ms (worst); ` +
      `${times.length} pages, ${share(0.5, pages)} ms (median), ${share(0.99, pages)} ms (p99), ${share(1, pages)} ms (worst)\n`,
  )
  assert.equal(latencies.length, 40)
})

test('both stay ready without Redis, and their metrics tell of it', async () => {
  line.cut()
  for (const shop of shops) {
    const metrics = await eventually(
      async () => (await fetch(`${shop.url}/metrics`)).text(),
      (text) => /^stoa_redis_up 0$/m.test(text) && /^stoa_mongodb_up 1$/m.test(text),
    )
    assert.equal((await fetch(`${shop.url}/health/ready`)).status, 200)
    assert.match(metrics, /^stoa_catalog_documents_total\{layer="shared"\} \d+$/m)
  }
  line.mend()
})
