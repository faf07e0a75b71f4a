import type { Order } from '@stoa/client'
import { html } from '@stoa/html'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { orderList } from '../features/orders/list.ts'
import { orderBody } from '../features/orders/view.ts'
import { readIds, say } from '../lib/cookies.ts'
import { readForm, seeOther } from '../lib/forms.ts'
import { sendPage } from '../lib/layout.ts'
import { paths } from '../lib/paths.ts'
import { message, sendNotFound, sendProblem } from '../lib/problems.ts'
import type { Shop } from '../lib/shop.ts'
import { visit } from '../lib/visit.ts'

const SHOWN_ORDERS = 10

type OrderRequest = { Params: { id: string }; Querystring: { placed?: string } }

/** An order's page, its cancellation, and the orders of this browser. */
export function orderRoutes(app: FastifyInstance, shop: Shop): void {
  app.get<OrderRequest>('/orders/:id', async (request, reply) => {
    const v = await visit(shop, request, reply)
    const params = { orderId: request.params.id }
    const [found, tracking, returns] = await Promise.all([
      shop.api.getOrder({ params }),
      shop.api.getTracking({ params }),
      shop.api.listReturnsOfOrder({ params }),
    ])
    if (!found.ok && (found.problem.status === 404 || found.problem.status === 400)) {
      return sendNotFound(v, reply, v.t.orderNotFound)
    }
    if (!found.ok) return sendProblem(v, reply, found.problem)
    const order = found.data
    await sendPage(v, reply, {
      title: `${v.t.orderTitle(order.number)} · ${v.t.shopName}`,
      kind: 'order',
      isPrivate: true,
      scripts: ['islands/order.ts', 'islands/news.ts'],
      main: orderBody(v, {
        order,
        shipments: tracking.ok ? tracking.data.items : order.shipments,
        isNew:
          request.query.placed === '1' &&
          ['pending', 'on_hold', 'confirmed'].includes(order.status),
        returns: returns.ok ? returns.data.items : [],
        newKey: shop.newId,
      }),
    })
    return reply
  })

  app.post<OrderRequest>('/orders/:id/cancel', async (request, reply) => {
    const v = await visit(shop, request, reply)
    const { id } = request.params
    const idempotencyKey = readForm(request).text('key') || shop.newId()
    const cancelled = await shop.api.cancelOrder({
      params: { orderId: id },
      body: {},
      idempotencyKey,
    })
    if (cancelled.ok) say(shop, reply, { tone: 'good', text: v.t.cancelled })
    else {
      const isTooLate = cancelled.problem.code === 'invalid_transition'
      say(shop, reply, { tone: 'bad', text: isTooLate ? v.t.cannotCancel : v.t.tryLater })
    }
    return seeOther(reply, paths.order(id))
  })

  ordersOfBrowser(app, shop)
}

/** GET /orders: what the account has ordered, or this browser. */
function ordersOfBrowser(app: FastifyInstance, shop: Shop): void {
  app.get<{ Querystring: { before?: string } }>('/orders', async (request, reply) => {
    const v = await visit(shop, request, reply)
    const { t } = v
    const { orders, next } = v.account
      ? await ordersOfAccount(shop, request.query.before)
      : { orders: await ordersHere(shop, request), next: null }
    await sendPage(v, reply, {
      title: `${t.ordersTitle} · ${t.shopName}`,
      kind: 'orders',
      isPrivate: true,
      main:
        orders.length === 0
          ? message(t.ordersNone, html`<p>${t.ordersNoneHelp}</p>`)
          : html`<h1>${t.ordersTitle}</h1>${!v.account && html`<p class="quiet">${t.ordersHere}</p>`}${orderList(v, orders)}${next && html`<p><a class="button button-quiet" href="${`${paths.orders()}?before=${next}`}">${t.olderOrders}</a></p>`}`,
    })
    return reply
  })
}

async function ordersHere(shop: Shop, request: FastifyRequest): Promise<Order[]> {
  const ids = readIds(request, 'orders').slice(0, SHOWN_ORDERS)
  const found = await Promise.all(ids.map((orderId) => shop.api.getOrder({ params: { orderId } })))
  return found.flatMap((result) => (result.ok ? [result.data] : []))
}

async function ordersOfAccount(
  shop: Shop,
  before: string | undefined,
): Promise<{ orders: readonly Order[]; next: string | null }> {
  const cursor =
    typeof before === 'string' && /^ord_\w{10,40}$/.test(before) ? { cursor: before } : {}
  const found = await shop.api.listOrders({ query: { limit: SHOWN_ORDERS, ...cursor } })
  return found.ok
    ? { orders: found.data.items, next: found.data.nextCursor }
    : { orders: [], next: null }
}
