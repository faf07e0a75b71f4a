import { join } from 'node:path'
import type { Config } from '../config.ts'
import { migrationSources } from '../modules/migrations.ts'
import { type Database, openDatabase } from '../platform/db/database.ts'
import { migrate } from '../platform/db/migrate.ts'
import {
  type EmbeddedPostgres,
  runningPostgresUrl,
  StartError,
  startEmbeddedPostgres,
} from '../platform/embedded-postgres/index.ts'
import type { Log } from '../platform/log.ts'
import { CommandError } from './command.ts'

export type OpenDatabase = Readonly<{
  url: string
  embedded: EmbeddedPostgres | null
  /** Stops the embedded PostgreSQL, if it is ours. */
  close(): Promise<void>
}>

/** The database of this installation, running and migrated: DATABASE_URL, or the embedded one. */
export async function openInstallation(
  config: Config,
  log: Log,
  onProgress: (sentence: string) => void,
): Promise<OpenDatabase> {
  const embedded = config.DATABASE_URL ? null : await startEmbedded(config, log, onProgress)
  const url = config.DATABASE_URL ?? (embedded as EmbeddedPostgres).url
  const db = openDatabase({ url, log, poolSize: 2, statementTimeoutMs: 0 })
  try {
    await reach(db)
    const applied = await migrate(db, migrationSources(), log)
    if (applied > 0) onProgress(`Database schema brought up to date (${applied} migrations)`)
  } catch (error) {
    await embedded?.stop()
    throw error
  } finally {
    await db.close()
  }
  return { url, embedded, close: async () => embedded?.stop() }
}

/**
 * The same, but if a shop already runs on the embedded database it is joined, not refused: for
 * commands that look on or import.
 */
export async function joinInstallation(
  config: Config,
  log: Log,
  onProgress: (sentence: string) => void,
): Promise<OpenDatabase> {
  try {
    return await openInstallation(config, log, onProgress)
  } catch (error) {
    if (!(error instanceof StartError) || error.code !== 'already_running') throw error
    const url = runningPostgresUrl(join(config.home, 'postgres'))
    if (url === null) throw error
    return { url, embedded: null, close: async () => {} }
  }
}

function startEmbedded(
  config: Config,
  log: Log,
  onProgress: (sentence: string) => void,
): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ dataFolder: join(config.home, 'postgres'), log, onProgress })
}

async function reach(db: Database): Promise<void> {
  try {
    await db.query({ text: 'select 1' })
  } catch (error) {
    throw new CommandError(
      `The database ${db.label} cannot be reached: ${(error as Error).message}.`,
      'Check DATABASE_URL, or leave it out to use the embedded PostgreSQL.',
    )
  }
}
