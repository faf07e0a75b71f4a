import { productsImported } from '#contracts/catalog/events.ts'
import { type CopyValue, copyRows } from '../../../platform/db/copy.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import type { Outbox } from '../../../platform/events/outbox.ts'
import type { ResolvedEntry } from './import-resolve.ts'

// Staging is temporary: each connection has its own, which is empty again after the commit. So
// these statements cannot be prepared against the migrated schema, and are planned anew for each
// batch; the import's tests run them all.

const STAGING = `
create temp table if not exists staged_products (
  shard smallint, id text collate "C", ref text collate "C", is_new boolean,
  seller_id text, slug text collate "C", name text, description text, category_id text,
  brand text, attributes jsonb, images jsonb, options jsonb, rating numeric, review_count int,
  popularity double precision, tax_class text, released_on date, source jsonb
) on commit delete rows;
create temp table if not exists staged_variants (
  shard smallint, id text collate "C", product_id text collate "C", is_new boolean, sku text,
  name text, gtin text, options jsonb, weight_grams int, length_mm int, width_mm int,
  height_mm int, sort_order int
) on commit delete rows;
create temp table if not exists staged_offers (
  shard smallint, id text collate "C", product_id text collate "C", variant_id text,
  is_new boolean, price_changed boolean, seller_id text collate "C", sku text collate "C",
  condition text, price_minor bigint, currency char(3), sale_price_minor bigint,
  sale_starts_at timestamptz, sale_ends_at timestamptz
) on commit delete rows`

/** Each returns the ids of the products that it changed. What a row leaves out is not touched. */
const MERGES: readonly string[] = [
  `with refs as (
     insert into catalog.product_refs (ref, shard, product_id)
     select ref, shard, id from staged_products where is_new order by ref
   )
   insert into catalog.products
     (shard, id, ref, seller_id, slug, name, description, category_id, brand, attributes, images,
      options, rating, review_count, popularity, tax_class, released_on, source)
   select shard, id, ref, seller_id, slug, name, description, category_id, brand,
          coalesce(attributes, '[]'), coalesce(images, '[]'), coalesce(options, '[]'),
          coalesce(rating, 0), coalesce(review_count, 0), coalesce(popularity, 0),
          coalesce(tax_class, 'standard'), released_on, source
   from staged_products where is_new order by shard, id
   returning id`,
  `insert into catalog.product_slugs (slug, shard, product_id)
   select slug, shard, id from staged_products order by slug
   on conflict (slug) do nothing
   returning null as id`,
  `insert into catalog.product_variants
     (shard, id, product_id, sku, name, gtin, options, weight_grams, length_mm, width_mm,
      height_mm, sort_order)
   select shard, id, product_id, sku, name, gtin, coalesce(options, '{}'), weight_grams,
          length_mm, width_mm, height_mm, sort_order
   from staged_variants where is_new order by shard, id
   returning product_id as id`,
  `with skus as (
     insert into catalog.offer_skus (seller_id, sku, shard, offer_id, product_id)
     select seller_id, sku, shard, id, product_id
     from staged_offers where is_new order by seller_id, sku
   ), prices as (
     insert into catalog.price_history
       (shard, offer_id, version, price_minor, currency, sale_price_minor, sale_starts_at,
        sale_ends_at)
     select shard, id, 1, price_minor, currency, sale_price_minor, sale_starts_at, sale_ends_at
     from staged_offers where is_new order by shard, id
   )
   insert into catalog.offers
     (shard, id, product_id, variant_id, seller_id, sku, condition, price_minor, currency,
      sale_price_minor, sale_starts_at, sale_ends_at)
   select shard, id, product_id, variant_id, seller_id, sku, coalesce(condition, 'new'),
          price_minor, currency, sale_price_minor, sale_starts_at, sale_ends_at
   from staged_offers where is_new order by shard, id
   returning product_id as id`,
]

