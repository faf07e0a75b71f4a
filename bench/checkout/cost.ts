import { readdirSync, readFileSync } from 'node:fs'
import type { Database } from '../../server/platform/db/database.ts'

/** What work has taken of the machine so far. Differences of two are of what was done between. */
export type Cost = Readonly<{
  nodeUs: number
  /** Of all processes of the server; not a number where the system does not tell. */
  postgresUs: number
  statements: number
  /** Such as `commit`: each is made durable before its batch is answered. */
  commits: number
}>

export type StatementCost = Readonly<{ text: string; calls: number; ms: number; rows: number }>

const TICK_US = 10_000

/** Has the server count what runs; in the database that is asked. */
export async function startCounting(db: Database): Promise<void> {
  await db.query({ text: 'create extension if not exists pg_stat_statements' })
}

export async function forgetStatements(db: Database): Promise<void> {
  await db.query({ text: 'select pg_stat_statements_reset()' })
}

/** @param postmaster the server's process. */
export async function readCost(db: Database, postmaster: number): Promise<Cost> {
  const { user, system } = process.cpuUsage()
  const { rows } = await db.query({
    text: `select coalesce(sum(calls), 0)::int as statements,
             coalesce(sum(calls) filter (where query ilike 'commit%'), 0)::int as commits
           from pg_stat_statements
           where dbid = (select oid from pg_database where datname = current_database())`,
  })
  const [{ statements, commits }] = rows as [{ statements: number; commits: number }]
  return { nodeUs: user + system, postgresUs: serverTime(String(postmaster)), statements, commits }
}

/** The statements that took most of the server's time since they were forgotten. */
export async function costliest(db: Database, limit: number): Promise<StatementCost[]> {
  const { rows } = await db.query({
    text: `select regexp_replace(left(query, 90), '\\s+', ' ', 'g') as text, calls::int,
             total_exec_time + total_plan_time as ms, rows::int
           from pg_stat_statements
           where dbid = (select oid from pg_database where datname = current_database())
           order by total_exec_time + total_plan_time desc limit $1`,
    values: [limit],
  })
  return rows as StatementCost[]
}

/** Processor time of the postmaster, its children, and those that have ended. */
function serverTime(postmaster: string): number {
  try {
    const all = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => fieldsOf(pid) ?? [])
    const own = all.filter(({ pid, parent }) => pid === postmaster || parent === postmaster)
    return own.reduce((sum, { ticks }) => sum + ticks, 0) * TICK_US
  } catch {
    return Number.NaN
  }
}

/** After the name in brackets: state, parent, …; own times are fields 14 and 15 of the line. */
function fieldsOf(pid: string) {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
    const [, parent] = fields
    const times = fields.slice(11, 15).map(Number)
    return { pid, parent, ticks: times.reduce((sum, time) => sum + time, 0) }
  } catch {
    // It has ended meanwhile.
    return undefined
  }
}
