import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type EmbeddedPostgres, StartError, startEmbeddedPostgres } from './index.ts'
import { isAlive, isPostmasterOf } from './processes.ts'

const log = { info() {}, warn() {} }
const isRoot = process.getuid?.() === 0
const NOBODY = 65534

/** A folder that is gone after the test, as is any PostgreSQL that the test left on it. */
function temporaryFolder(t: TestContext, mode = 0o755): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'stoa-postgres-')))
  chmodSync(folder, mode)
  t.after(async () => {
    const pid = recordedPid(folder)
    const runs = () => isPostmasterOf(pid, join(folder, 'cluster'))
    if (runs()) process.kill(pid, 'SIGQUIT')
    while (runs()) await sleep(20)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  })
  return folder
}

function recordedPid(folder: string): number {
  try {
    return Number(readFileSync(join(folder, 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0])
  } catch {
    return 0
  }
}

async function start(t: TestContext, dataFolder: string, port?: number): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataFolder, log, ...(port ? { port } : {}) })
  t.after(() => postgres.stop())
  return postgres
}

async function ask(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query({ text: statement, rowMode: 'array' })
    return rows.flat()
  } finally {
    await client.end()
  }
}

type Holder = Readonly<{
  pid: number
  next(): Promise<Record<string, unknown>>
  kill(): Promise<void>
}> & {
  write(statement: string): Promise<void>
}

