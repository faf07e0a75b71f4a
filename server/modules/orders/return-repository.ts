import { type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import { shardOf } from '../../platform/ids.ts'
import type { ReturnedUnits, ReturnRecord, ReturnState } from './return-model.ts'

// A return with its lines, as one row.
const RETURN = `r.order_id as "orderId", r.id, r.state, r.resolution, r.wanted,
  r.shipping_paid_by as "shippingPaidBy", r.label_fee as "labelFee", r.carrier,
  r.tracking_number as "trackingNumber", r.label_url as "labelUrl", r.note, r.photos,
  r.refund_key as "refundKey", r.exchange_carrier as "exchangeCarrier",
  r.exchange_tracking_number as "exchangeTrackingNumber", r.stocked_at as "stockedAt", r.version,
  r.steps, r.expires_at as "expiresAt", r.due_at as "dueAt", r.created_at as "createdAt",
  (select jsonb_agg(jsonb_build_object('lineId', l.line_id, 'offerId', l.offer_id,
       'warehouseId', l.warehouse_id, 'quantity', l.quantity, 'reason', l.reason,
       'received', l.received, 'restocked', l.restocked, 'damaged', l.damaged,
       'sentBack', l.sent_back) order by l.line_id)
   from orders.return_lines l
   where l.shard = r.shard and l.order_id = r.order_id and l.return_id = r.id) as lines`

const selectOfOrder = statement<ReturnRecord>(
  'orders.list_returns_of_order',
  `select ${RETURN} from orders.returns r where r.shard = $1 and r.order_id = $2 order by r.id`,
)

const selectByState = statement<ReturnRecord>(
  'orders.list_returns',
  `select ${RETURN} from orders.returns r where r.state = $1 and r.id > $2 order by r.id limit $3`,
)

const insertReturn = statement(
  'orders.insert_return',
  `insert into orders.returns (shard, order_id, id, state, wanted, shipping_paid_by, note, photos,
     version, steps, created_at, updated_at)
   values ($1, $2, $3, 'requested', $4, $5, $6, $7, 1, $8, $9, $9)`,
)

const insertReturnLines = statement(
  'orders.insert_return_lines',
  `insert into orders.return_lines
     (shard, order_id, return_id, line_id, offer_id, warehouse_id, quantity, reason)
   select $1, $2, $3, * from unnest($4::text[], $5::text[], $6::text[], $7::int[], $8::text[])`,
)

const updateReturn = statement<{ id: string }>(
  'orders.update_return',
  `update orders.returns
   set state = $5, resolution = $6, shipping_paid_by = $7, label_fee = $8, carrier = $9,
       tracking_number = $10, label_url = $11, refund_key = $12, exchange_carrier = $13,
       exchange_tracking_number = $14, steps = $15, expires_at = $16, due_at = $17,
       updated_at = $18, version = version + 1
   where shard = $1 and order_id = $2 and id = $3 and version = $4
   returning id`,
)

const updateReturnLines = statement(
  'orders.update_return_lines',
  `update orders.return_lines l
   set warehouse_id = u.warehouse_id, received = u.received, restocked = u.restocked,
       damaged = u.damaged, sent_back = u.sent_back
   from unnest($4::text[], $5::text[], $6::int[], $7::int[], $8::int[], $9::int[])
     as u(line_id, warehouse_id, received, restocked, damaged, sent_back)
   where l.shard = $1 and l.order_id = $2 and l.return_id = $3 and l.line_id = u.line_id`,
)

const countReturned = statement<{ id: string }>(
  'orders.count_returned_units',
  `update orders.order_lines l
   set return_requested = l.return_requested + u.requested, returned = l.returned + u.returned,
       restocked = l.restocked + u.restocked
   from unnest($3::text[], $4::int[], $5::int[], $6::int[]) as u(id, requested, returned, restocked)
   where l.shard = $1 and l.order_id = $2 and l.id = u.id
     and l.returned + l.return_requested + u.requested + u.returned <= l.delivered
   returning l.id`,
)

const finishReturn = statement(
  'orders.finish_return',
  `update orders.returns set due_at = null, stocked_at = coalesce(stocked_at, $5)
   where shard = $1 and order_id = $2 and id = $3 and version = $4`,
)

const claimReturns = statement<ReturnRecord>(
  'orders.claim_due_returns',
  `update orders.returns r set due_at = $2
   where (r.shard, r.order_id, r.id) in (
     select shard, order_id, id from orders.returns
     where due_at <= $1 order by due_at limit 20 for update skip locked)
   returning ${RETURN}`,
)

const selectExpired = statement<{ orderId: string; id: string }>(
  'orders.list_expired_returns',
  `select order_id as "orderId", id from orders.returns
   where expires_at <= $1 and state in ('approved', 'label_issued')
   order by expires_at limit $2`,
)

/** Returns of an order, the oldest first. */
export function listReturnsOfOrder(on: Queryable, orderId: string): Promise<ReturnRecord[]> {
  return selectOfOrder(on, [shardOf(orderId), orderId])
}

/** Returns in a state, the oldest first, after a cursor. */
export function listReturnsIn(
  on: Queryable,
  input: Readonly<{ state: ReturnState; after: string | null; limit: number }>,
): Promise<ReturnRecord[]> {
  return selectByState(on, [input.state, input.after ?? '', input.limit])
}

/** Writes a new return of a locked order. */
export async function insertNewReturn(tx: Tx, record: ReturnRecord): Promise<void> {
  const { orderId, id, lines, wanted, shippingPaidBy, note, photos, steps, createdAt } = record
  const keys = [shardOf(orderId), orderId, id]
  const facts = [wanted, shippingPaidBy, note, JSON.stringify(photos), JSON.stringify(steps)]
  await insertReturn(tx, [...keys, ...facts, createdAt])
  await insertReturnLines(tx, [
    ...keys,
    lines.map(({ lineId }) => lineId),
    lines.map(({ offerId }) => offerId),
    lines.map(({ warehouseId }) => warehouseId),
    lines.map(({ quantity }) => quantity),
    lines.map(({ reason }) => reason),
  ])
}

/** Writes a return of a locked order as it is now; its version rises by one. */
export async function updateLockedReturn(tx: Tx, record: ReturnRecord, now: string): Promise<void> {
  const { orderId, id, version, lines } = record
  const keys = [shardOf(orderId), orderId, id]
  const written = await updateReturn(tx, [
    ...keys,
    version,
    record.state,
    record.resolution,
    record.shippingPaidBy,
    record.labelFee,
    record.carrier,
    record.trackingNumber,
    record.labelUrl,
    record.refundKey,
    record.exchangeCarrier,
    record.exchangeTrackingNumber,
    JSON.stringify(record.steps),
    record.expiresAt,
    record.dueAt,
    now,
  ])
  if (written.length !== 1) throw new Error(`${id} was changed without its order's lock`)
  await updateReturnLines(tx, [
    ...keys,
    lines.map(({ lineId }) => lineId),
    lines.map(({ warehouseId }) => warehouseId),
    lines.map(({ received }) => received),
    lines.map(({ restocked }) => restocked),
    lines.map(({ damaged }) => damaged),
    lines.map(({ sentBack }) => sentBack),
  ])
}

/** Moves units of a locked order's lines between the counters of returns. */
export async function countReturnedUnits(
  tx: Tx,
  orderId: string,
  units: readonly ReturnedUnits[],
): Promise<void> {
  const moved = await countReturned(tx, [
    shardOf(orderId),
    orderId,
    units.map(({ lineId }) => lineId),
    units.map(({ requested }) => requested),
    units.map(({ returned }) => returned),
    units.map(({ restocked }) => restocked),
  ])
  if (moved.length !== units.length) throw new Error(`${orderId} returns more than it was sent`)
}

/** Nothing is left to do for a return, unless it has moved on since. */
export async function finishReturned(
  on: Queryable,
  { orderId, id, version }: ReturnRecord,
  now: string,
): Promise<void> {
  await finishReturn(on, [shardOf(orderId), orderId, id, version, now])
}

export function claimDueReturns(
  on: Queryable,
  input: Readonly<{ now: string; leaseEndsAt: string }>,
): Promise<ReturnRecord[]> {
  return claimReturns(on, [input.now, input.leaseEndsAt])
}

/** Returns whose goods were not sent in time. */
export function listExpiredReturns(
  on: Queryable,
  input: Readonly<{ now: string; limit: number }>,
): Promise<{ orderId: string; id: string }[]> {
  return selectExpired(on, [input.now, input.limit])
}
