import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import type { Log } from '../../../platform/log.ts'
import type { InventoryApi } from '../../inventory/index.ts'
import type { ShippingApi } from '../../shipping/index.ts'
import { getPlaced } from '../repository.ts'
import { type ReturnRecord, takenOffers } from '../return-model.ts'
import { claimDueReturns, finishReturned } from '../return-repository.ts'
import { RESERVATION_TTL_SECONDS } from '../settings.ts'
import { placeOf } from './quote-cart.ts'
import { resumeDue } from './resume-due.ts'

type Deps = Readonly<{
  db: Database
  clock: Clock
  log: Log
  inventory: Pick<InventoryApi, 'takeBack' | 'reserve' | 'commit' | 'ship'>
  shipping: Pick<ShippingApi, 'createShipments'>
}>

export type FinishReturn = Readonly<{
  /** Holds the goods of an exchange. @throws inventory.insufficient_stock */
  reserveExchange(record: ReturnRecord): Promise<void>
  /** Puts what was taken into stock, and sends what is exchanged; again does nothing. */
  complete(record: ReturnRecord): Promise<void>
  /** Completes what a crash left. @returns how many. */
  resume(): Promise<number>
}>

/** What follows the inspection and the resolution of a return outside of orders, by its id as key. */
export function makeFinishReturn(deps: Deps): FinishReturn {
  const { db, clock, inventory, shipping } = deps

  async function stock({ id, lines }: ReturnRecord): Promise<void> {
    for (const { lineId, offerId, warehouseId, restocked, damaged } of lines) {
      if (restocked + damaged === 0) continue
      const units = { offerId, warehouseId, quantity: restocked, damaged }
      await inventory.takeBack({ key: `${id}:${lineId}`, ...units, reason: `return ${id}` })
    }
  }

  async function sendExchange(record: ReturnRecord): Promise<void> {
    const { id, orderId, exchangeCarrier, exchangeTrackingNumber } = record
    const placed = await getPlaced(db, orderId)
    const { allocations } = await inventory.commit({ key: id })
    const key = `${id}:exchange`
    await inventory.ship({ key: id, shipmentKey: key, lines: allocations })
    const sent = allocations.map(({ offerId, warehouseId, quantity }) => {
      const line = placed.lines.find((one) => one.offerId === offerId)
      if (!line) throw new Error(`${id} exchanges ${offerId}, which ${orderId} has not`)
      return { line, warehouseId, quantity }
    })
    const parcels = Map.groupBy(sent, ({ line, warehouseId }) => `${line.sellerId} ${warehouseId}`)
    await shipping.createShipments({
      key,
      orderId,
      carrier: exchangeCarrier ?? '',
      trackingNumber: exchangeTrackingNumber ?? '',
      estimatedDelivery: null,
      parcels: [...parcels.values()].map((own) => ({
        sellerId: own[0]!.line.sellerId,
        warehouseId: own[0]!.warehouseId,
        // Named after the return: the order's own units were delivered before.
        lines: own.map(({ line: { sku, name }, quantity }) => ({
          lineId: id,
          sku,
          name,
          quantity,
        })),
      })),
    })
  }

  async function complete(record: ReturnRecord): Promise<void> {
    if (record.dueAt === null) return
    if (record.stockedAt === null) await stock(record)
    if (record.resolution === 'exchange') await sendExchange(record)
    await finishReturned(db, record, clock.now().toISOString())
  }

  return {
    async reserveExchange({ id, orderId, lines }) {
      const { shippingAddress } = (await getPlaced(db, orderId)).order
      await inventory.reserve({
        key: id,
        lines: takenOffers(lines),
        destination: placeOf(shippingAddress),
        ttlSeconds: RESERVATION_TTL_SECONDS,
      })
    },
    complete,
    resume: () =>
      resumeDue(deps, {
        claim: claimDueReturns,
        complete,
        named: ({ id }) => ({ returnId: id }),
        later: 'a return is resumed later',
      }),
  }
}
