import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testPlatform } from '../../../tests/support/platform.ts'
import { isBusyError, sqlState, type TransactionOptions } from './database.ts'
import type { Tx } from './statement.ts'

const { db } = await testPlatform({ poolSize: 2 })
await db.query({ text: 'create table public.halves (half text)' })

const write = (tx: Tx, half: string) =>
  tx.query({ text: 'insert into public.halves values ($1)', values: [half] })
const halves = async () => (await db.query({ text: 'select half from public.halves' })).rows

/** A `begin` that PostgreSQL refuses, with all that follows it on the way already. */
const REFUSED = { isolation: 'of no kind' as 'repeatable read' } as const

const MANNERS: Readonly<Record<string, TransactionOptions>> = {
  'sent one by one': {},
  pipelined: { pipelined: true },
  'pipelined, with last statements': { pipelined: true, last: (tx) => write(tx, 'last') },
}
for (const [manner, options] of Object.entries(MANNERS)) {
  test(`where the begin itself fails nothing is written: ${manner}`, async () => {
    const failing = db.tx((tx) => write(tx, 'first'), { ...options, ...REFUSED })
    await assert.rejects(failing, /syntax error/)
    assert.deepEqual(await halves(), [])
    await db.tx((tx) => write(tx, 'kept'), options)
    await db.query({ text: 'delete from public.halves' })
  })
}

test('a begin that fails with a lock on its way has nothing written after it', async () => {
  const failing = db.tx(
    async (tx) => {
      await tx.query({ text: 'select half from public.halves for update' })
      await write(tx, 'second')
    },
    { ...REFUSED, pipelined: 'with begin', last: (tx) => write(tx, 'last') },
  )
  await assert.rejects(failing, /syntax error/)
  assert.deepEqual(await halves(), [])
})

test('of statements that fail together the one at fault is told, however late its promise is', async () => {
  const deep = async (depth: number, work: () => Promise<unknown>): Promise<unknown> =>
    depth === 0 ? await work() : await deep(depth - 1, work)
  const failing = db.tx(
    async (tx) => {
      const bad = deep(20, () => tx.query({ text: 'select 1 / 0' }))
      const good = write(tx, 'after it')
      // So that both answers are there when one is read.
      setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300))
      await Promise.all([bad, good])
    },
    { pipelined: true },
  )
  assert.equal(sqlState(await failing.catch((error: unknown) => error)), '22012')
  assert.deepEqual(await halves(), [])
})

test('statements that are cancelled wherever they are leave halves of nothing', async () => {
  const isOver = new AbortController()
  const cancel = async () => {
    while (!isOver.signal.aborted)
      await db.query({
        text: `select pg_cancel_backend(pid) from pg_stat_activity
               where datname = current_database() and pid <> pg_backend_pid()`,
      })
  }
  const cancelling = cancel()
  const told = new Set<string>()
  for (let turn = 0; turn < 1_000; turn += 1) {
    const pair = async (tx: Tx) => void (await write(tx, `${turn}`))
    const last = (tx: Tx) => write(tx, `${turn}`)
    const done = db.tx(pair, { pipelined: true, last })
    await done.then(
      () => told.add(`${turn}`),
      (error: unknown) => assert.ok(isBusyError(error), String(error)),
    )
  }
  isOver.abort()
  await cancelling
  const { rows } = await db.query({
    text: 'select half, count(*)::int as count from public.halves group by half',
  })
  assert.ok(told.size > 0)
  assert.deepEqual(new Set(rows.map(({ half }) => half)), told)
  assert.deepEqual(
    rows.filter(({ count }) => count !== 2),
    [],
  )
})
