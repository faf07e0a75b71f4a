import { rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import {
  type Cluster,
  ensureFiles,
  openCluster,
  readPassword,
  readRememberedPort,
  SUPERUSER,
  writeSettings,
} from './cluster.ts'
import { choosePort } from './ports.ts'
import { type PostgresExit, startPostmaster, stopOrphan } from './postmaster.ts'
import { sparedBuffersMb } from './settings.ts'

export type { PostgresExit } from './postmaster.ts'
export { StartError } from './start-error.ts'

export type EmbeddedPostgresOptions = Readonly<{
  /** Made if need be. Holds the cluster, its log and the lock of the one instance that uses it. */
  dataFolder: string
  /** Without it, the folder's last port if it is free, else any free one. */
  port?: number
  log: Readonly<{
    info(fields: object, message: string): void
    warn(fields: object, message: string): void
  }>
  /** Default: an eighth of the memory, 128 to 4,096. */
  sharedBuffersMb?: number
  /** Sentences for the person at the terminal, when something takes its time. */
  onProgress?: (sentence: string) => void
  /** PostgreSQL settings over the defaults, such as `fsync: 'off'` for tests. */
  settings?: Readonly<Record<string, string>>
}>

export type EmbeddedPostgres = Readonly<{
  /** Of the database `stoa`, with the password; good for this machine only. */
  url: string
  port: number
  /** Whether the cluster was made by this start. */
  firstStart: boolean
  logFile: string
  /** Of the present PostgreSQL process. */
  pid(): number
  /** Resolves when the present PostgreSQL process ends, asked or not. */
  exited(): Promise<PostgresExit>
  /** Brings PostgreSQL back, on the same port; stops it before if it still runs. Calls at once count as one. */
  restart(): Promise<void>
  /** Fast shutdown: bounded, and the second call is the first. Gives the folder free. */
  stop(): Promise<void>
}>

const DATABASE = 'stoa'
const UNKNOWN_DATABASE_SQLSTATE = '3D000'
const CONNECT_TIMEOUT_MS = 10_000

/**
 * Starts a real PostgreSQL on the data folder, as root too, after whatever ended the one before. The caller watches
 * `exited()` and decides about `restart()`.
 *
 * @throws StartError one sentence and a hint, for a person
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const cluster = openCluster(options.dataFolder)
  try {
    return await start(cluster, options)
  } catch (error) {
    cluster.lock.release()
    throw error
  }
}

/**
 * Deletes a data folder with all that is in it, after stopping an orphan that still runs on it.
 *
 * @throws StartError `already_running` when another process uses it
 */
export async function destroyEmbeddedPostgres(dataFolder: string): Promise<void> {
  const cluster = openCluster(dataFolder)
  try {
    await stopOrphan(cluster)
    rmSync(dataFolder, { recursive: true, force: true })
  } finally {
    cluster.lock.release()
  }
}

async function start(
  cluster: Cluster,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const onProgress = options.onProgress ?? (() => {})
  if (await stopOrphan(cluster)) {
    options.log.warn({ folder: cluster.folder }, 'stopped the PostgreSQL of a Stoa that was killed')
  }
  const remembered = readRememberedPort(cluster)
  const port = await choosePort({ wanted: options.port, remembered })
  const firstStart = await ensureFiles(cluster)
  const { sharedBuffersMb = sparedBuffersMb(), settings: overrides = {} } = options
  const launch = () => {
    writeSettings(cluster, { port, sharedBuffersMb, overrides })
    return startPostmaster(cluster, { port, onProgress })
  }
  let postmaster = await launch()
  const url = databaseUrl(cluster, port, DATABASE)
  try {
    await ensureDatabase(url, databaseUrl(cluster, port, 'postgres'))
  } catch (error) {
    await postmaster.stop()
    throw error
  }
  options.log.info({ port, pid: postmaster.pid, firstStart }, 'PostgreSQL runs')

  let restarting: Promise<void> | undefined
  let stopping: Promise<void> | undefined
  const relaunch = async () => {
    await postmaster.stop()
    postmaster = await launch()
    options.log.warn({ port, pid: postmaster.pid }, 'PostgreSQL was started again')
  }
  const shutDown = async () => {
    await restarting?.catch(() => {})
    await postmaster.stop()
    cluster.lock.release()
  }
  return {
    url,
    port,
    firstStart,
    logFile: cluster.logFile,
    pid: () => postmaster.pid,
    exited: () => postmaster.exited,
    restart() {
      if (stopping) return Promise.reject(new Error('PostgreSQL was stopped for good'))
      restarting ??= relaunch().finally(() => {
        restarting = undefined
      })
      return restarting
    },
    stop() {
      stopping ??= shutDown()
      return stopping
    },
  }
}

function databaseUrl(cluster: Pick<Cluster, 'folder'>, port: number, database: string): string {
  return `postgres://${SUPERUSER}:${readPassword(cluster)}@127.0.0.1:${port}/${database}`
}

/**
 * The address of a PostgreSQL that another process runs on this data folder, for tools that look on.
 *
 * @returns null when the folder has no cluster
 */
export function runningPostgresUrl(dataFolder: string): string | null {
  const folder = join(dataFolder, 'cluster')
  const port = readRememberedPort({ folder })
  return port === undefined ? null : databaseUrl({ folder }, port, DATABASE)
}

/** Asks for a connection, which proves port and password, and makes the database if it is not there yet. */
async function ensureDatabase(url: string, maintenanceUrl: string): Promise<void> {
  try {
    await query(url, 'select 1')
  } catch (error) {
    if ((error as { code?: string }).code !== UNKNOWN_DATABASE_SQLSTATE) throw error
    await query(maintenanceUrl, `create database ${DATABASE}`)
  }
}

async function query(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
