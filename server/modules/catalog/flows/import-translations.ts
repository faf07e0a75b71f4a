import { statement, type Tx } from '../../../platform/db/statement.ts'
import type { ResolvedEntry } from './import-resolve.ts'

const mergeTranslations = statement<{ id: string }>(
  'catalog.merge_translations',
  `insert into catalog.translations as t (shard, product_id, locale, name, description)
   select shard, product_id, locale, name, description
   from unnest($1::smallint[], $2::text[], $3::text[], $4::text[], $5::text[])
     as k (shard, product_id, locale, name, description)
   order by shard, product_id, locale
   on conflict (shard, product_id, locale) do update
     set name = excluded.name, description = excluded.description
     where (t.name, t.description) is distinct from (excluded.name, excluded.description)
   returning t.product_id as id`,
)

/** Writes the languages that rows name; others stay. @returns ids of products that changed. */
export async function writeTranslations(
  tx: Tx,
  entries: readonly ResolvedEntry[],
): Promise<Set<string>> {
  const rows = entries.flatMap(({ shard, id, entry }) =>
    entry.product.translations === undefined
      ? []
      : Object.entries(entry.product.translations).map(([locale, texts]) => ({
          shard,
          id,
          locale,
          ...texts,
        })),
  )
  if (rows.length === 0) return new Set()
  const written = await mergeTranslations(tx, [
    rows.map(({ shard }) => shard),
    rows.map(({ id }) => id),
    rows.map(({ locale }) => locale),
    rows.map(({ name }) => name ?? null),
    rows.map(({ description }) => description ?? null),
  ])
  return new Set(written.map(({ id }) => id))
}
