import type { ImportOffer, ImportProduct, ImportVariant } from '#contracts/catalog/import.ts'
import { statement } from '../../../platform/db/statement.ts'
import type { InventoryApi } from '../../inventory/index.ts'
import { imageText, type StoredImage } from '../images.ts'
import type { AttributeEntry } from '../model.ts'
import { productSlug } from '../slug.ts'

/** An offer as the statement below gives it; prices in minor units. */
type StoredOffer = Readonly<{
  id: string
  variantId: string
  seller: string
  sku: string
  condition: 'new' | 'refurbished' | 'used'
  status: 'active' | 'paused'
  priceMinor: number
  currency: string
  salePriceMinor: number | null
  saleStartsAt: string | null
  saleEndsAt: string | null
}>

type StoredVariant = Readonly<{
  id: string
  sku: string
  name: string | null
  gtin: string | null
  options: Readonly<Record<string, string>>
  images: readonly StoredImage[]
  isActive: boolean
  weightGrams: number | null
  dimensionsMm: readonly (number | null)[]
}>

/** A product with all that hangs on it. Its seller is null if another seller's was asked for. */
export type StoredProduct = Readonly<{
  ref: string
  seller: string | null
  name: string
  description: string | null
  brand: string | null
  category: string
  images: readonly StoredImage[]
  attributes: readonly AttributeEntry[]
  options: readonly string[]
  releasedAt: string | null
  rating: number
  ratingCount: number
  popularity: number
  taxClass: string
  status: 'draft' | 'active' | 'archived'
  featured: boolean
  slug: string
  pastSlugs: readonly string[]
  translations: readonly Readonly<{
    locale: string
    name: string | null
    description: string | null
  }>[]
  source: ImportProduct['source'] | null
  variants: readonly StoredVariant[]
  offers: readonly StoredOffer[]
}>

/**
 * Products by ref after a ref, inactive ones too. The order is that of the directory of refs: the
 * same on every shop that has the same products, whatever shards and ids it gave them. Names of
 * the order come from what rows say, never from ids.
 */
export const listForExport = statement<StoredProduct>(
  'catalog.list_for_export',
  `select k.ref, s.code as seller, p.name, p.description, p.brand, c.code as category, p.images,
          p.attributes, p.options, p.released_on as "releasedAt", p.rating::float8 as rating,
          p.review_count as "ratingCount", p.popularity, p.tax_class as "taxClass", p.status,
          p.source, p.is_featured as featured, p.slug,
          coalesce((
            select json_agg(d.slug order by d.slug)
            from catalog.product_slugs d
            where d.shard = p.shard and d.product_id = p.id and d.is_past
          ), '[]') as "pastSlugs",
          coalesce((
            select json_agg(json_build_object(
              'locale', t.locale, 'name', t.name, 'description', t.description) order by t.locale)
            from catalog.translations t where t.shard = p.shard and t.product_id = p.id
          ), '[]') as translations,
          coalesce((
            select json_agg(json_build_object(
              'id', v.id, 'sku', v.sku, 'name', v.name, 'gtin', v.gtin, 'options', v.options,
              'images', v.images,
              'isActive', v.is_active, 'weightGrams', v.weight_grams,
              'dimensionsMm', json_build_array(v.length_mm, v.width_mm, v.height_mm))
              order by v.sort_order, v.sku)
            from catalog.product_variants v where v.shard = p.shard and v.product_id = p.id
          ), '[]') as variants,
          coalesce((
            select json_agg(json_build_object(
              'id', o.id, 'variantId', o.variant_id, 'seller', x.code, 'sku', o.sku,
              'condition', o.condition, 'status', o.status, 'priceMinor', o.price_minor,
              'currency', o.currency, 'salePriceMinor', o.sale_price_minor,
              'saleStartsAt', o.sale_starts_at, 'saleEndsAt', o.sale_ends_at)
              order by x.code, o.sku)
            from catalog.offers o
            cross join lateral (
              select x.code from catalog.sellers x where x.id = o.seller_id offset 0
            ) x
            where o.shard = p.shard and o.product_id = p.id
          ), '[]') as offers
   from (
     select r.ref, r.shard, r.product_id from catalog.product_refs r
     where r.ref > $1 order by r.ref limit $2
   ) k
   left join lateral (
     select p.* from catalog.products p
     where p.shard = k.shard and p.id = k.product_id and ($3::text is null or p.seller_id = $3)
     offset 0
   ) p on true
   left join lateral (
     select c.code from catalog.categories c where c.id = p.category_id offset 0
   ) c on true
   left join lateral (
     select s.code from catalog.sellers s where s.id = p.seller_id offset 0
   ) s on true
   order by k.ref`,
)

