import type { Database } from './db/database.ts'
import { type Statement, statement } from './db/statement.ts'
import type { Vault } from './vault.ts'

/** A column of values that the vault has sealed. */
export type SealedColumn = Readonly<{
  /** `schema.table.column` */
  name: string
  list: Statement<Row>
  replace: Statement<{ found: number }>
  /** Before the first row. */
  start: readonly (string | number)[]
  /** What the values of a row are bound to. */
  place(key: readonly (string | number)[]): string
}>

type Row = Readonly<{ key: readonly (string | number)[]; sealed: string | null }>

type Shape = Readonly<{
  /** `schema.table` */
  table: string
  column: string
  /** Primary key; a shard comes before the id. */
  isSharded: boolean
  id: string
  /** As `seal` is told it, by the row's id. */
  placeOf(id: string): string
}>

const PAGE = 1_000

/** Declares a sealed column, so that its values are sealed anew when a key is replaced. */
export function sealedColumn({ table, column, isSharded, id, placeOf }: Shape): SealedColumn {
  const [schema, short] = table.split('.')
  const word = `${short}_${column}`
  const key = isSharded ? `shard, ${id}` : id
  const after = isSharded ? `(shard, ${id}) > ($1::smallint, $2::text)` : `${id} > $1::text`
  const at = isSharded ? `shard = $1 and ${id} = $2` : `${id} = $1`
  const next = isSharded ? 3 : 2
  return {
    name: `${table}.${column}`,
    list: statement<Row>(
      `${schema}.list_sealed_${word}`,
      `select json_build_array(${key}) as key, ${column} as sealed from ${table}
       where ${after} order by ${key} limit ${PAGE}`,
    ),
    // What has been changed meanwhile was sealed with the newest key by whoever changed it.
    replace: statement<{ found: number }>(
      `${schema}.reseal_${word}`,
      `update ${table} set ${column} = $${next} where ${at} and ${column} = $${next + 1}
       returning 1 as found`,
    ),
    start: isSharded ? [-1, ''] : [''],
    place: (row) => placeOf(String(row.at(-1))),
  }
}

export type Resealed = Readonly<{
  column: string
  /** Values that were sealed anew, and values that still hang on an old key. */
  renewed: number
  stale: number
  /** Values that no key opens: damaged, or sealed for another row. They stay as they are. */
  unreadable: number
}>

/**
 * Goes through a column from end to end, in pages, beside whatever else happens to it.
 * @param renew seals anew what hangs on an old key; otherwise it is only counted.
 */
export async function resealColumn(
  { db, vault }: Readonly<{ db: Database; vault: Vault }>,
  column: SealedColumn,
  { renew, signal }: Readonly<{ renew: boolean; signal?: AbortSignal }>,
): Promise<Resealed> {
  let [renewed, stale, unreadable] = [0, 0, 0]
  let rows = await column.list(db, column.start)
  while (rows.length > 0 && !signal?.aborted) {
    for (const { key, sealed } of rows) {
      if (sealed === null || !vault.isStale(sealed)) continue
      const text = renew ? openOrNot(vault, sealed, column.place(key)) : undefined
      if (renew && text === undefined) unreadable += 1
      if (text === undefined) {
        stale += 1
        continue
      }
      const fresh = vault.seal(text, column.place(key))
      if ((await column.replace(db, [...key, fresh, sealed])).length > 0) renewed += 1
    }
    rows = await column.list(db, rows.at(-1)?.key ?? [])
  }
  return { column: column.name, renewed, stale, unreadable }
}

function openOrNot(vault: Vault, sealed: string, place: string): string | undefined {
  try {
    return vault.open(sealed, place)
  } catch {
    return undefined
  }
}
