import type { Scan, Shipment } from '#contracts/shipping/schemas.ts'
import { type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import { inOrder, type Service, type ShipmentStatus } from './model.ts'

type ServiceRow = {
  method_id: string
  name: string
  min_days: number
  max_days: number
  abroad_min_days: number
  abroad_max_days: number
  free_from_minor: number | null
  extra_kilogram_minor: number
  steps: { maxWeightGrams: number; priceAmount: number }[]
}

const selectServices = statement<ServiceRow>(
  'shipping.list_services',
  `select m.id as method_id, m.name, s.min_days, s.max_days,
     coalesce(a.min_days, s.min_days) as abroad_min_days,
     coalesce(a.max_days, s.max_days) as abroad_max_days, s.free_from_minor, s.extra_kilogram_minor,
     (select json_agg(json_build_object('maxWeightGrams', r.max_weight_grams, 'priceAmount', r.price_minor)
        order by r.max_weight_grams)
      from shipping.rates r where r.method_id = s.method_id and r.zone_id = s.zone_id) as steps
   from shipping.services s join shipping.methods m on m.id = s.method_id
   join shipping.zones z on z.id = s.zone_id
   left join shipping.services a on a.method_id = s.method_id and a.zone_id = z.abroad_zone_id
   where m.active and s.zone_id = coalesce(
     (select zone_id from shipping.zone_countries where country = $1),
     (select id from shipping.zones where rest_of_world))
   order by m.rank`,
)

/** Ways to send to a country; none where nothing is delivered. */
export async function listServices(on: Queryable, country: string): Promise<Service[]> {
  const rows = await selectServices(on, [country])
  return rows
    .filter((row) => row.steps)
    .map((row) => ({
      methodId: row.method_id,
      name: row.name,
      transit: { minDays: row.min_days, maxDays: row.max_days },
      transitFromAbroad: { minDays: row.abroad_min_days, maxDays: row.abroad_max_days },
      freeFromAmount: row.free_from_minor,
      extraKilogramAmount: row.extra_kilogram_minor,
      steps: row.steps,
    }))
}

export type StoredScan = Scan & Readonly<{ eventId: string }>

export type StoredShipment = Readonly<{
  shard: number
  id: string
  orderId: string
  sellerId: string
  warehouseId: string
  carrier: string
  trackingNumber: string | null
  status: ShipmentStatus
  lines: Shipment['lines']
  estimatedDelivery: string | null
  createdAt: string
  demoDueAt: string | null
  scans: readonly StoredScan[]
}>

type ShipmentRow = {
  shard: number
  id: string
  order_id: string
  seller_id: string
  warehouse_id: string
  carrier: string
  tracking_number: string | null
  status: ShipmentStatus
  lines: Shipment['lines']
  estimated_delivery: string | null
  created_at: string
  demo_due_at: string | null
  scans:
    | {
        eventId: string
        status: ShipmentStatus
        at: string
        location: string | null
        note: string | null
      }[]
    | null
}

const COLUMNS = `s.shard, s.id, s.order_id, s.seller_id, s.warehouse_id, s.carrier, s.tracking_number,
  s.status, s.lines, s.estimated_delivery, s.created_at, s.demo_due_at,
  (select json_agg(json_build_object('eventId', c.event_id, 'status', c.status, 'at', c.scanned_at,
     'location', c.location, 'note', c.note))
   from shipping.scans c where c.shard = s.shard and c.shipment_id = s.id) as scans`

const selectByOrder = statement<ShipmentRow>(
  'shipping.list_by_order',
  `select ${COLUMNS} from shipping.shipments s
   where s.shard = $1 and s.order_id = $2 order by s.created_at, s.id`,
)
const selectByKey = statement<ShipmentRow>(
  'shipping.list_by_key',
  `select ${COLUMNS} from shipping.shipments s where s.shard = $1 and s.key = $2 order by s.place`,
)
const selectShipment = statement<ShipmentRow>(
  'shipping.find_shipment',
  `select ${COLUMNS} from shipping.shipments s where s.shard = $1 and s.id = $2`,
)

export async function listByOrder(
  on: Queryable,
  shard: number,
  orderId: string,
): Promise<StoredShipment[]> {
  return (await selectByOrder(on, [shard, orderId])).map(toShipment)
}

/** Shipments that one command made, in order of its parcels. */
export async function listByKey(
  on: Queryable,
  shard: number,
  key: string,
): Promise<StoredShipment[]> {
  return (await selectByKey(on, [shard, key])).map(toShipment)
}

async function findShipment(
  on: Queryable,
  shard: number,
  id: string,
): Promise<StoredShipment | undefined> {
  const [row] = await selectShipment(on, [shard, id])
  return row && toShipment(row)
}

function toShipment(row: ShipmentRow): StoredShipment {
  return {
    shard: row.shard,
    id: row.id,
    orderId: row.order_id,
    sellerId: row.seller_id,
    warehouseId: row.warehouse_id,
    carrier: row.carrier,
    trackingNumber: row.tracking_number,
    status: row.status,
    lines: row.lines,
    estimatedDelivery: row.estimated_delivery,
    createdAt: row.created_at,
    demoDueAt: row.demo_due_at,
    scans: inOrder(
      (row.scans ?? []).map(({ eventId, status, at, location, note }) => ({
        eventId,
        status,
        at: new Date(at).toISOString(),
        ...(location === null ? {} : { location }),
        ...(note === null ? {} : { note }),
      })),
    ),
  }
}

export type NewShipment = Omit<StoredShipment, 'scans' | 'shard'>

const insertShipmentRows = statement<{ id: string }>(
  'shipping.insert_shipments',
  `insert into shipping.shipments (shard, id, order_id, key, place, seller_id, warehouse_id, carrier,
     tracking_number, status, lines, estimated_delivery, created_at, demo_due_at)
   select $1, id, $2, $3, place, seller_id, warehouse_id, $4, $5, $6, lines, $7, $8, $9
   from unnest($10::text[], $11::smallint[], $12::text[], $13::text[], $14::jsonb[])
     as n(id, place, seller_id, warehouse_id, lines)
   order by place
   on conflict (shard, key, place) do nothing
   returning id`,
)

/** @returns the ids that are new; those of a repeated command are not. */
export async function insertShipments(
  tx: Tx,
  { shard, key }: Readonly<{ shard: number; key: string }>,
  shipments: readonly NewShipment[],
): Promise<ReadonlySet<string>> {
  const [first] = shipments
  if (!first) return new Set()
  const rows = await insertShipmentRows(tx, [
    shard,
    first.orderId,
    key,
    first.carrier,
    first.trackingNumber,
    first.status,
    first.estimatedDelivery,
    first.createdAt,
    first.demoDueAt,
    shipments.map(({ id }) => id),
    shipments.map((_, place) => place),
    shipments.map(({ sellerId }) => sellerId),
    shipments.map(({ warehouseId }) => warehouseId),
    shipments.map(({ lines }) => JSON.stringify(lines)),
  ])
  return new Set(rows.map(({ id }) => id))
}

const lockShipmentRow = statement<{ id: string }>(
  'shipping.lock_shipment',
  'select id from shipping.shipments where shard = $1 and id = $2 for update',
)

/** Holds the shipment's row until the transaction ends, so that its scans are judged one by one. */
export async function lockShipment(
  tx: Tx,
  shard: number,
  id: string,
): Promise<StoredShipment | undefined> {
  if ((await lockShipmentRow(tx, [shard, id])).length === 0) return undefined
  return findShipment(tx, shard, id)
}

const insertScanRow = statement<{ event_id: string }>(
  'shipping.insert_scan',
  `insert into shipping.scans (shard, shipment_id, event_id, status, scanned_at, location, note)
   values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning event_id`,
)

/** @returns whether the scan is new. */
export async function insertScan(
  tx: Tx,
  {
    shard,
    shipmentId,
    eventId,
    scan,
  }: Readonly<{
    shard: number
    shipmentId: string
    eventId: string
    scan: Scan
  }>,
): Promise<boolean> {
  const { status, at, location, note } = scan
  const values = [shard, shipmentId, eventId, status, at, location ?? null, note ?? null]
  return (await insertScanRow(tx, values)).length === 1
}

const updateShipmentRow = statement(
  'shipping.update_status',
  `update shipping.shipments set status = $3, version = version + 1
   where shard = $1 and id = $2`,
)

export async function updateStatus(
  tx: Tx,
  { shard, id, status }: Readonly<{ shard: number; id: string; status: ShipmentStatus }>,
): Promise<void> {
  await updateShipmentRow(tx, [shard, id, status])
}

const updateDemoDue = statement(
  'shipping.update_demo_due',
  'update shipping.shipments set demo_due_at = $3 where shard = $1 and id = $2',
)

/** When the demo's carrier scans the parcel next; null: it is done with it. */
export async function setDemoDue(
  on: Queryable,
  { shard, id, at }: Readonly<{ shard: number; id: string; at: string | null }>,
): Promise<void> {
  await updateDemoDue(on, [shard, id, at])
}

const selectDemoDue = statement<ShipmentRow>(
  'shipping.list_demo_due',
  `select ${COLUMNS} from shipping.shipments s
   where s.shard between $1 and $2 and s.demo_due_at <= $3 order by s.demo_due_at limit $4`,
)

/** Parcels of a range of shards that the demo's carrier should have scanned by now. */
export async function listDemoDue(
  on: Queryable,
  {
    shards: [from, to],
    now,
    limit,
  }: Readonly<{
    shards: readonly [number, number]
    now: string
    limit: number
  }>,
): Promise<StoredShipment[]> {
  return (await selectDemoDue(on, [from, to, now, limit])).map(toShipment)
}
