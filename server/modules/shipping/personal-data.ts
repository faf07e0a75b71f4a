import type { Database } from '../../platform/db/database.ts'
import { statement } from '../../platform/db/statement.ts'
import { shardOf } from '../../platform/ids.ts'
import type { OrderData } from '../../platform/module.ts'

const selectShipments = statement<Readonly<{ found: readonly Record<string, unknown>[] }>>(
  'shipping.shipments_of_orders',
  `select coalesce(json_agg(json_build_object('orderId', s.order_id, 'carrier', s.carrier,
     'trackingNumber', s.tracking_number, 'status', s.status, 'createdAt', s.created_at,
     'scans', (select coalesce(json_agg(json_build_object('status', c.status, 'at', c.scanned_at,
        'location', c.location, 'note', c.note) order by c.scanned_at), '[]')
       from shipping.scans c where c.shard = s.shard and c.shipment_id = s.id))
     order by s.created_at), '[]') as found
   from unnest($1::smallint[], $2::text[]) as k(shard, order_id)
   join shipping.shipments s on s.shard = k.shard and s.order_id = k.order_id`,
)

type Gone = Readonly<{ id: string }>

// A parcel that is still under way could not be found again without its number.
const eraseTracking = statement<Gone>(
  'shipping.erase_tracking_of_orders',
  `update shipping.shipments s set tracking_number = null
   from unnest($1::smallint[], $2::text[]) as k(shard, order_id)
   where s.shard = k.shard and s.order_id = k.order_id and s.tracking_number is not null
     and s.status in ('delivered', 'returned_to_sender', 'lost', 'cancelled')
   returning s.id`,
)
const eraseScans = statement<Gone>(
  'shipping.erase_scans_of_orders',
  `update shipping.scans c set location = null, note = null
   from unnest($1::smallint[], $2::text[]) as k(shard, order_id)
   join shipping.shipments s on s.shard = k.shard and s.order_id = k.order_id
   where c.shard = s.shard and c.shipment_id = s.id
     and (c.location is not null or c.note is not null)
   returning c.event_id as id`,
)

/**
 * Parcels are known by their orders. Where one was scanned, what the carrier noted, and the number under which the
 * carrier knows its receiver are erased; the number of a parcel under way when it has arrived and is asked again.
 */
export function createOrderData(db: Database): OrderData {
  const keysOf = (orderIds: readonly string[]) => [orderIds.map(shardOf), orderIds]
  return {
    async export(orderIds) {
      const [row] = await selectShipments(db, keysOf(orderIds))
      return { shipments: row?.found ?? [] }
    },
    async erase(orderIds) {
      const tracked = await eraseTracking(db, keysOf(orderIds))
      const scanned = await eraseScans(db, keysOf(orderIds))
      const reason = 'what was sent when is a booking; parcels under way keep their number'
      return [
        { table: 'shipping.shipments', deleted: 0, anonymised: tracked.length, reason },
        { table: 'shipping.scans', deleted: 0, anonymised: scanned.length, reason },
      ]
    },
  }
}
