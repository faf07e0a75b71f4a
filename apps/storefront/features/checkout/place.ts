import type { Order, Refusal } from '@stoa/client'
import type { Form } from '../../lib/forms.ts'
import { paths } from '../../lib/paths.ts'
import type { Shop, Visit } from '../../lib/shop.ts'
import type { Language } from '../../messages/index.ts'
import { toAddress } from '../addresses/fields.ts'
import type { Draft } from './draft.ts'
import { TEST_TOKENS } from './payment-form.ts'

export type Placed = Readonly<{ ok: true; data: Order }> | Readonly<{ ok: false; problem: Refusal }>

const WAITS_MS = [400, 800, 1600, 3200]

/**
 * Sends the order. While the first try with this key still runs (a second click, a reload) it waits
 * for that one's answer instead of making another order.
 */
export async function placeOrder(
  shop: Shop,
  order: Readonly<{
    cartId: string
    quoteId: string
    key: string
    token: string
    draft: Draft
    language: Language
    /** The shop's, as this browser calls it. */
    address: string
  }>,
): Promise<Placed> {
  const { cartId, quoteId, key, token, draft, language, address } = order
  const send = () =>
    shop.api.placeOrder({
      idempotencyKey: key,
      body: {
        cartId,
        quoteId,
        email: draft.email,
        language,
        shippingAddress: toAddress(draft),
        shippingOptionId: draft.shippingOptionId,
        payment: { method: 'card', token },
        returnUrl: `${address}${paths.checkoutReturn()}`,
      },
    })
  let result = await send()
  for (const waitMs of WAITS_MS) {
    if (result.ok || result.problem.code !== 'idempotency_in_progress') break
    await new Promise((resolve) => setTimeout(resolve, waitMs))
    result = await send()
  }
  return result
}

/** The token to pay with; undefined if a card has to be asked for first. */
export function chosenToken(shop: Shop, form: Form): string | undefined {
  const method = form.text('method')
  if (shop.testPayments) {
    const named = TEST_TOKENS.find((token) => token === method)
    if (named) return named
  }
  const token = form.text('token')
  return method === 'card' && /^tok_[\w-]{3,196}$/.test(token) ? token : undefined
}

/** The provider's page that asks for a card, in the shopper's language, and comes back with a token. */
export function hostedFormUrl(
  { shop, choice }: Visit,
  { amount, currency, address }: Readonly<{ amount: number; currency: string; address: string }>,
): string | undefined {
  if (shop.providerUrl === null) return undefined
  const url = new URL('/v1/hosted-form', shop.providerUrl)
  url.searchParams.set('amount', String(amount))
  url.searchParams.set('currency', currency)
  url.searchParams.set('returnUrl', `${address}${paths.checkout('payment')}`)
  url.searchParams.set('locale', choice.language)
  return url.href
}

/** Where the bank asks the shopper, if it does: only ever on the provider's own origin. */
export function actionUrl({ shop, choice }: Visit, order: Order): string | undefined {
  const { status, redirectUrl } = order.payment
  if (status !== 'requires_action' || !redirectUrl || shop.providerUrl === null) return undefined
  if (!URL.canParse(redirectUrl)) return undefined
  const url = new URL(redirectUrl)
  if (url.origin !== new URL(shop.providerUrl).origin) return undefined
  url.searchParams.set('locale', choice.language)
  return url.href
}

export type Verdict = Readonly<{
  notice: string
  status: number
  /** Whether the same form, with the same key, may be sent again. */
  keepsKey: boolean
  /** Whether a card that was entered can still be charged. */
  keepsCard: boolean
}>

/** What a refused order means for the shopper. Nothing was charged in any of these cases. */
export function explainRefusal(
  { t, format }: Visit,
  problem: Refusal,
  totals: Readonly<{
    before: Parameters<typeof format.money>[0]
    after: Parameters<typeof format.money>[0] | undefined
  }>,
): Verdict {
  const { code, status } = problem
  const verdict = (notice: string, keep: Partial<Verdict> = {}): Verdict => ({
    notice,
    status: status >= 400 ? status : 503,
    keepsKey: false,
    keepsCard: true,
    ...keep,
  })
  if (code === 'payments.declined') {
    const reason = typeof problem['declineCode'] === 'string' ? problem['declineCode'] : ''
    return verdict(t.declines[reason] ?? t.declined, { keepsCard: false })
  }
  if (code === 'orders.price_changed' && totals.after) {
    return verdict(t.priceChanged(format.money(totals.before), format.money(totals.after)))
  }
  if (code === 'orders.price_changed' || code === 'orders.cart_changed')
    return verdict(t.cartChangedCheckout)
  if (
    code === 'pricing.quote_expired' ||
    code === 'orders.quote_unknown' ||
    code === 'orders.quote_mismatch'
  ) {
    return verdict(t.quoteExpired)
  }
  if (code === 'payments.denied') return verdict(t.denied)
  if (code === 'orders.purchase_limit') return verdict(t.purchaseLimit)
  if (code === 'inventory.insufficient_stock') return verdict(t.outOfStockCheckout)
  if (code === 'cart.variant_not_sold') return verdict(t.notices.not_sold)
  if (code === 'pricing.coupon_exhausted') return verdict(t.couponExhausted)
  if (code === 'cart.not_open') return verdict(t.alreadyOrdered)
  if (code === 'idempotency_in_progress') return verdict(t.stillRunning, { keepsKey: true })
  if (status === 0 || status >= 500) return verdict(t.paymentUnavailable, { keepsKey: true })
  return verdict(t.tryLater)
}
