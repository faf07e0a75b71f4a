import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testPlatform } from '../../../tests/support/platform.ts'
import { silentLog } from '../log.ts'
import { type CopyTarget, copyRows } from './copy.ts'
import type { CopyValue } from './copy-writer.ts'
import {
  isBusyError,
  isConnectionError,
  isoOfTimestamp,
  openDatabase,
  sqlState,
} from './database.ts'
import { declaredStatements, only, statement } from './statement.ts'

const { db, url } = await testPlatform({ poolSize: 3 })
await db.query({ text: 'create table public.notes (id int primary key, text text)' })

const insertNote = statement(
  'test.insert_note',
  'insert into public.notes (id, text) values ($1, $2)',
)
const listNotes = statement<{ id: number; text: string | null }>(
  'test.list_notes',
  'select id, text from public.notes where id between $1 and $2 order by id',
)
const NOTES = 'public.notes (id, text)'
const copyOf = (target: string, rows: Iterable<readonly CopyValue[]>): CopyTarget => ({
  target,
  write(to) {
    for (const row of rows) {
      for (const value of row) to.cell(value)
      to.endRow()
    }
  },
})
const killSelf = statement('test.kill_self', 'select pg_terminate_backend(pg_backend_pid())')

const notes = async (from: number, to: number) =>
  (await listNotes(db, [from, to])).map((note) => note.id)

test('a transaction that throws leaves nothing, and its connection is good for the next', async () => {
  const pids = new Set<number>()
  for (let round = 0; round < 20; round += 1) {
    const failing = db.tx(async (tx) => {
      await insertNote(tx, [100 + round, 'gone'])
      const { rows } = await tx.query({ text: 'select pg_backend_pid() as pid' })
      pids.add((rows[0] as { pid: number }).pid)
      throw new Error('changed my mind')
    })
    await assert.rejects(failing, /changed my mind/)
  }
  assert.deepEqual(await notes(100, 200), [])
  assert.ok(pids.size <= 3)
})

test('a transaction within a transaction is refused, in whatever depth, and one after it is not', async () => {
  await assert.rejects(
    db.tx(async (tx) => {
      await insertNote(tx, [300, 'outer'])
      await Promise.all([Promise.resolve().then(() => db.tx(async () => {}))])
    }),
    /A transaction inside an open transaction/,
  )
  assert.deepEqual(await notes(300, 300), [])
  await db.tx((tx) => insertNote(tx, [301, 'after']))
  assert.deepEqual(await notes(301, 301), [301])
})

test('a failed statement that was passed over does not look like a commit', async () => {
  await db.tx((tx) => insertNote(tx, [400, 'there']))
  await assert.rejects(
    db.tx(async (tx) => {
      await insertNote(tx, [401, 'lost'])
      await insertNote(tx, [400, 'twice']).catch(() => {})
    }),
    /rolled back/,
  )
  assert.deepEqual(await notes(400, 401), [400])
})

test('what a pipelined transaction sends at once runs in the order it was sent', async () => {
  const text = 'select statement_timestamp() as at, clock_timestamp() as done_at, pg_sleep(0.02)'
  const answers: Date[][] = []
  await db.tx(
    async (tx) => {
      const sent = [1, 2, 3].map(() => tx.query({ text }))
      for (const { rows } of await Promise.all(sent)) answers.push([rows[0].at, rows[0].done_at])
      await Promise.all([insertNote(tx, [450, 'a']), insertNote(tx, [451, 'b'])])
    },
    { pipelined: true },
  )
  const times = answers.flat().map(Number)
  assert.deepEqual(times, times.toSorted())
  assert.deepEqual(await notes(450, 459), [450, 451])
})

test('of a pipelined transaction that fails nothing is left, and its connection takes COPY again', async () => {
  const one = openDatabase({ url, log: silentLog, poolSize: 1 })
  for (const place of [0, 1, 2]) {
    const ids = [460, 461, 462].map((id, n) => (n === place ? 450 : id))
    const failing = one.tx((tx) => Promise.all(ids.map((id) => insertNote(tx, [id, 'x']))), {
      pipelined: true,
    })
    assert.equal(sqlState(await failing.catch((error) => error)), '23505')
  }
  assert.deepEqual(await notes(460, 469), [])
  await one.tx((tx) => copyRows(tx, [copyOf(NOTES, [[465, 'copied']])]))
  await one.close()
  assert.deepEqual(await notes(460, 469), [465])
})