/** The same for rows of products that are known: run only if there are some. */
const UPDATES: readonly string[] = [
  `update catalog.products p
   set seller_id = s.seller_id, slug = s.slug, name = s.name, category_id = s.category_id,
       description = coalesce(s.description, p.description), brand = coalesce(s.brand, p.brand),
       attributes = coalesce(s.attributes, p.attributes), images = coalesce(s.images, p.images),
       options = coalesce(s.options, p.options), rating = coalesce(s.rating, p.rating),
       review_count = coalesce(s.review_count, p.review_count),
       popularity = coalesce(s.popularity, p.popularity),
       tax_class = coalesce(s.tax_class, p.tax_class),
       released_on = coalesce(s.released_on, p.released_on), source = coalesce(s.source, p.source)
   from staged_products s
   where not s.is_new and p.shard = s.shard and p.id = s.id
     and (p.seller_id, p.slug, p.name, p.category_id, p.description, p.brand, p.attributes,
          p.images, p.options, p.rating, p.review_count, p.popularity, p.tax_class, p.released_on,
          p.source)
       is distinct from
         (s.seller_id, s.slug, s.name, s.category_id, coalesce(s.description, p.description),
          coalesce(s.brand, p.brand), coalesce(s.attributes, p.attributes),
          coalesce(s.images, p.images), coalesce(s.options, p.options),
          coalesce(s.rating::numeric(3, 2), p.rating), coalesce(s.review_count, p.review_count),
          coalesce(s.popularity, p.popularity), coalesce(s.tax_class, p.tax_class),
          coalesce(s.released_on, p.released_on), coalesce(s.source, p.source))
   returning p.id`,
  `update catalog.product_variants v
   set name = coalesce(s.name, v.name), gtin = coalesce(s.gtin, v.gtin),
       options = coalesce(s.options, v.options), sort_order = s.sort_order,
       weight_grams = coalesce(s.weight_grams, v.weight_grams),
       length_mm = coalesce(s.length_mm, v.length_mm), width_mm = coalesce(s.width_mm, v.width_mm),
       height_mm = coalesce(s.height_mm, v.height_mm), updated_at = now()
   from staged_variants s
   where not s.is_new and v.shard = s.shard and v.id = s.id
     and (v.name, v.gtin, v.options, v.sort_order, v.weight_grams, v.length_mm, v.width_mm,
          v.height_mm)
       is distinct from
         (coalesce(s.name, v.name), coalesce(s.gtin, v.gtin), coalesce(s.options, v.options),
          s.sort_order, coalesce(s.weight_grams, v.weight_grams),
          coalesce(s.length_mm, v.length_mm), coalesce(s.width_mm, v.width_mm),
          coalesce(s.height_mm, v.height_mm))
   returning v.product_id as id`,
  `update catalog.offers o
   set variant_id = s.variant_id, condition = coalesce(s.condition, o.condition),
       price_minor = s.price_minor, currency = s.currency, sale_price_minor = s.sale_price_minor,
       sale_starts_at = s.sale_starts_at, sale_ends_at = s.sale_ends_at,
       version = o.version + 1, updated_at = now()
   from staged_offers s
   where not s.is_new and o.shard = s.shard and o.id = s.id
     and (o.variant_id, o.condition, o.price_minor, o.currency, o.sale_price_minor,
          o.sale_starts_at, o.sale_ends_at)
       is distinct from
         (s.variant_id, coalesce(s.condition, o.condition), s.price_minor, s.currency,
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

const EVENT_PRODUCTS = 1_000

/**
 * Writes a batch: copied into staging, merged set by set, told of in the outbox.
 * @returns how many products it changed; what is as it was counts for nothing.
 */
export async function mergeEntries(
  tx: Tx,
  outbox: Outbox,
  importId: string,
  entries: readonly ResolvedEntry[],
): Promise<number> {
  await tx.query({ text: `set local statement_timeout = '120s'; ${STAGING}` })
  await copyRows(tx, 'staged_products', productRows(entries))
  await copyRows(tx, 'staged_variants', variantRows(entries))
  await copyRows(tx, 'staged_offers', offerRows(entries))
  const changed = new Set<string>()
  const known = entries.filter((entry) => !entry.isNew)
  for (const text of known.length > 0 ? [...MERGES, ...UPDATES] : MERGES) {
    const { rows } = await tx.query({ text })
    for (const { id } of rows as { id: string | null }[]) if (id !== null) changed.add(id)
  }
  const raised = known.filter(({ id }) => changed.has(id)).sort((a, b) => (a.id < b.id ? -1 : 1))
  if (raised.length > 0) {
    const values = [raised.map(({ shard }) => shard), raised.map(({ id }) => id)]
    await tx.query({ text: RAISE_VERSIONS, values })
  }
  const productIds = [...changed]
  for (let from = 0; from < productIds.length; from += EVENT_PRODUCTS) {
    const payload = { importId, productIds: productIds.slice(from, from + EVENT_PRODUCTS) }
    await outbox.append(tx, [{ spec: productsImported, aggregateId: importId, payload }])
  }
  return productIds.length
}

const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value))

function* productRows(entries: readonly ResolvedEntry[]): Generator<CopyValue[]> {
  for (const { entry, id, shard, isNew, slug } of entries) {
    const { product, categoryId, sellerId } = entry
    const attributes =
      product.attributes &&
      Object.entries(product.attributes).map(([name, value]) => ({ name, value }))
    const options = product.options ?? optionNames(entry)
    yield [
      shard,
      id,
      product.ref,
      isNew,
      sellerId,
      slug,
      product.name,
      product.description,
      categoryId,
      product.brand,
      json(attributes),
      json(product.images),
      json(options),
      product.rating?.average,
      product.rating?.count,
      product.popularity,
      product.taxClass,
      product.releasedAt,
      json(product.source),
    ]
  }
}

/** Names of options that the variants have, where the row does not list them. */
function optionNames({ product }: ResolvedEntry['entry']): string[] | undefined {
  const names = new Set(product.variants.flatMap(({ options }) => Object.keys(options ?? {})))
  return names.size === 0 ? undefined : [...names]
}

function* variantRows(entries: readonly ResolvedEntry[]): Generator<CopyValue[]> {
  for (const { id: productId, shard, variants } of entries) {
    for (const [place, { id, isNew, variant }] of variants.entries()) {
      const { sku, name, gtin, options, weightGrams, dimensionsMm } = variant
      const sizes = dimensionsMm ?? [null, null, null]
      yield [
        shard,
        id,
        productId,
        isNew,
        sku,
        name,
        gtin,
        json(options),
        weightGrams,
        ...sizes,
        place,
      ]
    }
  }
}

function* offerRows(entries: readonly ResolvedEntry[]): Generator<CopyValue[]> {
  for (const { id: productId, shard, variants } of entries) {
    for (const { id: variantId, offers } of variants) {
      for (const { id, isNew, priceChanged, sellerId, offer } of offers) {
        yield [
          shard,
          id,
          productId,
          variantId,
          isNew,
          priceChanged,
          sellerId,
          offer.sku,
          offer.condition,
          offer.price.amount,
          offer.price.currency,
          offer.salePrice?.amount,
          offer.saleStartsAt,
          offer.saleEndsAt,
        ]
      }
    }
  }
}
