import { type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import { shardFor } from '../../platform/ids.ts'

const addSpendings = statement(
  'fraud.add_spendings',
  `insert into fraud.spendings as s (shard, subject, currency, orders, amount, updated_at)
   select k.shard, k.subject, k.currency, count(*), sum(k.amount), $5
   from unnest($1::smallint[], $2::text[], $3::text[], $4::bigint[])
     as k(shard, subject, currency, amount)
   group by k.shard, k.subject, k.currency order by k.shard, k.subject, k.currency
   on conflict (shard, subject, currency) do update set orders = s.orders + excluded.orders,
     amount = s.amount + excluded.amount, updated_at = excluded.updated_at`,
)

const addMarks = statement(
  'fraud.add_marks',
  `insert into fraud.marks (shard, subject, kind, value, seen_at)
   select distinct k.shard, k.subject, k.kind, k.value, $5::timestamptz
   from unnest($1::smallint[], $2::text[], $3::text[], $4::text[])
     as k(shard, subject, kind, value)
   order by k.shard, k.subject, k.kind, k.value
   on conflict (shard, subject, kind, value) do update set seen_at = excluded.seen_at`,
)

const deleteDisputes = statement(
  'fraud.delete_disputes',
  `delete from fraud.marks m using unnest($1::smallint[], $2::text[], $3::text[])
     as k(shard, subject, value)
   where m.shard = k.shard and m.subject = k.subject and m.kind = 'dispute' and m.value = k.value`,
)

const addDeclines = statement(
  'fraud.add_declines',
  `insert into fraud.counters as c (shard, subject, bucket_at, declines)
   select k.shard, k.subject, $3, count(*) from unnest($1::smallint[], $2::text[]) as k(shard, subject)
   group by k.shard, k.subject order by k.shard, k.subject
   on conflict (shard, subject, bucket_at) do update set declines = c.declines + excluded.declines`,
)

const deleteCounters = statement(
  'fraud.sweep_counters',
  'delete from fraud.counters where bucket_at < $1',
)

const deleteMarks = statement('fraud.sweep_marks', 'delete from fraud.marks where seen_at < $1')

const deleteSpendings = statement(
  'fraud.sweep_spendings',
  'delete from fraud.spendings where updated_at < $1',
)

export type Spending = Readonly<{ subject: string; currency: string; amount: number }>

export type Mark = Readonly<{
  subject: string
  kind: 'country' | 'device' | 'dispute'
  value: string
}>

/** Adds confirmed orders to what their buyers have spent. */
export async function recordSpendings(
  tx: Tx,
  spendings: readonly Spending[],
  now: string,
): Promise<void> {
  await addSpendings(tx, [
    spendings.map(({ subject }) => shardFor(subject)),
    spendings.map(({ subject }) => subject),
    spendings.map(({ currency }) => currency),
    spendings.map(({ amount }) => amount),
    now,
  ])
}

/** Notes what buyers have been seen with. */
export async function recordMarks(tx: Tx, marks: readonly Mark[], now: string): Promise<void> {
  await addMarks(tx, [
    marks.map(({ subject }) => shardFor(subject)),
    marks.map(({ subject }) => subject),
    marks.map(({ kind }) => kind),
    marks.map(({ value }) => value),
    now,
  ])
}

/** A dispute that the shop has won says nothing against its buyer. */
export async function forgetDisputes(tx: Tx, disputes: readonly Mark[]): Promise<void> {
  await deleteDisputes(tx, [
    disputes.map(({ subject }) => shardFor(subject)),
    disputes.map(({ subject }) => subject),
    disputes.map(({ value }) => value),
  ])
}

/** Counts declined payments, one for each time a subject is named. */
export async function recordDeclines(
  tx: Tx,
  subjects: readonly string[],
  bucketAt: string,
): Promise<void> {
  await addDeclines(tx, [subjects.map(shardFor), subjects, bucketAt])
}

/** Forgets what is older than the rules look back, and buyers who did not come again. */
export async function dropOld(
  on: Queryable,
  before: Readonly<{ counters: string; history: string }>,
): Promise<void> {
  await deleteCounters(on, [before.counters])
  await deleteMarks(on, [before.history])
  await deleteSpendings(on, [before.history])
}
