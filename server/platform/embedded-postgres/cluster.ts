import { spawn } from 'node:child_process'
import {
  appendFileSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { systemChance } from '../chance.ts'
import { type Binaries, findBinaries } from './binaries.ts'
import type { InstanceLock } from './instance-lock.ts'
import { takeInstanceLock } from './instance-lock.ts'
import { chooseRunAs, type RunAs } from './run-as.ts'
import { readPort, renderSettings, SETTINGS_FILE, type SettingsInput } from './settings.ts'
import { diskFull, failedStart, folderError, freeMegabytes, StartError } from './start-error.ts'

export const SUPERUSER = 'stoa'

const MAJOR_VERSION = '18'
const PASSWORD_FILE = 'stoa-password'
const INIT_PREFIX = 'initdb-'
const FIRST_START_NEEDS_MB = 150
const LOG_ROTATED_AT_BYTES = 16 * 2 ** 20

/** One PostgreSQL cluster in a data folder that this process alone uses. */
export type Cluster = Readonly<{
  dataFolder: string
  /** What PostgreSQL calls its data directory. */
  folder: string
  logFile: string
  binaries: Binaries
  runAs: RunAs
  lock: InstanceLock
}>

/**
 * Takes the data folder for this process, making it if need be.
 *
 * @throws StartError
 */
export function openCluster(wantedFolder: string): Cluster {
  const binaries = findBinaries()
  const dataFolder = makeFolder(wantedFolder)
  const lock = takeInstanceLock(dataFolder)
  try {
    const folder = join(dataFolder, 'cluster')
    const logFile = join(dataFolder, 'postgres.log')
    const runAs = chooseRunAs({ dataFolder, clusterFolder: folder, binaries })
    rotateLog(dataFolder, logFile)
    return { dataFolder, folder, logFile, binaries, runAs, lock }
  } catch (error) {
    lock.release()
    throw error
  }
}

function makeFolder(wanted: string): string {
  try {
    mkdirSync(wanted, { recursive: true })
    return realpathSync(wanted)
  } catch (error) {
    throw folderError(wanted, error)
  }
}

function rotateLog(dataFolder: string, logFile: string): void {
  try {
    appendFileSync(logFile, '', { mode: 0o600 })
    if (statSync(logFile).size > LOG_ROTATED_AT_BYTES) renameSync(logFile, `${logFile}.1`)
    appendFileSync(logFile, '', { mode: 0o600 })
  } catch (error) {
    throw folderError(dataFolder, error)
  }
}

/**
 * Makes the cluster's files unless they are there. They are made beside their place and renamed into it, so an
 * interrupted first start leaves nothing that looks whole.
 *
 * @returns whether they were made now
 * @throws StartError
 */
export async function ensureFiles(cluster: Cluster): Promise<boolean> {
  if (existsSync(cluster.folder)) {
    requireVersion(cluster.folder)
    return false
  }
  const { dataFolder } = cluster
  for (const name of readdirSync(dataFolder)) {
    if (name.startsWith(INIT_PREFIX)) rmSync(join(dataFolder, name), { recursive: true })
  }
  if (freeMegabytes(dataFolder) < FIRST_START_NEEDS_MB) throw diskFull(dataFolder)
  const nursery = join(dataFolder, `${INIT_PREFIX}${process.pid}`)
  const made = join(nursery, 'cluster')
  try {
    mkdirSync(nursery, { mode: 0o700 })
    const passwordFile = join(nursery, PASSWORD_FILE)
    const password = Buffer.from(systemChance.bytes(24)).toString('hex')
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
    giveAway(cluster, nursery)
    giveAway(cluster, passwordFile)
    await runInitdb(cluster, { folder: made, passwordFile })
    appendFileSync(join(made, 'postgresql.conf'), `\ninclude_if_exists '${SETTINGS_FILE}'\n`)
    renameSync(passwordFile, join(made, PASSWORD_FILE))
    renameSync(made, cluster.folder)
    return true
  } catch (error) {
    throw folderError(dataFolder, error)
  } finally {
    rmSync(nursery, { recursive: true, force: true })
  }
}

function requireVersion(folder: string): void {
  const version = readIfThere(join(folder, 'PG_VERSION'))?.trim()
  if (version === MAJOR_VERSION) return
  throw new StartError({
    code: 'wrong_version',
    message: `${folder} holds ${version ? `a database of PostgreSQL ${version}` : 'no whole database'}, and this Stoa brings PostgreSQL ${MAJOR_VERSION}.`,
    hint: 'Export with the Stoa that made it and import here, or set STOA_HOME to another folder.',
  })
}

/**
 * The collation is PostgreSQL's own C.UTF-8, the same on every machine: a newer glibc or ICU cannot upset an
 * index. Only what classifies letters for pg_trgm comes from the system's locale.
 */
async function runInitdb(
  cluster: Cluster,
  paths: Readonly<{ folder: string; passwordFile: string }>,
): Promise<void> {
  const letters = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8'
  const command = cluster.runAs.command(cluster.binaries.initdb, [
    `--pgdata=${paths.folder}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${paths.passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    `--lc-ctype=${letters}`,
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    '--no-instructions',
  ])
  const log = openSync(cluster.logFile, 'a')
  try {
    const exitCode = await new Promise((resolve, reject) => {
      const child = spawn(command.file, command.arguments, {
        cwd: '/',
        env: {},
        stdio: ['ignore', log, log],
        ...command.ids,
      })
      child.once('error', reject)
      child.once('exit', resolve)
    })
    if (exitCode === 0) return
  } catch (cause) {
    throw failedStart({
      ...cluster,
      folder: cluster.dataFolder,
      message: 'initdb cannot run.',
      cause,
    })
  } finally {
    closeSync(log)
  }
  throw failedStart({
    message: 'The files of a new database could not be made.',
    folder: cluster.dataFolder,
    logFile: cluster.logFile,
  })
}

export function writeSettings(cluster: Cluster, input: Omit<SettingsInput, 'binaries'>): void {
  const file = join(cluster.folder, SETTINGS_FILE)
  try {
    writeFileSync(file, renderSettings({ ...input, binaries: cluster.binaries }), { mode: 0o600 })
    giveAway(cluster, file)
  } catch (error) {
    throw folderError(cluster.dataFolder, error)
  }
}

export function readRememberedPort(cluster: Pick<Cluster, 'folder'>): number | undefined {
  const settings = readIfThere(join(cluster.folder, SETTINGS_FILE))
  return settings === undefined ? undefined : readPort(settings)
}

export function readPassword(cluster: Pick<Cluster, 'folder'>): string {
  return readFileSync(join(cluster.folder, PASSWORD_FILE), 'utf8').trim()
}

/** The file's text, or undefined when there is no such file. */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function giveAway(cluster: Cluster, path: string): void {
  if (cluster.runAs.owner) chownSync(path, cluster.runAs.owner.uid, cluster.runAs.owner.gid)
}
