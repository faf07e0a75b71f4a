import type { CopyCells } from '../../../platform/db/copy.ts'
import type { ResolvedEntry, ResolvedOffer } from './import-resolve.ts'

type ResolvedVariant = ResolvedEntry['variants'][number]
type VariantPlace = Readonly<{ shard: number; productId: string; variant: ResolvedVariant }>
type OfferPlace = Readonly<{
  shard: number
  productId: string
  variantId: string
  offer: ResolvedOffer
}>

const json = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value))

export const PRODUCT_COLUMNS = `shard, id, seller_id, slug, name, description, category_id, brand,
  attributes, images, options, rating, review_count, popularity, tax_class, released_on, source, status,
  is_featured`

/** Cells of a product's row in the order of its columns; null for what the row leaves out. */
export function writeProduct(to: CopyCells, product: ResolvedEntry): void {
  writeProductCells(to, product, NOTHING)
  to.endRow()
}

/** A new product's cells with what it has where its row says nothing, and its ref after them. */
export function writeNewProduct(to: CopyCells, product: ResolvedEntry): void {
  writeProductCells(to, product, NEW)
  to.cell(product.entry.product.ref)
  to.endRow()
}

type Defaults = Readonly<{
  list: string | null
  number: number | null
  taxClass: string | null
  status: string | null
  isFeatured: boolean | null
}>

const NOTHING: Defaults = {
  list: null,
  number: null,
  taxClass: null,
  status: null,
  isFeatured: null,
}
const NEW: Defaults = {
  list: '[]',
  number: 0,
  taxClass: 'standard',
  status: 'active',
  isFeatured: false,
}

function writeProductCells(
  to: CopyCells,
  { entry, id, shard, slug, images }: ResolvedEntry,
  absent: Defaults,
): void {
  const { product, categoryId, sellerId } = entry
  to.cell(shard)
  to.word(id)
  to.word(sellerId)
  to.cell(slug)
  to.cell(product.name)
  to.cell(product.description)
  to.word(categoryId)
  to.cell(product.brand)
  to.cell(attributesJson(product.attributes) ?? absent.list)
  to.cell(json(images) ?? absent.list)
  to.cell(json(product.options ?? optionNames(product)) ?? absent.list)
  to.cell(product.rating?.average ?? absent.number)
  to.cell(product.rating?.count ?? absent.number)
  to.cell(product.popularity ?? absent.number)
  to.cell(product.taxClass ?? absent.taxClass)
  to.cell(product.releasedAt)
  to.cell(json(product.source))
  to.cell(product.status ?? absent.status)
  to.cell(product.featured ?? absent.isFeatured)
}

type Product = ResolvedEntry['entry']['product']

/** `[{name, value}]` in the order of the row. */
function attributesJson(attributes: Product['attributes']): string | undefined {
  if (attributes === undefined) return undefined
  let text = '['
  for (const name in attributes) {
    if (text.length > 1) text += ','
    text += `${headOf(name)}${JSON.stringify(attributes[name])}}`
  }
  return `${text}]`
}

/** How an attribute of this name begins: a catalogue has few names and uses them by the million. */
const heads = new Map<string, string>()
const REMEMBERED_HEADS = 2_000

function headOf(name: string): string {
  let head = heads.get(name)
  if (head === undefined) {
    head = `{"name":${JSON.stringify(name)},"value":`
    if (heads.size >= REMEMBERED_HEADS) heads.clear()
    heads.set(name, head)
  }
  return head
}

/** Names of options that the variants have, where the row does not list them. */
function optionNames({ variants }: Product): string[] | undefined {
  const names: string[] = []
  for (const { options } of variants) {
    for (const name in options) if (!names.includes(name)) names.push(name)
  }
  return names.length === 0 ? undefined : names
}

export const VARIANT_COLUMNS = `shard, id, product_id, sku, name, gtin, options, weight_grams,
  length_mm, width_mm, height_mm, sort_order, is_active, images`

/** Cells of a variant's row; null for what the row leaves out. */
export function writeVariant(to: CopyCells, place: VariantPlace): void {
  writeVariantCells(to, place, { options: null, isActive: null, images: null })
}

/** A new variant's cells with what it has where its row says nothing. */
export function writeNewVariant(to: CopyCells, place: VariantPlace): void {
  writeVariantCells(to, place, NEW_VARIANT)
}

const NEW_VARIANT = { options: '{}', isActive: true, images: '[]' }

function writeVariantCells(
  to: CopyCells,
  { shard, productId, variant: { id, place, variant, images } }: VariantPlace,
  absent: Readonly<{ options: string | null; isActive: boolean | null; images: string | null }>,
): void {
  const { dimensionsMm, status } = variant
  to.cell(shard)
  to.word(id)
  to.word(productId)
  to.cell(variant.sku)
  to.cell(variant.name)
  to.cell(variant.gtin)
  to.cell(json(variant.options) ?? absent.options)
  to.cell(variant.weightGrams)
  to.cell(dimensionsMm?.[0])
  to.cell(dimensionsMm?.[1])
  to.cell(dimensionsMm?.[2])
  to.cell(place)
  to.cell(status === undefined ? absent.isActive : status === 'active')
  to.cell(json(images) ?? absent.images)
  to.endRow()
}

export const OFFER_COLUMNS = `shard, id, product_id, variant_id, seller_id, sku, condition,
  status, price_minor, currency, sale_price_minor, sale_starts_at, sale_ends_at`

/** Cells of a known offer's row, null for what the row leaves out, and whether its price changed. */
export function writeOffer(to: CopyCells, place: OfferPlace): void {
  writeOfferCells(to, place, { condition: null, status: null })
  to.cell(place.offer.priceChanged)
  to.endRow()
}

/** A new offer's cells with what it has where its row says nothing. */
export function writeNewOffer(to: CopyCells, place: OfferPlace): void {
  writeOfferCells(to, place, NEW_OFFER)
  to.endRow()
}

const NEW_OFFER = { condition: 'new', status: 'active' }

function writeOfferCells(
  to: CopyCells,
  { shard, productId, variantId, offer: { id, sellerId, offer } }: OfferPlace,
  absent: Readonly<{ condition: string | null; status: string | null }>,
): void {
  to.cell(shard)
  to.word(id)
  to.word(productId)
  to.word(variantId)
  to.word(sellerId)
  to.cell(offer.sku)
  to.cell(offer.condition ?? absent.condition)
  to.cell(offer.status ?? absent.status)
  writePriceCells(to, offer)
}

export const PRICE_COLUMNS = `shard, offer_id, version, price_minor, currency,
  sale_price_minor, sale_starts_at, sale_ends_at`

/** The first price of a new offer. */
export function writeFirstPrice(to: CopyCells, { shard, offer: { id, offer } }: OfferPlace): void {
  to.cell(shard)
  to.word(id)
  to.cell(1)
  writePriceCells(to, offer)
  to.endRow()
}

/** Price, currency, sale price and the sale's window. */
function writePriceCells(to: CopyCells, offer: ResolvedOffer['offer']): void {
  to.cell(offer.price.amount)
  to.cell(offer.price.currency)
  to.cell(offer.salePrice?.amount)
  to.cell(offer.saleStartsAt)
  to.cell(offer.saleEndsAt)
}
