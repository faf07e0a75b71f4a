import type { Database } from '../../platform/db/database.ts'
import { statement } from '../../platform/db/statement.ts'
import { decodeCursor, encodeCursor } from '../../platform/http/cursor.ts'

/** A product whose pictures are to be fetched: begun anew if it waits already. */
export const queueFetches = statement(
  'catalog.queue_image_fetches',
  `insert into catalog.image_fetches (shard, product_id)
   select k.shard, k.id from unnest($1::smallint[], $2::text[]) as k (shard, id)
   order by k.shard, k.id
   on conflict (shard, product_id) do update
     set attempts = 0, due_at = now(), last_error = null`,
)

export type Fetch = Readonly<{ shard: number; productId: string; attempts: number }>

/** Takes those that are due; who is killed over one leaves it to whoever comes later. */
export const claimFetches = statement<Fetch>(
  'catalog.claim_image_fetches',
  `update catalog.image_fetches f
   set attempts = f.attempts + 1, due_at = now() + make_interval(mins => (2 ^ f.attempts)::int)
   from (
     select shard, product_id from catalog.image_fetches
     where due_at <= now() order by due_at limit $1 for update skip locked
   ) k
   where f.shard = k.shard and f.product_id = k.product_id
   returning f.shard, f.product_id as "productId", f.attempts`,
)

/** Unless it was begun anew meanwhile. */
export const endFetch = statement(
  'catalog.end_image_fetch',
  'delete from catalog.image_fetches where shard = $1 and product_id = $2 and attempts = $3',
)

/** Says why it failed; the last time, it is due never. */
export const noteFetchFault = statement(
  'catalog.note_image_fetch_fault',
  `update catalog.image_fetches
   set last_error = $4, due_at = case when $5::boolean then 'infinity' else due_at end
   where shard = $1 and product_id = $2 and attempts = $3`,
)

/** Addresses among the pictures of a product and its variants. */
export const readImageAddresses = statement<{ url: string }>(
  'catalog.read_image_addresses',
  `select distinct i.image #>> '{}' as url
   from (
     select jsonb_array_elements(p.images) as image from catalog.products p
     where p.shard = $1 and p.id = $2
     union all
     select jsonb_array_elements(v.images) from catalog.product_variants v
     where v.shard = $1 and v.product_id = $2
   ) i
   where jsonb_typeof(i.image) = 'string' and i.image #>> '{}' ~ '^https?://'
   order by 1`,
)

export const setProductImages = statement<{ version: number }>(
  'catalog.set_product_images',
  `update catalog.products set images = $3, version = version + 1, updated_at = now()
   where shard = $1 and id = $2 returning version`,
)

export const setVariantImages = statement(
  'catalog.set_variant_images',
  `update catalog.product_variants v set images = k.images, updated_at = now()
   from unnest($2::text[], $3::jsonb[]) as k (id, images)
   where v.shard = $1 and v.id = k.id`,
)

const listAfter = statement<Fetch & Readonly<{ dueAt: string | null; error: string | null }>>(
  'catalog.list_image_fetches',
  `select shard, product_id as "productId", attempts, nullif(due_at, 'infinity') as "dueAt",
          last_error as error
   from catalog.image_fetches where (shard, product_id) > ($1::smallint, $2::text)
   order by shard, product_id limit $3`,
)

const PAGE = 50

/** Products whose pictures are still elsewhere. @throws validation_failed */
export async function listFetches(
  db: Database,
  { cursor, limit = PAGE }: Readonly<{ cursor?: string | undefined; limit?: number | undefined }>,
) {
  const after = cursor === undefined ? [-1, ''] : decodeCursor(cursor, ['number', 'string'])
  const rows = await listAfter(db, [...after, limit])
  const last = rows.at(-1)
  return {
    items: rows.map(({ productId, attempts, dueAt, error }) => ({
      productId,
      attempts,
      dueAt,
      ...(error === null ? {} : { error }),
    })),
    nextCursor: last && rows.length === limit ? encodeCursor([last.shard, last.productId]) : null,
  }
}
