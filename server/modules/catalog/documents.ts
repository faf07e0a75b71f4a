import { createHash } from 'node:crypto'
import type { Product } from '#contracts/catalog/schemas.ts'
import type { Money } from '#contracts/kit/money.ts'
import { createBatcher } from '../../platform/batcher.ts'
import type { Clock } from '../../platform/clock.ts'
import { type Database, isConnectionError } from '../../platform/db/database.ts'
import { shardOf } from '../../platform/ids.ts'
import type { PricingApi } from '../pricing/index.ts'
import type { CategoryTree } from './category-tree.ts'
import type { LoadDocument, ProductDocument } from './document-cache.ts'
import { DOCUMENT_LIFETIME_MS, jittered } from './lifetimes.ts'
import { nextSaleEdge, type ProductRecord } from './model.ts'
import { pricesIn, toProduct, toSummary } from './product-view.ts'
import { readProducts, readProductsBySlug } from './repository.ts'

type Deps = Readonly<{ db: Database; clock: Clock; pricing: PricingApi; categories: CategoryTree }>

/** Whether this is spelled as a product's id, rather than a slug. */
export function isProductId(reference: string): boolean {
  return /^prd_[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(reference)
}

/**
 * Reads documents from the database: all that are missed at one moment in one round trip, then
 * each made up for its market.
 */
export function createDocumentLoader({ db, clock, pricing, categories }: Deps): LoadDocument {
  const byId = createBatcher<string, ProductRecord | undefined>({
    maxBatch: 200,
    concurrency: 2,
    fatal: isConnectionError,
    async run(ids) {
      const unique = [...new Set(ids)]
      const rows = await readProducts(db, [unique.map(shardOf), unique])
      const found = new Map(rows.map((row) => [row.id, row]))
      return ids.map((id) => ({ value: found.get(id) }))
    },
  })
  const bySlug = createBatcher<string, ProductRecord | undefined>({
    maxBatch: 200,
    concurrency: 2,
    fatal: isConnectionError,
    async run(slugs) {
      const rows = await readProductsBySlug(db, [[...new Set(slugs)]])
      const found = new Map(rows.map(({ askedSlug, ...row }) => [askedSlug, row]))
      return slugs.map((slug) => ({ value: found.get(slug) }))
    },
  })

  return async ({ reference, currency, country }) => {
    const record = await (isProductId(reference) ? byId : bySlug)(reference)
    if (record?.status !== 'active') return null
    const now = clock.now()
    const [category, shown] = await Promise.all([
      categories.get(record.categoryId),
      showPrices(pricing, pricesIn(record.offers, now), currency),
    ])
    const product = toProduct(record, { category, country, currency, now, shown })
    return serialise(product, untilSaleEdge(record, now), clock)
  }
}

/** A function from prices to what is shown for them in a currency, asked of pricing all at once. */
export async function showPrices(
  pricing: PricingApi,
  prices: readonly Money[],
  currency: string,
): Promise<(price: Money) => Money> {
  const foreign = prices.filter((price) => price.currency !== currency)
  if (foreign.length === 0) return (price) => price
  const converted = await pricing.display({ prices: foreign, currency })
  const table = new Map(foreign.map((price, place) => [nameOf(price), converted[place]]))
  return (price) => {
    if (price.currency === currency) return price
    const found = table.get(nameOf(price))
    if (!found) throw new Error(`${nameOf(price)} was not converted to ${currency}`)
    return found
  }
}

function nameOf({ amount, currency }: Money): string {
  return `${amount} ${currency}`
}

function untilSaleEdge(record: ProductRecord, now: Date): number {
  return Math.min(...record.offers.map((offer) => nextSaleEdge(offer, now))) - now.getTime()
}

function serialise(product: Product, untilEdgeMs: number, clock: Clock): ProductDocument {
  const body = Buffer.from(JSON.stringify(product))
  const digest = createHash('sha256').update(body).digest()
  const lifetimeMs = jittered(DOCUMENT_LIFETIME_MS, digest[0] as number)
  return {
    productId: product.id,
    body,
    etag: `"${digest.toString('base64url', 0, 18)}"`,
    summary: toSummary(product),
    expiresAtMs: clock.monotonicMs() + Math.min(lifetimeMs, untilEdgeMs),
  }
}
