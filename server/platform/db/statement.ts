import type { QueryResult } from 'pg'
import { arrayText } from './array-text.ts'

/** What can run a statement: a pool, or the transaction that is open. */
export type Queryable = Readonly<{
  query(config: { name?: string; text: string; values?: unknown[] }): Promise<QueryResult>
}>

/** A transaction that is open. Only `Database.tx` makes one. */
export type Tx = Queryable & Readonly<{ readonly isTransaction: true }>

export type Statement<Row> = {
  (on: Queryable, values?: readonly unknown[]): Promise<Row[]>
  readonly statementName: string
  readonly text: string
}

const registry = new Map<string, string>()

/**
 * Declares one SQL statement under a name. Named statements are prepared once a connection, and
 * all of them are listed, so that a test has PostgreSQL itself check each against the migrated
 * schema and look at the plans of those on big tables.
 * @param name `module.what_it_does`, unique.
 */
export function statement<Row = Record<string, never>>(name: string, text: string): Statement<Row> {
  if (registry.has(name)) throw new Error(`Two statements are named ${name}`)
  registry.set(name, text)
  const run = async (on: Queryable, values: readonly unknown[] = []): Promise<Row[]> => {
    const parameters = values.map((value) =>
      Array.isArray(value) ? (arrayText(value) ?? value) : value,
    )
    const result = await on.query({ name, text, values: parameters })
    return result.rows as Row[]
  }
  return Object.assign(run, { statementName: name, text })
}

/** Every statement declared so far, by name. */
export function declaredStatements(): ReadonlyMap<string, string> {
  return registry
}

/** The row of a statement that must have found one; an assertion, not a refusal. */
export function only<Row>(rows: readonly Row[]): Row {
  if (rows.length !== 1) throw new Error(`Expected one row, got ${rows.length}`)
  return rows[0] as Row
}
