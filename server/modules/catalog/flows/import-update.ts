import { type CopyCells, copyRows } from '../../../platform/db/copy.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import { writeOffer, writeProduct, writeVariant } from './import-cells.ts'
import type { ResolvedEntry } from './import-resolve.ts'

// Staging is temporary: each connection has its own, which is empty again after the commit. So
// these statements cannot be prepared against the migrated schema, and are planned anew for each
// batch; the import's tests run them all.

const STAGING = `
create temp table if not exists staged_products (
  shard smallint, id text collate "C",
  seller_id text, slug text collate "C", name text, description text, category_id text,
  brand text, attributes jsonb, images jsonb, options jsonb, rating numeric, review_count int,
  popularity double precision, tax_class text, released_on date, source jsonb, status text,
  is_featured boolean
) on commit delete rows;
create temp table if not exists staged_variants (
  shard smallint, id text collate "C", product_id text collate "C", sku text,
  name text, gtin text, options jsonb, weight_grams int, length_mm int, width_mm int,
  height_mm int, sort_order int, is_active boolean, images jsonb
) on commit delete rows;
create temp table if not exists staged_offers (
  shard smallint, id text collate "C", product_id text collate "C", variant_id text,
  seller_id text collate "C", sku text collate "C", condition text, status text,
  price_minor bigint,
  currency char(3), sale_price_minor bigint, sale_starts_at timestamptz,
  sale_ends_at timestamptz, price_changed boolean
) on commit delete rows`

/** Each returns the ids of the products that it changed. What a row leaves out is not touched. */
const UPDATES: readonly string[] = [
  `insert into catalog.product_slugs (slug, shard, product_id)
   select slug, shard, id from staged_products order by slug
   on conflict (slug) do nothing
   returning null as id`,
  // What the next statement takes away from a product stays its past slug.
  `update catalog.product_slugs d set is_past = k.is_past
   from staged_products s
   cross join lateral (
     select p.slug from catalog.products p where p.shard = s.shard and p.id = s.id offset 0
   ) p
   cross join lateral (values (p.slug, true), (s.slug, false)) k (slug, is_past)
   where p.slug <> s.slug and d.slug = k.slug
   returning null as id`,
  `update catalog.products p
   set seller_id = s.seller_id, slug = s.slug, name = s.name, category_id = s.category_id,
       description = coalesce(s.description, p.description), brand = coalesce(s.brand, p.brand),
       attributes = coalesce(s.attributes, p.attributes), images = coalesce(s.images, p.images),
       options = coalesce(s.options, p.options), rating = coalesce(s.rating, p.rating),
       review_count = coalesce(s.review_count, p.review_count),
       popularity = coalesce(s.popularity, p.popularity),
       tax_class = coalesce(s.tax_class, p.tax_class),
       released_on = coalesce(s.released_on, p.released_on), source = coalesce(s.source, p.source),
       status = coalesce(s.status, p.status),
       is_featured = coalesce(s.is_featured, p.is_featured)
   from staged_products s
   where p.shard = s.shard and p.id = s.id
     and (p.seller_id, p.slug, p.name, p.category_id, p.description, p.brand, p.attributes,
          p.images, p.options, p.rating, p.review_count, p.popularity, p.tax_class, p.released_on,
          p.source, p.status, p.is_featured)
       is distinct from
         (s.seller_id, s.slug, s.name, s.category_id, coalesce(s.description, p.description),
          coalesce(s.brand, p.brand), coalesce(s.attributes, p.attributes),
          coalesce(s.images, p.images), coalesce(s.options, p.options),
          coalesce(s.rating::numeric(3, 2), p.rating), coalesce(s.review_count, p.review_count),
          coalesce(s.popularity, p.popularity), coalesce(s.tax_class, p.tax_class),
          coalesce(s.released_on, p.released_on), coalesce(s.source, p.source),
          coalesce(s.status, p.status), coalesce(s.is_featured, p.is_featured))
   returning p.id`,
  `update catalog.product_variants v
   set name = coalesce(s.name, v.name), gtin = coalesce(s.gtin, v.gtin),
       options = coalesce(s.options, v.options), sort_order = s.sort_order,
       weight_grams = coalesce(s.weight_grams, v.weight_grams),
       length_mm = coalesce(s.length_mm, v.length_mm), width_mm = coalesce(s.width_mm, v.width_mm),
       height_mm = coalesce(s.height_mm, v.height_mm),
       is_active = coalesce(s.is_active, v.is_active), images = coalesce(s.images, v.images),
       updated_at = now()
   from staged_variants s
   where v.shard = s.shard and v.id = s.id
     and (v.name, v.gtin, v.options, v.sort_order, v.weight_grams, v.length_mm, v.width_mm,
          v.height_mm, v.is_active, v.images)
       is distinct from
         (coalesce(s.name, v.name), coalesce(s.gtin, v.gtin), coalesce(s.options, v.options),
          s.sort_order, coalesce(s.weight_grams, v.weight_grams),
          coalesce(s.length_mm, v.length_mm), coalesce(s.width_mm, v.width_mm),
          coalesce(s.height_mm, v.height_mm), coalesce(s.is_active, v.is_active),
          coalesce(s.images, v.images))
   returning v.product_id as id`,
  `update catalog.offers o
   set variant_id = s.variant_id, condition = coalesce(s.condition, o.condition),
       status = coalesce(s.status, o.status),
       price_minor = s.price_minor, currency = s.currency, sale_price_minor = s.sale_price_minor,
       sale_starts_at = s.sale_starts_at, sale_ends_at = s.sale_ends_at,
       version = o.version + 1, updated_at = now()
   from staged_offers s
   where o.shard = s.shard and o.id = s.id
     and (o.variant_id, o.condition, o.status, o.price_minor, o.currency, o.sale_price_minor,
          o.sale_starts_at, o.sale_ends_at)
       is distinct from
         (s.variant_id, coalesce(s.condition, o.condition), coalesce(s.status, o.status), s.price_minor, s.currency,
          s.sale_price_minor, s.sale_starts_at, s.sale_ends_at)
   returning o.product_id as id`,
  `insert into catalog.price_history
     (shard, offer_id, version, price_minor, currency, sale_price_minor, sale_starts_at,
      sale_ends_at)
   select o.shard, o.id, o.version, o.price_minor, o.currency, o.sale_price_minor,
          o.sale_starts_at, o.sale_ends_at
   from staged_offers s cross join lateral (
     select o.* from catalog.offers o where o.shard = s.shard and o.id = s.id offset 0
   ) o
   where s.price_changed order by o.shard, o.id
   on conflict do nothing
   returning null as id`,
]