function startHolder(t: TestContext, folder: string, uid?: number): Holder {
  const program = join(import.meta.dirname, 'test-holder.ts')
  const child = spawn(process.execPath, [program, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => JSON.parse((await lines.next()).value ?? '{}')
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  t.after(kill)
  return {
    pid: child.pid ?? -1,
    next,
    kill,
    async write(statement) {
      child.stdin.write(`${statement}\n`)
      assert.deepEqual(await next(), { done: statement })
    },
  }
}

const refusal = (code: string) => (error: unknown) => {
  assert.ok(error instanceof StartError, `${error}`)
  assert.equal(error.code, code)
  assert.doesNotMatch(error.message, /\n/)
  assert.notEqual(error.hint, '')
  return true
}

test('a first start makes a durable UTF-8 database that asks for its password', async (t) => {
  const postgres = await start(t, temporaryFolder(t))
  assert.equal(postgres.firstStart, true)
  const names = ['fsync', 'synchronous_commit', 'wal_level', 'data_checksums', 'server_encoding']
  const shown = await Promise.all(names.map((name) => ask(postgres.url, `show ${name}`)))
  assert.deepEqual(shown.flat(), ['on', 'on', 'logical', 'on', 'UTF8'])
  assert.deepEqual(await ask(postgres.url, `select lower('ÄÖ'), 'Z' < 'a'`), ['äö', true])
  const wrong = postgres.url.replace(/:[0-9a-f]+@/, ':guess@')
  await assert.rejects(ask(wrong, 'select 1'), { code: '28P01' })
})

test('a second start finds the rows, the port and the password of the first', async (t) => {
  const folder = temporaryFolder(t)
  const first = await start(t, folder)
  await ask(first.url, 'create table kept as select 7 as n')
  await first.stop()
  assert.equal(isAlive(first.pid()), false)
  assert.deepEqual(await first.exited(), { code: 0, signal: null, asked: true })
  const second = await start(t, folder)
  assert.equal(second.firstStart, false)
  assert.equal(second.url, first.url)
  assert.deepEqual(await ask(second.url, 'select n from kept'), [7])
})

test('after kill -9 of the holder a new start keeps what was committed', async (t) => {
  const folder = temporaryFolder(t)
  const holder = startHolder(t, folder)
  const { ready, url } = await holder.next()
  await holder.write('create table kept (n int)')
  await holder.write('insert into kept values (42)')
  await holder.kill()
  const orphanRuns = () => isPostmasterOf(Number(ready), join(folder, 'cluster'))
  assert.equal(orphanRuns(), true)
  const postgres = await start(t, folder)
  assert.equal(orphanRuns(), false)
  assert.equal(postgres.url, url)
  assert.deepEqual(await ask(postgres.url, 'select n from kept'), [42])
})

test('after kill -9 of the holder and of PostgreSQL a new start keeps what was committed', async (t) => {
  const folder = temporaryFolder(t)
  const holder = startHolder(t, folder)
  const { ready } = await holder.next()
  await holder.write('create table kept as select 43 as n')
  await holder.kill()
  process.kill(Number(ready), 'SIGKILL')
  const postgres = await start(t, folder)
  assert.deepEqual(await ask(postgres.url, 'select n from kept'), [43])
})

test('a stale postmaster.pid whose pid another program has now is no obstacle', async (t) => {
  const folder = temporaryFolder(t)
  const first = await start(t, folder)
  const file = join(folder, 'cluster', 'postmaster.pid')
  const recorded = readFileSync(file, 'utf8')
  await first.stop()
  const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' })
  t.after(() => other.kill())
  writeFileSync(file, recorded.replace(/^\d+/, String(other.pid)))
  const second = await start(t, folder)
  assert.deepEqual(await ask(second.url, 'select 1'), [1])
  assert.equal(other.exitCode, null, 'the other program was left alone')
})

test('a second instance is told the pid of the first, which goes on', async (t) => {
  const folder = temporaryFolder(t)
  const holder = startHolder(t, folder)
  const { url } = await holder.next()
  await assert.rejects(startEmbeddedPostgres({ dataFolder: folder, log }), (error) => {
    assert.match((error as Error).message, new RegExp(`process ${holder.pid}\\b`))
    return refusal('already_running')(error)
  })
  assert.deepEqual(await ask(String(url), 'select 1'), [1])
})

test('of several starts at once on a new folder exactly one wins', async (t) => {
  const folder = temporaryFolder(t)
  const holders = Array.from({ length: 4 }, () => startHolder(t, folder))
  const answers = await Promise.all(holders.map((holder) => holder.next()))
  assert.deepEqual(answers.map((answer) => answer.code ?? 'runs').sort(), [
    ...Array(3).fill('already_running'),
    'runs',
  ])
})

test('a wanted port that is taken is refused, and nothing is left behind', async (t) => {
  const folder = temporaryFolder(t)
  const server = createServer().listen(0, '127.0.0.1')
  t.after(() => server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await assert.rejects(
    startEmbeddedPostgres({ dataFolder: folder, log, port }),
    refusal('port_taken'),
  )
  const postgres = await start(t, folder)
  assert.notEqual(postgres.port, port)
})

test('a remembered port that is taken gives way to another', async (t) => {
  const folder = temporaryFolder(t)
  const first = await start(t, folder)
  await first.stop()
  const server = createServer().listen(first.port, '127.0.0.1')
  t.after(() => server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  assert.notEqual((await start(t, folder)).port, first.port)
})

test('a folder that cannot be written is refused', async (t) => {
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, 'file'), '')
  const below = { dataFolder: join(folder, 'file', 'data'), log }
  await assert.rejects(startEmbeddedPostgres(below), refusal('folder_unusable'))
  mkdirSync(join(folder, 'closed'), { mode: 0o555 })
  const closed = startHolder(t, join(folder, 'closed'), isRoot ? NOBODY : undefined)
  assert.equal((await closed.next()).code, 'folder_unusable')
})

test('a database of another PostgreSQL version is refused', async (t) => {
  const folder = temporaryFolder(t)
  mkdirSync(join(folder, 'cluster'))
  writeFileSync(join(folder, 'cluster', 'PG_VERSION'), '15\n')
  if (isRoot) chownSync(join(folder, 'cluster'), NOBODY, NOBODY)
  await assert.rejects(startEmbeddedPostgres({ dataFolder: folder, log }), refusal('wrong_version'))
})

test('a PostgreSQL that is killed says so and comes back at the same address', async (t) => {
  const postgres = await start(t, temporaryFolder(t))
  await ask(postgres.url, 'create table kept as select 44 as n')
  const killed = postgres.pid()
  process.kill(killed, 'SIGKILL')
  assert.deepEqual(await postgres.exited(), { code: null, signal: 'SIGKILL', asked: false })
  await Promise.all([postgres.restart(), postgres.restart()])
  assert.notEqual(postgres.pid(), killed)
  assert.deepEqual(await ask(postgres.url, 'select n from kept'), [44])
  await Promise.all([postgres.stop(), postgres.stop()])
  assert.equal(isAlive(postgres.pid()), false)
  await assert.rejects(postgres.restart())
})

test('an ordinary user runs PostgreSQL too', { skip: !isRoot }, async (t) => {
  const folder = temporaryFolder(t)
  chownSync(folder, NOBODY, NOBODY)
  const holder = startHolder(t, folder, NOBODY)
  assert.ok((await holder.next()).ready)
  await holder.kill()
})

test('root runs PostgreSQL in a folder that only root may enter', { skip: !isRoot }, async (t) => {
  const folder = join(temporaryFolder(t, 0o700), 'data')
  const postgres = await start(t, folder)
  assert.deepEqual(await ask(postgres.url, 'select 1'), [1])
  process.kill(postgres.pid(), 'SIGKILL')
  await postgres.exited()
  await postgres.restart()
  await postgres.stop()
})
