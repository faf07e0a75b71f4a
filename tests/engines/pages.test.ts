/**
 * Goal: F3 and F13 of the catalogue's pages: Redis and MongoDB gone, slow or emptied; a hot page that ends under load.
 * Method: two catalogues on one database, as two processes would have them, each with its own lines to the engines.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { median } from '../../bench/support/report.ts'
import { createCatalog } from '../../server/modules/catalog/index.ts'
import { createRedisCache } from '../../server/platform/cache/redis-cache.ts'
import { seededChance } from '../../server/platform/chance.ts'
import { systemClock as clock } from '../../server/platform/clock.ts'
import type { Database } from '../../server/platform/db/database.ts'
import { silentLog as log } from '../../server/platform/log.ts'
import {
  CATEGORIES,
  fakeInventory,
  fakeMedia,
  fakePricing,
  jsonl,
  productRow,
  SELLERS,
} from '../support/catalog.ts'
import { engineUrl, type FaultyLine, faultyLine, timeUntil } from '../support/faulty-line.ts'
import { testPlatform } from '../support/platform.ts'

const MARKET = { currency: 'USD', country: 'US' }
const platform = await testPlatform()

type Node = Readonly<{
  catalog: ReturnType<typeof createCatalog>
  /** Statements that read products, so far. */
  loads(): number
  redis: FaultyLine
  mongo: FaultyLine
  /** Whether both engines are asked. */
  isWhole(): Promise<boolean>
  /** The reply's ETag and first price. */
  page(idOrSlug: string): Promise<Readonly<{ etag: string; price: number }>>
}>

async function openNode(seed: number): Promise<Node> {
  const [redis, mongo] = [
    await faultyLine(engineUrl('REDIS_URL')),
    await faultyLine(engineUrl('MONGODB_URL')),
  ]
  const chance = seededChance(seed)
  let loads = 0
  const db: Database = {
    ...platform.db,
    query(config) {
      if (/^catalog\.read_products/.test(config.name ?? '')) loads += 1
      return platform.db.query(config)
    },
  }
  const catalog = createCatalog({
    ...platform,
    db,
    clock,
    log,
    inventory: fakeInventory().api,
    pricing: fakePricing(),
    media: fakeMedia(),
    engines: {
      sharedCache: createRedisCache({ url: redis.url, clock, chance, log }),
      mongo: { url: mongo.url, chance },
    },
  })
  after(async () => {
    await catalog.stop?.()
    await redis.close()
    await mongo.close()
  })
  const binding = catalog.routes.find(({ route }) => route.operation === 'getProduct')
  const gauge = async (name: string) => {
    const metric = catalog.metrics?.find((one) => 'name' in one && one.name === name)
    return (await metric?.get())?.values[0]?.value === 1
  }
  return {
    catalog,
    redis,
    mongo,
    loads: () => loads,
    isWhole: async () => (await gauge('stoa_redis_up')) && (await gauge('stoa_mongodb_up')),
    async page(idOrSlug) {
      const input = { params: { id: idOrSlug }, query: MARKET, body: undefined }
      const context = { headers: {}, actor: { kind: 'guest' } } as never
      const reply = (await binding?.handle(input, context)) as unknown as {
        headers: { etag: string }
        body: { rawJson: Buffer }
      }
      const product = JSON.parse(reply.body.rawJson.toString())
      const [offer] = product.variants[0].offers
      return { etag: reply.headers.etag, price: (offer.salePrice ?? offer.price).amount }
    },
  }
}

const [a, b] = [await openNode(1), await openNode(2)]
const { importer } = a.catalog
await importer.importCategories(CATEGORIES)
await importer.importSellers(SELLERS)

async function importProduct(ref: string, over: object = {}, amount = 2_000): Promise<string> {
  const offer = { seller: 'acme', sku: `${ref}-O`, price: { amount, currency: 'USD' }, ...over }
  const row = productRow(ref, { variants: [{ sku: `${ref}-V`, offers: [offer] }] })
  const key = `${ref}-${JSON.stringify(over)}-${amount}`
  const report = await importer.importProducts({ ...jsonl([row]), format: 'jsonl', key })
  assert.deepEqual(report.firstErrors, [])
  await platform.deliver([])
  const { rows } = await platform.db.query({
    text: 'select id from catalog.products where ref = $1',
    values: [ref],
  })
  return rows[0].id
}

for (const node of [a, b]) await node.catalog.start?.()
const whole = () =>
  timeUntil('both engines are asked', async () => (await a.isWhole()) && (await b.isWhole()))
await whole()

/** Many requests at once on both nodes. @returns loads on each. */
async function storm(idOrSlug: string, count: number): Promise<[number, number]> {
  const before = [a.loads(), b.loads()] as const
  const ask = () => Array.from({ length: count }, () => [a.page(idOrSlug), b.page(idOrSlug)]).flat()
  const pages = await Promise.all(ask())
  assert.equal(new Set(pages.map((page) => page.etag)).size, 1)
  return [a.loads() - before[0], b.loads() - before[1]]
}