const RAISE_VERSIONS = `
  update catalog.products p set version = p.version + 1, updated_at = now()
  from unnest($1::smallint[], $2::text[]) as k (shard, id)
  where p.shard = k.shard and p.id = k.id`

/**
 * Changes the records that are known: copied into staging, merged set by set.
 * @returns ids of the products of which anything changed.
 */
export async function updateKnown(tx: Tx, entries: readonly ResolvedEntry[]): Promise<Set<string>> {
  await tx.query({ text: STAGING })
  await copyRows(tx, [
    { target: 'staged_products', write: (to) => stageProducts(to, entries) },
    { target: 'staged_variants', write: (to) => stageVariants(to, entries) },
    { target: 'staged_offers', write: (to) => stageOffers(to, entries) },
  ])
  const changed = new Set<string>()
  for (const text of UPDATES) {
    const { rows } = await tx.query({ text })
    for (const { id } of rows as { id: string | null }[]) if (id !== null) changed.add(id)
  }
  return changed
}

/** Counts the versions of products up; in order of id, as everywhere. */
export async function raiseVersions(tx: Tx, products: readonly ResolvedEntry[]): Promise<void> {
  const sorted = products.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const values = [sorted.map(({ shard }) => shard), sorted.map(({ id }) => id)]
  await tx.query({ text: RAISE_VERSIONS, values })
}

function stageProducts(to: CopyCells, entries: readonly ResolvedEntry[]): void {
  for (const entry of entries) writeProduct(to, entry)
}

function stageVariants(to: CopyCells, entries: readonly ResolvedEntry[]): void {
  for (const { id: productId, shard, variants } of entries) {
    for (const variant of variants) {
      if (!variant.isNew) writeVariant(to, { shard, productId, variant })
    }
  }
}

function stageOffers(to: CopyCells, entries: readonly ResolvedEntry[]): void {
  for (const { id: productId, shard, variants } of entries) {
    for (const { id: variantId, offers } of variants) {
      for (const offer of offers) {
        if (!offer.isNew) writeOffer(to, { shard, productId, variantId, offer })
      }
    }
  }
}
