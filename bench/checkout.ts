/**
 * Whole checkouts/s: a quoted cart of two lines in, a confirmed and durable order out, paid at a provider that answers
 * at once; against pgbench's TPC-B on the same server, by turns. Modules are called in the process: HTTP is not in it,
 * nor is the provider's own time. Void unless the audits find nothing.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createCart } from '../server/modules/cart/index.ts'
import { createInventory } from '../server/modules/inventory/index.ts'
import { migrationSources } from '../server/modules/migrations.ts'
import { createOrders, type PlaceOrderInput } from '../server/modules/orders/index.ts'
import { createPayments } from '../server/modules/payments/index.ts'
import { createPricing } from '../server/modules/pricing/index.ts'
import { createShipping } from '../server/modules/shipping/index.ts'
import { systemChance } from '../server/platform/chance.ts'
import { systemClock as clock } from '../server/platform/clock.ts'
import { type Database, openDatabase } from '../server/platform/db/database.ts'
import { migrate } from '../server/platform/db/migrate.ts'
import {
  destroyEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../server/platform/embedded-postgres/index.ts'
import { createOutbox } from '../server/platform/events/outbox.ts'
import { createIds } from '../server/platform/ids.ts'
import { silentLog as log } from '../server/platform/log.ts'
import { ADDRESS, fakeOffer } from '../tests/support/checkout-fakes.ts'
import { createFakeProvider } from '../tests/support/fake-provider.ts'
import { type Figure, median, percentile, report } from './support/report.ts'

const { values: flags } = parseArgs({
  options: {
    orders: { type: 'string', default: '4000' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    buyers: { type: 'string', default: '256,64' },
    offers: { type: 'string', default: '10000' },
  },
})
const offers = Number(flags.offers)
const POOL = 16
const HOT = 0
const MAX_CONNECTIONS = 400
const TPCB_SCALE = 50

type Run = Readonly<{ rate: number; p50: number; p99: number }>

/** The catalogue is not measured: its offers are in memory, as its cache would have them. */
const catalogue = Array.from({ length: offers }, (_, n) =>
  fakeOffer(n, { sellerId: `sel_${n % 50}`, amount: 500 + (n % 9_000) }),
)
const offersById = new Map(catalogue.map((offer) => [offer.offerId, offer]))

function openShop(db: Database) {
  const ids = createIds({ clock, chance: systemChance })
  const outbox = createOutbox({ db, ids, clock })
  const base = { db, outbox, ids, clock, log }
  const referenceFolder = join(import.meta.dirname, '../data/reference')
  const shipping = createShipping({ ...base, referenceFolder })
  const inventory = createInventory({ ...base, locate: () => undefined })
  const pricing = createPricing({ ...base, referenceFolder })
  const find = (wanted: readonly string[]) =>
    wanted.flatMap((offerId) => offersById.get(offerId) ?? [])
  const catalog = {
    getOffers: async ({ offerIds }: { offerIds: readonly string[] }) => find(offerIds),
    getVariantOffers: async ({ variantIds }: { variantIds: readonly string[] }) =>
      find(variantIds.map((id) => id.replace('var_', 'off_'))),
  }
  const cart = createCart({ ...base, catalog, pricing: pricing.api, inventory: inventory.api })
  const payments = createPayments({ ...base, providers: [createFakeProvider()] })
  const orders = createOrders({
    ...base,
    cart: cart.api,
    pricing: pricing.api,
    inventory: inventory.api,
    payments: payments.api,
    shipping: shipping.api,
    settings: { commissionRate: '0.10', demoFulfilment: false },
  })
  return { outbox, shipping, inventory, pricing, cart, payments, orders }
}

type Shop = ReturnType<typeof openShop>

async function prepare(db: Database, shop: Shop): Promise<void> {
  await migrate(db, migrationSources(), log)
  for (const part of [shop.shipping, shop.pricing, shop.inventory]) await part.start?.()
  await shop.inventory.api.importWarehouses({
    warehouses: [
      {
        code: 'main',
        name: 'Main',
        sellerId: null,
        country: 'DE',
        region: null,
        postalCode: '10115',
        city: 'Berlin',
        latitude: 52.5,
        longitude: 13.4,
        timezone: 'Europe/Berlin',
      },
    ],
  })
  await shop.inventory.api.importLevels({
    key: 'bench',
    levels: catalogue.map(({ offerId }) => ({
      offerId,
      warehouseCode: 'main',
      quantity: 1_000_000,
    })),
  })
}

let carts = 0

/** A cart of two lines with its quote, and the call that buys it. */
async function quote({ cart, orders }: Shop, pick: () => number): Promise<PlaceOrderInput> {
  carts += 1
  const { id: cartId } = await cart.api.create({ currency: 'EUR', country: 'DE' })
  const first = pick()
  const chosen = [first, first === HOT ? 1 + (carts % (offers - 1)) : (first + 1) % offers]
  for (const n of chosen) await cart.api.addLine({ cartId, variantId: `var_${n}`, quantity: 1 })
  const made = await orders.api.quote({ cartId, shippingAddress: ADDRESS })
  return {
    key: `bench-${carts}`,
    cartId,
    quoteId: made.quoteId,
    email: 'ada@example.com',
    shippingAddress: ADDRESS,
    shippingOptionId: made.shippingOptionId ?? '',
    payment: { method: 'card', token: 'tok_success' },
    customerId: null,
    remoteAddress: '127.0.0.1',
  }
}

