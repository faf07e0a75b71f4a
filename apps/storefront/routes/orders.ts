import type { Order, Refusal } from '@stoa/client'
import { type Html, html } from '@stoa/html'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { orderList } from '../features/orders/list.ts'
import { orderBody } from '../features/orders/view.ts'
import { readIds, say } from '../lib/cookies.ts'
import { readForm, seeOther } from '../lib/forms.ts'
import { sendPage } from '../lib/layout.ts'
import { paths } from '../lib/paths.ts'
import { message, sendNotFound, sendProblem } from '../lib/problems.ts'
import type { Shop, Visit } from '../lib/shop.ts'
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
    const found = v.account
      ? await ordersOfAccount(shop, request.query.before)
      : await ordersHere(shop, request)
    if (!found.ok) return sendProblem(v, reply, found.problem)
    const { orders, next } = found
    await sendPage(v, reply, {
      title: `${t.ordersTitle} · ${t.shopName}`,
      kind: 'orders',
      isPrivate: true,
      main:
        orders.length === 0
          ? noOrders(v)
          : html`<h1>${t.ordersTitle}</h1>${!v.account && html`<p class="quiet">${t.ordersHere} ${signInLink(v)}</p>`}${orderList(v, orders)}${next && html`<p><a class="button button-quiet" href="${`${paths.orders()}?before=${next}`}">${t.olderOrders}</a></p>`}`,
    })
    return reply
  })
}

function noOrders(v: Visit): Html {
  const { t } = v
  return message(
    t.ordersNone,
    html`${!v.account && html`<p>${t.ordersNoneHelp}</p>`}<p><a class="button" href="${paths.home()}">${t.startShopping}</a></p>${!v.account && html`<p>${signInLink(v)}</p>`}`,
  )
}

/** A guest's orders are those of the browser; those of the account may be many more. */
function signInLink({ t }: Visit): Html {
  return html`<a href="${paths.signIn(paths.orders())}">${t.ordersSignIn}</a>`
}

/** What an answer that failed keeps back is not the same as nothing. */
type Found =
  | Readonly<{ ok: true; orders: readonly Order[]; next: string | null }>
  | Readonly<{ ok: false; problem: Refusal }>

async function ordersHere(shop: Shop, request: FastifyRequest): Promise<Found> {
  const ids = readIds(request, 'orders').slice(0, SHOWN_ORDERS)
  const found = await Promise.all(ids.map((orderId) => shop.api.getOrder({ params: { orderId } })))
  for (const result of found) if (!result.ok && result.problem.status !== 404) return result
  return { ok: true, orders: found.flatMap((one) => (one.ok ? [one.data] : [])), next: null }
}

async function ordersOfAccount(shop: Shop, before: string | undefined): Promise<Found> {
  const cursor =
    typeof before === 'string' && /^ord_\w{10,40}$/.test(before) ? { cursor: before } : {}
  const found = await shop.api.listOrders({ query: { limit: SHOWN_ORDERS, ...cursor } })
  return found.ok ? { ok: true, orders: found.data.items, next: found.data.nextCursor } : found
}
