import { type Database, openDatabase } from '../../server/platform/db/database.ts'
import { silentLog } from '../../server/platform/log.ts'
import { type KeeperOptions, startTestPostgres, type TestPostgres } from './postgres.ts'

/** Keeps what it acknowledged when it is killed, as a shop's own does. */
const DURABLE = { max_connections: '200', log_min_duration_statement: '-1' }

/** A PostgreSQL for a test that kills it. */
export function openOwnPostgres({
  settings,
  ...others
}: KeeperOptions = {}): Promise<TestPostgres> {
  return startTestPostgres({ settings: { ...DURABLE, ...settings }, ...others })
}

/** A look at the database, past the shop. */
export async function withDatabase<T>(url: string, look: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase({ url, log: silentLog, poolSize: 1 })
  try {
    return await look(db)
  } finally {
    await db.close()
  }
}