test('the commit travels with the last statements; one that fails takes everything back, a late one is refused', async () => {
  const run = (ids: readonly number[]) =>
    db.tx((tx) => insertNote(tx, [480, 'first']), {
      pipelined: true,
      last: (tx) => Promise.all(ids.map((id) => insertNote(tx, [id, 'last']))),
    })
  assert.equal(sqlState(await run([481, 450, 482]).catch((error) => error)), '23505')
  assert.deepEqual(await notes(480, 489), [])
  await run([481, 482])
  assert.deepEqual(await notes(480, 489), [480, 481, 482])
  const late = db.tx((tx) => insertNote(tx, [483, 'in time']), {
    pipelined: true,
    last: async (tx) => {
      await insertNote(tx, [484, 'in time'])
      await insertNote(tx, [485, 'late'])
    },
  })
  await assert.rejects(late, /after the commit/)
  assert.deepEqual(await notes(485, 489), [])
})

test('a pipelined transaction whose connection dies is told as such', async () => {
  const dying = db.tx(
    (tx) => Promise.all([insertNote(tx, [470, 'lost']), killSelf(tx), insertNote(tx, [471, 'x'])]),
    { pipelined: true },
  )
  const error = await dying.catch((failure: unknown) => failure)
  assert.ok(isConnectionError(error), String(error))
  assert.deepEqual(await notes(470, 479), [])
})

test('a connection that dies in a transaction is told as such, closed, and replaced', async () => {
  for (let round = 0; round < 6; round += 1) {
    const error = await db
      .tx(async (tx) => {
        await insertNote(tx, [500 + round, 'lost'])
        await killSelf(tx)
      })
      .catch((failure: unknown) => failure)
    assert.ok(isConnectionError(error), String(error))
  }
  assert.deepEqual(await notes(500, 600), [])
})

test('connections that are ended from outside, in use and idle, end no process', async () => {
  const busy = [1, 2].map(() =>
    db.tx((tx) => tx.query({ text: 'select pg_sleep(5)' })).catch((error: unknown) => error),
  )
  const other = openDatabase({ url, log: silentLog, poolSize: 1 })
  const sleeping = {
    text: `select 1 from pg_stat_activity where query = 'select pg_sleep(5)' and state = 'active'
           and datname = current_database()`,
  }
  while ((await other.query(sleeping)).rowCount !== 2);
  await other.query({
    text: `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid()`,
  })
  await other.close()
  for (const error of await Promise.all(busy)) assert.ok(isConnectionError(error), String(error))
  // One that was idle may not know yet that it is ended.
  const again = () => db.query({ text: 'select 1' }).catch(() => undefined)
  let answer = await again()
  for (let tries = 0; !answer && tries < 100; tries += 1) answer = await again()
  assert.equal(answer?.rowCount, 1)
})

test('a database that cannot be reached is known by its error, a refusal is not taken for one', async () => {
  const nowhere = new URL(url)
  nowhere.port = '1'
  nowhere.host = '127.0.0.1:1'
  const away = openDatabase({ url: nowhere.href, log: silentLog, poolSize: 1 })
  assert.ok(isConnectionError(await away.query({ text: 'select 1' }).catch((error) => error)))
  await away.close()
  const refused = await db.query({ text: 'select no_such_column' }).catch((error) => error)
  assert.equal(isConnectionError(refused), false)
  assert.equal(sqlState(refused), '42703')
  assert.equal(sqlState(new Error('x')), undefined)
  assert.equal(isConnectionError('ECONNREFUSED'), false)
})

test('a lock or a statement that took too long is known as passing, a refusal is not', async () => {
  await insertNote(db, [900, 'locked'])
  const hurry = openDatabase({ url, log: silentLog, poolSize: 1, statementTimeoutMs: 1_000 })
  try {
    await db.tx(async (tx) => {
      await tx.query({ text: 'select * from public.notes where id = 900 for update' })
      const waiting = hurry.query({ text: 'delete from public.notes where id = 900' })
      await assert.rejects(waiting, (error) => isBusyError(error) && sqlState(error) === '57014')
      await hurry.query({ text: 'set lock_timeout = 20' })
      const impatient = hurry.query({ text: 'delete from public.notes where id = 900' })
      await assert.rejects(impatient, (error) => isBusyError(error) && sqlState(error) === '55P03')
    })
    await assert.rejects(insertNote(db, [900, 'twice']), (error) => !isBusyError(error))
  } finally {
    await hurry.close()
  }
})

