import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readDraft } from '../features/checkout/draft.ts'
import { TEST_TOKENS } from '../features/checkout/payment-form.ts'
import {
  actionUrl,
  chosenToken,
  explainRefusal,
  hostedFormUrl,
  placeOrder,
} from '../features/checkout/place.ts'
import { tellOf } from '../features/search/following.ts'
import { clearCookie, readCart, readIds, rememberId } from '../lib/cookies.ts'
import { type Form, ownAddress, readForm, seeOther } from '../lib/forms.ts'
import { paths } from '../lib/paths.ts'
import type { Shop, Visit } from '../lib/shop.ts'
import { visit } from '../lib/visit.ts'
import { showCheckout } from './checkout-page.ts'

/** POST /checkout/pay: places and pays the order, or says why not and asks again. */
export function payRoute(app: FastifyInstance, shop: Shop): void {
  app.post('/checkout/pay', async (request, reply) => {
    const v = await visit(shop, request, reply)
    const form = readForm(request)
    const draft = readDraft(request, v.choice.country)
    const cart = readCart(request)
    if (!cart || !draft.isAddressTaken || !draft.shippingOptionId) {
      return seeOther(
        reply,
        readIds(request, 'orders').length > 0 && !cart ? paths.orders() : paths.checkout(),
      )
    }
    const token = chosenToken(shop, form)
    if (token === undefined) return askForCard(v, request, reply, form)
    const key = form.text('key')
    const quoteId = form.text('quoteId')
    const placed = await placeOrder(shop, {
      cartId: cart.id,
      quoteId,
      key,
      token,
      draft,
      language: v.choice.language,
      address: ownAddress(shop.publicUrl, request),
    })
    if (placed.ok) return leave(v, request, reply, placed.data)
    const { problem } = placed
    const verdict = explainRefusal(v, problem, { before: shownTotal(form), after: undefined })
    const isMinted = !(TEST_TOKENS as readonly string[]).includes(token)
    if (problem.status >= 500)
      shop.log.warn({ code: problem.code, requestId: problem.requestId }, 'An order was not placed')
    return showCheckout(v, request, reply, {
      draft,
      status: verdict.status,
      cardToken: isMinted && verdict.keepsCard ? token : undefined,
      kept: verdict.keepsKey ? { key, quoteId } : undefined,
      noticeFor: (quote) =>
        explainRefusal(v, problem, { before: shownTotal(form), after: quote?.total }).notice,
    })
  })
}

function shownTotal(form: Form) {
  const currency = /^[A-Z]{3}$/.test(form.text('currency')) ? form.text('currency') : 'USD'
  const amount = /^\d{1,12}$/.test(form.text('total')) ? Number(form.text('total')) : 0
  return { amount, currency }
}

/** Without JavaScript a card is entered on the provider's page, which comes back here. */
async function askForCard(
  v: Visit,
  request: FastifyRequest,
  reply: FastifyReply,
  form: Form,
): Promise<FastifyReply> {
  const address = ownAddress(v.shop.publicUrl, request)
  const target =
    form.text('method') === 'card' ? hostedFormUrl(v, { ...shownTotal(form), address }) : undefined
  if (target !== undefined) return seeOther(reply, target)
  const draft = readDraft(request, v.choice.country)
  return showCheckout(v, request, reply, { draft, notice: v.t.choosePayment, status: 422 })
}

/** The order is there: to the bank if it asks, else to the order's page. */
function leave(
  v: Visit,
  request: FastifyRequest,
  reply: FastifyReply,
  order: Parameters<typeof actionUrl>[1],
): FastifyReply {
  const { shop } = v
  rememberId(shop, request, reply, { name: 'orders', id: order.id })
  tellOf(v, [{ kind: 'order', orderId: order.id }])
  const action = actionUrl(v, order)
  if (action !== undefined) return seeOther(reply, action)
  clearCookie(shop, reply, 'cart')
  clearCookie(shop, reply, 'checkout')
  return seeOther(reply, `${paths.order(order.id)}?placed=1`)
}
