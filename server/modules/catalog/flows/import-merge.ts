import { productsImported } from '#contracts/catalog/events.ts'
import { type CopyValue, copyRows } from '../../../platform/db/copy.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import type { Outbox } from '../../../platform/events/outbox.ts'
import {
  newOfferCells,
  newProductCells,
  newVariantCells,
  OFFER_COLUMNS,
  PRODUCT_COLUMNS,
  priceCells,
  VARIANT_COLUMNS,
} from './import-cells.ts'
import type { ResolvedEntry, ResolvedOffer } from './import-resolve.ts'
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
  importId: string,
  entries: readonly ResolvedEntry[],
): Promise<number> {
  await tx.query({ text: "set local statement_timeout = '120s'" })
  const known = entries.filter((entry) => !entry.isNew)
  const changed = known.length > 0 ? await updateKnown(tx, known) : new Set<string>()
  for (const id of await insertNew(tx, entries)) changed.add(id)
  const raised = known.filter(({ id }) => changed.has(id))
  if (raised.length > 0) await raiseVersions(tx, raised)
  const productIds = [...changed]
  for (let from = 0; from < productIds.length; from += EVENT_PRODUCTS) {
    const payload = { importId, productIds: productIds.slice(from, from + EVENT_PRODUCTS) }
    await outbox.append(tx, [{ spec: productsImported, aggregateId: importId, payload }])
  }
  return productIds.length
}

type NewOffer = Readonly<{
  shard: number
  productId: string
  variantId: string
  offer: ResolvedOffer
}>

/** The directories come first: a rival import of the same words stops at their unique keys. */
async function insertNew(tx: Tx, entries: readonly ResolvedEntry[]): Promise<Set<string>> {
  const products = entries.filter(({ isNew }) => isNew)
  const variants = entries.flatMap(({ id: productId, shard, variants }) =>
    variants.filter(({ isNew }) => isNew).map((variant) => ({ shard, productId, variant })),
  )
  const offers = entries.flatMap(({ id: productId, shard, variants }) =>
    variants.flatMap(({ id: variantId, offers }) =>
      offers
        .filter(({ isNew }) => isNew)
        .map((offer): NewOffer => ({ shard, productId, variantId, offer })),
    ),
  )
  if (products.length > 0) await copyProducts(tx, products)
  if (variants.length > 0) {
    const target = `catalog.product_variants (${VARIANT_COLUMNS})`
    await copyRows(
      tx,
      target,
      map(variants, ({ shard, productId, variant }) => newVariantCells(shard, productId, variant)),
    )
  }
  if (offers.length > 0) await copyOffers(tx, offers)
  return new Set([
    ...products.map(({ id }) => id),
    ...variants.map(({ productId }) => productId),
    ...offers.map(({ productId }) => productId),
  ])
}

async function copyProducts(tx: Tx, products: readonly ResolvedEntry[]): Promise<void> {
  const byRef = products.toSorted((a, b) => (a.entry.product.ref < b.entry.product.ref ? -1 : 1))
  const refs = map(byRef, ({ entry, shard, id }) => [entry.product.ref, shard, id])
  await copyRows(tx, 'catalog.product_refs (ref, shard, product_id)', refs)
  const bySlug = products.toSorted((a, b) => (a.slug < b.slug ? -1 : 1))
  const slugs = map(bySlug, ({ slug, shard, id }) => [slug, shard, id])
  await copyRows(tx, 'catalog.product_slugs (slug, shard, product_id)', slugs)
  const rows = map(products, (entry) => [...newProductCells(entry), entry.entry.product.ref])
  await copyRows(tx, `catalog.products (${PRODUCT_COLUMNS}, ref)`, rows)
}

async function copyOffers(tx: Tx, offers: readonly NewOffer[]): Promise<void> {
  const bySku = offers.toSorted((a, b) => (skuKey(a.offer) < skuKey(b.offer) ? -1 : 1))
  const skus = map(bySku, ({ shard, productId, offer }) => [
    offer.sellerId,
    offer.offer.sku,
    shard,
    offer.id,
    productId,
  ])
  await copyRows(tx, 'catalog.offer_skus (seller_id, sku, shard, offer_id, product_id)', skus)
  const rows = map(offers, ({ shard, productId, variantId, offer }) =>
    newOfferCells(shard, productId, variantId, offer),
  )
  await copyRows(tx, `catalog.offers (${OFFER_COLUMNS})`, rows)
  const history = map(offers, ({ shard, offer }) => [
    shard,
    offer.id,
    1,
    ...priceCells(offer.offer),
  ])
  await copyRows(
    tx,
    `catalog.price_history (shard, offer_id, version, price_minor, currency, sale_price_minor,
       sale_starts_at, sale_ends_at)`,
    history,
  )
}

function skuKey({ sellerId, offer }: ResolvedOffer): string {
  return `${sellerId} ${offer.sku}`
}

function* map<T>(items: readonly T[], toCells: (item: T) => CopyValue[]): Generator<CopyValue[]> {
  for (const item of items) yield toCells(item)
}
