import { productsImported } from '#contracts/catalog/events.ts'
import { type CopyCells, type CopyTarget, copyRows } from '../../../platform/db/copy.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import type { Outbox } from '../../../platform/events/outbox.ts'
import { queueFetches } from '../fetches-repository.ts'
import {
  OFFER_COLUMNS,
  PRICE_COLUMNS,
  PRODUCT_COLUMNS,
  VARIANT_COLUMNS,
  writeFirstPrice,
  writeNewOffer,
  writeNewProduct,
  writeNewVariant,
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

/**
 * The directories come first: a rival import of the same words stops at their unique keys. All else
 * is written in the order of the products' key, so that rows of one page of an index come together.
 */
async function insertNew(tx: Tx, entries: readonly ResolvedEntry[]): Promise<Set<string>> {
  const inOrder = entries.toSorted(compareIds)
  const products = inOrder.filter(({ isNew }) => isNew)
  const variants: NewVariant[] = []
  const offers: NewOffer[] = []
  for (const { id: productId, shard, variants: own } of inOrder) {
    for (const variant of own) {
      if (variant.isNew) variants.push({ shard, productId, variant })
      for (const offer of variant.offers) {
        if (offer.isNew) offers.push({ shard, productId, variantId: variant.id, offer })
      }
    }
  }
  await copyRows(tx, [
    { target: REFS, write: (to) => writeRefs(to, products) },
    { target: SLUGS, write: (to) => writeSlugs(to, products) },
    { target: SKUS, write: (to) => writeSkus(to, offers) },
    each(PRODUCTS, products, writeNewProduct),
    each(VARIANTS, variants, writeNewVariant),
    each(OFFERS, offers, writeNewOffer),
    each(PRICES, offers, writeFirstPrice),
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
const PRICES = `catalog.price_history (${PRICE_COLUMNS})`

function each<Row>(
  target: string,
  rows: readonly Row[],
  writeRow: (to: CopyCells, row: Row) => void,
): CopyTarget {
  return {
    target,
    write(to) {
      for (const row of rows) writeRow(to, row)
    },
  }
}

function writeRefs(to: CopyCells, products: readonly ResolvedEntry[]): void {
  const sorted = products.toSorted((a, b) => (a.entry.product.ref < b.entry.product.ref ? -1 : 1))
  for (const { entry, shard, id } of sorted) {
    to.cell(entry.product.ref)
    to.cell(shard)
    to.word(id)
    to.endRow()
  }
}

function writeSlugs(to: CopyCells, products: readonly ResolvedEntry[]): void {
  const sorted = products.toSorted((a, b) => (a.slug < b.slug ? -1 : 1))
  for (const { slug, shard, id } of sorted) {
    to.cell(slug)
    to.cell(shard)
    to.word(id)
    to.endRow()
  }
}

function writeSkus(to: CopyCells, offers: readonly NewOffer[]): void {
  const sorted = offers.toSorted((a, b) => compareSkus(a.offer, b.offer))
  for (const { shard, productId, offer } of sorted) {
    to.word(offer.sellerId)
    to.cell(offer.offer.sku)
    to.cell(shard)
    to.word(offer.id)
    to.word(productId)
    to.endRow()
  }
}

function compareSkus(a: ResolvedOffer, b: ResolvedOffer): number {
  if (a.offer.sku !== b.offer.sku) return a.offer.sku < b.offer.sku ? -1 : 1
  return a.sellerId < b.sellerId ? -1 : 1
}

function compareIds(a: ResolvedEntry, b: ResolvedEntry): number {
  return a.shard - b.shard || (a.id < b.id ? -1 : 1)
}
