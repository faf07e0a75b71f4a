import { productsImported } from '#contracts/catalog/events.ts'
import { type CopyValue, copyRows } from '../../../platform/db/copy.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import type { Outbox } from '../../../platform/events/outbox.ts'
import { queueFetches } from '../fetches-repository.ts'
import {
  newOfferCells,
  newProductCells,
  newVariantCells,
  OFFER_COLUMNS,
  PRODUCT_COLUMNS,
  priceCells,
  VARIANT_COLUMNS,
} from './import-cells.ts'
import { namesAddresses } from './import-images.ts'
import type { ResolvedEntry, ResolvedOffer } from './import-resolve.ts'
import { writePastSlugs } from './import-slugs.ts'
import { writeTranslations } from './import-translations.ts'
import { raiseVersions, updateKnown } from './import-update.ts'

const EVENT_PRODUCTS = 1_000

/**
 * Writes a batch and tells of it in the outbox. What is new is copied straight into its tables,
 * so that it is written once; what is known is staged and merged.
 * @returns how many products it changed; what is as it was counts for nothing.
 */
export async function mergeEntries(
  tx: Tx,
  outbox: Outbox,
  { importId, fetchImages }: Readonly<{ importId: string; fetchImages: boolean }>,
  entries: readonly ResolvedEntry[],
): Promise<number> {
  await tx.query({ text: "set local statement_timeout = '120s'" })
  const known = entries.filter((entry) => !entry.isNew)
  const changed = known.length > 0 ? await updateKnown(tx, known) : new Set<string>()
  for (const id of await insertNew(tx, entries)) changed.add(id)
  for (const id of await writePastSlugs(tx, entries)) changed.add(id)
  for (const id of await writeTranslations(tx, entries)) changed.add(id)
  const raised = known.filter(({ id }) => changed.has(id))
  if (raised.length > 0) await raiseVersions(tx, raised)
  const elsewhere = fetchImages
    ? entries.filter((entry) => changed.has(entry.id) && namesAddresses(entry))
    : []
  if (elsewhere.length > 0)
    await queueFetches(tx, [elsewhere.map(({ shard }) => shard), elsewhere.map(({ id }) => id)])
  const productIds = [...changed]
  for (let from = 0; from < productIds.length; from += EVENT_PRODUCTS) {
    const payload = { importId, productIds: productIds.slice(from, from + EVENT_PRODUCTS) }
    await outbox.append(tx, [{ spec: productsImported, aggregateId: importId, payload }])
  }
  return productIds.length
}

type NewVariant = Readonly<{
  shard: number
  productId: string
  variant: ResolvedEntry['variants'][number]
}>

type NewOffer = Readonly<{
  shard: number
  productId: string
  variantId: string
  offer: ResolvedOffer
}>

/** The directories come first: a rival import of the same words stops at their unique keys. */
async function insertNew(tx: Tx, entries: readonly ResolvedEntry[]): Promise<Set<string>> {
  const products = entries.filter(({ isNew }) => isNew)
  const variants: NewVariant[] = []
  const offers: NewOffer[] = []
  for (const { id: productId, shard, variants: own } of entries) {
    for (const variant of own) {
      if (variant.isNew) variants.push({ shard, productId, variant })
      for (const offer of variant.offers) {
        if (offer.isNew) offers.push({ shard, productId, variantId: variant.id, offer })
      }
    }
  }
  await copyRows(tx, [
    { target: REFS, rows: refRows(products) },
    { target: SLUGS, rows: slugRows(products) },
    { target: SKUS, rows: skuRows(offers) },
    { target: PRODUCTS, rows: productRows(products) },
    { target: VARIANTS, rows: variantRows(variants) },
    { target: OFFERS, rows: offerRows(offers) },
    { target: PRICES, rows: priceRows(offers) },
  ])
  const changed = new Set<string>()
  for (const { id } of products) changed.add(id)
  for (const { productId } of variants) changed.add(productId)
  for (const { productId } of offers) changed.add(productId)
  return changed
}

const REFS = 'catalog.product_refs (ref, shard, product_id)'
const SLUGS = 'catalog.product_slugs (slug, shard, product_id)'
const SKUS = 'catalog.offer_skus (seller_id, sku, shard, offer_id, product_id)'
const PRODUCTS = `catalog.products (${PRODUCT_COLUMNS}, ref)`
const VARIANTS = `catalog.product_variants (${VARIANT_COLUMNS})`
const OFFERS = `catalog.offers (${OFFER_COLUMNS})`
const PRICES = `catalog.price_history (shard, offer_id, version, price_minor, currency,
  sale_price_minor, sale_starts_at, sale_ends_at)`

function* refRows(products: readonly ResolvedEntry[]): Generator<CopyValue[]> {
  const sorted = products.toSorted((a, b) => (a.entry.product.ref < b.entry.product.ref ? -1 : 1))
  for (const { entry, shard, id } of sorted) yield [entry.product.ref, shard, id]
}

function* slugRows(products: readonly ResolvedEntry[]): Generator<CopyValue[]> {
  const sorted = products.toSorted((a, b) => (a.slug < b.slug ? -1 : 1))
  for (const { slug, shard, id } of sorted) yield [slug, shard, id]
}

function* skuRows(offers: readonly NewOffer[]): Generator<CopyValue[]> {
  const sorted = offers.toSorted((a, b) => compareSkus(a.offer, b.offer))
  for (const { shard, productId, offer } of sorted)
    yield [offer.sellerId, offer.offer.sku, shard, offer.id, productId]
}

function* productRows(products: readonly ResolvedEntry[]): Generator<CopyValue[]> {
  for (const product of products) yield newProductCells(product)
}

function* variantRows(variants: readonly NewVariant[]): Generator<CopyValue[]> {
  for (const { shard, productId, variant } of variants)
    yield newVariantCells(shard, productId, variant)
}

function* offerRows(offers: readonly NewOffer[]): Generator<CopyValue[]> {
  for (const { shard, productId, variantId, offer } of offers)
    yield newOfferCells(shard, productId, variantId, offer)
}

function* priceRows(offers: readonly NewOffer[]): Generator<CopyValue[]> {
  for (const { shard, offer } of offers) yield [shard, offer.id, 1, ...priceCells(offer.offer)]
}

function compareSkus(a: ResolvedOffer, b: ResolvedOffer): number {
  if (a.sellerId !== b.sellerId) return a.sellerId < b.sellerId ? -1 : 1
  return a.offer.sku < b.offer.sku ? -1 : 1
}
