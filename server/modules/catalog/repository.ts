import type { AttributeSchema } from '#contracts/catalog/admin-schemas.ts'
import { statement } from '../../platform/db/statement.ts'
import type { StoredImage } from './images.ts'
import type { OfferRecord, ProductRecord } from './model.ts'

// Each look-up is fenced by `offset 0`: it stays a look-up by index for every row, also in a plan
// that was made while the tables were empty.

const OFFER_MEMBERS = `
  'id', o.id, 'variantId', o.variant_id, 'sellerId', o.seller_id, 'sellerName', s.name,
  'sellerCountry', s.country, 'sellerStatus', s.status, 'orderDefectRate', s.order_defect_rate,
  'lateShipmentRate', s.late_shipment_rate, 'cancelRate', s.cancel_rate, 'sku', o.sku,
  'condition', o.condition, 'priceMinor', o.price_minor, 'currency', o.currency,
  'salePriceMinor', o.sale_price_minor, 'saleStartsAt', o.sale_starts_at,
  'saleEndsAt', o.sale_ends_at, 'status', o.status, 'version', o.version,
  'available', coalesce(t.available, 0), 'later', t.later`

const OFFER_SURROUNDINGS = `
  cross join lateral (
    select s.* from catalog.sellers s where s.id = o.seller_id offset 0
  ) s
  left join lateral (
    select t.available, t.later from catalog.offer_stock t
    where t.shard = o.shard and t.offer_id = o.id offset 0
  ) t on true`

/** What a sale's prior price is made from; the newest rows are enough, however often it changed. */
const PRICE_HISTORY = `
  'priceHistory', case when o.sale_price_minor is not null then (
    select json_agg(json_build_object(
      'priceMinor', h.price_minor, 'currency', h.currency, 'salePriceMinor', h.sale_price_minor,
      'saleStartsAt', h.sale_starts_at, 'saleEndsAt', h.sale_ends_at,
      'changedAt', h.changed_at) order by h.version)
    from (
      select h.* from catalog.price_history h
      where h.shard = o.shard and h.offer_id = o.id order by h.version desc limit 500
    ) h) end`

/** All of a product, by indexes alone; `p` is its row. */
const PRODUCT_COLUMNS = `
  p.id, p.slug, p.name, p.description, p.brand, p.category_id as "categoryId", p.attributes,
  p.images, p.options, p.status, p.rating::float8 as rating, p.review_count as "reviewCount",
  p.popularity, p.tax_class as "taxClass", p.source, p.version, p.created_at as "createdAt",
  coalesce((
    select json_agg(json_build_object(
      'locale', l.locale, 'name', l.name, 'description', l.description))
    from catalog.translations l where l.shard = p.shard and l.product_id = p.id
  ), '[]') as translations,
  coalesce((
    select json_agg(json_build_object(
      'id', v.id, 'sku', v.sku, 'name', v.name, 'gtin', v.gtin, 'options', v.options,
      'images', v.images, 'weightGrams', v.weight_grams) order by v.sort_order, v.id)
    from catalog.product_variants v
    where v.shard = p.shard and v.product_id = p.id and v.is_active
  ), '[]') as variants,
  coalesce((
    select json_agg(json_build_object(${OFFER_MEMBERS}, ${PRICE_HISTORY}) order by o.id)
    from catalog.offers o ${OFFER_SURROUNDINGS}
    where o.shard = p.shard and o.product_id = p.id and o.status = 'active'
  ), '[]') as offers`

/** Products by (shard, id), in no order; unknown ones are left out. */
export const readProducts = statement<ProductRecord>(
  'catalog.read_products',
  `select ${PRODUCT_COLUMNS}
   from unnest($1::smallint[], $2::text[]) as k (shard, id)
   cross join lateral (
     select p.* from catalog.products p where p.shard = k.shard and p.id = k.id offset 0
   ) p`,
)

