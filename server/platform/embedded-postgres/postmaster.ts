import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../clock.ts'
import { type Cluster, readIfThere } from './cluster.ts'
import { portTaken, tryPort } from './ports.ts'
import { isAlive, isPostmasterOf, stopBySignals } from './processes.ts'
import { failedStart, type StartError } from './start-error.ts'

/** How a PostgreSQL process ended; `asked` when this process stopped it. */
export type PostgresExit = Readonly<{
  code: number | null
  signal: NodeJS.Signals | null
  asked: boolean
}>

/** A running PostgreSQL that is a child of this process. */
export type Postmaster = Readonly<{
  pid: number
  exited: Promise<PostgresExit>
  stop(): Promise<void>
}>

/** The class of errors "lock file exists": an older PostgreSQL's processes still hold its memory. */
const LEFTOVERS_SQLSTATE = 'F0001'
const LEFTOVERS_TRIES = 100
const LEFTOVERS_WAIT_MS = 100
const POLL_MS = 5
const TELL_AFTER_MS = 1500
const GIVE_UP_AFTER_MS = 15 * 60_000

/** Stops a PostgreSQL whose Stoa was killed. What it acknowledged is in its log and its files. */
export async function stopOrphan(cluster: Cluster): Promise<boolean> {
  const pid = recordedPid(cluster)
  const isRunning = () => pid !== undefined && isPostmasterOf(pid, cluster.folder)
  if (pid === undefined || !isRunning()) return false
  await stopBySignals({ isRunning, kill: (signal) => killQuietly(pid, signal) })
  return true
}

/**
 * Starts PostgreSQL and waits until it takes connections, through the recovery after a crash too.
 *
 * @throws StartError
 */
export async function startPostmaster(
  cluster: Cluster,
  options: { port: number; onProgress(sentence: string): void },
): Promise<Postmaster> {
  for (let tries = 1; ; tries += 1) {
    const logStart = statSync(cluster.logFile).size
    const postmaster = spawnPostmaster(cluster)
    if (await waitUntilReady(cluster, postmaster, options.onProgress)) return postmaster
    if ((await tryPort(options.port)) === undefined) throw portTaken(options.port)
    if (!metLeftovers(cluster.logFile, logStart) || tries === LEFTOVERS_TRIES) {
      throw failedStart({
        message: 'PostgreSQL ended while it started.',
        folder: cluster.dataFolder,
        logFile: cluster.logFile,
      })
    }
    await systemClock.sleep(LEFTOVERS_WAIT_MS)
  }
}

function spawnPostmaster(cluster: Cluster): Postmaster {
  const command = cluster.runAs.command(cluster.binaries.postgres, ['-D', cluster.folder])
  const log = openSync(cluster.logFile, 'a')
  let child: ChildProcess
  try {
    child = spawn(command.file, command.arguments, {
      cwd: '/',
      env: grandparent(cluster),
      stdio: ['ignore', log, log],
      // A group of its own: Ctrl-C at the terminal must not stop it before the shop has finished its work.
      detached: true,
      ...command.ids,
    })
  } finally {
    closeSync(log)
  }
  let asked = false
  const running = () =>
    child.pid !== undefined && child.exitCode === null && child.signalCode === null
  const onOwnExit = () => child.kill('SIGINT')
  process.once('exit', onOwnExit)
  const exited = new Promise<PostgresExit>((resolve) => {
    const end = (code: number | null, signal: NodeJS.Signals | null) => {
      process.removeListener('exit', onOwnExit)
      resolve({ code, signal, asked })
    }
    child.once('exit', end)
    child.once('error', () => end(null, null))
  })
  child.unref()
  return {
    pid: child.pid ?? -1,
    exited,
    async stop() {
      asked = true
      await stopBySignals({ isRunning: running, kill: (signal) => child.kill(signal) })
      await exited
    },
  }
}

/**
 * PostgreSQL refuses to start while any process has the pid in its old postmaster.pid, except its own grandparent.
 * A process that is not a postmaster of this folder is declared that; the check of the shared memory stays.
 */
function grandparent(cluster: Cluster): Record<string, string> {
  const pid = recordedPid(cluster)
  const reused = pid !== undefined && isAlive(pid) && !isPostmasterOf(pid, cluster.folder)
  return reused ? { PG_GRANDPARENT_PID: String(pid) } : {}
}

async function waitUntilReady(
  cluster: Cluster,
  postmaster: Postmaster,
  onProgress: (sentence: string) => void,
): Promise<boolean> {
  let ended = false
  postmaster.exited.then(() => {
    ended = true
  })
  const start = systemClock.monotonicMs()
  let told = false
  while (!ended) {
    if (isReady(cluster, postmaster.pid)) return true
    const elapsedMs = systemClock.monotonicMs() - start
    if (elapsedMs > TELL_AFTER_MS && !told) {
      told = true
      onProgress('PostgreSQL is still starting: it may be recovering from an unclean stop.')
    }
    if (elapsedMs > GIVE_UP_AFTER_MS) {
      await postmaster.stop()
      throw tooSlow(cluster)
    }
    await systemClock.sleep(POLL_MS)
  }
  return false
}

function tooSlow(cluster: Cluster): StartError {
  return failedStart({
    message: `PostgreSQL was not ready after ${GIVE_UP_AFTER_MS / 60_000} minutes.`,
    folder: cluster.dataFolder,
    logFile: cluster.logFile,
  })
}

/** The postmaster writes its pid into the first line of its file and its state into the eighth. */
function isReady(cluster: Cluster, pid: number): boolean {
  const lines = postmasterFile(cluster)
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready'
}

function recordedPid(cluster: Cluster): number | undefined {
  const pid = Number(postmasterFile(cluster)[0])
  return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined
}

function postmasterFile(cluster: Cluster): string[] {
  return readIfThere(join(cluster.folder, 'postmaster.pid'))?.split('\n') ?? []
}

/** Whether this start failed for leftovers. Processes of the killed one may write their own FATAL lines meanwhile. */
function metLeftovers(logFile: string, from: number): boolean {
  const text = readFileSync(logFile).subarray(from).toString('utf8')
  return [...text.matchAll(/ ([0-9A-Z]{5}) FATAL: /g)].some(
    (match) => match[1] === LEFTOVERS_SQLSTATE,
  )
}

function killQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended by itself meanwhile; whether it runs is asked again.
  }
}
