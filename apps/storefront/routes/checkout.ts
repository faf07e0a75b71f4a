import type { BookedAddress, Cart, Quote, Refusal } from '@stoa/client'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { toAddress } from '../features/addresses/fields.ts'
import { openCart } from '../features/cart/session.ts'
import {
  checkDraft,
  type Draft,
  draftFromBook,
  draftFromForm,
  fieldsOf,
  keepDraft,
  readDraft,
} from '../features/checkout/draft.ts'
import { actionUrl } from '../features/checkout/place.ts'
import { type CheckoutView, checkoutBody, NO_ERRORS } from '../features/checkout/view.ts'
import { clearCookie, readIds } from '../lib/cookies.ts'
import { readForm, seeOther } from '../lib/forms.ts'
import { sendPage } from '../lib/layout.ts'
import { type CheckoutStep, paths } from '../lib/paths.ts'
import { sendProblem } from '../lib/problems.ts'
import type { Shop } from '../lib/shop.ts'
import { type Visit, visit } from '../lib/visit.ts'
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
    const [orderId] = readIds(request, 'orders')
    if (orderId === undefined) return seeOther(reply, paths.orders())
    const order = await shop.api.getOrder({ params: { orderId } })
    if (order.ok && actionUrl(shop, order.data) === undefined) clearCookie(shop, reply, 'cart')
    return seeOther(reply, paths.order(orderId))
  })

  payRoute(app, shop, showCheckout)
}

/** The addresses of who is signed in, the default first. */
async function bookOf({ account, shop }: Visit): Promise<readonly BookedAddress[]> {
  if (!account) return []
  const found = await shop.api.listAddresses({})
  if (!found.ok) return []
  return found.data.items.toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault))
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

export type Showing = Readonly<{
  draft: Draft
  /** The part that was asked for; the first that is not done if it cannot be shown yet. */
  wish?: string | undefined
  wrong?: CheckoutView['wrong']
  notice?: string | undefined
  status?: number
  cardToken?: string | undefined
  /** The form's key and quote, if they must stay. */
  kept?: Readonly<{ key: string; quoteId: string }> | undefined
  /** Words that depend on the fresh total. */
  noticeFor?: (quote: Quote | undefined) => string
}>

/** Shows the checkout as it stands, with a quote as of now. */
async function showCheckout(
  v: Visit,
  request: FastifyRequest,
  reply: FastifyReply,
  showing: Showing,
): Promise<FastifyReply> {
  const { shop, t } = v
  const opened = await openCart({ visit: v, request, reply })
  if (!opened)
    return seeOther(reply, readIds(request, 'orders').length > 0 ? paths.orders() : paths.cart())
  if (!opened.ok) return sendProblem(v, reply, opened.problem)
  if (opened.data.lines.length === 0) return seeOther(reply, paths.cart())
  const { draft } = showing
  const quoted = draft.isAddressTaken ? await quote(v, opened.data, draft) : undefined
  const refused = quoted && !quoted.ok ? addressRefusal(v, quoted.problem) : undefined
  const current = quoted?.ok ? quoted.data : undefined
  const step = stepFor(draft, current, showing.wish)
  const view: CheckoutView = {
    cart: opened.data,
    draft: refused ? { ...draft, isAddressTaken: false } : draft,
    quote: current,
    step,
    book: step === 'address' ? await bookOf(v) : [],
    payment: {
      key: showing.kept?.key ?? shop.newId(),
      quoteId: showing.kept?.quoteId,
      cardToken: showing.cardToken,
    },
    wrong: refused?.wrong ?? showing.wrong ?? NO_ERRORS,
    notice: refused?.notice ?? showing.noticeFor?.(current) ?? showing.notice,
  }
  await sendPage(v, reply, {
    title: `${t.secureCheckout} · ${t.shopName}`,
    kind: 'checkout',
    frame: 'checkout',
    isPrivate: true,
    status: showing.status ?? (refused ? 422 : 200),
    scripts: ['islands/checkout.ts'],
    needs: { provider: true },
    main: await checkoutBody(v, view),
  })
  return reply
}

/** A quote for the chosen option; for none, if the option is no longer offered. */
async function quote(v: Visit, cart: Cart, draft: Draft) {
  const ask = (shippingOptionId: string | undefined) =>
    v.shop.api.quoteCart({
      params: { cartId: cart.id },
      body: {
        shippingAddress: toAddress(draft),
        currency: cart.currency,
        ...(shippingOptionId ? { shippingOptionId } : {}),
      },
    })
  const asked = await ask(draft.shippingOptionId)
  if (asked.ok || asked.problem.code !== 'shipping.option_unknown') return asked
  return ask(undefined)
}

/** Without a quote the checkout stands at the address: what is wrong with it. */
function addressRefusal({ t, shop }: Visit, problem: Refusal) {
  const wrong = fieldsOf(problem.errors ?? [])
  if (wrong.size > 0) return { wrong, notice: undefined }
  if (problem.code === 'pricing.market_unknown')
    return { wrong: new Set(['country'] as const), notice: undefined }
  if (problem.code === 'shipping.not_deliverable')
    return { wrong: NO_ERRORS, notice: t.notDeliverable }
  if (problem.code === 'inventory.insufficient_stock')
    return { wrong: NO_ERRORS, notice: t.outOfStockCheckout }
  if (problem.code === 'cart.variant_not_sold')
    return { wrong: NO_ERRORS, notice: t.notices.not_sold }
  shop.log.warn({ code: problem.code }, 'A cart could not be quoted')
  return { wrong: NO_ERRORS, notice: t.tryLater }
}

function stepFor(draft: Draft, current: Quote | undefined, wish: string | undefined): CheckoutStep {
  if (!draft.isAddressTaken || current === undefined || wish === 'address') return 'address'
  const isChosen = current.shippingOptions.some(({ id }) => id === draft.shippingOptionId)
  return !isChosen || wish === 'shipping' ? 'shipping' : 'payment'
}

export type ShowCheckout = typeof showCheckout
