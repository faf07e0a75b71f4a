import { type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import { shardOf } from '../../platform/ids.ts'
import type { OfferQuantity } from '../inventory/index.ts'
import type { PlannedRefund } from './refund.ts'

export type RefundRecord = PlannedRefund &
  Readonly<{
    orderId: string
    key: string
    reason: string
    cause: 'operator' | 'cancellation' | 'return'
    /** What goes on sale again, because it was never shipped. */
    stock: readonly OfferQuantity[]
    /** Whose store credit gets it; null: it goes to whatever paid. */
    creditTo: string | null
    /** Whether stock and money are where they belong. */
    done: boolean
  }>

const REFUND = `order_id as "orderId", key, amount, shipping, lines,
  coalesce(splits, '[]') as splits, reason, cause, stock,
  credit_to as "creditTo", due_at is null as done`

const selectRefunds = statement<RefundRecord>(
  'orders.list_refunds',
  `select ${REFUND} from orders.refunds where shard = $1 and order_id = $2 order by created_at, key`,
)

const insertRefund = statement(
  'orders.insert_refund',
  `insert into orders.refunds (shard, order_id, key, amount, shipping, lines, splits, reason, cause,
     stock, created_at, due_at, credit_to)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
)

const deleteRefund = statement<{ key: string }>(
  'orders.delete_refund',
  `delete from orders.refunds where shard = $1 and order_id = $2 and key = $3 returning key`,
)

const finishRefund = statement<{ key: string }>(
  'orders.finish_refund',
  `update orders.refunds set due_at = null
   where shard = $1 and order_id = $2 and key = $3 and due_at is not null returning key`,
)

const parkRefund = statement(
  'orders.park_refund',
  `update orders.refunds set due_at = 'infinity'
   where shard = $1 and order_id = $2 and key = $3 and due_at is not null`,
)

const wakeRefunds = statement(
  'orders.wake_refunds',
  `update orders.refunds r set due_at = $3
   from (select distinct * from unnest($1::smallint[], $2::text[])) as k(shard, order_id)
   where r.shard = k.shard and r.order_id = k.order_id and r.due_at = 'infinity'`,
)

const claimRefunds = statement<RefundRecord>(
  'orders.claim_due_refunds',
  `update orders.refunds r set due_at = $2
   where (r.shard, r.order_id, r.key) in (
     select shard, order_id, key from orders.refunds
     where due_at <= $1 order by due_at limit 20 for update skip locked)
   returning ${REFUND}`,
)

const countUnits = statement<{ id: string }>(
  'orders.count_refunded_units',
  `update orders.order_lines l set refunded_qty = l.refunded_qty + u.quantity * $5
   from unnest($3::text[], $4::int[]) as u(id, quantity)
   where l.shard = $1 and l.order_id = $2 and l.id = u.id
   returning l.id`,
)

export function listRefunds(on: Queryable, orderId: string): Promise<RefundRecord[]> {
  return selectRefunds(on, [shardOf(orderId), orderId])
}

/** Counts a refund of a locked order, and its units. A worker pays it from `dueAt` on. */
export async function countRefund(
  tx: Tx,
  refund: RefundRecord,
  times: Readonly<{ now: string; dueAt: string }>,
): Promise<void> {
  const { orderId, key, amount, shipping, lines, splits, reason, cause, stock, creditTo } = refund
  const facts = [amount, shipping, JSON.stringify(lines), JSON.stringify(splits), reason, cause]
  const shard = shardOf(orderId)
  const { now, dueAt } = times
  const due = [JSON.stringify(stock), now, dueAt, creditTo]
  await insertRefund(tx, [shard, orderId, key, ...facts, ...due])
  await moveUnits(tx, refund, 1)
}

/** Takes back a refund that could not be paid, once. */
export async function uncountRefund(tx: Tx, refund: RefundRecord): Promise<void> {
  const { orderId, key } = refund
  const gone = await deleteRefund(tx, [shardOf(orderId), orderId, key])
  if (gone.length === 1) await moveUnits(tx, refund, -1)
}

/** Stock and money are where they belong. @returns whether this was news. */
export async function markRefundDone(
  on: Queryable,
  { orderId, key }: Pick<RefundRecord, 'orderId' | 'key'>,
): Promise<boolean> {
  return (await finishRefund(on, [shardOf(orderId), orderId, key])).length === 1
}

/** There is nothing to take it from yet: it waits for the payment. */
export async function parkUntilPaid(
  on: Queryable,
  { orderId, key }: Pick<RefundRecord, 'orderId' | 'key'>,
): Promise<void> {
  await parkRefund(on, [shardOf(orderId), orderId, key])
}

/** Money came: what waited for it is looked at. */
export async function wakeParked(tx: Tx, orderIds: readonly string[], now: string): Promise<void> {
  await wakeRefunds(tx, [orderIds.map(shardOf), orderIds, now])
}

export function claimDueRefunds(
  on: Queryable,
  input: Readonly<{ now: string; leaseEndsAt: string }>,
): Promise<RefundRecord[]> {
  return claimRefunds(on, [input.now, input.leaseEndsAt])
}

async function moveUnits(tx: Tx, { orderId, lines }: RefundRecord, by: 1 | -1): Promise<void> {
  if (lines.length === 0) return
  const [ids, quantities] = [lines.map(({ lineId }) => lineId), lines.map((line) => line.quantity)]
  await countUnits(tx, [shardOf(orderId), orderId, ids, quantities, by])
}
