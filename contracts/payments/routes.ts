import { z } from 'zod'
import { id } from '../kit/ids.ts'
import { Currency, Money } from '../kit/money.ts'
import { page, queryInt, Timestamp } from '../kit/page.ts'
import { route } from '../kit/route.ts'
import {
  Dispute,
  GiftCard,
  GiftCardCode,
  LedgerBalance,
  OrderMoney,
  PaymentMethod,
  PaymentMethodRule,
  PaymentState,
  PrepaidEntry,
} from './schemas.ts'

const Positive = Money.refine(({ amount }) => amount > 0, 'is above 0')

/**
 * Of one gift card or one movement of store credit: the sums of a currency's books stay far from
 * what a number can count, whatever is issued.
 */
const MAX_PREPAID = 1_000_000_000
const PrepaidAmount = Money.refine(
  ({ amount }) => Math.abs(amount) <= MAX_PREPAID,
  `is at most ${MAX_PREPAID} minor units`,
)
const Reference = z.string().regex(/^[\w.:/-]{1,80}$/, 'is 1 to 80 letters, digits and ._:/-')
const cursor = z.string().max(300).optional()

export const receiveWebhook = route({
  operation: 'receivePaymentWebhook',
  summary: 'A payment provider tells what happened (signed)',
  method: 'POST',
  path: '/api/v1/payments/webhooks/:provider',
  access: ['provider'],
  traffic: 'webhook',
  params: z.object({ provider: z.string().regex(/^[a-z]{2,20}$/) }),
  body: z.looseObject({ id: z.string() }),
  replies: { 200: z.strictObject({ received: z.literal(true) }) },
  problems: ['payments.signature_invalid', 'not_found'],
  bodyLimitBytes: 256 * 1024,
})

export const listPaymentMethods = route({
  operation: 'listPaymentMethods',
  summary: 'How an order of this amount can be paid there',
  method: 'GET',
  path: '/api/v1/payment-methods',
  access: ['public'],
  traffic: 'checkout',
  query: z.object({
    country: z.string().regex(/^[A-Z]{2}$/, 'is a country code of ISO 3166, such as DE'),
    currency: Currency,
    amount: queryInt(0, 999_999_999_999).describe('Minor units of the currency'),
  }),
  replies: { 200: z.strictObject({ items: z.array(PaymentMethod), nextCursor: z.null() }) },
})

export const getGiftCardBalance = route({
  operation: 'getGiftCardBalance',
  summary: 'What is left on a gift card; look-ups are slowed down after a few wrong codes',
  method: 'POST',
  path: '/api/v1/gift-cards/balance',
  access: ['public'],
  traffic: 'checkout',
  limit: { burst: 30, perSecond: 0.2 },
  body: z.strictObject({ code: GiftCardCode }),
  replies: {
    200: z.strictObject({
      balance: Money,
      last4: z.string(),
      expiresAt: Timestamp.nullable(),
    }),
  },
  problems: ['payments.gift_card_unusable'],
})

export const listStoreCredit = route({
  operation: 'listStoreCredit',
  summary: "The signed-in customer's store credit, by currency",
  method: 'GET',
  path: '/api/v1/store-credit',
  access: ['customer'],
  traffic: 'account',
  replies: { 200: z.strictObject({ items: z.array(Money), nextCursor: z.null() }) },
})

const admin = { access: ['operator'], permission: 'refunds.write', traffic: 'admin' } as const
const readers = { ...admin, permission: 'finance.read' } as const
const refunders = { ...admin, permission: 'refunds.write' } as const

export const issueGiftCards = route({
  ...admin,
  operation: 'issueGiftCards',
  summary: 'Issues gift cards. The same reference again gives the same cards and codes',
  method: 'POST',
  path: '/api/v1/admin/gift-cards',
  body: z.strictObject({
    reference: Reference,
    amount: PrepaidAmount.refine(({ amount }) => amount > 0, 'is above 0'),
    count: z.int().min(1).max(500).default(1),
    reason: z.enum(['sold', 'goodwill']).default('sold'),
    expiresAt: Timestamp.optional(),
  }),
  replies: {
    201: z.strictObject({ items: z.array(GiftCard.extend({ code: z.string() })) }),
  },
  problems: ['conflict'],
})

const cardParams = z.object({ giftCardId: id('gft') })

export const getGiftCard = route({
  ...readers,
  operation: 'getGiftCard',
  summary: 'A gift card and every change of its balance',
  method: 'GET',
  path: '/api/v1/admin/gift-cards/:giftCardId',
  params: cardParams,
  replies: { 200: GiftCard.extend({ entries: z.array(PrepaidEntry) }) },
  problems: ['not_found'],
})

export const changeGiftCard = route({
  ...admin,
  operation: 'changeGiftCard',
  summary: 'Bars a gift card from paying, or allows it again',
  method: 'PATCH',
  path: '/api/v1/admin/gift-cards/:giftCardId',
  params: cardParams,
  body: z.strictObject({ disabled: z.boolean() }),
  replies: { 200: GiftCard },
  problems: ['not_found'],
})

