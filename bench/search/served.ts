import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { ProductSummary } from '#contracts/catalog/schemas.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { CatalogApi } from '../../server/modules/catalog/index.ts'
import { createPricing } from '../../server/modules/pricing/index.ts'
import type { SearchDocument, SearchQuery } from '../../server/modules/search/engine/index.ts'
import { createSearch } from '../../server/modules/search/index.ts'
import { systemChance as chance } from '../../server/platform/chance.ts'
import { systemClock as clock } from '../../server/platform/clock.ts'
import { createOutbox } from '../../server/platform/events/outbox.ts'
import { createIds } from '../../server/platform/ids.ts'
import { silentLog as log } from '../../server/platform/log.ts'
import { serveCatalog } from '../catalog/served.ts'
import type { DurableCatalog } from '../support/durable-catalog.ts'
import type { HttpLoad, HttpLoadResult } from '../support/http-load.ts'
import { type Figure, percentile } from '../support/report.ts'
import { latencies } from './measure.ts'
import type { Shop } from './shop.ts'

/** A catalogue in memory that knows what a results page shows. */
function catalogOf(shop: Shop): CatalogApi {
  const unused = () => {
    throw new Error('The bench has no answer to this')
  }
  const cards = new Map<string, ProductSummary>()
  const cardOf = (id: string): ProductSummary => {
    const card = cards.get(id) ?? summaryOf(shop.byId(id))
    cards.set(id, card)
    return card
  }
  return {
    getProduct: unused,
    getOffers: unused,
    getVariantOffers: unused,
    async getCategory({ idOrSlug }) {
      const path = shop.pathOf(idOrSlug)
      const leaf = path.at(-1)
      if (!leaf) throw generalProblem('not_found')
      return { ...leaf, path: [...path] }
    },
    listProducts: async ({ ids }) => ids.map(cardOf),
    getForIndex: async () => [],
    listForIndex: async () => [],
  }
}

function summaryOf({ id, fields, prices, inStock, rating, reviewCount }: SearchDocument) {
  return {
    id,
    slug: id,
    name: fields.name,
    sku: id,
    variantId: id,
    price: { amount: prices[0]?.amount ?? 0, currency: 'USD' },
    rating,
    reviewCount,
    sellerCount: 1,
    availability: { inStock, quantity: inStock ? 1 : 0 },
  } satisfies ProductSummary
}

/** The search routes of a shop over the index in a folder, on a socket. */
export async function serveSearch(
  durable: DurableCatalog,
  { shop, folder, cachedResults }: Readonly<{ shop: Shop; folder: string; cachedResults: number }>,
) {
  const ids = createIds({ clock, chance })
  const base = {
    db: durable.db,
    outbox: createOutbox({ db: durable.db, ids, clock }),
    ids,
    clock,
    log,
  }
  const pricing = createPricing({
    ...base,
    referenceFolder: join(import.meta.dirname, '../../data/reference'),
  })
  const catalog = catalogOf(shop)
  const parts = createSearch({ ...base, catalog, pricing: pricing.api, folder, cachedResults })
  await parts.start?.()
  const served = await serveCatalog(durable, parts)
  return {
    api: parts.api,
    port: served.port,
    async close() {
      await served.close()
      await parts.stop?.()
    },
  }
}

/** The address that asks what a query asks. */
function pathFor({ text, sort, limit, filters = {} }: SearchQuery): string {
  const asked = new URLSearchParams({ limit: String(limit), ...(sort && { sort }) })
  if (text !== undefined) asked.set('q', text)
  for (const category of filters.categories ?? []) asked.set('category', category)
  for (const brand of filters.brands ?? []) asked.append('brand', brand)
  if (filters.inStock) asked.set('inStock', 'true')
  if (filters.priceMin !== undefined) asked.set('minPrice', String(filters.priceMin))
  if (filters.priceMax !== undefined) asked.set('maxPrice', String(filters.priceMax))
  for (const { name, values } of filters.attributes ?? []) {
    for (const value of values) asked.append(`attr.${name}`, value)
  }
  return `/api/v1/search?${asked}`
}

/** Asks over HTTP, from a thread of its own. */
export async function measureHttp(
  name: string,
  { api, port }: Awaited<ReturnType<typeof serveSearch>>,
  {
    queries,
    connections,
    ms,
  }: Readonly<{ queries: readonly SearchQuery[]; connections: number; ms: number }>,
): Promise<Figure[]> {
  const paths = queries.map(pathFor)
  const before = await api.stats()
  const { latenciesMs } = await load({ port, paths, connections, ms })
  const after = await api.stats()
  const hits = (after.cacheHits - before.cacheHits) / Math.max(1, after.searches - before.searches)
  const of = `${name}, HTTP, ${connections} connection${connections === 1 ? '' : 's'}`
  const kept = hits > 0 ? `, ${Math.round(100 * hits)} % from the cache of results` : ''
  return [
    {
      name: of,
      value: (latenciesMs.length * 1_000) / ms,
      unit: 'requests/s',
      note: `${latencies(latenciesMs)}${kept}`,
    },
    { name: `${of}, p99`, value: percentile(latenciesMs, 0.99), unit: 'ms' },
  ]
}

function load(workerData: HttpLoad): Promise<HttpLoadResult> {
  const worker = new Worker(join(import.meta.dirname, '../support/http-load.ts'), { workerData })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}
