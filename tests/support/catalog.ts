import { mediaProblem } from '../../contracts/media/problems.ts'
import { createCatalog, type OnView } from '../../server/modules/catalog/index.ts'
import type { InventoryApi } from '../../server/modules/inventory/index.ts'
import type { MediaApi } from '../../server/modules/media/index.ts'
import type { PricingApi } from '../../server/modules/pricing/index.ts'
import { type Clock, systemClock } from '../../server/platform/clock.ts'
import { silentLog } from '../../server/platform/log.ts'
import { type TestPlatform, testPlatform } from './platform.ts'

type Level = Readonly<{ offerId: string; warehouseCode: string; quantity: number }>

/** What the catalogue asks of the inventory, remembered instead of done. */
export function fakeInventory() {
  const calls: { key: string; levels: readonly Level[] }[] = []
  const api: Pick<InventoryApi, 'warehouses' | 'importLevels' | 'importWarehouses' | 'levelsOf'> = {
    warehouses: async () =>
      ['US-EAST', 'US-WEST'].map((code) => ({
        id: `whs_${code}`,
        code,
        name: code,
        sellerId: null,
        country: 'US',
        region: null,
        postalCode: '10001',
        city: 'New York',
        latitude: 40,
        longitude: -74,
        timezone: 'America/New_York',
        address: null,
        priority: 100,
        cutOff: null,
        workingDays: [1, 2, 3, 4, 5],
        closedOn: [],
        isActive: true,
        version: 1,
      })),
    importWarehouses: async () => {},
    async levelsOf({ offerIds }) {
      const wanted = new Set(offerIds)
      const last = new Map<string, Level>()
      for (const level of calls.flatMap(({ levels }) => levels)) {
        if (wanted.has(level.offerId)) last.set(`${level.offerId} ${level.warehouseCode}`, level)
      }
      return [...last.values()]
    },
    async importLevels(input) {
      calls.push(input)
      return { unknownWarehouses: [], short: [] }
    },
  }
  return { api: api as InventoryApi, calls }
}

/** One dollar is 90 cents of a euro, and 100 yen. */
export function fakePricing(): PricingApi {
  const units: Readonly<Record<string, number>> = { USD: 1, EUR: 0.9, JPY: 1 }
  const api: Pick<PricingApi, 'market' | 'markets' | 'display'> = {
    market: async ({ currency, country }) => ({
      currency: currency ?? 'USD',
      country: country ?? 'US',
      taxIncluded: false,
    }),
    markets: async () => ({ items: [], currencies: Object.keys(units), ratesAsOf: '2026-03-01' }),
    display: async ({ prices, currency }) =>
      prices.map((price) => ({
        amount: Math.round(
          (price.amount * (units[currency] as number)) / (units[price.currency] as number),
        ),
        currency,
      })),
  }
  return api as PricingApi
}

/** Pictures 640 wide whose key begins with `a`; none was fetched, and none can be. */
export function fakeMedia(): MediaApi {
  return {
    describe: async ({ keys }) => ({
      files: keys
        .filter((key) => key.startsWith('a'))
        .map((key) => ({ key, width: 640, height: 480, color: '#a08c7d' })),
      sources: {},
    }),
    addFromUrl: async () => {
      throw mediaProblem('media.fetch_failed')
    },
    hasUnseen: async () => false,
    renew: async () => {},
    removeUnused: async () => 0,
  }
}

export type TestCatalog = Readonly<{
  platform: TestPlatform
  catalog: ReturnType<typeof createCatalog>
  stock: ReturnType<typeof fakeInventory>['calls']
}>

export const CATEGORIES = [
  { code: 'el', name: 'Electronics', slug: 'electronics', parent: null },
  { code: 'el-1', name: 'Cameras', slug: 'electronics/cameras', parent: 'el' },
  { code: 'aa', name: 'Apparel', slug: 'apparel', parent: null },
  { code: 'aa-1', name: 'Shirts', slug: 'apparel/shirts', parent: 'aa' },
]

const performance = { orderDefectRate: 0.001, lateShipmentRate: 0.01, cancelRate: 0.005 }

export const SELLERS = ['acme', 'best', 'corner'].map((code) => ({
  code,
  name: code.toUpperCase(),
  country: 'US',
  performance,
}))

/** A catalogue with a few categories and sellers, and no product. */
export async function testCatalog({
  clock = systemClock,
  onView,
}: Readonly<{ clock?: Clock; onView?: OnView }> = {}): Promise<TestCatalog> {
  const platform = await testPlatform({ clock })
  const inventory = fakeInventory()
  const { db, ids, outbox } = platform
  const catalog = createCatalog({
    db,
    ids,
    outbox,
    clock,
    log: silentLog,
    inventory: inventory.api,
    pricing: fakePricing(),
    media: fakeMedia(),
    ...(onView ? { onView } : {}),
  })
  await catalog.importer.importCategories(CATEGORIES)
  await catalog.importer.importSellers(SELLERS)
  return { platform, catalog, stock: inventory.calls }
}

/** A valid row; `over` replaces its members. */
export function productRow(ref: string, over: Readonly<Record<string, unknown>> = {}) {
  const stock = { 'US-EAST': 12 }
  const price = { amount: 19_900, currency: 'USD' }
  const offer = { seller: 'acme', sku: `${ref}-O`, price, stock }
  return {
    ref,
    seller: 'acme',
    name: `Camera ${ref}`,
    category: 'el-1',
    variants: [{ sku: `${ref}-V`, offers: [offer] }],
    ...over,
  }
}

export function jsonl(rows: readonly unknown[]): { stream: AsyncIterable<Uint8Array> } {
  return bytes(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
}

export function bytes(text: string | Uint8Array): { stream: AsyncIterable<Uint8Array> } {
  async function* one() {
    yield Buffer.from(text as string)
  }
  return { stream: one() }
}
