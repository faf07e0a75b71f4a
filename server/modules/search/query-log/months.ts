import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import { statement } from '../../../platform/db/statement.ts'

const listPartitions = statement<{ name: string }>(
  'search.list_partitions',
  `select c.relname as name from pg_inherits i
   join pg_class c on c.oid = i.inhrelid
   where i.inhparent = ('search.' || $1::text)::regclass`,
)

/** A table with a partition a month, and for how many months these are kept. */
type Kept = Readonly<{ table: 'queries' | 'query_events'; time: string; months: number }>

/**
 * Makes the coming months' partitions and drops those that are too old. What no month was made for
 * is in the last partition, and goes from there row by row.
 */
export async function turnMonths(
  { db, clock }: Readonly<{ db: Database; clock: Clock }>,
  { table, time, months }: Kept,
): Promise<void> {
  for (const ahead of [1, 2]) {
    const [from, to] = [monthOf(clock, ahead), monthOf(clock, ahead + 1)]
    await db.query({
      text: `create table if not exists search.${partitionOf(table, from)}
             partition of search.${table} for values from ('${from}') to ('${to}')`,
    })
  }
  const oldest = monthOf(clock, -months)
  for (const { name } of await listPartitions(db, [table])) {
    if (/_\d{6}$/.test(name) && name < partitionOf(table, oldest))
      await db.query({ text: `drop table search.${name}` })
  }
  await db.query({ text: `delete from search.${table}_default where ${time} < '${oldest}'` })
}

/** The first day of the month so many months ahead. */
function monthOf(clock: Clock, ahead: number): string {
  const now = clock.now()
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1))
  return first.toISOString().slice(0, 10)
}

function partitionOf(table: string, firstDay: string): string {
  return `${table}_${firstDay.slice(0, 4)}${firstDay.slice(5, 7)}`
}
