import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { createTestDatabase, startTestPostgres } from './postgres.ts'

async function connect(t: TestContext, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  t.after(() => client.end())
  return client
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}

test('two test databases are apart, and a dropped one is gone though still in use', async (t) => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()])
  t.after(() => two.drop())
  const client = await connect(t, one.url)
  await client.query('create table only_here (n int)')
  const other = await connect(t, two.url)
  await assert.rejects(other.query('select from only_here'), { code: '42P01' })
  await one.drop()
  assert.equal(await answers(one.url), false)
})

test('a test database is cloned from a template, by several at once', async (t) => {
  const template = await createTestDatabase('none')
  t.after(() => template.drop())
  const client = new pg.Client({ connectionString: template.url })
  await client.connect()
  await client.query('create table cloned as select 5 as n')
  await client.end()
  const clones = await Promise.all([1, 2, 3].map(() => createTestDatabase(template.name)))
  for (const clone of clones) {
    t.after(() => clone.drop())
    const { rows } = await (await connect(t, clone.url)).query('select n from cloned')
    assert.deepEqual(rows, [{ n: 5 }])
  }
})

test('a stopped test server leaves neither process nor folder', async () => {
  const server = await startTestPostgres()
  assert.equal(await answers(server.url), true)
  await server.stop()
  assert.equal(await answers(server.url), false)
  assert.equal(existsSync(server.dataFolder), false)
})

test('a test server goes with its user, though that is killed with all its group', async () => {
  const support = JSON.stringify(join(import.meta.dirname, 'postgres.ts'))
  const program = `
    const { startTestPostgres } = await import(${support})
    console.log(JSON.stringify(await startTestPostgres()))
    setInterval(() => {}, 1000)`
  const user = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const [line] = await createInterface({ input: user.stdout })
    [Symbol.asyncIterator]()
    .next()
    .then(({ value }) => [value as string])
  const { url, dataFolder } = JSON.parse(line ?? '{}')
  assert.equal(await answers(url), true)
  process.kill(-(user.pid ?? 0), 'SIGKILL')
  for (let tries = 0; existsSync(dataFolder) && tries < 500; tries += 1) await sleep(20)
  assert.equal(existsSync(dataFolder), false)
  assert.equal(await answers(url), false)
})
