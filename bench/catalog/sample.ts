import type { Database } from '../../server/platform/db/database.ts'

export type SomeProduct = Readonly<{
  shard: number
  id: string
  category_id: string
  seller_id: string
  brand: string | null
  sku: string
  updated_at: string
}>

/** Products from all over the table, with the SKU of a variant. */
export async function someProducts(db: Database, wanted: number): Promise<SomeProduct[]> {
  const size = await db.query({
    text: `select greatest(reltuples, 1) as rows from pg_class where oid = 'catalog.products'::regclass`,
  })
  // Twice as many as are wanted, so that chance does not leave too few.
  const percent = Math.min(100, (200 * wanted) / Number(size.rows[0].rows))
  const { rows } = await db.query({
    text: `select p.shard, p.id, p.category_id, p.seller_id, p.brand, v.sku, p.updated_at
           from (select * from catalog.products tablesample bernoulli ($1) where status = 'active'
                 order by random() limit $2) p
           cross join lateral (select sku from catalog.product_variants v
             where v.shard = p.shard and v.product_id = p.id limit 1) v`,
    values: [percent, wanted],
  })
  return rows as SomeProduct[]
}
