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

export type CartApi = Readonly<{
  create(input: {
    key?: string | undefined
    currency?: string | undefined
    country?: string | undefined
  }): Promise<Cart>
  /** @throws not_found */
  get(input: { cartId: string }): Promise<Cart>
  /** @throws not_found */
  getForCheckout(input: { cartId: string }): Promise<CheckoutCart>
  /** @throws not_found, cart.not_open, cart.full, cart.variant_not_sold */
  addLine(input: {
    key?: string | undefined
    cartId: string
    variantId: string
    offerId?: string | undefined
    quantity: number
  }): Promise<Cart>
  changeLine(input: { cartId: string; lineId: string; quantity: number }): Promise<Cart>
  removeLine(input: { cartId: string; lineId: string }): Promise<Cart>
  addCoupon(input: { cartId: string; code: string }): Promise<Cart>
  removeCoupon(input: { cartId: string; code: string }): Promise<Cart>
  /** Closes the cart once its order is confirmed; again does nothing. */
  markOrdered(input: { cartId: string; orderId: string }): Promise<void>
}>
