import type { Cart } from '#contracts/cart/schemas.ts'
import type { OfferSnapshot } from '../catalog/index.ts'

/** A cart as checkout needs it: raw lines with the offers as of now. */
export type CheckoutCart = Readonly<{
  id: string
  version: number
  status: 'open' | 'ordered' | 'merged'
  currency: string
  country: string
  customerId: string | null
  coupons: readonly string[]
  lines: readonly Readonly<{
    lineId: string
    variantId: string
    quantity: number
    offer: OfferSnapshot | null
  }>[]
}>

/**
 * Who asks for a cart: a signed-in customer, or null for a guest, who is refused (not_found) where
 * the cart belongs to a customer. Absent: the server itself.
 */
type Asker = Readonly<{ customerId?: string | null | undefined }>

export type CartApi = Readonly<{
  /**
   * A new, empty cart of a guest; or of a customer, who has that one from now on. It takes no key: a
   * cart made twice is one that nobody knows of.
   * @throws catalog.currency_not_sold, pricing.market_unknown
   */
  create(input: {
    currency?: string | undefined
    country?: string | undefined
    customerId?: string | null | undefined
  }): Promise<Cart>
  /** The open cart that a customer has now. */
  current(input: { customerId: string }): Promise<{ cartId: string | null }>
  /** @throws not_found */
  get(input: Asker & { cartId: string }): Promise<Cart>
  /** @throws not_found */
  getForCheckout(input: { cartId: string }): Promise<CheckoutCart>
  /** @throws not_found, cart.not_open, cart.full, cart.variant_not_sold */
  addLine(
    input: Asker & {
      key?: string | undefined
      cartId: string
      variantId: string
      offerId?: string | undefined
      quantity: number
    },
  ): Promise<Cart>
  /** @throws not_found, cart.not_open */
  changeLine(input: Asker & { cartId: string; lineId: string; quantity: number }): Promise<Cart>
  /** @throws not_found, cart.not_open */
  removeLine(input: Asker & { cartId: string; lineId: string }): Promise<Cart>
  /** @throws not_found, cart.not_open, cart.coupon_unknown */
  addCoupon(input: Asker & { cartId: string; code: string }): Promise<Cart>
  /** @throws not_found, cart.not_open */
  removeCoupon(input: Asker & { cartId: string; code: string }): Promise<Cart>
  /**
   * Makes a guest's cart the customer's at sign-in: re-owned if the customer has no open cart, else
   * its lines are added to that one. Again, and by several at once, it is merged once.
   * @throws not_found
   */
  merge(input: { guestCartId: string; customerId: string }): Promise<Cart>
  /** Closes the cart once its order is confirmed; again does nothing. */
  markOrdered(input: { cartId: string; orderId: string }): Promise<void>
}>
