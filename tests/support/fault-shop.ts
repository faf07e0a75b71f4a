/** A shop of several processes whose parts can be killed, cut off and brought back; and what must hold after that. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type Client, createClient, httpTransport } from '../../packages/client/src/index.ts'
import { openBalancer } from './balancer.ts'
import { type FaultyLine, faultyLine } from './faulty-line.ts'
import { buyPatiently, untilPaid } from './load.ts'
import { openOwnPostgres } from './own-postgres.ts'
import { freePortPair } from './ports.ts'
import type { KeeperOptions, TestPostgres } from './postgres.ts'
import {
  killShops,
  runStoa,
  type ShopProcess,
  smallDataFolder,
  startShopProcess,
  temporaryHome,
} from './shop-process.ts'
import { findBuyable, unwrap, watchOnly } from './shopper.ts'
import { openTestBank } from './test-bank.ts'

const SECRET = `whsec_${randomBytes(32).toString('base64')}`
const OPERATOR_KEY = randomBytes(24).toString('base64url')
/** How soon a shop must be itself again when a fault has ended (I8). */
const RECOVERY_MS = 30_000

const PLENTY = 100_000

export type FaultShopOptions = Readonly<{
  processes?: number
  /** Further settings of all processes. */
  env?: Readonly<Record<string, string>>
  /** PostgreSQL's settings and its place. */
  postgres?: KeeperOptions
  /** What is to be made beside the database before the shop starts; gives further settings. */
  prepare?(postgres: TestPostgres): Promise<Readonly<Record<string, string>>>
  /** Rows of each set of the demo that are for sale. */
  rows?: number
}>

export type FaultShop = Awaited<ReturnType<typeof openFaultShop>>

/** Closes everything that the test opened; call it in `after`. */
export async function openFaultShop(options: FaultShopOptions = {}) {
  const { processes = 2, env = {}, rows = 12 } = options
  const closing: (() => unknown)[] = []
  const data = await smallDataFolder(rows)
  const postgres = await openOwnPostgres(options.postgres)
  const database: FaultyLine = await faultyLine(postgres.url)
  const nodes: (ShopProcess | undefined)[] = []
  const ports: number[] = []
  for (let nth = 0; nth < processes; nth += 1) ports.push(await freePortPair())
  const urls = ports.map((port) => `http://127.0.0.1:${port}`)
  const balancer = await openBalancer(urls)
  const bank = await openTestBank({
    webhookUrl: `${balancer.url}/api/v1/payments/webhooks/test`,
    apiKey: SECRET,
    webhookSecret: SECRET,
  })
  const bankLine = await faultyLine(bank.url)
  const homes = ports.map(() => temporaryHome())
  const settings = {
    DATABASE_URL: database.url,
    DATABASE_POOL_SIZE: '8',
    TEST_PROVIDER_URL: bankLine.url.replace(/\/$/, ''),
    TEST_PROVIDER_SECRET: SECRET,
    OPERATOR_API_KEY: OPERATOR_KEY,
    VAULT_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    SEARCH_READERS: '1',
    ...env,
    ...(await options.prepare?.(postgres)),
  }

  async function start(nth: number): Promise<ShopProcess> {
    const node = await startShopProcess({
      home: homes[nth]?.home as string,
      dataFolder: data.folder,
      port: ports[nth] as number,
      env: settings,
      faulty: true,
      readyMs: 180_000,
    })
    nodes[nth] = node
    return node
  }

  closing.push(killShops, balancer.close, bankLine.close, database.close)
  closing.push(postgres.stop, data.remove, ...homes.map(({ remove }) => remove))
  const close = async () => {
    for (const one of closing) await one()
  }
  try {
    // The first loads the demo; the others find it there.
    await start(0)
    await Promise.all(ports.slice(1).map((_, nth) => start(nth + 1)))
    const client = createClient({ transport: httpTransport(balancer.url) })
    const operator = createClient({ transport: httpTransport(balancer.url), token: OPERATOR_KEY })
    await watchOnly(operator)
    const items = await findBuyable(client, 5)
    for (const { offerId } of items) await setStock(operator, offerId, PLENTY)
    return {
      client,
      operator,
      items,
      bank,
      bankLine,
      database,
      postgres,
      url: balancer.url,
      node: (nth: number) => nodes[nth] as ShopProcess,
      start,
      close,
      audit: () =>
        runStoa(['audit'], {
          home: homes[0]?.home as string,
          dataFolder: data.folder,
          env: { ...settings, DATABASE_URL: postgres.url, TEST_PROVIDER_URL: bank.url },
        }),
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Sets what can be sold of an offer, all of it in one warehouse; what ships meanwhile is seen again. */
export async function setStock(operator: Client, offerId: string, available: number) {
  for (let isSet = false; !isSet; ) {
    const { items: levels } = unwrap(await operator.getStock({ params: { offerId } }))
    isSet = true
    for (const [nth, level] of levels.entries()) {
      const quantity = level.reserved + (nth === 0 ? available : 0)
      const params = { offerId, warehouseId: level.warehouseId }
      const body = { quantity, expected: level.quantity, reason: 'test' }
      const answer = await operator.setStock({ params, body })
      if (!answer.ok && answer.problem.code === 'inventory.stock_changed') isSet = false
      else unwrap(answer)
    }
  }
}

/**
 * What must hold after every fault: within 30 seconds the shop sells again, five times without any refusal; everything
 * that was acknowledged is there (I7); and the audit finds every invariant.
 * @returns how long it took until the shop sold again, in milliseconds
 */
export async function assertRecovered(
  shop: FaultShop,
  acknowledged: readonly string[] = [],
): Promise<number> {
  const began = performance.now()
  for (let inRow = 0, turn = 0; inRow < 5; turn += 1) {
    const item = shop.items[turn % shop.items.length] as (typeof shop.items)[0]
    try {
      await buyPatiently(shop.client, item, { strict: true })
      inRow += 1
    } catch (error) {
      inRow = 0
      if (performance.now() - began > RECOVERY_MS) throw error
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
  const recoveredMs = performance.now() - began
  for (const orderId of acknowledged)
    await untilPaid(shop.client, orderId, { patienceMs: RECOVERY_MS })
  const { code, output } = await shop.audit()
  assert.equal(code, 0, output)
  return Math.round(recoveredMs)
}
