import type { Address } from '#contracts/kit/address.ts'
import type { Language } from '#contracts/kit/language.ts'
import type { Order } from '#contracts/orders/schemas.ts'
import type { Quote } from '#contracts/pricing/schemas.ts'
import type { LineUnits, WantedRefund } from './refund.ts'

export type PlaceOrderInput = Readonly<{
  /** Unique for the shopper's intention: a repetition finds the same order. */
  key: string
  cartId: string
  quoteId: string
  email: string
  /** In which mails about the order are written. */
  language?: Language | undefined
  shippingAddress: Address
  billingAddress?: Address | undefined
  shippingOptionId: string
  payment: Readonly<{
    method: string
    token?: string | undefined
    giftCards?: readonly string[] | undefined
    useStoreCredit?: boolean | undefined
  }>
  returnUrl?: string | undefined
  customerId: string | null
  remoteAddress: string
  /** The visitor's number in the browser, for fraud screening. */
  device?: string | undefined
}>

export type OrdersApi = Readonly<{
  /** @throws not_found for a cart that is another customer's, unless the server itself asks */
  quote(input: {
    cartId: string
    /** Who asks: null is a guest; absent, the server itself. */
    customerId?: string | null | undefined
    shippingAddress: Address
    shippingOptionId?: string | undefined
    currency?: string | undefined
  }): Promise<Quote>
  /** The seven steps of design 4. `settled` is false while the payment is pending. */
  place(input: PlaceOrderInput): Promise<{ order: Order; settled: boolean }>
  /** @throws not_found */
  get(input: { orderId: string }): Promise<Order>
  list(input: {
    customerId: string
    cursor: string | null
    limit: number
  }): Promise<{ items: Order[]; nextCursor: string | null }>
  /** A person's orders: the account's, those it has claimed, and guests' with the addresses. */
  listOfPerson(input: { accountId: string; emails: readonly string[] }): Promise<Order[]>
  /**
   * Gives a customer the orders that were placed as a guest with an address that is now proven to
   * be theirs. Again does nothing. @returns how many were given.
   */
  claimGuestOrders(input: { customerId: string; email: string }): Promise<{ count: number }>
  /**
   * Ends an order of which nothing has shipped; or, with `lines`, takes units out of it that have not.
   * @throws not_found, invalid_transition
   */
  cancel(input: {
    key: string
    orderId: string
    by: 'customer' | 'operator'
    lines?: readonly LineUnits[] | undefined
  }): Promise<Order>
  /**
   * Gives back units, the shipping, or a free sum; once per key.
   * @throws not_found, invalid_transition, orders.refund_not_possible, payments.refund_too_large
   */
  refund(
    input: WantedRefund &
      Readonly<{
        key: string
        orderId: string
        reason: string
        to?: 'original' | 'store_credit' | undefined
      }>,
  ): Promise<Order>
  /**
   * Gives up the payment of an order that is not confirmed yet: the order then ends.
   * @throws not_found, invalid_transition
   */
  voidPayment(input: { orderId: string }): Promise<Order>
  ship(input: {
    key: string
    orderId: string
    carrier: string
    trackingNumber: string
    lines?: readonly Readonly<{ lineId: string; quantity: number }>[] | undefined
  }): Promise<void>
  /** Breaches of I2 and I3 that orders alone can see, in words. */
  audit(): Promise<string[]>
}>
