import type { Allocation } from '#contracts/inventory/schemas.ts'
import { type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import { shardOf } from '../../platform/ids.ts'
import type { DispatchedLine } from './dispatch.ts'

export type DispatchRecord = Readonly<{
  orderId: string
  key: string
  carrier: string
  trackingNumber: string
  lines: readonly DispatchedLine[]
  allocations: readonly Allocation[]
  estimatedDelivery: string | null
  /** Null once stock and shipping know of it. */
  dueAt: string | null
  /** How often stock refused it. One that was refused and not made again has no lines. */
  refusals: number
}>

const DISPATCH = `d.order_id as "orderId", d.key, d.carrier, d.tracking_number as "trackingNumber",
  d.lines, d.allocations, d.estimated_delivery as "estimatedDelivery", d.due_at as "dueAt",
  d.refusals`

const selectDispatches = statement<DispatchRecord>(
  'orders.select_dispatches',
  `select ${DISPATCH} from orders.dispatches d where d.shard = $1 and d.order_id = $2
   order by d.created_at, d.key`,
)

const insertDispatch = statement<{ key: string }>(
  'orders.insert_dispatch',
  `insert into orders.dispatches (shard, order_id, key, carrier, tracking_number, lines, allocations,
     estimated_delivery, due_at, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
   on conflict (shard, order_id, key) do update
   set carrier = excluded.carrier, tracking_number = excluded.tracking_number,
       lines = excluded.lines, allocations = excluded.allocations, due_at = excluded.due_at,
       estimated_delivery = excluded.estimated_delivery, created_at = excluded.created_at
   where dispatches.lines = '[]'::jsonb
   returning key`,
)

const refuseDispatch = statement<{ key: string }>(
  'orders.refuse_dispatch',
  `update orders.dispatches
   set lines = '[]', allocations = '[]', due_at = null, refusals = refusals + 1
   where shard = $1 and order_id = $2 and key = $3 and refusals = $4 and due_at is not null
   returning key`,
)

const unshipUnits = statement(
  'orders.unship_units',
  `update orders.order_lines l set allocated = l.allocated + u.quantity,
          shipped = l.shipped - u.quantity
   from unnest($3::text[], $4::int[]) as u(id, quantity)
   where l.shard = $1 and l.order_id = $2 and l.id = u.id`,
)

const reopenParts = statement(
  'orders.reopen_parts',
  `update orders.seller_orders s set shipped_at = null
   where s.shard = $1 and s.order_id = $2 and s.shipped_at is not null and exists (
     select from orders.order_lines l
     where l.shard = s.shard and l.order_id = s.order_id and l.seller_id = s.seller_id
       and l.allocated > 0)`,
)

const shipUnits = statement<{ id: string }>(
  'orders.ship_units',
  `update orders.order_lines l set allocated = l.allocated - u.quantity,
          shipped = l.shipped + u.quantity
   from unnest($3::text[], $4::int[]) as u(id, quantity)
   where l.shard = $1 and l.order_id = $2 and l.id = u.id and l.allocated >= u.quantity
   returning l.id`,
)

const closeShipped = statement(
  'orders.close_shipped_parts',
  `update orders.seller_orders s set shipped_at = $3
   where s.shard = $1 and s.order_id = $2 and s.shipped_at is null and not exists (
     select from orders.order_lines l
     where l.shard = s.shard and l.order_id = s.order_id and l.seller_id = s.seller_id
       and l.allocated > 0)`,
)

const finishDispatch = statement(
  'orders.finish_dispatch',
  `update orders.dispatches set due_at = null where shard = $1 and order_id = $2 and key = $3`,
)

const claimDispatches = statement<DispatchRecord>(
  'orders.claim_due_dispatches',
  `update orders.dispatches d set due_at = $2
   where (d.shard, d.order_id, d.key) in (
     select shard, order_id, key from orders.dispatches
     where due_at <= $1 order by due_at limit 20 for update skip locked)
   returning ${DISPATCH}`,
)

// By the index of orders' status. Parts have none of their own for this, which each sale would pay for.
const selectToShip = statement<{ order_id: string }>(
  'orders.select_to_ship',
  `select s.order_id from orders.checkouts c
   join orders.seller_orders s on s.shard = c.shard and s.order_id = c.order_id
   where c.status in ('confirmed', 'on_hold', 'partially_shipped')
     and s.lifecycle = 'open' and s.shipped_at is null and s.opened_at <= $1
   order by s.order_id limit $2`,
)

const upsertParcels = statement(
  'orders.upsert_parcels',
  `insert into orders.parcels (shard, order_id, shipment_id, status, lines, updated_at)
   select * from unnest($1::smallint[], $2::text[], $3::text[], $4::text[], $5::jsonb[],
     $6::timestamptz[])
   on conflict (shard, order_id, shipment_id)
   do update set status = excluded.status, updated_at = excluded.updated_at`,
)

// Counted anew from the parcels, so that the same news twice counts once.
const countArrived = statement(
  'orders.count_arrived',
  `update orders.order_lines l set delivered = c.delivered, lost = c.lost
   from (
     select p.shard, p.order_id, u."lineId" as line_id,
            coalesce(sum(u.quantity) filter (where p.status = 'delivered'), 0)::int as delivered,
            coalesce(sum(u.quantity) filter (where p.status = 'lost'), 0)::int as lost
     from (select distinct * from unnest($1::smallint[], $2::text[])) as k(shard, order_id)
     join orders.parcels p on p.shard = k.shard and p.order_id = k.order_id
     cross join lateral jsonb_to_recordset(p.lines) as u("lineId" text, quantity int)
     group by p.shard, p.order_id, u."lineId"
   ) c
   where l.shard = c.shard and l.order_id = c.order_id and l.id = c.line_id
     and (l.delivered, l.lost) <> (c.delivered, c.lost)`,
)

/** What left an order so far, oldest first. */
export function listDispatches(on: Queryable, orderId: string): Promise<DispatchRecord[]> {
  return selectDispatches(on, [shardOf(orderId), orderId])
}

/** Counts units as shipped and keeps what is to be done for them. The order must be locked. */
export async function insertDispatched(
  tx: Tx,
  dispatch: DispatchRecord,
  now: string,
): Promise<void> {
  const { orderId, key, lines, allocations } = dispatch
  const keys = [shardOf(orderId), orderId]
  const units = unitsOf(lines)
  const moved = await shipUnits(tx, [...keys, [...units.keys()], [...units.values()]])
  if (moved.length !== units.size) throw new Error(`${orderId} ships more than it holds`)
  const inserted = await insertDispatch(tx, [
    ...keys,
    key,
    dispatch.carrier,
    dispatch.trackingNumber,
    JSON.stringify(lines),
    JSON.stringify(allocations),
    dispatch.estimatedDelivery,
    dispatch.dueAt,
    now,
  ])
  if (inserted.length !== 1) throw new Error(`${orderId} ships ${key} twice`)
  await closeShippedParts(tx, orderId, now)
}

/**
 * Takes back what stock refused: its units are to be shipped again. The order must be locked.
 * @returns false if that was done before
 */
export async function takeBackDispatch(tx: Tx, dispatch: DispatchRecord): Promise<boolean> {
  const { orderId, key, refusals, lines } = dispatch
  const keys = [shardOf(orderId), orderId]
  const refused = await refuseDispatch(tx, [...keys, key, refusals])
  if (refused.length === 0) return false
  const units = unitsOf(lines)
  await unshipUnits(tx, [...keys, [...units.keys()], [...units.values()]])
  await reopenParts(tx, keys)
  return true
}

function unitsOf(lines: DispatchRecord['lines']): Map<string, number> {
  const units = new Map<string, number>()
  for (const { lineId, quantity } of lines) {
    units.set(lineId, (units.get(lineId) ?? 0) + quantity)
  }
  return units
}

/** Marks sellers' parts of which no unit is left to ship. */
export async function closeShippedParts(tx: Tx, orderId: string, now: string): Promise<void> {
  await closeShipped(tx, [shardOf(orderId), orderId, now])
}

/** Stock and shipping know of it. */
export async function markDispatched(
  on: Queryable,
  { orderId, key }: Pick<DispatchRecord, 'orderId' | 'key'>,
): Promise<void> {
  await finishDispatch(on, [shardOf(orderId), orderId, key])
}

export function claimDueDispatches(
  on: Queryable,
  input: { now: string; leaseEndsAt: string },
): Promise<DispatchRecord[]> {
  return claimDispatches(on, [input.now, input.leaseEndsAt])
}

const selectParcels = statement<ParcelRecord>(
  'orders.select_parcels',
  `select shipment_id as "shipmentId", status, lines, updated_at as "updatedAt"
   from orders.parcels where shard = $1 and order_id = $2`,
)

export type ParcelRecord = Readonly<{
  shipmentId: string
  status: string
  lines: readonly Readonly<{ lineId: string; quantity: number }>[]
  updatedAt: string
}>

/** The last word on each parcel of an order. */
export function listParcels(on: Queryable, orderId: string): Promise<ParcelRecord[]> {
  return selectParcels(on, [shardOf(orderId), orderId])
}

/** Orders that were opened before a time and have units to ship. */
export async function listToShip(
  on: Queryable,
  input: { openedBefore: string; limit: number },
): Promise<string[]> {
  const rows = await selectToShip(on, [input.openedBefore, input.limit])
  return [...new Set(rows.map((row) => row.order_id))]
}

export type ParcelNews = Readonly<{
  orderId: string
  shipmentId: string
  status: string
  lines: readonly Readonly<{ lineId: string; quantity: number }>[]
  at: string
}>

/** Keeps the last word on each parcel, and counts what arrived. */
export async function recordParcels(tx: Tx, news: readonly ParcelNews[]): Promise<void> {
  if (news.length === 0) return
  const last = [...new Map(news.map((one) => [one.shipmentId, one])).values()].sort((a, b) =>
    a.orderId + a.shipmentId < b.orderId + b.shipmentId ? -1 : 1,
  )
  const shards = last.map(({ orderId }) => shardOf(orderId))
  const orderIds = last.map(({ orderId }) => orderId)
  await upsertParcels(tx, [
    shards,
    orderIds,
    last.map(({ shipmentId }) => shipmentId),
    last.map(({ status }) => status),
    last.map(({ lines }) => JSON.stringify(lines)),
    last.map(({ at }) => at),
  ])
  await countArrived(tx, [shards, orderIds])
}
