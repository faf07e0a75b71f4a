import { type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import { shardFor, shardOf, timeOf } from '../../platform/ids.ts'
import {
  columnValues,
  insertRecords,
  LINE_COLUMNS,
  NEW_LINE_COLUMNS,
  ORDER_COLUMNS,
  SELLER_ORDER_COLUMNS,
  selected,
} from './columns.ts'
import type {
  LineRecord,
  OrderRecord,
  PlacedOrder,
  SellerOrderRecord,
  TimelineRecord,
} from './model.ts'

const insertOrders = statement(
  'orders.insert_orders',
  insertRecords('orders.orders', ORDER_COLUMNS),
)
const insertLines = statement(
  'orders.insert_lines',
  insertRecords('orders.order_lines', NEW_LINE_COLUMNS),
)
const insertSellerOrders = statement(
  'orders.insert_seller_orders',
  insertRecords('orders.seller_orders', SELLER_ORDER_COLUMNS),
)

const KEYS = 'unnest($1::smallint[], $2::text[]) as k(shard, order_id)'

// The time in an id names its partition.
const selectOrders = statement<OrderRecord>(
  'orders.select_orders',
  `select ${selected('o', ORDER_COLUMNS)}
   from unnest($1::smallint[], $2::text[], $3::timestamptz[]) as k(shard, id, created_at)
   join orders.orders o on o.shard = k.shard and o.id = k.id and o.created_at = k.created_at`,
)

const selectLines = statement<LineRecord>(
  'orders.select_lines',
  `select ${selected('l', LINE_COLUMNS)} from ${KEYS}
   join orders.order_lines l on l.shard = k.shard and l.order_id = k.order_id
   order by l.shard, l.order_id, l.n`,
)

const selectSellerOrders = statement<SellerOrderRecord>(
  'orders.select_seller_orders',
  `select ${selected('s', SELLER_ORDER_COLUMNS)} from ${KEYS}
   join orders.seller_orders s on s.shard = k.shard and s.order_id = k.order_id
   order by s.shard, s.order_id, s.seller_id`,
)

const selectTimeline = statement<TimelineRecord & { orderId: string }>(
  'orders.select_timeline',
  `select e.order_id as "orderId", e.type, e.at, e.note from ${KEYS}
   join orders.order_events e on e.shard = k.shard and e.order_id = k.order_id
   order by e.shard, e.order_id, e.n`,
)

const selectOfCustomer = statement<{ id: string }>(
  'orders.select_of_customer',
  `(select id from orders.orders
    where shard = $1 and customer_id = $2 and ($3::text is null or id < $3)
    order by id desc limit $4)
   union all
   (select order_id from orders.claims
    where customer_id = $2 and ($3::text is null or order_id < $3)
    order by order_id desc limit $4)
   order by 1 desc limit $4`,
)

const insertEvents = statement(
  'orders.insert_events',
  `insert into orders.order_events (shard, order_id, n, type, at, note)
   select shard, order_id, n, type, $6, note
   from unnest($1::smallint[], $2::text[], $3::int[], $4::text[], $5::text[])
     as e(shard, order_id, n, type, note)
   order by shard, order_id, n`,
)

const openSellerOrders = statement<{ order_id: string }>(
  'orders.open_seller_orders',
  `update orders.seller_orders s set lifecycle = 'open', opened_at = $3
   from ${KEYS}
   where s.shard = k.shard and s.order_id = k.order_id and s.lifecycle = 'pending_payment'
   returning s.order_id`,
)

const holdSellerOrders = statement(
  'orders.hold_seller_orders',
  `update orders.seller_orders s set lifecycle = 'on_hold'
   from ${KEYS}
   where s.shard = k.shard and s.order_id = k.order_id and s.lifecycle = 'pending_payment'`,
)

const holdOpenSellerOrders = statement<{ order_id: string }>(
  'orders.hold_open_seller_orders',
  `update orders.seller_orders set lifecycle = 'on_hold'
   where shard = $1 and order_id = $2 and lifecycle = 'open' and shipped_at is null
   returning order_id`,
)

const releaseSellerOrders = statement<{ order_id: string }>(
  'orders.release_seller_orders',
  `update orders.seller_orders set lifecycle = 'open', opened_at = $3
   where shard = $1 and order_id = $2 and lifecycle = 'on_hold' returning order_id`,
)

const endSellerOrders = statement(
  'orders.end_seller_orders',
  `update orders.seller_orders set lifecycle = $3 where shard = $1 and order_id = $2`,
)

const cancelLines = statement(
  'orders.cancel_lines',
  `update orders.order_lines set cancelled = cancelled + allocated, allocated = 0
   where shard = $1 and order_id = $2`,
)

const dropUnits = statement<{ id: string }>(
  'orders.cancel_units',
  `update orders.order_lines l set cancelled = l.cancelled + u.quantity,
          allocated = l.allocated - u.quantity
   from unnest($3::text[], $4::int[]) as u(id, quantity)
   where l.shard = $1 and l.order_id = $2 and l.id = u.id and l.allocated >= u.quantity
   returning l.id`,
)

const endEmptyParts = statement(
  'orders.end_cancelled_parts',
  `update orders.seller_orders s set lifecycle = 'cancelled'
   where s.shard = $1 and s.order_id = $2 and s.lifecycle in ('open', 'on_hold') and not exists (
     select from orders.order_lines l
     where l.shard = s.shard and l.order_id = s.order_id and l.seller_id = s.seller_id
       and l.cancelled < l.ordered)`,
)

const addMonth = statement('orders.add_month', 'select orders.add_month($1::date)')

export type TimelineEntry = Readonly<{ orderId: string; n: number; type: string; note?: string }>

/** Writes whole orders, many in one statement a table; in a transaction that is pipelined. */
export async function insertPlaced(tx: Tx, placed: readonly PlacedOrder[]): Promise<void> {
  if (placed.length === 0) return
  await Promise.all([
    insertOrders(
      tx,
      columnValues(
        placed.map(({ order }) => order),
        ORDER_COLUMNS,
      ),
    ),
    insertLines(
      tx,
      columnValues(
        placed.flatMap(({ lines }) => lines),
        NEW_LINE_COLUMNS,
      ),
    ),
    insertSellerOrders(
      tx,
      columnValues(
        placed.flatMap(({ sellerOrders }) => sellerOrders),
        SELLER_ORDER_COLUMNS,
      ),
    ),
  ])
}

/** Appends to timelines. @param at when it happened. */
export async function insertTimeline(
  tx: Tx,
  entries: readonly TimelineEntry[],
  at: string,
): Promise<void> {
  if (entries.length === 0) return
  await insertEvents(tx, [
    entries.map(({ orderId }) => shardOf(orderId)),
    entries.map(({ orderId }) => orderId),
    entries.map(({ n }) => n),
    entries.map(({ type }) => type),
    entries.map(({ note }) => note ?? null),
    at,
  ])
}

/** Orders by id, in the order asked; unknown ids are left out. */
export async function listPlaced(
  on: Queryable,
  orderIds: readonly string[],
): Promise<PlacedOrder[]> {
  if (orderIds.length === 0) return []
  const keys = [orderIds.map(shardOf), orderIds]
  const [orders, lines, sellerOrders] = [
    await selectOrders(on, [...keys, orderIds.map((id) => timeOf(id).toISOString())]),
    await selectLines(on, keys),
    await selectSellerOrders(on, keys),
  ]
  const byId = new Map(orders.map((order) => [order.id, order]))
  const linesOf = Map.groupBy(lines, ({ orderId }) => orderId)
  const partsOf = Map.groupBy(sellerOrders, ({ orderId }) => orderId)
  return orderIds.flatMap((id) => {
    const order = byId.get(id)
    if (!order) return []
    return [{ order, lines: linesOf.get(id) ?? [], sellerOrders: partsOf.get(id) ?? [] }]
  })
}

export async function findPlaced(on: Queryable, orderId: string): Promise<PlacedOrder | undefined> {
  return (await listPlaced(on, [orderId]))[0]
}

/** @throws if there is none. */
export async function getPlaced(on: Queryable, orderId: string): Promise<PlacedOrder> {
  const placed = await findPlaced(on, orderId)
  if (!placed) throw new Error(`There is no order ${orderId}`)
  return placed
}

/** Lines as they are now; within a transaction that holds the order's lock. */
export function listLines(on: Queryable, orderId: string): Promise<LineRecord[]> {
  return selectLines(on, [[shardOf(orderId)], [orderId]])
}

export async function listTimelines(
  on: Queryable,
  orderIds: readonly string[],
): Promise<Map<string, TimelineRecord[]>> {
  if (orderIds.length === 0) return new Map()
  const rows = await selectTimeline(on, [orderIds.map(shardOf), orderIds])
  return Map.groupBy(rows, ({ orderId }) => orderId)
}

/** Ids of a customer's orders, the newest first, before a cursor. */
export async function listIdsOfCustomer(
  on: Queryable,
  input: { customerId: string; before: string | null; limit: number },
): Promise<string[]> {
  const { customerId, before, limit } = input
  const rows = await selectOfCustomer(on, [shardFor(customerId), customerId, before, limit])
  return rows.map(({ id }) => id)
}

/** Opens the sellers' parts of paid orders. */
export async function openPartsOf(tx: Tx, orderIds: readonly string[], at: string): Promise<void> {
  await openSellerOrders(tx, [orderIds.map(shardOf), orderIds, at])
}

/** Has the parts of orders that were just confirmed wait for an operator. */
export async function holdPartsOf(tx: Tx, orderIds: readonly string[]): Promise<void> {
  if (orderIds.length > 0) await holdSellerOrders(tx, [orderIds.map(shardOf), orderIds])
}

/** Has open parts with units to ship wait for an operator. @returns whether there were any. */
export async function holdOpenPartsOf(tx: Tx, orderId: string): Promise<boolean> {
  return (await holdOpenSellerOrders(tx, [shardOf(orderId), orderId])).length > 0
}

/** Opens the parts of an order that wait for an operator. @returns whether there were any. */
export async function releasePartsOf(tx: Tx, orderId: string, at: string): Promise<boolean> {
  return (await releaseSellerOrders(tx, [shardOf(orderId), orderId, at])).length > 0
}

/** Ends all parts of an order, and takes back every unit that was not shipped. */
export async function endParts(
  tx: Tx,
  input: { orderId: string; lifecycle: 'cancelled' | 'expired' },
): Promise<void> {
  const keys = [shardOf(input.orderId), input.orderId]
  await endSellerOrders(tx, [...keys, input.lifecycle])
  await cancelLines(tx, keys)
}

/** Takes units that were not shipped out of a locked order. */
export async function cancelUnits(
  tx: Tx,
  orderId: string,
  units: readonly Readonly<{ lineId: string; quantity: number }>[],
): Promise<void> {
  const [ids, quantities] = [units.map(({ lineId }) => lineId), units.map((one) => one.quantity)]
  const moved = await dropUnits(tx, [shardOf(orderId), orderId, ids, quantities])
  if (moved.length !== units.length) throw new Error(`${orderId} cancels more than it holds`)
}

/** OPEN or ON_HOLD --cancel--> CANCELLED, for sellers' parts of which no unit is left. */
export async function endCancelledParts(tx: Tx, orderId: string): Promise<void> {
  await endEmptyParts(tx, [shardOf(orderId), orderId])
}

/** Makes the partition of a month. @param month any day of it. */
export async function addMonthPartition(on: Queryable, month: Date): Promise<void> {
  await addMonth(on, [month.toISOString().slice(0, 10)])
}