export const moveStoreCredit = route({
  ...admin,
  operation: 'moveStoreCredit',
  summary: 'Gives a customer store credit, or takes it back (below 0); once per reference',
  method: 'POST',
  path: '/api/v1/admin/customers/:customerId/store-credit',
  params: z.object({ customerId: z.string().regex(/^[\w-]{3,80}$/) }),
  body: z.strictObject({
    reference: Reference,
    amount: PrepaidAmount.refine(({ amount }) => amount !== 0, 'is not 0'),
    note: z.string().min(1).max(200),
  }),
  replies: { 201: z.strictObject({ balance: Money }) },
  problems: ['payments.prepaid_too_little', 'conflict'],
})

export const listPaymentMethodRules = route({
  ...readers,
  operation: 'listPaymentMethodRules',
  summary: 'Which methods of payment are offered where',
  method: 'GET',
  path: '/api/v1/admin/payment-methods',
  replies: { 200: z.strictObject({ items: z.array(PaymentMethodRule), nextCursor: z.null() }) },
})

export const setPaymentMethodRule = route({
  ...admin,
  operation: 'setPaymentMethodRule',
  summary: 'Offers a method of payment somewhere, or does not; counts within seconds',
  method: 'PUT',
  path: '/api/v1/admin/payment-methods',
  body: PaymentMethodRule,
  replies: { 200: PaymentMethodRule },
})

const orderParams = z.object({ orderId: id('ord') })

export const capturePayment = route({
  ...admin,
  operation: 'capturePayment',
  summary: 'Takes an authorised payment, or books cash that came; again does nothing',
  method: 'POST',
  path: '/api/v1/admin/orders/:orderId/payment/capture',
  params: orderParams,
  body: z.strictObject({ amount: Positive.optional().describe('All of it if absent') }),
  replies: { 200: PaymentState },
  problems: [
    'not_found',
    'invalid_transition',
    'payments.amount_mismatch',
    'payments.provider_refused',
    'payments.provider_unavailable',
  ],
})

export const receiveTransfer = route({
  ...admin,
  operation: 'receiveTransfer',
  summary: 'Books a bank transfer that came, by its reference and amount',
  method: 'POST',
  path: '/api/v1/admin/bank-transfers',
  body: z.strictObject({ reference: z.string().min(5).max(40), amount: Positive }),
  replies: { 200: z.strictObject({ orderId: z.string(), payment: PaymentState }) },
  problems: ['invalid_transition', 'payments.transfer_unknown', 'payments.amount_mismatch'],
})

export const settleRefund = route({
  ...refunders,
  operation: 'settleRefund',
  summary: 'Marks a refund that is paid by hand (cash, a transfer) as paid, or as failed',
  method: 'POST',
  path: '/api/v1/admin/orders/:orderId/refunds/:refundId/settle',
  params: orderParams.extend({ refundId: id('ref') }),
  body: z.strictObject({ outcome: z.enum(['succeeded', 'failed']) }),
  replies: { 200: PaymentState },
  problems: ['not_found', 'invalid_transition'],
})

export const getOrderMoney = route({
  ...readers,
  operation: 'getOrderMoney',
  summary: "Every movement of an order's money: attempts, refunds, disputes, journals",
  method: 'GET',
  path: '/api/v1/admin/orders/:orderId/money',
  params: orderParams,
  replies: { 200: OrderMoney },
  problems: ['not_found'],
})

export const listDisputes = route({
  ...readers,
  operation: 'listDisputes',
  summary: 'Disputes, newest first',
  method: 'GET',
  path: '/api/v1/admin/disputes',
  query: z.object({
    state: z.enum(['open', 'won', 'lost']).optional(),
    cursor,
    limit: queryInt(1, 100).optional(),
  }),
  replies: { 200: page(Dispute) },
})

export const listLedgerBalances = route({
  ...readers,
  operation: 'listLedgerBalances',
  summary: 'Balances of the accounts of a kind',
  method: 'GET',
  path: '/api/v1/admin/ledger/balances',
  query: z.object({
    kind: z.string().regex(/^[a-z_]{3,40}$/),
    owner: z.string().max(80).optional(),
    cursor,
    limit: queryInt(1, 200).optional(),
  }),
  replies: { 200: page(LedgerBalance) },
})

export const recordPayout = route({
  ...admin,
  operation: 'recordPayout',
  summary: 'Books a payout to a seller out of what the shop owes him; once per reference',
  method: 'POST',
  path: '/api/v1/admin/sellers/:sellerId/payouts',
  params: z.object({ sellerId: z.string().regex(/^[\w-]{3,80}$/) }),
  body: z.strictObject({ reference: Reference, amount: Positive }),
  replies: { 201: LedgerBalance },
  problems: ['payments.payout_too_large', 'conflict'],
})

export const paymentsRoutes = [
  receiveWebhook,
  listPaymentMethods,
  getGiftCardBalance,
  listStoreCredit,
  issueGiftCards,
  getGiftCard,
  changeGiftCard,
  moveStoreCredit,
  listPaymentMethodRules,
  setPaymentMethodRule,
  capturePayment,
  receiveTransfer,
  settleRefund,
  getOrderMoney,
  listDisputes,
  listLedgerBalances,
  recordPayout,
] as const
