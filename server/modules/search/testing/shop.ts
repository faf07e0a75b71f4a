import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { availabilityChanged, productChanged, sellersChanged } from '#contracts/catalog/events.ts'
import type { CategoryRef, ProductSummary } from '#contracts/catalog/schemas.ts'
import { convert, type Money } from '#contracts/kit/money.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { systemClock } from '../../../platform/clock.ts'
import { shardOf } from '../../../platform/ids.ts'
import { silentLog } from '../../../platform/log.ts'
import type { CatalogApi, IndexDocument } from '../../catalog/index.ts'
import type { PricingApi } from '../../pricing/index.ts'
import type { SearchInput } from '../api.ts'
import { createSearch, type SearchDeps } from '../module.ts'

const COMPUTERS: CategoryRef = { id: 'cat_1', slug: 'computers', name: 'Computers' }
const LAPTOPS: CategoryRef = { id: 'cat_2', slug: 'laptops', name: 'Laptops' }
const MICE: CategoryRef = { id: 'cat_3', slug: 'mice', name: 'Mice' }
const PATHS = new Map([
  ['cat_1', [COMPUTERS]],
  ['cat_2', [COMPUTERS, LAPTOPS]],
  ['cat_3', [COMPUTERS, MICE]],
])

/** Dollars for one euro, and yen for one dollar: easy to reckon with. */
const RATES: Readonly<Record<string, string>> = {
  'EUR/USD': '1.25',
  'USD/EUR': '0.8',
  'USD/JPY': '150',
}

export type Sold = Readonly<{
  name: string
  leaf?: 'cat_2' | 'cat_3'
  brand?: string
  price?: Money
  listPrice?: Money
  available?: number
  attributes?: IndexDocument['attributes']
  translations?: IndexDocument['translations']
  active?: boolean
}>

type Platform = Pick<SearchDeps, 'db' | 'ids' | 'outbox'>

/** A product with one variant and one offer. */
export function productOf(id: string, sold: Sold): IndexDocument {
  const price = sold.price ?? { amount: 10_000, currency: 'USD' }
  return {
    productId: id,
    slug: id.replaceAll('_', '-'),
    name: sold.name,
    ...(sold.brand && { brand: sold.brand }),
    ...(sold.translations && { translations: sold.translations }),
    categoryPath: PATHS.get(sold.leaf ?? 'cat_2') as CategoryRef[],
    attributes: sold.attributes ?? {},
    variants: [
      {
        variantId: `var_${id}`,
        sku: `SKU-${id.slice(-6)}`,
        options: {},
        offers: [
          {
            offerId: `off_${id}`,
            sellerId: 'sel_1',
            price,
            listPrice: sold.listPrice ?? price,
            available: sold.available ?? 5,
          },
        ],
      },
    ],
    sellerNames: { sel_1: 'Seller' },
    rating: 4,
    reviewCount: 10,
    popularity: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    version: 1,
    active: sold.active ?? true,
  }
}

/** A catalogue in memory, with the calls that search makes. */
export type FakeCatalog = CatalogApi & Readonly<{ products: Map<string, IndexDocument> }>

function fakeCatalog(): FakeCatalog {
  const products = new Map<string, IndexDocument>()
  const inOrder = () =>
    [...products.values()].sort((a, b) => (placeOf(a.productId) < placeOf(b.productId) ? -1 : 1))
  const unused = () => {
    throw new Error('Search does not call this')
  }
  return {
    products,
    getProduct: unused,
    getOffers: unused,
    getVariantOffers: unused,
    async getCategory({ idOrSlug }) {
      const path = [...PATHS.values()].find((each) => {
        const leaf = each.at(-1)
        return leaf?.id === idOrSlug || leaf?.slug === idOrSlug
      })
      if (!path) throw generalProblem('not_found')
      return { ...(path.at(-1) as CategoryRef), path }
    },
    async listProducts({ ids, currency, locale }) {
      return ids.flatMap((id) => {
        const product = products.get(id)
        if (!product?.active) return []
        const { name = product.name } =
          product.translations?.find((each) => each.locale === locale) ?? {}
        return [{ ...summaryOf(product, currency), name }]
      })
    },
    async getForIndex({ productIds }) {
      return productIds.flatMap((id) => products.get(id) ?? [])
    },
    async listForIndex({ after: last, limit }) {
      return inOrder()
        .filter(({ productId }) => last === null || placeOf(productId) > placeOf(last))
        .slice(0, limit)
    },
  }
}