/** The same by slugs, past ones too. */
export const readProductsBySlug = statement<ProductRecord & Readonly<{ askedSlug: string }>>(
  'catalog.read_products_by_slug',
  `select k.slug as "askedSlug", ${PRODUCT_COLUMNS}
   from unnest($1::text[]) as k (slug)
   cross join lateral (
     select d.* from catalog.product_slugs d where d.slug = k.slug offset 0
   ) d
   cross join lateral (
     select p.* from catalog.products p where p.shard = d.shard and p.id = d.product_id offset 0
   ) p`,
)

/** Products after (shard, id), in that order. */
export const listProductsAfter = statement<ProductRecord>(
  'catalog.list_products_after',
  `select ${PRODUCT_COLUMNS}
   from catalog.products p
   where (p.shard, p.id) > ($1::smallint, $2::text)
   order by p.shard, p.id limit $3`,
)

/** An offer with what a cart must know of its product. */
export type OfferRow = Readonly<{
  offer: OfferRecord
  productId: string
  slug: string
  productName: string
  images: readonly StoredImage[]
  variantImages: readonly StoredImage[]
  categoryId: string
  taxClass: string
  productStatus: ProductRecord['status']
  variantActive: boolean
  variantName: string | null
  options: Readonly<Record<string, string>>
  weightGrams: number | null
}>

const OFFER_COLUMNS = `
  json_build_object(${OFFER_MEMBERS}) as offer, p.id as "productId", p.slug,
  p.name as "productName", p.images, v.images as "variantImages", p.category_id as "categoryId", p.tax_class as "taxClass",
  p.status as "productStatus", v.is_active as "variantActive", v.name as "variantName",
  v.options, v.weight_grams as "weightGrams"`

const PRODUCT_OF_OFFER = `
  cross join lateral (
    select p.* from catalog.products p where p.shard = o.shard and p.id = o.product_id offset 0
  ) p`

export const readOffers = statement<OfferRow>(
  'catalog.read_offers',
  `select ${OFFER_COLUMNS}
   from unnest($1::smallint[], $2::text[]) as k (shard, id)
   cross join lateral (
     select o.* from catalog.offers o where o.shard = k.shard and o.id = k.id offset 0
   ) o
   cross join lateral (
     select v.* from catalog.product_variants v
     where v.shard = o.shard and v.id = o.variant_id offset 0
   ) v ${PRODUCT_OF_OFFER} ${OFFER_SURROUNDINGS}`,
)

export const readOffersOfVariants = statement<OfferRow>(
  'catalog.read_offers_of_variants',
  `select ${OFFER_COLUMNS}
   from unnest($1::smallint[], $2::text[]) as k (shard, id)
   cross join lateral (
     select v.* from catalog.product_variants v where v.shard = k.shard and v.id = k.id offset 0
   ) v
   cross join lateral (
     select o.* from catalog.offers o
     where o.shard = v.shard and o.product_id = v.product_id and o.variant_id = v.id offset 0
   ) o ${PRODUCT_OF_OFFER} ${OFFER_SURROUNDINGS}`,
)

export type CategoryRow = Readonly<{
  id: string
  code: string
  name: string
  slug: string
  /** Slugs that it had before, and that still lead to it. */
  pastSlugs: readonly string[]
  parentId: string | null
  path: string
  isActive: boolean
  productCount: number
  attributeSchema: AttributeSchema | null
}>

export const listCategoryRows = statement<CategoryRow>(
  'catalog.list_categories',
  `select id, code, name, slug, past_slugs as "pastSlugs", parent_id as "parentId", path,
          is_active as "isActive", product_count as "productCount", attribute_schema as "attributeSchema"
   from catalog.categories order by level, sort_order, name, id`,
)

/** Counts active products anew; an index-only scan of the partial index. */
export const recountCategories = statement<{ id: string }>(
  'catalog.recount_categories',
  `with counted as (
     select category_id, count(*)::int as products from catalog.products
     where status = 'active' group by category_id
   )
   update catalog.categories c set product_count = coalesce(n.products, 0)
   from catalog.categories x left join counted n on n.category_id = x.id
   where c.id = x.id and c.product_count <> coalesce(n.products, 0)
   returning c.id`,
)
