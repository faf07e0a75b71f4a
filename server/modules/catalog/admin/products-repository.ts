import { statement } from '../../../platform/db/statement.ts'
import type { StoredImage } from '../images.ts'
import type { AttributeEntry } from '../model.ts'

/** A product's own row, without what hangs on it. */
export type ProductRow = Readonly<{
  sellerId: string
  slug: string
  ref: string
  name: string
  description: string | null
  categoryId: string
  brand: string | null
  attributes: readonly AttributeEntry[]
  images: readonly StoredImage[]
  options: readonly string[]
  taxClass: string
  releasedOn: string | null
  isFeatured: boolean
  status: 'draft' | 'active' | 'archived'
  version: number
}>

export const lockProduct = statement<ProductRow>(
  'catalog.lock_product',
  `select seller_id as "sellerId", slug, ref, name, description, category_id as "categoryId",
          brand, attributes, images, options, tax_class as "taxClass",
          released_on as "releasedOn", is_featured as "isFeatured", status, version
   from catalog.products where shard = $1 and id = $2 for update`,
)

export const insertProduct = statement(
  'catalog.insert_product',
  `insert into catalog.products
     (shard, id, slug, name, description, category_id, brand, attributes, images, options,
      tax_class, released_on, is_featured, status, ref, seller_id)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
)

export const updateProduct = statement<{ version: number }>(
  'catalog.update_product',
  `update catalog.products
   set slug = $3, name = $4, description = $5, category_id = $6, brand = $7, attributes = $8,
       images = $9, options = $10, tax_class = $11, released_on = $12, is_featured = $13,
       status = $14, version = version + 1, updated_at = now()
   where shard = $1 and id = $2 returning version`,
)

export const touchProduct = statement<{ version: number }>(
  'catalog.touch_product',
  `update catalog.products set version = version + 1, updated_at = now()
   where shard = $1 and id = $2 returning version`,
)

export const setOptionNames = statement(
  'catalog.set_option_names',
  'update catalog.products set options = $3 where shard = $1 and id = $2',
)

/** Those of the products that have no variant which is sold. */
export const findBareProducts = statement<{ id: string }>(
  'catalog.find_bare_products',
  `select k.id from unnest($1::smallint[], $2::text[]) as k (shard, id)
   where not exists (
     select from catalog.product_variants v
     where v.shard = k.shard and v.product_id = k.id and v.is_active offset 0)`,
)

/** None returned: the ref is another product's. */
export const claimRef = statement<{ ref: string }>(
  'catalog.claim_ref',
  `insert into catalog.product_refs (ref, shard, product_id) values ($1, $2, $3)
   on conflict (ref) do nothing returning ref`,
)

/** None returned: the slug is, or was, another product's. */
export const claimSlug = statement<{ slug: string }>(
  'catalog.claim_slug',
  `insert into catalog.product_slugs as s (slug, shard, product_id) values ($1, $2, $3)
   on conflict (slug) do update set is_past = false
     where s.product_id = excluded.product_id
   returning slug`,
)

/** A slug that a product gave up leads to it all the same. */
export const giveUpSlug = statement(
  'catalog.give_up_slug',
  'update catalog.product_slugs set is_past = true where slug = $1',
)

export type BulkRow = Pick<
  ProductRow,
  'status' | 'categoryId' | 'brand' | 'taxClass' | 'isFeatured' | 'attributes' | 'version'
> &
  Readonly<{ id: string }>

/** Locks products in the order given: callers sort by id. */
export const lockProducts = statement<BulkRow>(
  'catalog.lock_products',
  `select p.* from unnest($1::smallint[], $2::text[]) as k (shard, id)
   cross join lateral (
     select p.id, p.status, p.category_id as "categoryId", p.brand, p.tax_class as "taxClass",
            p.is_featured as "isFeatured", p.attributes, p.version
     from catalog.products p where p.shard = k.shard and p.id = k.id offset 0 for update
   ) p`,
)

export const updateProducts = statement<{ id: string; version: number }>(
  'catalog.update_products',
  `update catalog.products p
   set status = k.status, category_id = k.category_id, brand = k.brand, tax_class = k.tax_class,
       is_featured = k.is_featured, attributes = k.attributes, version = p.version + 1,
       updated_at = now()
   from unnest($1::smallint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
               $7::boolean[], $8::jsonb[])
     as k (shard, id, status, category_id, brand, tax_class, is_featured, attributes)
   where p.shard = k.shard and p.id = k.id
   returning p.id, p.version`,
)

export type AdminOfferRow = Readonly<{
  offerId: string
  productId: string
  variantId: string
  sellerId: string
  sku: string
  condition: 'new' | 'refurbished' | 'used'
  priceMinor: number
  currency: string
  salePriceMinor: number | null
  saleStartsAt: string | null
  saleEndsAt: string | null
  status: 'active' | 'paused'
  available: number
  version: number
  updatedAt: string
}>

export type AdminVariantRow = Readonly<{
  id: string
  sku: string
  name: string | null
  gtin: string | null
  options: Readonly<Record<string, string>>
  images: readonly StoredImage[]
  weightGrams: number | null
  dimensionsMm: readonly [number, number, number] | null
  isActive: boolean
  sortOrder: number
}>

export type AdminProductRow = ProductRow &
  Readonly<{
    id: string
    rating: number
    reviewCount: number
    createdAt: string
    updatedAt: string
    translations: readonly Readonly<{
      locale: string
      name: string | null
      description: string | null
    }>[]
    variants: readonly AdminVariantRow[]
    offers: readonly AdminOfferRow[]
  }>

const OFFER_COLUMNS = `o.id as "offerId", o.product_id as "productId",
  o.variant_id as "variantId", o.seller_id as "sellerId", o.sku, o.condition,
  o.price_minor as "priceMinor", o.currency, o.sale_price_minor as "salePriceMinor",
  o.sale_starts_at as "saleStartsAt", o.sale_ends_at as "saleEndsAt", o.status,
  coalesce(t.available, 0) as available, o.version, o.updated_at as "updatedAt"`

const STOCK = `left join lateral (
    select t.available from catalog.offer_stock t
    where t.shard = o.shard and t.offer_id = o.id offset 0
  ) t on true`

const VARIANT_COLUMNS = `v.id, v.sku, v.name, v.gtin, v.options, v.images,
  v.weight_grams as "weightGrams", v.is_active as "isActive", v.sort_order as "sortOrder",
  case when v.length_mm is null then null
       else json_build_array(v.length_mm, v.width_mm, v.height_mm) end as "dimensionsMm"`

/** All of a product, whatever its status; 2,048 variants with their offers in one round trip. */
export const readAdminProduct = statement<AdminProductRow>(
  'catalog.read_admin_product',
  `select p.id, p.ref, p.slug, p.seller_id as "sellerId", p.name, p.description,
     p.category_id as "categoryId", p.brand, p.attributes, p.images, p.options,
     p.tax_class as "taxClass", p.released_on as "releasedOn", p.is_featured as "isFeatured",
     p.status, p.version, p.rating::float8 as rating, p.review_count as "reviewCount",
     p.created_at as "createdAt", p.updated_at as "updatedAt",
     coalesce((
       select json_agg(json_build_object(
         'locale', l.locale, 'name', l.name, 'description', l.description) order by l.locale)
       from catalog.translations l where l.shard = p.shard and l.product_id = p.id
     ), '[]') as translations,
     coalesce((
       select json_agg(v order by v."sortOrder", v.id) from (
         select ${VARIANT_COLUMNS} from catalog.product_variants v
         where v.shard = p.shard and v.product_id = p.id
       ) v
     ), '[]') as variants,
     coalesce((
       select json_agg(o order by o."offerId") from (
         select ${OFFER_COLUMNS} from catalog.offers o ${STOCK}
         where o.shard = p.shard and o.product_id = p.id
       ) o
     ), '[]') as offers
   from catalog.products p where p.shard = $1 and p.id = $2`,
)

export const readAdminOffer = statement<AdminOfferRow>(
  'catalog.read_admin_offer',
  `select ${OFFER_COLUMNS} from catalog.offers o ${STOCK} where o.shard = $1 and o.id = $2`,
)

/** All variants of a product, removed ones too. */
export const listVariants = statement<AdminVariantRow>(
  'catalog.list_variants',
  `select ${VARIANT_COLUMNS} from catalog.product_variants v
   where v.shard = $1 and v.product_id = $2`,
)
