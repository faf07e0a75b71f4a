import { type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import { shardOf } from '../../platform/ids.ts'
import type { PlannedRefund } from './refund.ts'

export type RefundRecord = PlannedRefund & Readonly<{ key: string; reason: string }>

const selectRefunds = statement<RefundRecord>(
  'orders.list_refunds',
  `select key, amount, shipping, lines, coalesce(splits, '[]') as splits, reason
   from orders.refunds where shard = $1 and order_id = $2 order by created_at, key`,
)

const insertRefund = statement(
  'orders.insert_refund',
  `insert into orders.refunds
     (shard, order_id, key, amount, shipping, lines, splits, reason, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
)

const deleteRefund = statement<{ key: string }>(
  'orders.delete_refund',
  `delete from orders.refunds where shard = $1 and order_id = $2 and key = $3 returning key`,
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

/** Counts a refund of a locked order, and its units. */
export async function countRefund(
  tx: Tx,
  orderId: string,
  refund: RefundRecord,
  now: string,
): Promise<void> {
  const { key, amount, shipping, lines, splits, reason } = refund
  const facts = [amount, shipping, JSON.stringify(lines), JSON.stringify(splits), reason, now]
  await insertRefund(tx, [shardOf(orderId), orderId, key, ...facts])
  await moveUnits(tx, orderId, refund, 1)
}

/** Takes back a refund that could not be paid, once. */
export async function uncountRefund(tx: Tx, orderId: string, refund: RefundRecord): Promise<void> {
  const gone = await deleteRefund(tx, [shardOf(orderId), orderId, refund.key])
  if (gone.length === 1) await moveUnits(tx, orderId, refund, -1)
}

async function moveUnits(
  tx: Tx,
  orderId: string,
  { lines }: RefundRecord,
  by: 1 | -1,
): Promise<void> {
  if (lines.length === 0) return
  const [ids, quantities] = [lines.map(({ lineId }) => lineId), lines.map((line) => line.quantity)]
  await countUnits(tx, [shardOf(orderId), orderId, ids, quantities, by])
}