/** As the catalogue orders its pages: by shard, then by id. */
function placeOf(id: string): string {
  return `${String(shardOf(id)).padStart(4, '0')} ${id}`
}

function summaryOf(product: IndexDocument, currency: string): ProductSummary {
  const variant = product.variants[0] as IndexDocument['variants'][number]
  const offer = variant.offers[0] as (typeof variant.offers)[number]
  const quantity = Math.min(offer.available ?? 0, 100)
  return {
    id: product.productId,
    slug: product.slug,
    name: product.name,
    sku: variant.sku,
    variantId: variant.variantId,
    price: shown(offer.price, currency),
    rating: product.rating,
    reviewCount: product.reviewCount,
    sellerCount: 1,
    availability: { inStock: quantity > 0, quantity },
  }
}

function rateOf(from: string, to: string): string {
  return from === to ? '1' : (RATES[`${from}/${to}`] as string)
}

function shown(price: Money, currency: string): Money {
  return convert(price, currency, rateOf(price.currency, currency))
}

export const fakePricing = {
  market: async ({ currency = 'USD', country = 'US' }) => ({
    country,
    currency,
    taxIncluded: false,
  }),
  display: async ({ prices, currency }) => prices.map((price) => shown(price, currency)),
  rate: async ({ from, to }) => ({ rate: rateOf(from, to), asOf: '2026-01-01' }),
} as Pick<PricingApi, 'market' | 'display' | 'rate'> as PricingApi

const EVERYTHING: SearchInput = {
  q: '',
  attributes: {},
  sort: 'relevance',
  page: 1,
  limit: 20,
  currency: 'USD',
  country: 'US',
}

/** A search over a catalogue in memory and a real database; stopped after the test file. */
export async function searchShop(openPlatform: () => Promise<Platform>) {
  const folder = await mkdtemp(join(tmpdir(), 'stoa-search-'))
  const catalog = fakeCatalog()
  const started: { stop?(): Promise<void> }[] = []
  // Before the platform's own: what is declared first is done first.
  after(async () => {
    for (const parts of started) await parts.stop?.()
    await rm(folder, { recursive: true, force: true })
  })
  const platform = await openPlatform()
  return {
    ...platform,
    folder,
    catalog,
    /** Puts a product into the catalogue and tells of it. */
    sell: (id: string, sold: Sold) => tell(platform, catalog, productOf(id, sold)),
    /** Puts a product into the catalogue and tells nobody. */
    sellSecretly: (id: string, sold: Sold) => catalog.products.set(id, productOf(id, sold)),
    async tellOfSeller(sellerId: string) {
      const payload = { sellerIds: [sellerId] }
      await platform.db.tx((tx) =>
        platform.outbox.append(tx, [{ spec: sellersChanged, aggregateId: sellerId, payload }]),
      )
      await platform.outbox.sequence()
      platform.outbox.moved.strike()
    },
    /** Starts the module; its index serves, unless it is given a store of the test's own. */
    async start(more: Partial<SearchDeps> = {}) {
      const parts = createSearch({
        ...platform,
        clock: systemClock,
        log: silentLog,
        catalog,
        pricing: fakePricing,
        folder,
        ...more,
      })
      await parts.start?.()
      started.push(parts)
      // On a busy machine the first index is there later than the module is willing to wait for it.
      if (!more.store) await until(async () => isSettled(await parts.api.stats()))
      return {
        ...parts,
        find: (asked: Partial<SearchInput>) => parts.api.search({ ...EVERYTHING, ...asked }),
      }
    },
  }
}

/** Whether an index serves, and no build of it is still about to end. */
function isSettled({ serving, building }: Readonly<{ serving: boolean; building: boolean }>) {
  return serving && !building
}

async function tell(
  { db, outbox }: Platform,
  catalog: FakeCatalog,
  product: IndexDocument,
): Promise<void> {
  catalog.products.set(product.productId, product)
  const { productId, version } = product
  await db.tx((tx) =>
    outbox.append(tx, [
      { spec: productChanged, aggregateId: productId, payload: { productId, version } },
      {
        spec: availabilityChanged,
        aggregateId: productId,
        payload: { productIds: [productId] },
      },
    ]),
  )
  await outbox.sequence()
  outbox.moved.strike()
}

/** Waits until something holds. @throws when it does not within so long */
export async function until(holds: () => Promise<boolean>, ms = 180_000): Promise<void> {
  const end = performance.now() + ms
  while (performance.now() < end) {
    if (await holds()) return
    await systemClock.sleep(10)
  }
  throw new Error('It did not come to hold in time')
}
