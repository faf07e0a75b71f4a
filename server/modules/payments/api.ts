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
}>

/** `unknown`: the provider did not answer; it will be asked again, never charged again. */
export type Payment = Readonly<{
  paymentId: string
  orderId: string
  attempt: number
  state: 'unknown' | 'requires_action' | 'authorized' | 'captured' | 'failed' | 'voided'
  amount: Money
  captured: number
  refunded: number
  shown: PaymentState
}>

/** Splits of a confirmed order's money, for the ledger. Amounts in minor units of the order's currency. */
export type SaleSplit = Readonly<{
  sellerId: string
  goodsNet: number
  tax: number
  shipping: number
  commission: number
}>

export type PaymentsApi = Readonly<{
  /** Charges once per (order, attempt). Never throws for a decline or silence: see `state`. */
  charge(input: ChargeInput): Promise<Payment>
  /** The newest attempt of the order, as known. */
  getByOrder(input: { orderId: string }): Promise<Payment | null>
  /** Asks the provider about an attempt whose outcome is unknown. */
  resolve(input: { orderId: string }): Promise<Payment | null>
  /** Gives everything back that was taken for an order: voids, or refunds what was captured. */
  cancel(input: { key: string; orderId: string; reason: string }): Promise<Payment | null>
  /** @throws payments.refund_too_large */
  refund(input: { key: string; orderId: string; amount: Money; reason: string }): Promise<Payment>
  /** Journals of a confirmed order; once per order. */
  recordSale(input: {
    orderId: string
    currency: string
    splits: readonly SaleSplit[]
  }): Promise<void>
  /** Breaches of I2, in words: unbalanced journals, shop against provider. */
  audit(): Promise<string[]>
}>
