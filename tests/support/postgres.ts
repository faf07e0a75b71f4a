import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'

/** What a keeper says when its PostgreSQL runs, at first and after it was brought back. */
export type KeeperMessage = Readonly<
  { url: string; dataFolder: string; pid: number } | { error: string }
>

/** What a keeper may be told at its start. */
export type KeeperOptions = Readonly<{
  settings?: Readonly<Record<string, string>>
  dataFolder?: string
}>

export type TestPostgres = Readonly<{
  url: string
  dataFolder: string
  /** Ends the postmaster at once, as `kill -9` does. */
  kill(): void
  /** Brings it back after `kill`. */
  restart(): Promise<void>
  stop(): Promise<void>
}>

export type TestDatabase = Readonly<{ name: string; url: string; drop(): Promise<void> }>

/** Cloned by `createTestDatabase` when it exists; has the migrated schemas. */
export const TEMPLATE_DATABASE = 'stoa_template'

/** Where `globalSetup` says which server to use; set it beforehand to use a server of your own. */
export const SERVER_VARIABLE = 'STOA_TEST_DATABASE_URL'

let ownServer: Promise<TestPostgres> | undefined

/**
 * Starts a throw-away PostgreSQL that ends, with its files, when this process ends in whatever way.
 * Without `settings` it is quick and forgets what it was doing when it is killed.
 */
export async function startTestPostgres(options: KeeperOptions = {}): Promise<TestPostgres> {
  const keeper = spawn(
    process.execPath,
    [join(import.meta.dirname, 'postgres-keeper.ts'), JSON.stringify(options)],
    { stdio: ['pipe', 'pipe', 'inherit'], detached: true },
  )
  const exited = new Promise<void>((resolve) => keeper.once('exit', () => resolve()))
  const lines = createInterface({ input: keeper.stdout })
  const listen = async () => {
    ;(keeper.stdout as Socket).ref()
    const message = await new Promise<KeeperMessage>((resolve) => {
      lines.once('line', (line) => resolve(JSON.parse(line)))
      lines.once('close', () => resolve({ error: 'The keeper of the test database ended.' }))
    })
    ;(keeper.stdout as Socket).unref()
    if ('error' in message) throw new Error(message.error)
    return message
  }
  let running = await listen()
  keeper.unref()
  ;(keeper.stdin as Socket).unref()
  return {
    url: running.url,
    dataFolder: running.dataFolder,
    kill() {
      process.kill(running.pid, 'SIGKILL')
    },
    async restart() {
      keeper.stdin.write('restart\n')
      running = await listen()
    },
    stop() {
      keeper.ref()
      keeper.stdin.end()
      return exited
    },
  }
}

/**
 * Makes a database of its own for a test: a clone of the template when it exists, else empty. Without a server
 * from `globalSetup` (one test file run by hand) this process starts one for itself.
 */
export async function createTestDatabase(template = TEMPLATE_DATABASE): Promise<TestDatabase> {
  const serverUrl = await findServer()
  const name = `test_${randomBytes(8).toString('hex')}`
  await withClient(serverUrl, async (client) => {
    const found = await client.query('select from pg_database where datname = $1', [template])
    const origin = found.rowCount === 0 ? 'template0' : pg.escapeIdentifier(template)
    // Copying files takes a third of the time of the default way, where nothing waits for the disk.
    await client.query(`create database ${name} template ${origin} strategy file_copy`)
  })
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return {
    name,
    url: url.href,
    drop: () =>
      withClient(serverUrl, async (client) => {
        await client.query(`drop database if exists ${name} with (force)`)
      }),
  }
}

/** The address of the run's PostgreSQL, with the right to create databases. */
async function findServer(): Promise<string> {
  const given = process.env[SERVER_VARIABLE]
  if (given) return given
  ownServer ??= startTestPostgres()
  return (await ownServer).url
}

async function withClient(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