test('two statements of one name are refused', () => {
  assert.equal(declaredStatements().get('test.list_notes'), listNotes.text)
  assert.throws(() => statement('test.list_notes', 'select 1'), /Two statements are named/)
  assert.throws(() => only([]), /Expected one row, got 0/)
})

test('integers are numbers up to the safe ones, and refused beyond; times are ISO, days as written', async () => {
  const read = async (sql: string) =>
    (await db.query({ text: `select ${sql} as value` })).rows[0].value
  assert.equal(await read('9007199254740991::bigint'), Number.MAX_SAFE_INTEGER)
  assert.equal(await read('-9007199254740991::bigint'), Number.MIN_SAFE_INTEGER)
  await assert.rejects(read('9007199254740992::bigint'), RangeError)
  assert.equal(await read(`'2026-03-29 02:30+02'::timestamptz`), '2026-03-29T00:30:00.000Z')
  assert.equal(await read(`'2026-03-29'::date`), '2026-03-29')
  assert.equal(await read('1'), 1)
})

test('rows are copied as they are, or not at all', async () => {
  const rows = [
    [1_000, 'tab\there, line\nbreak, \\N, back\\slash, \r and ž€😀'],
    [1_001, null],
    [1_002, undefined],
    [1_003, ''],
    [1_004, '\\.'],
  ] as const
  await db.tx((tx) => copyRows(tx, [copyOf(NOTES, rows)]))
  assert.deepEqual(
    (await listNotes(db, [1_000, 1_999])).map((note) => note.text),
    rows.map(([, text]) => text ?? null),
  )
  const many = function* () {
    for (let id = 2_000; id < 7_000; id += 1) yield [id, 'x'.repeat(40)] as const
    yield [1_000, 'there already'] as const
  }
  await assert.rejects(
    db.tx((tx) => copyRows(tx, [copyOf(NOTES, many())])),
    { code: '23505' },
  )
  assert.deepEqual(await notes(2_000, 7_000), [])
})

test('several tables are copied in one go, and a fault in one undoes all and leaves the connection good', async () => {
  await db.query({ text: 'create table public.marks (id int primary key)' })
  const places = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)
  const marks = (from: number, to: number) =>
    copyOf(
      'public.marks (id)',
      places(from, to).map((id) => [id]),
    )
  const texts = (from: number, to: number) =>
    copyOf(
      NOTES,
      places(from, to).map((id) => [id, `note ${id - from}`]),
    )
  const count = async () =>
    (await db.query({ text: 'select count(*)::int as marks from public.marks' })).rows[0]
  await db.tx((tx) => copyRows(tx, [marks(0, 500), copyOf(NOTES, []), texts(8_000, 8_300)]))
  assert.deepEqual(await count(), { marks: 500 })
  assert.equal((await notes(8_000, 8_999)).length, 300)
  for (let round = 0; round < 5; round += 1) {
    const faulty = [marks(600, 700), texts(8_299, 90_000), marks(700, 800)]
    await assert.rejects(
      db.tx((tx) => copyRows(tx, faulty)),
      { code: '23505' },
    )
  }
  assert.deepEqual(await count(), { marks: 500 })
  assert.equal((await notes(8_000, 99_999)).length, 300)
})

test('timestamps are read as RFC 3339, those of the first century too', () => {
  const read = {
    '2026-01-31 12:00:00+00': '2026-01-31T12:00:00.000Z',
    '2026-01-31 12:00:00.123456+00': '2026-01-31T12:00:00.123Z',
    '2026-01-31 12:00:00.5+05:30': '2026-01-31T06:30:00.500Z',
    '0020-02-29 00:00:00+00': '0020-02-29T00:00:00.000Z',
  }
  assert.deepEqual(Object.keys(read).map(isoOfTimestamp), Object.values(read))
})
