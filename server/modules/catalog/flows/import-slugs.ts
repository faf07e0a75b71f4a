import { statement, type Tx } from '../../../platform/db/statement.ts'
import type { ResolvedEntry } from './import-resolve.ts'

const keepPastSlugs = statement<{ id: string }>(
  'catalog.keep_past_slugs',
  `insert into catalog.product_slugs (slug, shard, product_id, is_past)
   select slug, shard, product_id, true
   from unnest($1::text[], $2::smallint[], $3::text[]) as k (slug, shard, product_id)
   order by slug
   on conflict (slug) do nothing
   returning product_id as id`,
)

/** Writes the former slugs that rows name; others stay. @returns ids of products that got one. */
export async function writePastSlugs(
  tx: Tx,
  entries: readonly ResolvedEntry[],
): Promise<Set<string>> {
  const named = entries.filter(({ pastSlugs }) => pastSlugs.length > 0)
  if (named.length === 0) return new Set()
  const rows = named.flatMap(({ shard, id, pastSlugs }) =>
    pastSlugs.map((slug) => ({ slug, shard, id })),
  )
  const written = await keepPastSlugs(tx, [
    rows.map(({ slug }) => slug),
    rows.map(({ shard }) => shard),
    rows.map(({ id }) => id),
  ])
  return new Set(written.map(({ id }) => id))
}
