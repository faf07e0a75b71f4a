import { ordersProblem } from '#contracts/orders/problems.ts'
import { shippingProblem } from '#contracts/shipping/problems.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { CheckoutCart } from '../../cart/index.ts'
import type { KeptQuote, PricingApi } from '../../pricing/index.ts'
import type { ShippingApi } from '../../shipping/index.ts'
import type { PlaceOrderInput } from '../api.ts'
import { isSameAddress } from '../model.ts'
import type { QuoteCart } from './quote-cart.ts'

export type CheckedOffer = Readonly<{ cart: CheckoutCart; kept: KeptQuote }>

type Deps = Readonly<{
  clock: Clock
  quotes: QuoteCart
  pricing: Pick<PricingApi, 'getQuote'>
  shipping: Pick<ShippingApi, 'checkAddress'>
}>

/**
 * Step 1 of the path: the shopper buys what was shown. An expired quote that would come out the
 * same still holds.
 * @throws orders.quote_unknown, orders.quote_mismatch; orders.cart_changed or orders.price_changed
 * with the new quote in `quote`; what `readCart` throws.
 */
export function makeCheckOffer({ clock, quotes, pricing, shipping }: Deps) {
  async function checkBilling({ billingAddress }: PlaceOrderInput): Promise<void> {
    if (!billingAddress) return
    const errors = await shipping.checkAddress({
      address: billingAddress,
      path: 'body.billingAddress',
    })
    if (errors.length > 0) throw shippingProblem('shipping.address_invalid', { errors })
  }

  return async (input: PlaceOrderInput): Promise<CheckedOffer> => {
    const { cartId, quoteId, shippingAddress, shippingOptionId } = input
    const [cart, kept] = await Promise.all([
      quotes.readCart({ cartId, customerId: input.customerId }),
      pricing.getQuote({ quoteId, cartId }),
      checkBilling(input),
    ])
    if (!kept) throw ordersProblem('orders.quote_unknown')
    const { quote } = kept
    const isQuoted =
      isSameAddress(kept.shippingAddress, shippingAddress) &&
      quote.shippingOptionId === shippingOptionId
    if (!isQuoted) throw ordersProblem('orders.quote_mismatch')
    const requote = async () => {
      const { currency } = quote
      const made = await quotes.quote({ cart, shippingAddress, shippingOptionId, currency })
      return { data: { quote: made.quote } }
    }
    if (cart.version !== kept.cartVersion) {
      throw ordersProblem('orders.cart_changed', await requote())
    }
    const isExpired = Date.parse(quote.expiresAt) <= clock.now().getTime()
    const now = await quotes.reconsider(cart, kept, isExpired)
    if (now.fingerprint !== kept.fingerprint) {
      throw ordersProblem('orders.price_changed', await requote())
    }
    return { cart, kept }
  }
}
