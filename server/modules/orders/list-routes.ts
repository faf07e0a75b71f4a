import {
  addOrderNote,
  editOrder,
  findOrders,
  getAdminOrder,
  getSellerOrder,
  listSellerOrders,
} from '#contracts/orders/admin.ts'
import { type Actor, actorName } from '../../platform/http/actor.ts'
import { type Binding, bind } from '../../platform/http/binding.ts'
import { readIfMatch, versioned } from '../../platform/http/etag.ts'
import type { EditOrder } from './flows/edit-order.ts'
import type { OrderList } from './order-list.ts'

/** A seller's colleague sees what is the seller's, and nobody else anything. */
const sellersOf = (actor: Actor) => (actor.kind === 'seller' ? actor.sellerIds : [])

export function listBindings(list: OrderList, edit: EditOrder): Binding[] {
  return [
    bind(findOrders, async ({ query }) => ({ status: 200, body: await list.find(query) })),
    bind(getAdminOrder, async ({ params }) => versioned(200, await list.get(params))),
    bind(addOrderNote, async ({ params, body }, { actor }) => {
      const note = await list.note({ ...params, ...body, author: actorName(actor) })
      return { status: 201, body: note }
    }),
    bind(editOrder, async ({ params, body }, context) => {
      const { idempotencyKey: key = '' } = context
      await edit({ ...params, ...body, key, expectedVersion: readIfMatch(context) })
      return versioned(200, await list.get(params))
    }),
    bind(listSellerOrders, async ({ query }, { actor }) => {
      const sellerIds = sellersOf(actor)
      return { status: 200, body: await list.ofSellers({ ...query, sellerIds }) }
    }),
    bind(getSellerOrder, async ({ params }, { actor }) => {
      const items = await list.ofSellersIn({ ...params, sellerIds: sellersOf(actor) })
      return { status: 200, body: { items, nextCursor: null } }
    }),
  ]
}
