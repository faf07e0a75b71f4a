import type { z } from 'zod'
import { categoriesChanged, sellersChanged } from '#contracts/catalog/events.ts'
import { ImportCategory, ImportSeller } from '#contracts/catalog/import.ts'
import { catalogProblem } from '#contracts/catalog/problems.ts'
import { statement } from '../../../platform/db/statement.ts'
import type { ImporterDeps } from './import-deps.ts'

// One level at a time: a parent's path is there when its children come.
const mergeCategories = statement<{ id: string }>(
  'catalog.merge_categories',
  `with rows as (
     select k.*, p.id as parent_id, coalesce(p.path, '') || k.code || '/' as path,
            coalesce(p.level, 0) + 1 as level
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
       as k (id, code, name, slug, parent)
     left join catalog.categories p on p.code = k.parent
   )
   insert into catalog.categories as c (id, code, name, slug, parent_id, path, level)
   select id, code, name, slug, parent_id, path, level from rows order by code
   on conflict (code) do update
     set name = excluded.name, slug = excluded.slug, parent_id = excluded.parent_id,
         path = excluded.path, level = excluded.level,
         past_slugs = case when c.slug = excluded.slug then c.past_slugs
                           else array_remove(c.past_slugs, excluded.slug) || c.slug end
     where (c.name, c.slug, c.parent_id, c.path, c.level) is distinct from
           (excluded.name, excluded.slug, excluded.parent_id, excluded.path, excluded.level)
   returning c.id`,
)

// What hangs below a category that moved. The tree is small: all of it in one statement.
const repathCategories = statement<{ id: string }>(
  'catalog.repath_categories',
  `with recursive tree as (
     select id, code || '/' as path, 1 as level from catalog.categories where parent_id is null
     union all
     select c.id, t.path || c.code || '/', t.level + 1
     from catalog.categories c join tree t on c.parent_id = t.id
   )
   update catalog.categories c set path = t.path, level = t.level
   from tree t where t.id = c.id and (c.path, c.level) is distinct from (t.path, t.level)
   returning c.id`,
)

const mergeSellers = statement<{ id: string }>(
  'catalog.merge_sellers',
  `insert into catalog.sellers as s
     (id, code, name, country, status, order_defect_rate, late_shipment_rate, cancel_rate,
      department, demo)
   select id, code, name, country, coalesce(status, 'active'), coalesce(defects, 0),
          coalesce(late, 0), coalesce(cancels, 0), department, demo
   from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[],
               $6::float8[], $7::float8[], $8::float8[], $9::text[], $10::boolean[])
     as k (id, code, name, country, status, defects, late, cancels, department, demo)
   order by code
   on conflict (code) do update
     set name = excluded.name, country = excluded.country, status = excluded.status,
         order_defect_rate = excluded.order_defect_rate,
         late_shipment_rate = excluded.late_shipment_rate, cancel_rate = excluded.cancel_rate,
         department = excluded.department, demo = excluded.demo, updated_at = now()
     where (s.name, s.country, s.status, s.order_defect_rate, s.late_shipment_rate,
            s.cancel_rate, s.department, s.demo) is distinct from
           (excluded.name, excluded.country, excluded.status, excluded.order_defect_rate,
            excluded.late_shipment_rate, excluded.cancel_rate, excluded.department, excluded.demo)
   returning s.id`,
)

export const listSellerIds = statement<{ id: string; code: string }>(
  'catalog.list_seller_ids',
  'select id, code from catalog.sellers order by code',
)

type Deps = Pick<ImporterDeps, 'db' | 'outbox' | 'ids' | 'categories'>

const EVENT_IDS = 1_000

/** @throws catalog.import_failed if a row is not valid, or its parent is nowhere. */
export async function importCategories(
  { db, outbox, ids, categories }: Deps,
  rows: readonly unknown[],
): Promise<number> {
  const valid = rows.map((row, place) => check(ImportCategory, row, place))
  const levels = byLevel(valid, new Set((await categories.byCode()).keys()))
  const changed = await db.tx(async (tx) => {
    const written: string[] = []
    for (const level of levels) {
      const merged = await mergeCategories(tx, [
        level.map(() => ids.make('cat')),
        level.map((row) => row.code),
        level.map((row) => row.name),
        level.map((row) => row.slug),
        level.map((row) => row.parent),
      ])
      written.push(...merged.map((row) => row.id))
    }
    written.push(...(await repathCategories(tx)).map((row) => row.id))
    for (let from = 0; from < written.length; from += EVENT_IDS) {
      const categoryIds = written.slice(from, from + EVENT_IDS)
      const aggregateId = categoryIds[0] as string
      await outbox.append(tx, [{ spec: categoriesChanged, aggregateId, payload: { categoryIds } }])
    }
    return written.length
  })
  categories.drop()
  outbox.appended.strike()
  return changed
}

/** Rows in the order in which they can be written: each level's parents are in the ones before. */
function byLevel(rows: readonly ImportCategory[], known: ReadonlySet<string>): ImportCategory[][] {
  const own = new Set(rows.map((row) => row.code))
  const placed = new Set<string>()
  const levels: ImportCategory[][] = []
  let waiting = [...rows]
  while (waiting.length > 0) {
    const isReady = ({ parent }: ImportCategory) =>
      parent === null || placed.has(parent) || (!own.has(parent) && known.has(parent))
    const ready = waiting.filter(isReady)
    const [stuck] = waiting
    if (ready.length === 0 && stuck)
      throw failed(`Category ${stuck.code}: there is no parent ${stuck.parent}, or it is below it`)
    for (const row of ready) placed.add(row.code)
    levels.push(ready)
    waiting = waiting.filter((row) => !placed.has(row.code))
  }
  return levels
}

/** @throws catalog.import_failed if a row is not valid. */
export async function importSellers(
  { db, outbox, ids }: Deps,
  rows: readonly unknown[],
): Promise<number> {
  const valid = rows.map((row, place) => check(ImportSeller, row, place))
  const changed = await db.tx(async (tx) => {
    const merged = await mergeSellers(tx, [
      valid.map(() => ids.make('sel')),
      valid.map((row) => row.code),
      valid.map((row) => row.name),
      valid.map((row) => row.country),
      valid.map((row) => row.status ?? null),
      valid.map((row) => row.performance?.orderDefectRate ?? null),
      valid.map((row) => row.performance?.lateShipmentRate ?? null),
      valid.map((row) => row.performance?.cancelRate ?? null),
      valid.map((row) => row.department ?? null),
      valid.map((row) => row.demo ?? false),
    ])
    for (let from = 0; from < merged.length; from += EVENT_IDS) {
      const sellerIds = merged.slice(from, from + EVENT_IDS).map((row) => row.id)
      const aggregateId = sellerIds[0] as string
      await outbox.append(tx, [{ spec: sellersChanged, aggregateId, payload: { sellerIds } }])
    }
    return merged.length
  })
  outbox.appended.strike()
  return changed
}

/** The row by its schema. @throws catalog.import_failed */
export function check<T extends z.ZodType>(schema: T, row: unknown, place: number): z.output<T> {
  const parsed = schema.safeParse(row)
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.map(({ path, message }) => ({
    path: path.join('.'),
    message: `row ${place + 1}: ${message}`,
  }))
  throw failed(`Row ${place + 1} is not valid: ${errors[0]?.path} ${errors[0]?.message}`, errors)
}

function failed(detail: string, errors?: { path: string; message: string }[]) {
  return catalogProblem('catalog.import_failed', { detail, ...(errors ? { errors } : {}) })
}
