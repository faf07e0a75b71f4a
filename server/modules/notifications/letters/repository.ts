import { type Queryable, statement, type Tx } from '../../../platform/db/statement.ts'
import { shardOf } from '../../../platform/ids.ts'
import type { LetterFacts } from './facts.ts'

/** A letter that is to be written. `topic` follows from what happened: there is one of it for an order. */
export type DueLetter = Readonly<{ orderId: string; topic: string; facts: LetterFacts }>

const insert = statement(
  'notifications.put_letters',
  `insert into notifications.letters (shard, order_id, topic, facts, due_at, created_at)
   select shard, order_id, topic, facts::jsonb, due_at, $6
   from unnest($1::smallint[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
     as l(shard, order_id, topic, facts, due_at)
   order by shard, order_id, topic
   on conflict (shard, order_id, topic) do nothing`,
)
const claim = statement<{ order_id: string; topic: string; facts: LetterFacts; tries: number }>(
  'notifications.claim_letters',
  `with due as (
     select shard, order_id, topic from notifications.letters
     where due_at <= $1 order by due_at limit 50 for update skip locked)
   update notifications.letters l set due_at = $2, tries = l.tries + 1 from due
   where l.shard = due.shard and l.order_id = due.order_id and l.topic = due.topic
   returning l.order_id, l.topic, l.facts, l.tries`,
)
const settle = statement<{ topic: string }>(
  'notifications.settle_letter',
  `update notifications.letters set due_at = null
   where shard = $1 and order_id = $2 and topic = $3 and due_at is not null returning topic`,
)
const postpone = statement(
  'notifications.postpone_letter',
  `update notifications.letters set due_at = $4
   where shard = $1 and order_id = $2 and topic = $3 and due_at is not null`,
)
const sweep = statement<{ topic: string }>(
  'notifications.sweep_letters',
  'delete from notifications.letters where created_at < $1 and due_at is null',
)
const eraseOf = statement<{ topic: string }>(
  'notifications.erase_letters',
  `delete from notifications.letters l using unnest($1::smallint[], $2::text[]) as k(shard, order_id)
   where l.shard = k.shard and l.order_id = k.order_id returning l.topic`,
)

/** @param dueAt when each is written. One that is there already stays as it is. */
export async function putLetters(
  tx: Tx,
  letters: readonly (DueLetter & Readonly<{ dueAt: string }>)[],
  at: string,
): Promise<void> {
  if (letters.length === 0) return
  await insert(tx, [
    letters.map(({ orderId }) => shardOf(orderId)),
    letters.map(({ orderId }) => orderId),
    letters.map(({ topic }) => topic),
    letters.map(({ facts }) => JSON.stringify(facts)),
    letters.map(({ dueAt }) => dueAt),
    at,
  ])
}

export type ClaimedLetter = DueLetter & Readonly<{ tries: number }>

/** @param until when others may try, should this process die. */
export async function claimLetters(
  on: Queryable,
  at: string,
  until: string,
): Promise<ClaimedLetter[]> {
  const rows = await claim(on, [at, until])
  return rows.map(({ order_id: orderId, ...row }) => ({ ...row, orderId }))
}

type Key = Pick<DueLetter, 'orderId' | 'topic'>

/** It is written. @returns false if another process was quicker. */
export async function settleLetter(tx: Tx, { orderId, topic }: Key): Promise<boolean> {
  return (await settle(tx, [shardOf(orderId), orderId, topic])).length > 0
}

export async function postponeLetter(
  on: Queryable,
  { orderId, topic }: Key,
  until: string,
): Promise<void> {
  await postpone(on, [shardOf(orderId), orderId, topic, until])
}

/** Forgets what was written before. */
export async function sweepLetters(on: Queryable, before: string): Promise<void> {
  await sweep(on, [before])
}

/** @returns how many are gone, written or not. */
export async function eraseLetters(on: Queryable, orderIds: readonly string[]): Promise<number> {
  return (await eraseOf(on, [orderIds.map(shardOf), orderIds])).length
}
