import { generalProblem } from '#contracts/kit/problem.ts'
import { shipmentMoved } from '#contracts/shipping/events.ts'
import type { Shipment } from '#contracts/shipping/schemas.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { NewEvent, Outbox } from '../../platform/events/outbox.ts'
import { type Ids, shardOf } from '../../platform/ids.ts'
import type { ShippingApi } from './api.ts'
import { nextVisit } from './demo-carrier.ts'
import { stateOf } from './model.ts'
import {
  insertScan,
  insertShipments,
  listByKey,
  listByOrder,
  lockShipment,
  type StoredShipment,
  updateStatus,
} from './repository.ts'

type Deps = Readonly<{
  db: Database
  outbox: Outbox
  ids: Ids
  clock: Clock
  /** Whether the demo's carrier takes the new parcels. */
  demoCarrier: boolean
}>

/** Parcels and what carriers tell of them. */
export function createShipments({
  db,
  outbox,
  ids,
  clock,
  demoCarrier,
}: Deps): Pick<ShippingApi, 'createShipments' | 'recordScan' | 'listByOrder'> {
  return {
    async createShipments({ key, orderId, parcels, ...common }) {
      const shard = shardOf(orderId)
      const createdAt = clock.now().toISOString()
      const made = await db.tx(async (tx) => {
        const shipments = parcels.map((parcel) => ({
          ...common,
          id: ids.make('shp', shard),
          orderId,
          sellerId: parcel.sellerId,
          warehouseId: parcel.warehouseId,
          lines: [...parcel.lines],
          status: 'labelled' as const,
          createdAt,
          demoDueAt: demoCarrier ? nextVisit({ createdAt, visits: 0 }) : null,
        }))
        const fresh = await insertShipments(tx, { shard, key }, shipments)
        const news = shipments.filter(({ id }) => fresh.has(id))
        for (const shipment of news) {
          const scan = { status: shipment.status, at: createdAt, note: 'The label was made' }
          await insertScan(tx, { shard, shipmentId: shipment.id, eventId: 'label', scan })
        }
        await outbox.append(
          tx,
          news.map((shipment) => moved(shipment, createdAt)),
        )
        return listByKey(tx, shard, key)
      })
      outbox.appended.strike()
      return made.map(toView)
    },

    async recordScan({ shipmentId, eventId, scan }) {
      const shard = shardOfShipment(shipmentId)
      const after = await db.tx(async (tx) => {
        const shipment = await lockShipment(tx, shard, shipmentId)
        if (!shipment) throw generalProblem('not_found')
        if (shipment.scans.some((known) => known.eventId === eventId)) return shipment
        const scans = [...shipment.scans, { ...scan, eventId }]
        const status = stateOf(scans)
        assertPossible(shipment, scan.status, status)
        await insertScan(tx, { shard, shipmentId, eventId, scan })
        const next = { ...shipment, status, scans }
        if (status !== shipment.status) {
          await updateStatus(tx, { shard, id: shipmentId, status })
          await outbox.append(tx, [moved(next, scan.at)])
        }
        return next
      })
      outbox.appended.strike()
      return toView(after)
    },

    async listByOrder({ orderId }) {
      return (await listByOrder(db, shardOf(orderId), orderId)).map(toView)
    },
  }
}

/** An id that is none of ours is nobody's. @throws not_found */
function shardOfShipment(shipmentId: string): number {
  try {
    return shardOf(shipmentId)
  } catch {
    throw generalProblem('not_found')
  }
}

/**
 * Late scans do no harm and are kept; what can never be is refused: cancelling a parcel that is on
 * its way, and moving one that was cancelled.
 * @throws invalid_transition
 */
function assertPossible(
  shipment: StoredShipment,
  asked: StoredShipment['status'],
  reached: StoredShipment['status'],
): void {
  const possible = asked === 'cancelled' ? reached === 'cancelled' : reached !== 'cancelled'
  if (!possible) {
    throw generalProblem('invalid_transition', {
      detail: `A shipment that is ${shipment.status} does not become ${asked}`,
    })
  }
}

function moved(
  { id, orderId, status, lines }: Pick<StoredShipment, 'id' | 'orderId' | 'status' | 'lines'>,
  at: string,
): NewEvent<typeof shipmentMoved> {
  const payload = {
    shipmentId: id,
    orderId,
    status,
    lines: lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
    at,
  }
  return { spec: shipmentMoved, aggregateId: orderId, payload }
}

function toView(shipment: StoredShipment): Shipment {
  return {
    id: shipment.id,
    status: shipment.status,
    carrier: shipment.carrier,
    trackingNumber: shipment.trackingNumber,
    sellerId: shipment.sellerId,
    warehouseId: shipment.warehouseId,
    lines: [...shipment.lines],
    estimatedDelivery: shipment.estimatedDelivery,
    scans: [...shipment.scans]
      .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
      .map(({ eventId: _, ...scan }) => scan),
  }
}
