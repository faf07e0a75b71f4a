import { createHash } from 'node:crypto'
import type { Product } from '#contracts/catalog/schemas.ts'
import type { Money } from '#contracts/kit/money.ts'
import { createBatcher } from '../../../platform/batcher.ts'
import type { Clock } from '../../../platform/clock.ts'
import { isConnectionError } from '../../../platform/db/database.ts'
import type { PricingApi } from '../../pricing/index.ts'
import type { CategoryTree } from '../category-tree.ts'
import { DOCUMENT_LIFETIME_MS, jittered } from '../lifetimes.ts'
import { nextSaleEdge, type ProductRecord } from '../model.ts'
import { pricesIn, toProduct, toSummary } from '../product-view.ts'
import type { LoadDocument, ProductDocument } from './document-cache.ts'
import type { DocumentStore, StoredProduct } from './document-store.ts'

type Deps = Readonly<{
  store: DocumentStore
  clock: Clock
  pricing: PricingApi
  categories: CategoryTree
}>

/**
 * Makes the documents of pages: all products that are missed at one moment are read in one go,
 * then each is made up for its market.
 */
export function createDocumentLoader({ store, clock, pricing, categories }: Deps): LoadDocument {
  const find = createBatcher<string, StoredProduct | undefined>({
    maxBatch: 200,
    concurrency: 4,
    fatal: isConnectionError,
    async run(references) {
      return (await store.find(references)).map((value) => ({ value }))
    },
  })

  return async ({ reference, currency, country, locale }) => {
    const stored = await find(reference)
    if (stored?.record.status !== 'active') return null
    const { record } = stored
    const now = clock.now()
    const beganMs = clock.monotonicMs()
    const [category, shown] = await Promise.all([
      categories.get(record.categoryId),
      showPrices(pricing, pricesIn(record.offers, now), currency),
    ])
    const product = toProduct(record, { category, country, currency, now, shown, locale })
    const locales = record.translations.map((translation) => translation.locale)
    // From when the prices were chosen, so that no sale is shown beyond its end.
    const endsAtMs = beganMs + Math.min(stored.lifeMs, untilSaleEdge(record, now))
    return { ...serialise(product, record, beganMs, endsAtMs), locales, asOf: stored.asOf }
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

function serialise(
  product: Product,
  record: ProductRecord,
  beganMs: number,
  endsAtMs: number,
): Omit<ProductDocument, 'asOf' | 'locales'> {
  const body = Buffer.from(JSON.stringify(product))
  const digest = createHash('sha256').update(body).digest()
  const lifetimeMs = jittered(DOCUMENT_LIFETIME_MS, digest[0] as number)
  return {
    productId: product.id,
    body,
    etag: `"${digest.toString('base64url', 0, 18)}"`,
    summary: toSummary(product, record),
    expiresAtMs: Math.min(beganMs + lifetimeMs, endsAtMs),
  }
}
