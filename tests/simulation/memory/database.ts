import type { QueryResult } from 'pg'
import type { Database } from '../../../server/platform/db/database.ts'
import type { Tx } from '../../../server/platform/db/statement.ts'
import { readParameter } from './array-text.ts'
import { Blocked, beginTransaction, refusal, type Transaction } from './engine.ts'

/** A statement as a function: sees rows through the transaction, may lock and write them. */
export type Twin<Tables> = (
  call: Readonly<{ t: Tables; tx: Transaction; v: readonly unknown[]; now: string }>,
) => object[]

export type Twins<Tables> = Readonly<Record<string, Twin<Tables>>>

/** What lies between a process and its database. */
export type Wire = Readonly<{
  /** A while on the way. Never resolves for a process that has died. */
  pause(): Promise<void>
  /** The database's own time. */
  nowMs(): number
  /** Whether the line breaks now, and if at a commit, whether that was heard. */
  breaks(at: 'query' | 'commit'): 'before' | 'after' | null
  /** Told of what the simulation itself lacks, which no code may catch and go on. */
  complain(what: string): void
  /** Transactions that are rolled back when the process dies. */
  opened(tx: Transaction): void
}>

type Query = Readonly<{ name?: string; text: string; values?: unknown[] }>

/** A `Database` for the real modules: each named statement is done by its twin. */
export function createMemoryDatabase<Tables>(
  t: Tables,
  twins: Twins<Tables>,
  wire: Wire,
): Database {
  async function run(tx: Transaction, { name, text, values = [] }: Query): Promise<object[]> {
    const twin = twins[name ?? text]
    if (!twin) {
      wire.complain(`No twin of the statement ${name ?? text}`)
      throw new Error(`No twin of ${name ?? text}`)
    }
    const v = values.map(readParameter)
    for (;;) {
      if (tx.isOver()) throw refusal('25P02', 'the transaction is aborted')
      try {
        const now = new Date(wire.nowMs()).toISOString()
        return tx.statement(() => twin({ t, tx, v, now }))
      } catch (error) {
        if (!(error instanceof Blocked)) throw error
        tx.waitFor(error.by)
        await error.by.ended
        tx.waitFor(null)
        await wire.pause()
      }
    }
  }

  const begin = () => {
    const tx = beginTransaction()
    wire.opened(tx)
    return tx
  }

  async function end(tx: Transaction): Promise<void> {
    const broken = wire.breaks('commit')
    if (broken === 'before') throw lost()
    tx.commit()
    if (broken === 'after') throw lost()
  }

  async function query(config: Query): Promise<QueryResult> {
    await wire.pause()
    if (wire.breaks('query')) throw lost()
    const tx = begin()
    try {
      const rows = await run(tx, config)
      await end(tx)
      await wire.pause()
      return resultOf(rows)
    } finally {
      tx.rollback()
    }
  }

  return {
    label: 'memory',
    query,
    connect: () => Promise.reject(new Error('A simulated database has no connections to give')),
    close: async () => {},
    async tx(work, options) {
      await wire.pause()
      const transaction = begin()
      let failed = false
      let last: Promise<unknown> = Promise.resolve()
      async function one(config: Query): Promise<QueryResult> {
        await wire.pause()
        if (failed) throw refusal('25P02', 'the transaction is aborted')
        try {
          if (wire.breaks('query')) throw lost()
          const rows = await run(transaction, config)
          await wire.pause()
          return resultOf(rows)
        } catch (error) {
          failed = true
          throw error
        }
      }
      const tx: Tx = {
        isTransaction: true,
        // One connection: statements that are sent at once are done one after the other.
        query(config) {
          const turn = last.then(() => one(config))
          last = turn.catch(() => {})
          return turn
        },
      }
      try {
        const result = await work(tx)
        await options?.last?.(tx, result)
        await wire.pause()
        if (failed) throw new Error('A failed statement was passed over: rolled back')
        await end(transaction)
        await wire.pause()
        return result
      } finally {
        transaction.rollback()
      }
    },
  }
}

function lost(): Error {
  return Object.assign(new Error('Connection terminated'), { code: 'ECONNRESET' })
}

function resultOf(rows: object[]): QueryResult {
  return { rows, rowCount: rows.length, command: '', oid: 0, fields: [] }
}

/** Parallel arrays of a statement as rows, as `unnest` makes them. */
export function unnest<Row>(arrays: readonly unknown[], names: readonly (keyof Row)[]): Row[] {
  const columns = arrays as readonly (readonly unknown[])[]
  const length = columns[0]?.length ?? 0
  return Array.from({ length }, (_, n) => {
    const row: Partial<Record<keyof Row, unknown>> = {}
    for (const [place, name] of names.entries()) row[name] = columns[place]?.[n] ?? null
    return row as Row
  })
}

/** Values of type jsonb, given as lines of one text. */
export function fromJsonLines<T>(value: unknown): T[] {
  const text = value as string
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as T)
}

/** A value of type jsonb, given as text. */
export function fromJson<T>(value: unknown): T {
  return JSON.parse(value as string) as T
}
