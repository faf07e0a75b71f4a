import type { Database } from '../../../platform/db/database.ts'
import { statement } from '../../../platform/db/statement.ts'

const PAGE_BYTES = 8_192
/** Below that any plan is quick. */
const SMALL_PAGES = 64

// `relpages` is how large the table was when it was last analysed.
const grownTables = statement<{ name: string }>(
  'catalog.grown_tables',
  `select c.oid::regclass::text as name from pg_class c
   where c.oid = any (array[
     'catalog.products', 'catalog.product_variants', 'catalog.offers', 'catalog.product_refs',
     'catalog.product_slugs', 'catalog.offer_skus']::regclass[])
     and pg_relation_size(c.oid) > ${PAGE_BYTES}::bigint * greatest(4 * c.relpages, ${SMALL_PAGES})
   order by 1`,
)

/**
 * Analyses the tables that have grown to several times of what their statistics tell of. Plans made
 * for the few rows of a new shop would read a shard to find an offer.
 */
export async function refreshStatistics(db: Database): Promise<void> {
  const grown = await grownTables(db)
  if (grown.length === 0) return
  await db.tx(async (tx) => {
    await tx.query({ text: 'set local statement_timeout = 0' })
    await tx.query({ text: `analyze ${grown.map(({ name }) => name).join(', ')}` })
  })
}
