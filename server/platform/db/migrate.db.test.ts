import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createTestDatabase } from '../../../tests/support/postgres.ts'
import { silentLog } from '../log.ts'
import { type Database, openDatabase } from './database.ts'
import { type MigrationSource, migrate } from './migrate.ts'

type Files = Readonly<Record<string, string>>

async function emptyDatabase(t: TestContext): Promise<Database> {
  const { url, drop } = await createTestDatabase('none')
  const db = openDatabase({ url, log: silentLog, poolSize: 4 })
  t.after(async () => {
    await db.close()
    await drop()
  })
  return db
}

function source(t: TestContext, files: Files, module = 'shelf'): MigrationSource {
  const folder = mkdtempSync(join(tmpdir(), 'stoa-migrate-'))
  t.after(() => rmSync(folder, { recursive: true }))
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(folder, name), sql)
  return { module, folder }
}

const ONE: Files = { '000001_books.sql': 'create table books (id int);' }
const TWO: Files = { ...ONE, '000002_pages.sql': 'create table pages (id int);' }

async function tables(db: Database): Promise<string[]> {
  const { rows } = await db.query({
    text: `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
  })
  return rows.map((row: { name: string }) => row.name)
}

test('each file is applied once, in order, and only what is new the next time', async (t) => {
  const db = await emptyDatabase(t)
  assert.equal(await migrate(db, [source(t, ONE)], silentLog), 1)
  assert.equal(await migrate(db, [source(t, TWO)], silentLog), 1)
  assert.equal(await migrate(db, [source(t, TWO)], silentLog), 0)
  assert.deepEqual(await tables(db), ['books', 'pages'])
})

test('an edited file is refused before anything else is applied', async (t) => {
  const db = await emptyDatabase(t)
  await migrate(db, [source(t, ONE)], silentLog)
  const edited = { '000001_books.sql': 'create table books (id bigint);' }
  const other = source(t, { '000001_other.sql': 'create table other (id int);' }, 'other')
  await assert.rejects(
    migrate(db, [other, source(t, edited)], silentLog),
    /shelf\/000001_books\.sql was edited after it was applied/,
  )
  assert.deepEqual(await tables(db), ['books'])
})

test('a newer schema is refused if it breaks this code, and let be if it does not', async (t) => {
  const db = await emptyDatabase(t)
  await migrate(db, [source(t, TWO)], silentLog)
  assert.equal(await migrate(db, [source(t, ONE)], silentLog), 0)
  const breaking = { ...TWO, '000003_gone.sql': '--! breaking\ndrop table pages;' }
  await migrate(db, [source(t, breaking)], silentLog)
  await assert.rejects(
    migrate(db, [source(t, TWO)], silentLog),
    /newer, breaking schema \(shelf\/000003_gone\.sql\)/,
  )
  const other = source(t, { '000001_other.sql': 'select 1;' }, 'other')
  assert.equal(await migrate(db, [other], silentLog), 1)
})

test('of several runners at once each file is applied by one', async (t) => {
  const db = await emptyDatabase(t)
  const slow = { ...TWO, '000003_slow.sql': 'select pg_sleep(0.1); create table slow (id int);' }
  const counts = await Promise.all(
    [1, 2, 3, 4].map(() => migrate(db, [source(t, slow)], silentLog)),
  )
  assert.deepEqual(counts.sort(), [0, 0, 0, 3])
  assert.deepEqual(await tables(db), ['books', 'pages', 'slow'])
})

test('a file that fails is rolled back whole, says which it was, and can be mended', async (t) => {
  const db = await emptyDatabase(t)
  const wrong = {
    ...ONE,
    '000002_pages.sql': 'create table pages (id int); select no_such_thing();',
  }
  await assert.rejects(
    migrate(db, [source(t, wrong)], silentLog),
    /Migration shelf\/000002_pages\.sql failed: function no_such_thing\(\) does not exist/,
  )
  assert.deepEqual(await tables(db), ['books'])
  assert.equal(await migrate(db, [source(t, TWO)], silentLog), 1)
})

test('a file may ask to be run outside a transaction', async (t) => {
  const db = await emptyDatabase(t)
  const files = {
    ...ONE,
    '000002_index.sql':
      '--! outside-transaction\ncreate index concurrently books_id on books (id);',
  }
  assert.equal(await migrate(db, [source(t, files)], silentLog), 2)
})

for (const [what, name] of [
  ['a gap in the numbers', '000003_pages.sql'],
  ['a name of another form', '2_Pages.sql'],
] as const) {
  test(`${what} is refused`, async (t) => {
    const db = await emptyDatabase(t)
    const files = { ...ONE, [name]: 'select 1;' }
    await assert.rejects(migrate(db, [source(t, files)], silentLog), /expected number/)
    assert.deepEqual(await tables(db), [])
  })
}

test('a connection that is lost in the middle gives the file at fault, and nothing stays', async (t) => {
  const db = await emptyDatabase(t)
  const files = {
    ...ONE,
    '000002_dies.sql': 'create table half (id int); select pg_terminate_backend(pg_backend_pid());',
  }
  await assert.rejects(migrate(db, [source(t, files)], silentLog), /shelf\/000002_dies\.sql failed/)
  assert.deepEqual(await tables(db), ['books'])
  assert.equal(await migrate(db, [source(t, TWO)], silentLog), 1)
})
