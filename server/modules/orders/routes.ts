import {
  cancelOrder,
  getOrder,
  getTracking,
  holdOrder,
  listOrders,
  placeOrder,
  quoteCart,
  refundOrder,
  rejectOrder,
  releaseOrder,
  shipOrder,
  voidPayment,
} from '#contracts/orders/routes.ts'
import { type Actor, actorName } from '../../platform/http/actor.ts'
import { type Binding, bind } from '../../platform/http/binding.ts'
import { refuseCursor } from '../../platform/http/cursor.ts'
import { deviceOf } from '../../platform/http/visitor.ts'
import { isIdOf } from '../../platform/ids.ts'
import type { OrdersApi } from './api.ts'
import type { EditOrder } from './flows/edit-order.ts'
import { listBindings } from './list-routes.ts'
import type { OrderList } from './order-list.ts'
import { returnBindings } from './return-routes.ts'
import type { ReturnsApi } from './returns.ts'
import type { Holder, OrdersService } from './service.ts'

type Deps = Readonly<{
  api: OrdersApi
  service: OrdersService
  returns: ReturnsApi
  orderList: OrderList
  editOrder: EditOrder
}>

const PAGE = 20

/** An operator sees every order; anybody else a guest's, or the own. */
function customerOf(actor: Actor): string | null {
  return actor.kind === 'customer' ? actor.id : null
}

export function ordersBindings({ api, service, returns, orderList, editOrder }: Deps): Binding[] {
  async function check(orderId: string, actor: Actor): Promise<void> {
    if (actor.kind === 'operator') return
    const holder: Holder = { customerId: customerOf(actor) }
    await service.checkHolder({ orderId, holder })
  }
  return [
    ...listBindings(orderList, editOrder),
    ...returnBindings({ returns, check }),
    bind(quoteCart, async ({ params, body }, { actor }) => {
      const asker = actor.kind === 'operator' ? {} : { customerId: customerOf(actor) }
      return { status: 200, body: await api.quote({ ...params, ...body, ...asker }) }
    }),
    bind(placeOrder, async ({ body }, { actor, idempotencyKey = '', remoteAddress, headers }) => {
      const { order, settled } = await api.place({
        ...body,
        key: `${actorName(actor)} ${idempotencyKey}`,
        customerId: customerOf(actor),
        remoteAddress,
        device: deviceOf(headers),
      })
      return { status: settled ? 201 : 202, body: order }
    }),
    bind(getOrder, async ({ params }, { actor }) => {
      await check(params.orderId, actor)
      return { status: 200, body: await api.get(params) }
    }),
    bind(listOrders, async ({ query }, { actor }) => {
      const customerId = customerOf(actor) ?? ''
      const { cursor = null, limit = PAGE } = query
      if (cursor !== null && !isIdOf('ord', cursor)) throw refuseCursor()
      return { status: 200, body: await api.list({ customerId, cursor, limit }) }
    }),
    bind(
      cancelOrder,
      async ({ params, body }, { actor, requestId, idempotencyKey = requestId }) => {
        await check(params.orderId, actor)
        const by = actor.kind === 'operator' ? 'operator' : 'customer'
        const command = { ...params, key: idempotencyKey, by, lines: body?.lines } as const
        return { status: 200, body: await api.cancel(command) }
      },
    ),
    bind(getTracking, async ({ params }, { actor }) => {
      await check(params.orderId, actor)
      return { status: 200, body: { items: await service.listShipments(params), nextCursor: null } }
    }),
    bind(refundOrder, async ({ params, body }, { idempotencyKey = '' }) => ({
      status: 201,
      body: await api.refund({ ...params, ...body, key: idempotencyKey }),
    })),
    bind(voidPayment, async ({ params }) => ({
      status: 200,
      body: await api.voidPayment(params),
    })),
    bind(holdOrder, async ({ params, body }) => ({
      status: 200,
      body: await service.hold({ ...params, ...body }),
    })),
    bind(releaseOrder, async ({ params }) => ({
      status: 200,
      body: await service.release(params),
    })),
    bind(rejectOrder, async ({ params }, { requestId, idempotencyKey = requestId }) => ({
      status: 200,
      body: await service.reject({ ...params, key: idempotencyKey }),
    })),
    bind(shipOrder, async ({ params, body }, { idempotencyKey = '' }) => {
      const { orderId } = params
      await api.ship({ key: idempotencyKey, orderId, ...body })
      return { status: 201, body: { items: await service.listShipments(params), nextCursor: null } }
    }),
  ]
}
