import type { Database, TransactionOptions } from '../../server/platform/db/database.ts'
import type { Queryable, Tx } from '../../server/platform/db/statement.ts'
import { readParameter } from './memory/array-text.ts'
import type { Twins } from './memory/database.ts'
import { beginTransaction, type Transaction } from './memory/engine.ts'

type Work<T> = (tx: Tx) => Promise<T>
type Query = Parameters<Queryable['query']>[0]

export type Lockstep = Readonly<{
  db: Database
  /** Statements that were done by both, by name. */
  done: ReadonlyMap<string, number>
  /** Where the twin gave something else than PostgreSQL. */
  differences: readonly string[]
}>

/**
 * PostgreSQL and its twin side by side: each statement is done by both, one after the other, and
 * what they answer is compared. One transaction runs at a time.
 */
export function inLockstep<Tables>(real: Database, t: Tables, twins: Twins<Tables>): Lockstep {
  const done = new Map<string, number>()
  const differences: string[] = []
  let last: Promise<unknown> = Promise.resolve()

  function both<T>(work: Work<T>, options?: TransactionOptions<T>): Promise<T> {
    const turn = last.then(() => alone(work, options))
    last = turn.catch(() => {})
    return turn
  }

  async function alone<T>(work: Work<T>, options?: TransactionOptions<T>): Promise<T> {
    const memory = beginTransaction()
    try {
      const result = await real.tx(async (tx) => {
        const { rows } = await tx.query({ text: 'select now() as now' })
        const { now } = rows[0] as { now: string }
        let before: Promise<unknown> = Promise.resolve()
        const query = (config: Query) => {
          const turn = before.then(() => step(tx, memory, now, config))
          before = turn.catch(() => {})
          return turn
        }
        const twice: Tx = { isTransaction: true, query }
        const result = await work(twice)
        await options?.last?.(twice, result)
        return result
      })
      memory.commit()
      return result
    } finally {
      memory.rollback()
    }
  }

  async function step(tx: Tx, memory: Transaction, now: string, query: Query) {
    const twin = twins[query.name ?? query.text]
    if (!twin) throw new Error(`No twin of ${query.name ?? query.text}`)
    const expected = await tx.query(query)
    const v = (query.values ?? []).map(readParameter)
    const rows = memory.statement(() => twin({ t, tx: memory, v, now }))
    const name = query.name ?? 'unnamed'
    done.set(name, (done.get(name) ?? 0) + 1)
    const [there, here] = [spell(expected.rows), spell(rows)]
    if (there !== here) differences.push(`${name}\n  PostgreSQL: ${there}\n  twin:       ${here}`)
    return expected
  }

  const db: Database = {
    label: real.label,
    close: async () => {},
    connect: () => real.connect(),
    query: (query) => both((tx) => tx.query(query)),
    tx: (work, options) => both(work, options),
  }
  return { db, done, differences }
}

const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/

/** Rows as text, whatever their order and that of their columns. */
function spell(rows: readonly object[]): string {
  return rows
    .map((row) => JSON.stringify(inOrder(row)))
    .sort()
    .join(' ')
}

function inOrder(value: unknown): unknown {
  if (typeof value === 'string' && TIME.test(value)) return new Date(value).toISOString()
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(inOrder)
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(members.map(([name, member]) => [name, inOrder(member)]))
}
