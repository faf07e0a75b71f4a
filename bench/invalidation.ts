/**
 * How soon a change of a price on one process is read on another: two `stoa start` on one PostgreSQL, with the Redis of
 * REDIS_URL between them (without it, each has its own cache only), while shoppers ask both for pages.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createClient, httpTransport } from '../packages/client/src/index.ts'
import { startEmbeddedPostgres } from '../server/platform/embedded-postgres/index.ts'
import { silentLog as log } from '../server/platform/log.ts'
import {
  killShops,
  type ShopProcess,
  smallDataFolder,
  startShopProcess,
} from '../tests/support/shop-process.ts'
import { unwrap } from '../tests/support/shopper.ts'
import { percentile, report } from './support/report.ts'

const { values: flags } = parseArgs({
  options: {
    changes: { type: 'string', default: '500' },
    shoppers: { type: 'string', default: '8' },
  },
})
const redisUrl = process.env['REDIS_URL']
const PAUSE_MS = 10

type Page = Readonly<{ variants: readonly Readonly<{ offers: readonly Offer[] }>[] }>
type Offer = Readonly<{ offerId: string; price: { amount: number } }>

async function offersOf(shop: ShopProcess, id: string): Promise<readonly Offer[]> {
  const reply = await fetch(`${shop.url}/api/v1/products/${id}?currency=USD&country=US`)
  return ((await reply.json()) as Page).variants.flatMap(({ offers }) => offers)
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Changes the price of one offer after another, here and there by turns; the times until it is seen on the other. */
async function measure(shops: readonly [ShopProcess, ShopProcess], ids: readonly string[]) {
  const times: number[] = []
  for (let n = 0; n < Number(flags.changes); n += 1) {
    const [here, there] = n % 2 === 0 ? shops : [shops[1], shops[0]]
    const id = ids[n % ids.length] as string
    const [offer] = await offersOf(there, id)
    if (!offer) continue
    const amount = offer.price.amount + 1
    const operator = createClient({
      transport: httpTransport(here.url),
      token: here.operatorKey(),
    })
    const { offerId } = offer
    const price = { amount, currency: 'USD' }
    unwrap(await operator.changeOffer({ params: { offerId }, body: { price, salePrice: null } }))
    const began = performance.now()
    const isSeen = async () =>
      (await offersOf(there, id)).some(
        (seen) => seen.offerId === offerId && seen.price.amount === amount,
      )
    while (!(await isSeen())) {
      if (performance.now() - began > 10_000) throw new Error(`Change ${n} is not seen`)
      await pause(2)
    }
    times.push(performance.now() - began)
  }
  return times
}

const folder = mkdtempSync(join(tmpdir(), 'stoa-bench-invalidation-'))
const data = await smallDataFolder(200)
const postgres = await startEmbeddedPostgres({ dataFolder: join(folder, 'postgres'), log })
let running = true
try {
  const start = (name: string) =>
    startShopProcess({
      home: join(folder, name),
      dataFolder: data.folder,
      env: {
        DATABASE_URL: postgres.url,
        NODE_ENV: 'development',
        ...(redisUrl ? { REDIS_URL: redisUrl } : {}),
      },
    })
  const first = await start('first')
  const shops = [first, await start('second')] as const
  const { items } = unwrap(await first.client.search({ query: { q: '', limit: 100 } }))
  const ids = items.map(({ id }) => id)
  let pages = 0
  const shoppers = Array.from({ length: Number(flags.shoppers) }, async (_, n) => {
    for (let turn = n; running; turn += 1) {
      await offersOf(shops[turn % 2] as ShopProcess, ids[turn % ids.length] as string)
      pages += 1
      await pause(PAUSE_MS)
    }
  })
  const began = performance.now()
  const times = await measure(shops, ids)
  const seconds = (performance.now() - began) / 1_000
  running = false
  await Promise.all(shoppers)
  const between = redisUrl ? 'with Redis' : 'without Redis'
  report('invalidation', [
    {
      name: `price seen on the other process, ${between}, p50`,
      value: percentile(times, 0.5),
      unit: 'ms',
      spread: [Math.min(...times), Math.max(...times)],
      note: `${times.length} changes`,
    },
    {
      name: `price seen on the other process, ${between}, p99`,
      value: percentile(times, 0.99),
      unit: 'ms',
    },
    { name: 'pages asked for meanwhile', value: pages / seconds, unit: 'requests/s' },
  ])
} finally {
  running = false
  await killShops()
  await postgres.stop()
  data.remove()
  rmSync(folder, { recursive: true, force: true })
}
