import { z } from 'zod'
import { Currency, Money } from '../kit/money.ts'
import { Timestamp } from '../kit/page.ts'

export const PAYMENT_METHODS = [
  'card',
  'paypal',
  'bank_transfer',
  'cash_on_delivery',
  'prepaid',
] as const

/** A gift card's code as a shopper types it. */
export const GiftCardCode = z.string().min(8).max(40)

/**
 * How the shopper wants to pay. Card numbers never come here: `token` is the provider's. Gift cards
 * and store credit pay first, the method the rest; `prepaid` means that nothing may be left.
 */
export const PaymentInput = z
  .strictObject({
    method: z.enum(PAYMENT_METHODS),
    token: z
      .string()
      .regex(/^[\w-]{3,200}$/, 'is a token of the payment provider')
      .optional(),
    giftCards: z.array(GiftCardCode).max(5).optional().describe('Codes, in the order they pay'),
    useStoreCredit: z.boolean().optional().describe("The signed-in customer's"),
  })
  .refine((payment) => payment.method !== 'card' || payment.token !== undefined, {
    path: ['token'],
    message: 'is needed to pay by card',
  })

export const PAYMENT_STATUSES = [
  'pending',
  'authorized',
  'completed',
  'failed',
  'partially_refunded',
  'refunded',
] as const

export const PaymentState = z
  .strictObject({
    status: z.enum([...PAYMENT_STATUSES, 'requires_action']),
    method: z.string().optional(),
    amount: Money.describe('Of the whole order, gift cards and store credit included'),
    tenders: z
      .array(
        z.strictObject({
          type: z.enum(['gift_card', 'store_credit']),
          amount: Money,
          refunded: Money,
          last4: z.string().optional(),
        }),
      )
      .optional()
      .describe('What gift cards and store credit pay of it'),
    card: z.strictObject({ brand: z.string(), last4: z.string() }).optional(),
    redirectUrl: z.string().optional().describe('Where the shopper proves who pays'),
    transfer: z
      .strictObject({
        reference: z.string().describe('Creditor reference (ISO 11649) to write on it'),
        payBefore: Timestamp,
        accountHolder: z.string().optional(),
        iban: z.string().optional(),
        bic: z.string().optional(),
      })
      .optional()
      .describe('Where to transfer the money to, for a bank transfer'),
    declineCode: z.string().optional(),
  })
  .meta({ id: 'PaymentState' })
export type PaymentState = Readonly<z.infer<typeof PaymentState>>

/** A method of payment as it is offered for one order. */
export const PaymentMethod = z
  .strictObject({
    method: z.enum(PAYMENT_METHODS),
    name: z.string(),
    provider: z.string(),
    minAmount: Money.optional(),
    maxAmount: Money.optional(),
    daysToPay: z.int().optional().describe('How long the money may come after the order'),
  })
  .meta({ id: 'PaymentMethod' })

/** Where a method of payment is offered. The most particular rule counts: country, then currency. */
export const PaymentMethodRule = z
  .strictObject({
    method: z.enum(PAYMENT_METHODS),
    country: z.union([z.literal('*'), z.string().regex(/^[A-Z]{2}$/, 'is a country code or *')]),
    currency: z.union([z.literal('*'), Currency]),
    enabled: z.boolean(),
    minAmount: z.int().min(0).optional().describe('Minor units of the currency'),
    maxAmount: z.int().min(0).optional(),
  })
  .refine(({ minAmount = 0, maxAmount = minAmount }) => minAmount <= maxAmount, {
    path: ['maxAmount'],
    message: 'is not below minAmount',
  })
  .refine(
    ({ currency, minAmount, maxAmount }) =>
      currency !== '*' || (minAmount === undefined && maxAmount === undefined),
    { path: ['currency'], message: 'is needed to limit amounts' },
  )
  .meta({ id: 'PaymentMethodRule' })
export type PaymentMethodRule = Readonly<z.infer<typeof PaymentMethodRule>>

export const GiftCard = z
  .strictObject({
    id: z.string(),
    last4: z.string(),
    balance: Money,
    issued: Money,
    disabled: z.boolean(),
    expiresAt: Timestamp.nullable(),
    reference: z.string(),
    createdAt: Timestamp,
  })
  .meta({ id: 'GiftCard' })

export const PrepaidEntry = z
  .strictObject({
    kind: z.enum(['issue', 'redeem', 'return', 'correct']),
    amount: Money,
    orderId: z.string().nullable(),
    note: z.string(),
    at: Timestamp,
  })
  .meta({ id: 'PrepaidEntry' })

export const Dispute = z
  .strictObject({
    id: z.string(),
    orderId: z.string(),
    provider: z.string(),
    providerRef: z.string(),
    state: z.enum(['open', 'won', 'lost']),
    amount: Money,
    fee: Money,
    reason: z.string(),
    openedAt: Timestamp,
    updatedAt: Timestamp,
  })
  .meta({ id: 'Dispute' })

export const Refund = z
  .strictObject({
    id: z.string(),
    state: z.enum(['sent', 'pending', 'succeeded', 'failed']),
    amount: Money,
    toProvider: Money,
    toPrepaid: Money.describe('To gift cards and store credit'),
    reason: z.string(),
    createdAt: Timestamp,
  })
  .meta({ id: 'Refund' })

export const LedgerPosting = z.strictObject({
  account: z.string(),
  purpose: z.string(),
  side: z.enum(['debit', 'credit']),
  amount: Money,
})

/** Every movement of an order's money, and how it came to be. */
export const OrderMoney = z
  .strictObject({
    orderId: z.string(),
    attempts: z.array(
      z.strictObject({
        paymentId: z.string(),
        attempt: z.int(),
        method: z.string(),
        provider: z.string(),
        providerRef: z.string().nullable(),
        state: z.string(),
        amount: Money,
        authorized: Money,
        captured: Money,
        voided: Money,
        refunded: Money,
        disputed: Money,
        tendered: Money,
        createdAt: Timestamp,
      }),
    ),
    refunds: z.array(Refund),
    disputes: z.array(Dispute),
    journals: z.array(
      z.strictObject({
        id: z.string(),
        kind: z.string(),
        source: z.string(),
        currency: z.string(),
        createdAt: Timestamp,
        postings: z.array(LedgerPosting),
      }),
    ),
  })
  .meta({ id: 'OrderMoney' })

export const LedgerBalance = z
  .strictObject({
    account: z.string(),
    kind: z.string(),
    owner: z.string(),
    currency: z.string(),
    debit: Money,
    credit: Money,
    balance: Money.describe('Credits less debits'),
  })
  .meta({ id: 'LedgerBalance' })
