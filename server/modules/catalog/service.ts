import type { ProductSummary } from '#contracts/catalog/schemas.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { isIdOf, shardOf } from '../../platform/ids.ts'
import type { PricingApi } from '../pricing/index.ts'
import type { CatalogApi, IndexDocument, OfferSnapshot } from './api.ts'
import type { CategoryTree } from './category-tree.ts'
import type { DocumentCache } from './documents/document-cache.ts'
import { isProductId } from './documents/document-store.ts'
import { showPrices } from './documents/documents.ts'
import { chooseLocale } from './localization.ts'
import { isSellable, type ProductRecord } from './model.ts'
import { priceOf, rankOffers, toIndexDocument, toSnapshot } from './product-view.ts'
import {
  listProductsAfter,
  type OfferRow,
  readOffers,
  readOffersOfVariants,
  readProducts,
} from './repository.ts'

type Deps = Readonly<{
  db: Database
  clock: Clock
  pricing: PricingApi
  categories: CategoryTree
  documents: DocumentCache
}>

const INDEX_PAGE_MAX = 1_000

export function createService({ db, clock, pricing, categories, documents }: Deps): CatalogApi {
  const indexDocuments = (records: readonly ProductRecord[]): Promise<IndexDocument[]> => {
    const now = clock.now()
    return Promise.all(
      records.map(async (record) =>
        toIndexDocument(record, await categories.get(record.categoryId), now),
      ),
    )
  }
  const snapshot = async (row: OfferRow): Promise<OfferSnapshot> =>
    toSnapshot(row, await categories.get(row.categoryId), clock.now())

  return {
    async getProduct({ idOrSlug, currency, country }) {
      const document = await documents.get({ reference: idOrSlug, currency, country })
      if (!document) throw generalProblem('not_found')
      return JSON.parse(document.body.toString())
    },
    async listProducts({ ids, currency, country, locale: wanted }) {
      const found = await Promise.all(
        ids.filter(isProductId).map(async (reference) => {
          const document = await documents.get({ reference, currency, country })
          const locale = wanted && document && chooseLocale(document.locales, wanted, undefined)
          if (!locale) return document
          return (await documents.get({ reference, currency, country, locale })) ?? document
        }),
      )
      return found.flatMap((document): ProductSummary[] =>
        document?.summary ? [document.summary] : [],
      )
    },
    async getOffers({ offerIds }) {
      const known = offerIds.filter((id) => isIdOf('off', id))
      const rows = await readOffers(db, [known.map(shardOf), known])
      return Promise.all(rows.map(snapshot))
    },
    async getVariantOffers({ variantIds }) {
      const known = variantIds.filter((id) => isIdOf('var', id))
      const rows = await readOffersOfVariants(db, [known.map(shardOf), known])
      const byVariant = Map.groupBy(rows, (row) => row.offer.variantId)
      const ranked = await Promise.all(
        known.map((id) => rankRows(byVariant.get(id) ?? [], pricing, clock.now())),
      )
      return Promise.all(ranked.flat().map(snapshot))
    },
    async getCategory({ idOrSlug }) {
      const node = await categories.find(idOrSlug)
      if (!node) throw generalProblem('not_found')
      return { ...node.ref, path: [...node.path] }
    },
    async listForIndex({ after, limit }) {
      const start = after === null ? [-1, ''] : [shardOf(after), after]
      const page = Math.min(limit, INDEX_PAGE_MAX)
      return indexDocuments(await listProductsAfter(db, [...start, page]))
    },
    async getForIndex({ productIds }) {
      const known = productIds.filter(isProductId)
      return indexDocuments(await readProducts(db, [known.map(shardOf), known]))
    },
  }
}

/** The offers of one variant, featured first; prices are compared in the first one's currency. */
async function rankRows(
  rows: readonly OfferRow[],
  pricing: PricingApi,
  now: Date,
): Promise<OfferRow[]> {
  const offers = rows.map((row) => row.offer).filter(isSellable)
  const [first] = offers
  if (!first) return []
  const prices = offers.map((offer) => priceOf(offer, now))
  const shown = await showPrices(pricing, prices, first.currency)
  const byId = new Map(rows.map((row) => [row.offer.id, row]))
  return rankOffers(offers, { country: '', now, shown }).map(
    (offer) => byId.get(offer.id) as OfferRow,
  )
}
