import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../log.ts'
import type { Database } from './database.ts'

/** Where a module's migrations are: its name and its folder of `000001_what.sql` files. */
export type MigrationSource = Readonly<{ module: string; folder: string }>

type Migration = Readonly<{
  module: string
  number: number
  file: string
  sql: string
  checksum: string
  breaking: boolean
  outsideTransaction: boolean
}>

/** Advisory lock numbers are listed here, never reused. */
const MIGRATION_LOCK = 7_017_001

const BOOKKEEPING = `
create schema if not exists platform;
create table if not exists platform.migrations (
  module text not null,
  number int not null,
  file text not null,
  checksum text not null,
  breaking boolean not null,
  applied_at timestamptz not null default now(),
  primary key (module, number)
);`

/**
 * Brings the database to the newest schema: forward only, each file once, each in its own
 * transaction (unless its first line is `--! outside-transaction`, for indexes built concurrently).
 * Rival runners wait for each other.
 * @returns how many were applied.
 * @throws if an applied file was edited, or the schema has a breaking migration that this code
 * does not know.
 */
export async function migrate(
  db: Database,
  sources: readonly MigrationSource[],
  log: Log,
): Promise<number> {
  const known = (await Promise.all(sources.map(readMigrations))).flat()
  const client = await db.connect()
  try {
    await client.query('set statement_timeout = 0; set lock_timeout = 0')
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    await client.query(BOOKKEEPING)
    const { rows } = await client.query<{
      module: string
      number: number
      checksum: string
      breaking: boolean
      file: string
    }>('select module, number, file, checksum, breaking from platform.migrations')
    refuseStrangers(known, rows)
    const applied = new Map(rows.map((row) => [`${row.module}/${row.number}`, row.checksum]))
    refuseEdited(known, applied)
    const missing = known.filter(({ module, number }) => !applied.has(`${module}/${number}`))
    for (const migration of missing) {
      await apply(client, migration)
      log.info({ module: migration.module, file: migration.file }, 'migration applied')
    }
    return missing.length
  } finally {
    await client.query('select pg_advisory_unlock_all()').catch(() => {})
    client.release(true)
  }
}

async function apply(
  client: { query(text: string, values?: unknown[]): Promise<unknown> },
  migration: Migration,
) {
  const record =
    'insert into platform.migrations (module, number, file, checksum, breaking) values ($1, $2, $3, $4, $5)'
  const values = [
    migration.module,
    migration.number,
    migration.file,
    migration.checksum,
    migration.breaking,
  ]
  try {
    if (migration.outsideTransaction) {
      await client.query(migration.sql)
      await client.query(record, values)
      return
    }
    await client.query('begin')
    await client.query(migration.sql)
    await client.query(record, values)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw new Error(
      `Migration ${migration.module}/${migration.file} failed: ${(error as Error).message}`,
      { cause: error },
    )
  }
}

function refuseEdited(known: readonly Migration[], applied: ReadonlyMap<string, string>): void {
  const edited = known.find(({ module, number, checksum }) => {
    const then = applied.get(`${module}/${number}`)
    return then !== undefined && then !== checksum
  })
  if (edited) {
    throw new Error(
      `${edited.module}/${edited.file} was edited after it was applied: put it back and write a new migration`,
    )
  }
}

function refuseStrangers(
  known: readonly Migration[],
  rows: readonly { module: string; number: number; file: string; breaking: boolean }[],
) {
  const ours = new Set(known.map((migration) => `${migration.module}/${migration.number}`))
  const modules = new Set(known.map((migration) => migration.module))
  const stranger = rows.find(
    (row) => row.breaking && modules.has(row.module) && !ours.has(`${row.module}/${row.number}`),
  )
  if (stranger) {
    throw new Error(
      `The database has a newer, breaking schema (${stranger.module}/${stranger.file}): start a newer version of Stoa`,
    )
  }
}

async function readMigrations({ module, folder }: MigrationSource): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
  return Promise.all(
    files.map(async (file, place) => {
      const number = Number(/^(\d{6})_[a-z0-9_]+\.sql$/.exec(file)?.[1])
      if (number !== place + 1) throw new Error(`${module}/${file}: expected number ${place + 1}`)
      const sql = await readFile(join(folder, file), 'utf8')
      const head = sql.slice(0, 200)
      return {
        module,
        number,
        file,
        sql,
        checksum: createHash('sha256').update(sql).digest('hex'),
        breaking: /^--! breaking/m.test(head),
        outsideTransaction: /^--! outside-transaction/m.test(head),
      }
    }),
  )
}
