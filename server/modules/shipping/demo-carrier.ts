import type { Scan } from '#contracts/shipping/schemas.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { SHARDS } from '../../platform/ids.ts'
import type { Ticker } from '../../platform/module.ts'
import type { ShippingApi } from './api.ts'
import { listDemoDue, type StoredShipment, setDemoDue } from './repository.ts'

const HOUR_MS = 3_600_000

/** A parcel's way, in hours from its label. Nobody drives it: the demo has no carrier. */
const VISITS: readonly Readonly<{ hour: number; status: Scan['status']; note: string }>[] = [
  { hour: 3, status: 'shipped', note: 'Picked up by the carrier' },
  { hour: 9, status: 'in_transit', note: 'Left the sorting centre of origin' },
  { hour: 27, status: 'in_transit', note: 'Arrived at the sorting centre of destination' },
  { hour: 44, status: 'out_for_delivery', note: 'On the vehicle for delivery' },
  { hour: 49, status: 'delivered', note: 'Handed over' },
]

/** When the carrier comes next to a parcel that it has seen `visits` times; null after the last. */
export function nextVisit({
  createdAt,
  visits,
}: Readonly<{ createdAt: string; visits: number }>): string | null {
  const visit = VISITS[visits]
  return visit ? new Date(Date.parse(createdAt) + visit.hour * HOUR_MS).toISOString() : null
}

const EVERY_MS = 5_000
const BATCH = 100
const EVENT = /^demo:(\d+)$/

/** Plays the carrier of the demo: scans each parcel as its hours come, late ones included. */
export function createDemoCarrier({
  db,
  clock,
  recordScan,
}: Readonly<{
  db: Database
  clock: Clock
  recordScan: ShippingApi['recordScan']
}>): Ticker {
  async function visit(shipment: StoredShipment): Promise<void> {
    const visits = shipment.scans.filter(({ eventId }) => EVENT.test(eventId)).length
    const next = VISITS[visits]
    const at = nextVisit({ createdAt: shipment.createdAt, visits })
    const over = ['cancelled', 'delivered', 'lost', 'returned_to_sender'].includes(shipment.status)
    if (next && at && !over) {
      const { status, note } = next
      await recordScan({
        shipmentId: shipment.id,
        eventId: `demo:${visits}`,
        scan: { status, at, note },
      })
    }
    const due = over ? null : nextVisit({ createdAt: shipment.createdAt, visits: visits + 1 })
    await setDemoDue(db, { shard: shipment.shard, id: shipment.id, at: due })
  }

  return {
    name: 'shipping.play_carrier',
    everyMs: EVERY_MS,
    async run() {
      const due = await listDemoDue(db, {
        shards: [0, SHARDS - 1],
        now: clock.now().toISOString(),
        limit: BATCH,
      })
      for (const shipment of due) await visit(shipment)
      return due.length
    },
  }
}
