import type { Database } from '../../platform/db/database.ts'
import { statement } from '../../platform/db/statement.ts'

/** Somebody looked at a product; who, only if it may be kept. */
export type View = Readonly<{ productId: string; visitor: string | null; at: Date }>

const insertViews = statement(
  'recommendations.insert_views',
  `insert into behaviour.product_views (viewed_at, product_id, visitor)
   select * from unnest($1::timestamptz[], $2::text[], $3::text[])`,
)

const listDays = statement<{ day: string }>(
  'recommendations.list_view_days',
  `select substr(c.relname, length('product_views_') + 1) as day
   from pg_inherits i
   join pg_class c on c.oid = i.inhrelid
   join pg_class p on p.oid = i.inhparent
   join pg_namespace n on n.oid = p.relnamespace
   where n.nspname = 'behaviour' and p.relname = 'product_views'
   order by 1`,
)

/** `20260301`, by which the partition of a day is named. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10).replaceAll('-', '')
}

export async function writeViews(db: Database, views: readonly View[]): Promise<void> {
  await insertViews(db, [
    views.map(({ at }) => at.toISOString()),
    views.map(({ productId }) => productId),
    views.map(({ visitor }) => visitor),
  ])
}

/**
 * Makes the partition of a day, unless it is there. It is attached, whose lock leaves readers and
 * writers of other days alone; the lock is its own rival: one process makes it.
 */
export async function addDay(db: Database, at: Date): Promise<void> {
  const day = dayOf(at)
  const from = `${at.toISOString().slice(0, 10)}T00:00:00Z`
  const until = new Date(Date.parse(from) + 86_400_000).toISOString()
  const name = `behaviour.product_views_${day}`
  await db.tx(async (tx) => {
    await tx.query({ text: 'lock table behaviour.product_views in share update exclusive mode' })
    const { rows } = await tx.query({ text: `select to_regclass('${name}') is not null as there` })
    if ((rows[0] as { there: boolean }).there) return
    await tx.query({ text: `create table ${name} (like behaviour.product_views including all)` })
    await tx.query({
      text: `alter table behaviour.product_views attach partition ${name}
             for values from ('${from}') to ('${until}')`,
    })
  })
}

/** Drops the days before this one. @returns how many. */
export async function dropDaysBefore(db: Database, at: Date): Promise<number> {
  const first = dayOf(at)
  const old = (await listDays(db)).filter(({ day }) => /^\d{8}$/.test(day) && day < first)
  for (const { day } of old) {
    await db.query({ text: `drop table behaviour.product_views_${day}` })
  }
  return old.length
}
