/** For `node --test --test-global-setup`: one PostgreSQL for the whole run, unless one is given. */
import pg from 'pg'
import { migrationSources } from '../../server/modules/migrations.ts'
import { openDatabase } from '../../server/platform/db/database.ts'
import { migrate } from '../../server/platform/db/migrate.ts'
import { silentLog } from '../../server/platform/log.ts'
import {
  SERVER_VARIABLE,
  startTestPostgres,
  TEMPLATE_DATABASE,
  type TestPostgres,
} from './postgres.ts'

let server: TestPostgres | undefined

export async function globalSetup(): Promise<void> {
  if (!process.env[SERVER_VARIABLE]) {
    server = await startTestPostgres()
    process.env[SERVER_VARIABLE] = server.url
  }
  await makeTemplate(process.env[SERVER_VARIABLE] as string)
}

export async function globalTeardown(): Promise<void> {
  await server?.stop()
}

/** The database that tests clone: empty and migrated. Made anew, because migrations may have changed. */
async function makeTemplate(serverUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  await client.query(`drop database if exists ${TEMPLATE_DATABASE} with (force)`)
  await client.query(`create database ${TEMPLATE_DATABASE} template template0`)
  await client.end()
  const url = new URL(serverUrl)
  url.pathname = `/${TEMPLATE_DATABASE}`
  const db = openDatabase({ url: url.href, log: silentLog, poolSize: 1 })
  await migrate(db, migrationSources(), silentLog)
  await db.close()
}