async function inParallel<T>(count: number, width: number, work: (n: number) => Promise<T>) {
  const results: T[] = []
  let next = 0
  const one = async () => {
    while (next < count) {
      next += 1
      results.push(await work(next))
    }
  }
  await Promise.all(Array.from({ length: width }, one))
  return results
}

async function checkouts(shop: Shop, buyers: number, pick: () => number): Promise<Run> {
  const count = Number(flags.orders)
  const waiting = await inParallel(count, 32, () => quote(shop, pick))
  while ((await shop.outbox.sequence()) > 0);
  const times: number[] = []
  const began = clock.monotonicMs()
  await inParallel(count, buyers, async () => {
    const input = waiting.pop() as PlaceOrderInput
    const asked = clock.monotonicMs()
    const { order } = await shop.orders.api.place(input)
    if (order.status !== 'confirmed') throw new Error(`The figures are void: ${order.status}`)
    times.push(clock.monotonicMs() - asked)
  })
  const rate = (count * 1_000) / (clock.monotonicMs() - began)
  return { rate, p50: percentile(times, 0.5), p99: percentile(times, 0.99) }
}

function pgbench(url: string, args: readonly string[]): string {
  return execFileSync('pgbench', [...args, url], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

function tpcb(url: string, clients: number): Run {
  const load = ['-n', '-M', 'prepared', '-j', '1', '-T', flags.seconds, '-c', String(clients)]
  const text = pgbench(url, load)
  const rate = Number(/tps = ([\d.]+)/.exec(text)?.[1])
  const mean = Number(/latency average = ([\d.]+)/.exec(text)?.[1])
  return { rate, p50: mean, p99: Number.NaN }
}

async function measure(db: Database, serverUrl: string): Promise<Figure[]> {
  const shop = openShop(db)
  await prepare(db, shop)
  await db.query({ text: 'create database tpcb' })
  const tpcbUrl = Object.assign(new URL(serverUrl), { pathname: '/tpcb' }).href
  pgbench(tpcbUrl, ['-i', '-q', '-s', String(TPCB_SCALE)])
  const random = () => 1 + Math.floor(systemChance.float() * (offers - 1))
  await checkouts(shop, 64, random)
  await db.query({ text: 'analyze' })
  const figures: Figure[] = []
  for (const buyers of flags.buyers.split(',').map(Number)) {
    const runs: Record<string, Run[]> = { tpcb: [], spread: [], 'one hot item': [] }
    for (let round = 0; round < Number(flags.rounds); round += 1) {
      runs['tpcb']?.push(tpcb(tpcbUrl, buyers))
      runs['spread']?.push(await checkouts(shop, buyers, random))
      runs['one hot item']?.push(await checkouts(shop, buyers, () => HOT))
    }
    figures.push(...figuresOf(runs, buyers))
  }
  await shop.orders.stop?.()
  const breaches = [
    ...(await shop.inventory.api.audit()),
    ...(await shop.payments.api.audit()),
    ...(await shop.orders.api.audit()),
  ]
  if (breaches.length > 0) throw new Error(`The figures are void: ${breaches.join('; ')}`)
  return figures
}

function figuresOf(runs: Readonly<Record<string, readonly Run[]>>, buyers: number): Figure[] {
  const base = runs['tpcb'] ?? []
  return Object.entries(runs).map(([name, own]) => {
    const rates = own.map(({ rate }) => rate)
    const p50 = median(own.map((run) => run.p50)).toFixed(0)
    const p99 = median(own.map((run) => run.p99)).toFixed(0)
    return {
      name: name === 'tpcb' ? `TPC-B, ${buyers} clients` : `checkouts, ${buyers} buyers, ${name}`,
      value: median(rates),
      unit: '/s',
      ratio: median(own.map(({ rate }, round) => rate / (base[round]?.rate ?? Number.NaN))),
      ratioTo: 'TPC-B',
      spread: [Math.min(...rates), Math.max(...rates)] as const,
      note: name === 'tpcb' ? `mean ${p50} ms` : `p50 ${p50} ms, p99 ${p99} ms`,
    }
  })
}

const dataFolder = mkdtempSync(join(realpathSync(tmpdir()), 'stoa-bench-checkout-'))
const settings = { max_connections: String(MAX_CONNECTIONS) }
const postgres = await startEmbeddedPostgres({ dataFolder, log, settings })
const db = openDatabase({ url: postgres.url, log, poolSize: POOL, statementTimeoutMs: 60_000 })
try {
  report('checkout', await measure(db, postgres.url))
} finally {
  await db.close()
  await postgres.stop()
  await destroyEmbeddedPostgres(dataFolder)
}
