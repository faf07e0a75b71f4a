import type { BookedAddress, Cart, Quote, Refusal } from '@stoa/client'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { toAddress } from '../features/addresses/fields.ts'
import { openCart } from '../features/cart/session.ts'
import { type Draft, fieldsOf } from '../features/checkout/draft.ts'
import { type CheckoutView, checkoutBody, NO_ERRORS } from '../features/checkout/view.ts'
import { readIds, say } from '../lib/cookies.ts'
import { seeOther } from '../lib/forms.ts'
import { sendPage } from '../lib/layout.ts'
import { type CheckoutStep, paths } from '../lib/paths.ts'
import { sendProblem } from '../lib/problems.ts'
import type { Visit } from '../lib/shop.ts'

/** What a page of the checkout is to say. */
type Showing = Readonly<{
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
export async function showCheckout(
  v: Visit,
  request: FastifyRequest,
  reply: FastifyReply,
  showing: Showing,
): Promise<FastifyReply> {
  const { shop, t } = v
  const opened = await openCart({ visit: v, request, reply })
  if (!opened) {
    const text = showing.noticeFor?.(undefined)
    if (text) say(shop, reply, { tone: 'bad', text })
    return seeOther(reply, readIds(request, 'orders').length > 0 ? paths.orders() : paths.cart())
  }
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

/** The addresses of who is signed in, the default first. */
export async function bookOf({ account, shop }: Visit): Promise<readonly BookedAddress[]> {
  if (!account) return []
  const found = await shop.api.listAddresses({})
  if (!found.ok) return []
  return found.data.items.toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault))
}