export const countExport = statement<{ products: number }>(
  'catalog.count_export',
  'select count(*)::int as products from catalog.product_refs',
)

/** Products as import rows, in the same order, with their stock by warehouse. */
export async function toImportRows(
  inventory: InventoryApi,
  products: readonly StoredProduct[],
): Promise<ImportProduct[]> {
  const offerIds = products.flatMap(({ offers }) => offers.map(({ id }) => id))
  const levels = offerIds.length === 0 ? [] : await inventory.levelsOf({ offerIds })
  const stock = new Map<string, [string, number][]>()
  for (const { offerId, warehouseCode, quantity } of levels) {
    const known = stock.get(offerId)
    if (known) known.push([warehouseCode, quantity])
    else stock.set(offerId, [[warehouseCode, quantity]])
  }
  return products.map((product) => toRow(product, stock))
}

type Stock = ReadonlyMap<string, readonly [string, number][]>

/** What is null is left out; all else is said, so that the row brings a changed product back. */
function toRow(product: StoredProduct, stock: Stock): ImportProduct {
  const offers = Map.groupBy(product.offers, ({ variantId }) => variantId)
  return {
    ref: product.ref,
    seller: product.seller as string,
    name: product.name,
    ...(product.description === null ? {} : { description: product.description }),
    ...(product.brand === null ? {} : { brand: product.brand }),
    category: product.category,
    images: product.images.map(imageText),
    attributes: Object.fromEntries(
      product.attributes.map(({ name, value }) => [name, toAttribute(value)]),
    ),
    options: [...product.options],
    ...(product.releasedAt === null ? {} : { releasedAt: product.releasedAt }),
    rating: { average: product.rating, count: product.ratingCount },
    popularity: product.popularity,
    taxClass: product.taxClass,
    status: product.status,
    featured: product.featured,
    // What another shop would make of the name and ref needs no word.
    ...(product.slug === productSlug(product.name, product.ref) ? {} : { slug: product.slug }),
    ...(product.pastSlugs.length === 0 ? {} : { pastSlugs: [...product.pastSlugs] }),
    ...(product.translations.length === 0
      ? {}
      : { translations: Object.fromEntries(product.translations.map(toTranslation)) }),
    variants: product.variants.map((variant) =>
      toVariant(variant, offers.get(variant.id) ?? [], stock),
    ),
    ...(product.source ? { source: toSource(product.source) } : {}),
  }
}

function toVariant(
  variant: StoredVariant,
  offers: readonly StoredOffer[],
  stock: Stock,
): ImportVariant {
  const { sku, name, gtin, options, images, isActive, weightGrams } = variant
  const sizes = variant.dimensionsMm.filter((size) => size !== null)
  return {
    sku,
    ...(name === null ? {} : { name }),
    ...(gtin === null ? {} : { gtin }),
    options,
    images: images.map(imageText),
    ...(weightGrams === null ? {} : { weightGrams }),
    ...(sizes.length < 3 ? {} : { dimensionsMm: sizes as [number, number, number] }),
    status: isActive ? 'active' : 'inactive',
    offers: offers.map((offer) => toOffer(offer, stock.get(offer.id) ?? [])),
  }
}

function toOffer(offer: StoredOffer, levels: readonly [string, number][]): ImportOffer {
  const { seller, sku, condition, status, priceMinor, currency, salePriceMinor } = offer
  return {
    seller,
    sku,
    condition,
    status,
    price: { amount: priceMinor, currency },
    ...(salePriceMinor === null ? {} : { salePrice: { amount: salePriceMinor, currency } }),
    ...(offer.saleStartsAt === null ? {} : { saleStartsAt: instant(offer.saleStartsAt) }),
    ...(offer.saleEndsAt === null ? {} : { saleEndsAt: instant(offer.saleEndsAt) }),
    ...(levels.length === 0
      ? {}
      : { stock: Object.fromEntries(levels.toSorted(([a], [b]) => (a < b ? -1 : 1))) }),
  }
}

function toTranslation({ locale, name, description }: StoredProduct['translations'][number]) {
  const texts = {
    ...(name === null ? {} : { name }),
    ...(description === null ? {} : { description }),
  }
  return [locale, texts] as const
}

function instant(text: string): string {
  return new Date(text).toISOString()
}

/** Members in one order, whatever order the database keeps them in. */
function toAttribute(value: AttributeEntry['value']): AttributeEntry['value'] {
  const isMeasure = typeof value === 'object' && !Array.isArray(value)
  return isMeasure ? { value: value.value, unit: value.unit } : value
}

function toSource({ set, licence, made }: NonNullable<ImportProduct['source']>) {
  return { set, licence, made: [...made] }
}
