import { MAIN_SOURCE } from '../../platform/background.ts'
import type { Database } from '../../platform/db/database.ts'
import { statement } from '../../platform/db/statement.ts'
import { createCursor } from '../../platform/events/cursor.ts'
import type { Outbox } from '../../platform/events/outbox.ts'
import { shardOf } from '../../platform/ids.ts'
import type { CatalogApi, IndexDocument } from '../catalog/index.ts'
import { gatherChanges } from './changes.ts'
import { attributeName } from './documents.ts'

const upsertTitles = statement(
  'search.upsert_titles',
  `insert into search.titles (shard, product_id, words, brand, category_ids, popularity)
   select shard, id, to_tsvector('simple', name), brand, string_to_array(categories, ' '), popularity
   from unnest($1::smallint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::real[])
     as t (shard, id, name, brand, categories, popularity)
   order by shard, id
   on conflict (shard, product_id) do update
     set words = excluded.words, brand = excluded.brand, category_ids = excluded.category_ids,
         popularity = excluded.popularity
     where (titles.words, titles.brand, titles.category_ids, titles.popularity)
       is distinct from
       (excluded.words, excluded.brand, excluded.category_ids, excluded.popularity)`,
)
const deleteTitles = statement(
  'search.delete_titles',
  `delete from search.titles t using unnest($1::smallint[], $2::text[]) as gone (shard, id)
   where t.shard = gone.shard and t.product_id = gone.id`,
)
const keepLabels = statement(
  'search.keep_attribute_labels',
  `insert into search.attribute_labels (name, label)
   select * from unnest($1::text[], $2::text[]) order by 1
   on conflict (name) do nothing`,
)
const listLabels = statement<{ name: string; label: string }>(
  'search.list_attribute_labels',
  'select name, label from search.attribute_labels',
)

/** Reads at most as many matches, so that the lesser search stays quick on any words. */
const MOST_MATCHES = 1_000

const findTitles = statement<{ id: string }>(
  'search.find_titles',
  `select product_id as id from (
     select product_id, words, popularity from search.titles
     where words @@ to_tsquery('simple', $1)
       and ($2::text is null or category_ids @> array[$2::text])
       and ($3::text[] is null or brand = any ($3::text[]))
     limit ${MOST_MATCHES}
   ) found
   order by ts_rank(words, to_tsquery('simple', $1)) desc, popularity desc, product_id`,
)
const browseTitles = statement<{ id: string }>(
  'search.browse_titles',
  `select product_id as id from search.titles
   where ($1::text is null or category_ids @> array[$1::text])
     and ($2::text[] is null or brand = any ($2::text[]))
   order by popularity desc, product_id limit ${MOST_MATCHES}`,
)

const EVENTS = 500
const READ_AT_ONCE = 200

export type TitleQuery = Readonly<{
  text: string
  categoryId?: string | undefined
  brands?: readonly string[] | undefined
}>

/** Product names in the database: the lesser search, while there is no index to ask. */
export type Titles = Readonly<{
  /** At most 1,000 products that have all words, each perhaps unfinished. */
  find(query: TitleQuery): Promise<readonly string[]>
  /** Takes in what comes next in the stream. @returns how many events. */
  follow(): Promise<number>
  /** How attributes are spelled where people read them, by name. */
  labels(): Promise<ReadonlyMap<string, string>>
}>

export function createTitles({
  db,
  outbox,
  catalog,
}: Readonly<{ db: Database; outbox: Outbox; catalog: CatalogApi }>): Titles {
  const place = createCursor({ consumer: 'search.keep_titles', source: MAIN_SOURCE })

  async function write(ids: readonly string[], cursor: Readonly<{ from: number; to: number }>) {
    const products: IndexDocument[] = []
    for (let at = 0; at < ids.length; at += READ_AT_ONCE) {
      const part = ids.slice(at, at + READ_AT_ONCE)
      products.push(...(await catalog.getForIndex({ productIds: part })))
    }
    const sold = products.filter(({ active }) => active)
    const soldIds = new Set(sold.map(({ productId }) => productId))
    const gone = ids.filter((id) => !soldIds.has(id) && isProductId(id))
    await db.tx(async (tx) => {
      // Another process that was quicker has written the same.
      if (!(await place.lockAt(tx, cursor.from))) return
      await place.move(tx, cursor.to)
      if (sold.length > 0) await upsertTitles(tx, titleColumns(sold))
      if (gone.length > 0) await deleteTitles(tx, [gone.map(shardOf), gone])
      const labels = labelsOf(sold)
      if (labels.size > 0) await keepLabels(tx, [[...labels.keys()], [...labels.values()]])
    })
  }

  return {
    async find({ text, categoryId, brands }) {
      const words = prefixWords(text)
      const filters = [categoryId ?? null, brands ?? null]
      const rows =
        words === '' ? await browseTitles(db, filters) : await findTitles(db, [words, ...filters])
      return rows.map(({ id }) => id)
    },
    async follow() {
      const from = await place.read(db)
      const events = await outbox.read(from, EVENTS)
      const changes = gatherChanges(events)
      const last = events[changes.events - 1]
      if (!last) return 0
      await write([...changes.productIds], { from, to: last.position })
      return changes.events
    },
    async labels() {
      const rows = await listLabels(db)
      return new Map(rows.map(({ name, label }) => [name, label]))
    },
  }
}

const MOST_WORDS = 8

/** The words as a query for `to_tsquery`: letters and digits alone, each the beginning of a word. */
export function prefixWords(text: string): string {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  return words
    .slice(0, MOST_WORDS)
    .map((word) => `${word}:*`)
    .join(' & ')
}

function titleColumns(products: readonly IndexDocument[]): unknown[] {
  return [
    products.map(({ productId }) => shardOf(productId)),
    products.map(({ productId }) => productId),
    products.map(titleOf),
    products.map(({ brand }) => brand ?? ''),
    products.map(({ categoryPath }) => categoryPath.map(({ id }) => id).join(' ')),
    products.map(({ popularity }) => popularity),
  ]
}

/** The words of a product's name, in all its languages. */
function titleOf({ name, brand, translations = [] }: IndexDocument): string {
  return [name, brand ?? '', ...translations.map((each) => each.name ?? '')].join(' ').trim()
}

function labelsOf(products: readonly IndexDocument[]): ReadonlyMap<string, string> {
  const labels = products.flatMap(({ attributes, variants }) => [
    ...Object.keys(attributes),
    ...variants.flatMap(({ options }) => Object.keys(options)),
  ])
  return new Map(labels.map((label) => [attributeName(label), label.trim()]))
}

function isProductId(id: string): boolean {
  return /_[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(id)
}
