import { createHash } from 'node:crypto'
import type { Database } from './database.ts'
import { only, statement } from './statement.ts'

const readIdentity = statement<{ cluster: string; database: string }>(
  'platform.read_identity',
  `select (select system_identifier::text from pg_control_system()) as cluster, oid::text as database
   from pg_database where datname = current_database()`,
)

/**
 * A short name of this database, the same by whatever address it is reached and another for every
 * other database: what is kept elsewhere about its contents is filed under it.
 */
export async function databaseIdentity(db: Database): Promise<string> {
  const { cluster, database } = only(await readIdentity(db))
  return createHash('sha256').update(`${cluster} ${database}`).digest('hex').slice(0, 12)
}
