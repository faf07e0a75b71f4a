import { generalProblem } from '#contracts/kit/problem.ts'
import type { Order } from '#contracts/orders/schemas.ts'
import type { Shipment } from '#contracts/shipping/schemas.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { PaymentsApi } from '../payments/index.ts'
import type { ShippingApi } from '../shipping/index.ts'
import type { OrdersApi } from './api.ts'
import { findOwner } from './claims.ts'
import type { CancelLines } from './flows/cancel-lines.ts'
import type { FinishOrder } from './flows/finish-order.ts'
import { orderStatus, type PlacedOrder, refuseTransition } from './model.ts'
import { findPlaced, listIdsOfCustomer, listPlaced, listTimelines } from './repository.ts'
import { holdOpen, isHeld, releaseHeld } from './reviews.ts'
import { toOrder } from './view.ts'

/** Who asks for an order: `null` may see a guest's by its id; a customer also the own ones. */
export type Holder = Readonly<{ customerId: string | null }>

type Deps = Readonly<{
  db: Database
  clock: Clock
  payments: Pick<PaymentsApi, 'getByOrder'>
  shipping: Pick<ShippingApi, 'listByOrder'>
  finish: FinishOrder
  cancelLines: CancelLines
}>

export type OrdersService = Pick<OrdersApi, 'get' | 'list' | 'cancel'> &
  Readonly<{
    /** Proves that an order may be seen. @throws not_found, also for one of somebody else */
    checkHolder(input: { orderId: string; holder: Holder }): Promise<void>
    /** @throws not_found; invalid_transition if the order is confirmed or has ended */
    checkUndecided(input: { orderId: string }): Promise<void>
    /** Has a paid order wait. @throws not_found, invalid_transition */
    hold(input: { orderId: string; note?: string | undefined }): Promise<Order>
    /** @throws not_found, invalid_transition if it is not held */
    release(input: { orderId: string }): Promise<Order>
    /** Cancels a held order. @throws not_found, invalid_transition if it is not held */
    reject(input: { key: string; orderId: string }): Promise<Order>
    listShipments(input: { orderId: string }): Promise<Shipment[]>
  }>

export function createOrdersService(deps: Deps): OrdersService {
  const { db, clock, payments, shipping, finish, cancelLines } = deps

  async function getPlacedOr404(orderId: string): Promise<PlacedOrder> {
    const placed = await findPlaced(db, orderId)
    if (!placed) throw generalProblem('not_found')
    return placed
  }

  async function show(all: readonly PlacedOrder[]): Promise<Order[]> {
    const timelines = await listTimelines(
      db,
      all.map(({ order }) => order.id),
    )
    return Promise.all(
      all.map(async (placed) => {
        const { id: orderId } = placed.order
        const [payment, shipments] = await Promise.all([
          payments.getByOrder({ orderId }),
          shipping.listByOrder({ orderId }),
        ])
        return toOrder({ placed, timeline: timelines.get(orderId) ?? [], payment, shipments })
      }),
    )
  }

  async function get({ orderId }: { orderId: string }): Promise<Order> {
    const [order] = await show([await getPlacedOr404(orderId)])
    return order as Order
  }

  async function checkHeld(orderId: string, event: string): Promise<void> {
    const placed = await getPlacedOr404(orderId)
    if (isHeld(placed)) return
    throw refuseTransition(orderStatus(placed.sellerOrders, placed.lines), event, [])
  }

  return {
    get,
    async list({ customerId, cursor, limit }) {
      const ids = await listIdsOfCustomer(db, { customerId, before: cursor, limit: limit + 1 })
      const items = await show(await listPlaced(db, ids.slice(0, limit)))
      return { items, nextCursor: ids.length > limit ? (items.at(-1)?.id ?? null) : null }
    },
    async cancel({ key, orderId, by, lines }) {
      if (lines && (await cancelLines.cancel({ key, orderId, by, lines }))) return get({ orderId })
      const ended = await finish.end(await getPlacedOr404(orderId), { reason: by, key })
      const order = await get({ orderId })
      if (!ended) throw refuseTransition(order.status, 'cancel', [])
      return order
    },
    async checkHolder({ orderId, holder }) {
      const { order } = await getPlacedOr404(orderId)
      const owner = await findOwner(db, order)
      if (owner !== null && owner !== holder.customerId) throw generalProblem('not_found')
    },
    async checkUndecided({ orderId }) {
      const { status } = await get({ orderId })
      if (status !== 'pending') throw refuseTransition(status, 'void', [])
    },
    async hold(input) {
      await db.tx((tx) => holdOpen(tx, input, clock))
      return get(input)
    },
    async release({ orderId }) {
      await checkHeld(orderId, 'release')
      await db.tx((tx) => releaseHeld(tx, orderId, clock))
      return get({ orderId })
    },
    async reject({ key, orderId }) {
      await checkHeld(orderId, 'reject')
      await finish.end(await getPlacedOr404(orderId), { reason: 'fraud', key })
      return get({ orderId })
    },
    listShipments: ({ orderId }) => shipping.listByOrder({ orderId }),
  }
}
