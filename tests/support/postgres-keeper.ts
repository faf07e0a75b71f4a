/**
 * Holds one throw-away PostgreSQL as long as somebody holds the other end of its standard input. It is a process of
 * its own, in a group of its own, so that it outlives whatever kills a test run, and clears up behind it.
 */
import { mkdtempSync, readdirSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import {
  destroyEmbeddedPostgres,
  StartError,
  startEmbeddedPostgres,
} from '../../server/platform/embedded-postgres/index.ts'
import type { KeeperMessage, KeeperOptions } from './postgres.ts'

const PREFIX = 'stoa-test-postgres-'
/** Nothing here has to survive, if nothing else is asked for: waiting for the disk is switched off. */
const THROW_AWAY = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '400',
  max_wal_size: '1GB',
  log_min_duration_statement: '-1',
}

const say = (message: KeeperMessage) => process.stdout.write(`${JSON.stringify(message)}\n`)
const released = new Promise<void>((resolve) => {
  process.stdin.resume()
  process.stdin.once('close', resolve)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve)
})
// The reader may be gone already; that is what this process is for.
process.stdout.on('error', () => {})

/** Settings and a place of the caller's own, as JSON. */
const wanted = JSON.parse(process.argv[2] ?? '{}') as KeeperOptions
const dataFolder =
  wanted.dataFolder ?? mkdtempSync(join(realpathSync(tmpdir()), `${PREFIX}${process.pid}-`))
try {
  const log = { info() {}, warn() {} }
  const postgres = await startEmbeddedPostgres({
    dataFolder,
    log,
    sharedBuffersMb: 128,
    settings: wanted.settings ?? THROW_AWAY,
  })
  const here = () => say({ url: postgres.url, dataFolder, pid: postgres.pid() })
  // Each line asks for it to be brought back after it was killed.
  createInterface({ input: process.stdin }).on('line', () => {
    postgres.restart().then(here, (error) => say({ error: String(error) }))
  })
  here()
  await sweep()
  await released
  await postgres.stop()
} catch (error) {
  const reason = error instanceof StartError ? `${error.message} ${error.hint}` : `${error}`
  say({ error: reason })
} finally {
  await destroyEmbeddedPostgres(dataFolder)
}
process.exit()

/** Destroys what keepers left that were themselves killed. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue
    const keeper = Number(name.slice(PREFIX.length).split('-')[0])
    if (isAlive(keeper)) continue
    // It may belong to another user, or another sweeper may be at it.
    await destroyEmbeddedPostgres(join(realpathSync(tmpdir()), name)).catch(() => {})
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
