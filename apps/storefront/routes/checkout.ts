import type { FastifyInstance, FastifyRequest } from 'fastify'
import { restoreCart } from '../features/cart/session.ts'
import {
  checkDraft,
  type Draft,
  draftFromBook,
  draftFromForm,
  keepDraft,
  readDraft,
} from '../features/checkout/draft.ts'
import { actionUrl } from '../features/checkout/place.ts'
import { isUnpaid } from '../features/orders/timeline.ts'
import { clearCookie, readIds, say } from '../lib/cookies.ts'
import { readForm, seeOther } from '../lib/forms.ts'
import { paths } from '../lib/paths.ts'
import type { Shop, Visit } from '../lib/shop.ts'
import { visit } from '../lib/visit.ts'
import { bookOf, showCheckout } from './checkout-page.ts'
import { payRoute } from './pay.ts'

type Query = Readonly<{ step?: string; payment_token?: string }>

/** The checkout: one page in three parts, each a form that works by itself. */
export function checkoutRoutes(app: FastifyInstance, shop: Shop): void {
  app.get<{ Querystring: Query }>('/checkout', async (request, reply) => {
    const v = await visit(shop, request, reply)
    const draft = await firstDraft(v, request)
    const token = request.query.payment_token
    const cardToken =
      typeof token === 'string' && /^tok_[\w-]{3,196}$/.test(token) ? token : undefined
    return showCheckout(v, request, reply, { draft, wish: request.query.step, cardToken })
  })

  app.post('/checkout/address', async (request, reply) => {
    const v = await visit(shop, request, reply)
    const draft = draftFromForm(readForm(request), readDraft(request, v.choice.country))
    const wrong = checkDraft(draft)
    if (wrong.size > 0) {
      keepDraft(shop, reply, draft)
      return showCheckout(v, request, reply, { draft, wrong, status: 422 })
    }
    keepDraft(shop, reply, { ...draft, isAddressTaken: true })
    return seeOther(reply, paths.checkout())
  })

  app.post(paths.checkoutBook(), async (request, reply) => {
    const v = await visit(shop, request, reply)
    const draft = readDraft(request, v.choice.country)
    const wanted = readForm(request).text('addressId')
    const booked = (await bookOf(v)).find(({ id }) => id === wanted)
    if (!booked) return seeOther(reply, paths.checkout('address'))
    const email = draft.email || v.account?.email || ''
    keepDraft(shop, reply, draftFromBook(booked.address, { ...draft, email }))
    return seeOther(reply, paths.checkout())
  })

  app.post('/checkout/country', async (request, reply) => {
    const v = await visit(shop, request, reply)
    const draft = draftFromForm(readForm(request), readDraft(request, v.choice.country))
    keepDraft(shop, reply, { ...draft, region: '' })
    return seeOther(reply, paths.checkout('address'))
  })

  app.post('/checkout/shipping', async (request, reply) => {
    const v = await visit(shop, request, reply)
    const draft = readDraft(request, v.choice.country)
    const shippingOptionId = readForm(request).text('shippingOptionId').slice(0, 60)
    keepDraft(shop, reply, { ...draft, shippingOptionId })
    return seeOther(reply, paths.checkout())
  })

  app.get('/checkout/return', async (request, reply) => {
    const v = await visit(shop, request, reply)
    const [orderId] = readIds(request, 'orders')
    if (orderId === undefined) return seeOther(reply, paths.orders())
    const order = await shop.api.getOrder({ params: { orderId } })
    if (!order.ok || actionUrl(v, order.data) !== undefined)
      return seeOther(reply, paths.order(orderId))
    if (isUnpaid(order.data)) {
      await restoreCart({ visit: v, request, reply })
      say(shop, reply, { tone: 'bad', text: v.t.paymentRefused })
      return seeOther(reply, paths.checkout())
    }
    clearCookie(shop, reply, 'cart')
    clearCookie(shop, reply, 'checkout')
    return seeOther(reply, `${paths.order(orderId)}?placed=1`)
  })

  payRoute(app, shop)
}

/** What was begun; else what the account knows, to be looked at and sent on. */
async function firstDraft(v: Visit, request: FastifyRequest): Promise<Draft> {
  const draft = readDraft(request, v.choice.country)
  if (!v.account || request.cookies['checkout'] !== undefined) return draft
  const { email, name } = v.account
  const [known] = await bookOf(v)
  if (!known) return { ...draft, email, name }
  return { ...draftFromBook(known.address, { ...draft, email }), isAddressTaken: false }
}
