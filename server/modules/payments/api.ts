import type { Money } from '#contracts/kit/money.ts'
import type { PaymentState } from '#contracts/payments/schemas.ts'

export type ChargeInput = Readonly<{
  /** The order's id: the idempotency key, and the reference at the provider. */
  orderId: string
  /** Counts the shopper's tries for one order: another card is another try. */
  attempt: number
  amount: Money
  method: string
  token?: string | undefined
  returnUrl?: string | undefined
  /** Codes, used up in this order before anything else pays. */
  giftCards?: readonly string[] | undefined
  /** Whose store credit pays after them. */
  storeCreditOf?: string | undefined
}>

/** `unknown`: the provider did not answer; it will be asked again, never charged again. */
export type Payment = Readonly<{
  paymentId: string
  orderId: string
  attempt: number
  method: string
  state: 'unknown' | 'requires_action' | 'authorized' | 'captured' | 'failed' | 'voided'
  /** The whole order's, gift cards and store credit included; so are the next two. */
  amount: Money
  captured: number
  refunded: number
  /** Claimed by refunds whose outcome is open. */
  refunding: number
  /** 0 (fine) to 100 (fraud), if the provider tells. */
  riskScore: number | null
  shown: PaymentState
}>

/** Splits of a confirmed order's money, for the ledger. Amounts in minor units of the order's currency. */
export type SaleSplit = Readonly<{
  sellerId: string
  goodsNet: number
  tax: number
  shipping: number
  commission: number
  /** VAT that the marketplace charges on its commission. */
  commissionVat?: number
  /** The part of the discount that the marketplace bears: it owes the seller that much more. */
  marketplaceDiscount?: number
}>

/** What of a refund is one seller's. Amounts in minor units of the order's currency. */
export type RefundSplit = Readonly<Pick<SaleSplit, 'sellerId' | 'goodsNet' | 'tax' | 'shipping'>>

export type PaymentsApi = Readonly<{
  /** Charges once per (order, attempt). Never throws for a decline or silence: see `state`. */
  charge(input: ChargeInput): Promise<Payment>
  /** The newest attempt of the order, as known. */
  getByOrder(input: { orderId: string }): Promise<Payment | null>
  /** Asks the provider about an attempt whose outcome is unknown. */
  resolve(input: { orderId: string }): Promise<Payment | null>
  /** Gives everything back that was taken for an order: voids, or refunds what was captured. */
  cancel(input: { key: string; orderId: string; reason: string }): Promise<Payment | null>
  /**
   * Whether an order may be paid like this, before anything is held for it.
   * @throws payments.method_not_offered, payments.gift_card_unusable, payments.prepaid_too_little
   */
  check(input: {
    method: string
    country: string
    amount: Money
    giftCards?: readonly string[] | undefined
    storeCreditOf?: string | undefined
  }): Promise<void>
  /**
   * Takes what was authorised, or books cash that came; again does nothing.
   * @throws payments.amount_mismatch, payments.provider_refused, payments.provider_unavailable
   */
  capture(input: { orderId: string; amount?: Money | undefined }): Promise<Payment>
  /**
   * Gives up what was authorised, or what the shopper has not paid yet.
   * @throws invalid_transition, payments.provider_unavailable
   */
  void(input: { orderId: string }): Promise<Payment>
  /** How long a payment by this method may come after the order. */
  windowMs(input: { method: string }): number | null
  /**
   * Gives back part of what was taken: to gift cards, store credit and provider in proportion to
   * what is left of each, so that gift-card money never becomes cash (semantics 10.3).
   * @param splits whose it is; everybody's in proportion if absent.
   * @param creditTo whose store credit gets what the provider took; the provider, if absent.
   * @throws payments.refund_too_large
   */
  refund(input: {
    key: string
    orderId: string
    amount: Money
    reason: string
    splits?: readonly RefundSplit[]
    creditTo?: string | undefined
  }): Promise<Payment>
  /** Journals of a confirmed order; once per order. */
  recordSale(input: {
    orderId: string
    currency: string
    splits: readonly SaleSplit[]
  }): Promise<void>
  /** Breaches of I2, in words: unbalanced journals, shop against provider. */
  audit(): Promise<string[]>
}>
