import type { CopyValue } from '../../../platform/db/copy.ts'
import type { ResolvedEntry, ResolvedOffer } from './import-resolve.ts'

type ResolvedVariant = ResolvedEntry['variants'][number]

const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value))

export const PRODUCT_COLUMNS = `shard, id, seller_id, slug, name, description, category_id, brand,
  attributes, images, options, rating, review_count, popularity, tax_class, released_on, source, status,
  is_featured`

/** Cells of a product's row in the order of its columns; null for what the row leaves out. */
export function productCells({ entry, id, shard, slug, images }: ResolvedEntry): CopyValue[] {
  const { product, categoryId, sellerId } = entry
  const attributes =
    product.attributes &&
    Object.entries(product.attributes).map(([name, value]) => ({ name, value }))
  return [
    shard,
    id,
    sellerId,
    slug,
    product.name,
    product.description,
    categoryId,
    product.brand,
    json(attributes),
    json(images),
    json(product.options ?? optionNames(entry)),
    product.rating?.average,
    product.rating?.count,
    product.popularity,
    product.taxClass,
    product.releasedAt,
    json(product.source),
    product.status,
    product.featured,
  ]
}

/** What a new product has where its row says nothing, in the order of the columns. */
const PRODUCT_DEFAULTS: ReadonlyMap<number, CopyValue> = new Map<number, CopyValue>([
  [8, '[]'],
  [9, '[]'],
  [10, '[]'],
  [11, 0],
  [12, 0],
  [13, 0],
  [14, 'standard'],
  [17, 'active'],
  [18, false],
])

/** A new product's cells, and its ref after them. */
export function newProductCells(entry: ResolvedEntry): CopyValue[] {
  const cells = productCells(entry)
  for (const [place, value] of PRODUCT_DEFAULTS) cells[place] ??= value
  cells.push(entry.entry.product.ref)
  return cells
}

/** Names of options that the variants have, where the row does not list them. */
function optionNames({ product }: ResolvedEntry['entry']): string[] | undefined {
  const names = new Set(product.variants.flatMap(({ options }) => Object.keys(options ?? {})))
  return names.size === 0 ? undefined : [...names]
}

export const VARIANT_COLUMNS = `shard, id, product_id, sku, name, gtin, options, weight_grams,
  length_mm, width_mm, height_mm, sort_order, is_active, images`

export function variantCells(
  shard: number,
  productId: string,
  { id, place, variant, images }: ResolvedVariant,
): CopyValue[] {
  const { sku, name, gtin, options, weightGrams, dimensionsMm, status } = variant
  const isActive = status && status === 'active'
  const [length, width, height] = dimensionsMm ?? [null, null, null]
  return [
    shard,
    id,
    productId,
    sku,
    name,
    gtin,
    json(options),
    weightGrams,
    length,
    width,
    height,
    place,
    isActive,
    json(images),
  ]
}

export function newVariantCells(
  shard: number,
  productId: string,
  variant: ResolvedVariant,
): CopyValue[] {
  const cells = variantCells(shard, productId, variant)
  cells[6] ??= '{}'
  cells[12] ??= true
  cells[13] ??= '[]'
  return cells
}

export const OFFER_COLUMNS = `shard, id, product_id, variant_id, seller_id, sku, condition,
  status, price_minor, currency, sale_price_minor, sale_starts_at, sale_ends_at`

export function offerCells(
  shard: number,
  productId: string,
  variantId: string,
  { id, sellerId, offer }: ResolvedOffer,
): CopyValue[] {
  return [
    shard,
    id,
    productId,
    variantId,
    sellerId,
    offer.sku,
    offer.condition,
    offer.status,
    ...priceCells(offer),
  ]
}

export function newOfferCells(
  shard: number,
  productId: string,
  variantId: string,
  offer: ResolvedOffer,
): CopyValue[] {
  const cells = offerCells(shard, productId, variantId, offer)
  cells[6] ??= 'new'
  cells[7] ??= 'active'
  return cells
}

/** Price, currency, sale price and the sale's window. */
export function priceCells(offer: ResolvedOffer['offer']): CopyValue[] {
  const { price, salePrice, saleStartsAt, saleEndsAt } = offer
  return [price.amount, price.currency, salePrice?.amount, saleStartsAt, saleEndsAt]
}