test('5,000 requests in flight for a page nobody has: one load in each process at most', async () => {
  const id = await importProduct('hot')
  const [onA, onB] = await storm(id, 5_000)
  assert.ok(onA <= 1 && onB <= 1 && onA + onB >= 1, `loads: ${onA} and ${onB}`)
})

test('a page that another process has built costs no load at all, and has the same ETag', async () => {
  // Now and then a busy machine does not answer within the budget: then the next one must.
  let loads = 1
  for (let n = 0; n < 20 && loads > 0; n += 1) {
    const id = await importProduct(`shared-${n}`)
    // Until both have heard of the import, which voids what was read before.
    await new Promise((resolve) => setTimeout(resolve, 500))
    const first = await a.page(id)
    await new Promise((resolve) => setTimeout(resolve, 50))
    const before = b.loads()
    assert.deepEqual(await b.page(id), first)
    loads = b.loads() - before
  }
  assert.equal(loads, 0)
})

/** Until both have heard of what was told: a page that was read before is void then. */
async function heard(id: string): Promise<void> {
  for (let quiet = 0; quiet < 3; ) {
    const before = a.loads() + b.loads()
    await Promise.all([a.page(id), b.page(id)])
    await new Promise((resolve) => setTimeout(resolve, 400))
    quiet = a.loads() + b.loads() === before ? quiet + 1 : 0
  }
}

test('a hot page that ends under load is loaded once in each process, and is right after its end', async () => {
  const saleEndsAt = new Date(Date.now() + 12_000)
  const sale = { salePrice: { amount: 1_500, currency: 'USD' } }
  const id = await importProduct('sale', { ...sale, saleEndsAt: saleEndsAt.toISOString() })
  await heard(id)
  for (const node of [a, b]) assert.equal((await node.page(id)).price, 1_500)
  const before = [a.loads(), b.loads()]
  let wrong = 0
  let asked = 0
  while (Date.now() < saleEndsAt.getTime() + 2_000) {
    const sent = Date.now()
    const pages = await Promise.all(
      Array.from({ length: 50 }, () => [a.page(id), b.page(id)]).flat(),
    )
    asked += pages.length
    // A copy's way to Redis is not taken off its life.
    if (sent > saleEndsAt.getTime() + 1_000)
      wrong += pages.filter(({ price }) => price !== 2_000).length
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  assert.equal(wrong, 0)
  assert.ok(asked > 100, `${asked} asked`)
  const loads = [a.loads() - (before[0] as number), b.loads() - (before[1] as number)]
  assert.ok(
    loads.every((one) => one <= 1),
    `loads: ${loads}`,
  )
})

const SLOW_MS = 2_000

/** Three changes of a price, of which each comes to be shown by both. */
async function change(ref: string, from: number): Promise<void> {
  for (const amount of [from, from + 1, from + 2]) {
    const id = await importProduct(ref, {}, amount)
    await timeUntil(`both show ${amount}`, async () => {
      const pages = await Promise.all([a.page(id), b.page(id)])
      return pages.every(({ price }) => price === amount)
    })
  }
}

const FAULTS: Readonly<Record<string, (line: FaultyLine) => void>> = {
  gone: (line) => line.cut(),
  'slow by 2 s': (line) => line.delay(SLOW_MS),
}

for (const engine of ['redis', 'mongo'] as const) {
  for (const [what, spoil] of Object.entries(FAULTS)) {
    test(`${engine} ${what}: pages go on, changes are seen, and it comes back`, async () => {
      const ref = `${engine}-${what.slice(0, 4)}`
      await importProduct(ref)
      await change(ref, 3_000)
      for (const node of [a, b]) spoil(node[engine])
      const times: number[] = []
      for (let n = 0; n < 10; n += 1) {
        const id = await importProduct(`${ref}-${n}`)
        const began = performance.now()
        await Promise.all([a.page(id), b.page(id)])
        times.push(performance.now() - began)
      }
      assert.ok(median(times) < SLOW_MS, `pages took ${times} ms: they waited for it`)
      await change(ref, 4_000)
      for (const node of [a, b]) {
        node[engine].mend()
        node[engine].delay(0)
      }
      await whole()
      await change(ref, 5_000)
    })
  }
}

test('both gone at once: pages come from PostgreSQL', async () => {
  for (const node of [a, b]) for (const line of [node.redis, node.mongo]) line.cut()
  const [onA, onB] = await storm(await importProduct('alone'), 1_000)
  assert.deepEqual([onA, onB], [1, 1])
  for (const node of [a, b]) for (const line of [node.redis, node.mongo]) line.mend()
  await whole()
})
