import { z } from 'zod'
import { Address } from '../kit/address.ts'
import { id } from '../kit/ids.ts'
import { Language } from '../kit/language.ts'
import { Currency, Money } from '../kit/money.ts'
import { queryInt } from '../kit/page.ts'
import { route } from '../kit/route.ts'
import { PaymentInput } from '../payments/schemas.ts'
import { Quote } from '../pricing/schemas.ts'
import { Shipment } from '../shipping/schemas.ts'
import { ordersAdminRoutes } from './admin.ts'
import { returnsRoutes } from './returns.ts'
import { Order } from './schemas.ts'

const orderParams = z.object({ orderId: id('ord') })

export const quoteCart = route({
  operation: 'quoteCart',
  summary: 'What the cart costs at this address: discounts, shipping options, tax, total',
  method: 'POST',
  path: '/api/v1/carts/:cartId/quote',
  access: ['holder'],
  traffic: 'checkout',
  params: z.object({ cartId: id('crt') }),
  body: z.strictObject({
    shippingAddress: Address,
    shippingOptionId: z.string().max(60).optional(),
    currency: Currency.optional(),
  }),
  replies: { 200: Quote },
  problems: [
    'not_found',
    'cart.not_open',
    'orders.cart_empty',
    'cart.variant_not_sold',
    'catalog.currency_not_sold',
    'pricing.market_unknown',
    'pricing.total_too_high',
    'shipping.not_deliverable',
    'shipping.option_unknown',
    'shipping.address_invalid',
    'inventory.insufficient_stock',
  ],
  idempotency: 'accepted',
})

export const placeOrder = route({
  operation: 'placeOrder',
  summary: 'Places and pays the order that was quoted',
  method: 'POST',
  path: '/api/v1/checkout',
  access: ['public'],
  traffic: 'checkout',
  body: z.strictObject({
    cartId: id('crt'),
    quoteId: id('quo'),
    email: z.email().max(254),
    language: Language.optional().describe('In which mails about the order are written'),
    shippingAddress: Address,
    billingAddress: Address.optional(),
    shippingOptionId: z.string().max(60),
    payment: PaymentInput,
    returnUrl: z
      .string()
      .max(2000)
      .optional()
      .describe('Where the provider sends the shopper back to'),
  }),
  replies: { 201: Order, 202: Order },
  problems: [
    'not_found',
    'conflict',
    'invalid_transition',
    'cart.not_open',
    'cart.variant_not_sold',
    'orders.price_changed',
    'orders.cart_changed',
    'orders.cart_empty',
    'orders.quote_unknown',
    'orders.quote_mismatch',
    'inventory.insufficient_stock',
    'payments.declined',
    'payments.denied',
    'orders.purchase_limit',
    'payments.provider_unavailable',
    'payments.method_not_offered',
    'payments.gift_card_unusable',
    'payments.prepaid_too_little',
    'shipping.option_unknown',
    'shipping.not_deliverable',
    'shipping.address_invalid',
    'pricing.quote_expired',
    'pricing.coupon_exhausted',
    'pricing.total_too_high',
  ],
  idempotency: 'required',
})

export const getOrder = route({
  operation: 'getOrder',
  summary: 'An order; its id is the key to it for guests',
  method: 'GET',
  path: '/api/v1/orders/:orderId',
  access: ['holder', 'operator'],
  permission: 'orders.read',
  traffic: 'account',
  params: orderParams,
  replies: { 200: Order },
  problems: ['not_found'],
})

export const listOrders = route({
  operation: 'listOrders',
  summary: 'Orders of the signed-in customer, newest first',
  method: 'GET',
  path: '/api/v1/orders',
  access: ['customer'],
  traffic: 'account',
  query: z.object({ cursor: z.string().max(200).optional(), limit: queryInt(1, 100).optional() }),
  replies: { 200: z.strictObject({ items: z.array(Order), nextCursor: z.string().nullable() }) },
})

export const cancelOrder = route({
  operation: 'cancelOrder',
  summary: 'Cancels an order of which nothing has shipped, or units that have not',
  method: 'POST',
  path: '/api/v1/orders/:orderId/cancel',
  access: ['holder', 'operator'],
  permission: 'orders.write',
  traffic: 'account',
  params: orderParams,
  body: z
    .strictObject({
      reason: z.string().max(200).optional(),
      lines: z
        .array(z.strictObject({ lineId: id('orl'), quantity: z.int().min(1) }))
        .min(1)
        .max(200)
        .refine((lines) => new Set(lines.map(({ lineId }) => lineId)).size === lines.length, {
          message: 'names a line once',
        })
        .optional()
        .describe('The whole order if absent'),
    })
    .optional(),
  replies: { 200: Order },
  problems: ['not_found', 'invalid_transition'],
  idempotency: 'accepted',
})

export const getTracking = route({
  operation: 'getTracking',
  summary: 'Shipments of an order and their scans',
  method: 'GET',
  path: '/api/v1/orders/:orderId/tracking',
  access: ['holder', 'operator'],
  permission: 'orders.read',
  traffic: 'account',
  params: orderParams,
  replies: { 200: z.strictObject({ items: z.array(Shipment), nextCursor: z.null() }) },
  problems: ['not_found'],
})

export const shipOrder = route({
  operation: 'shipOrder',
  summary: 'Hands lines of an order to a carrier: takes them out of stock and creates a shipment',
  method: 'POST',
  path: '/api/v1/admin/orders/:orderId/shipments',
  access: ['operator'],
  permission: 'orders.write',
  traffic: 'admin',
  params: orderParams,
  body: z.strictObject({
    lines: z
      .array(z.strictObject({ lineId: id('orl'), quantity: z.int().min(1) }))
      .min(1)
      .optional()
      .describe('All open lines if absent'),
    carrier: z.string().min(1).max(60),
    trackingNumber: z.string().min(1).max(60),
  }),
  replies: { 201: z.strictObject({ items: z.array(Shipment), nextCursor: z.null() }) },
  problems: ['not_found', 'invalid_transition', 'inventory.insufficient_stock'],
  idempotency: 'required',
})

export const refundOrder = route({
  operation: 'refundOrder',
  summary: 'Gives back units of lines, the shipping, or a free sum',
  method: 'POST',
  path: '/api/v1/admin/orders/:orderId/refunds',
  access: ['operator'],
  permission: 'refunds.write',
  traffic: 'admin',
  params: orderParams,
  body: z
    .strictObject({
      lines: z
        .array(z.strictObject({ lineId: id('orl'), quantity: z.int().min(1) }))
        .min(1)
        .max(200)
        .refine((lines) => new Set(lines.map(({ lineId }) => lineId)).size === lines.length, {
          message: 'names a line once',
        })
        .optional(),
      shipping: z.boolean().optional(),
      amount: Money.refine(({ amount }) => amount > 0, 'is above 0')
        .optional()
        .describe('A free sum, besides lines and shipping'),
      to: z
        .enum(['original', 'store_credit'])
        .default('original')
        .describe("Where it goes: to whatever paid, or to the customer's store credit"),
      reason: z.string().min(1).max(200),
    })
    .refine(({ lines, shipping, amount }) => lines || shipping || amount, {
      message: 'names lines, shipping or an amount',
    }),
  replies: { 201: Order },
  problems: [
    'not_found',
    'invalid_transition',
    'orders.refund_not_possible',
    'payments.refund_too_large',
  ],
  idempotency: 'required',
})

export const voidPayment = route({
  operation: 'voidPayment',
  summary: 'Gives up the payment of an order that is not confirmed yet; the order then ends',
  method: 'POST',
  path: '/api/v1/admin/orders/:orderId/payment/void',
  access: ['operator'],
  permission: 'orders.write',
  traffic: 'admin',
  params: orderParams,
  replies: { 200: Order },
  problems: [
    'not_found',
    'invalid_transition',
    'payments.provider_refused',
    'payments.provider_unavailable',
  ],
})

const review = {
  method: 'POST',
  access: ['operator'],
  permission: 'orders.write',
  traffic: 'admin',
  params: orderParams,
  replies: { 200: Order },
  problems: ['not_found', 'invalid_transition'],
  idempotency: 'accepted',
} as const

export const holdOrder = route({
  operation: 'holdOrder',
  summary: 'Has a paid order wait: nothing of it ships until it is released',
  path: '/api/v1/admin/orders/:orderId/hold',
  ...review,
  body: z.strictObject({ note: z.string().min(1).max(200).optional() }),
})

export const releaseOrder = route({
  operation: 'releaseOrder',
  summary: 'Lets an order go on that was held',
  path: '/api/v1/admin/orders/:orderId/release',
  ...review,
})

export const rejectOrder = route({
  operation: 'rejectOrder',
  summary: 'Cancels an order that is held; stock and money go back',
  path: '/api/v1/admin/orders/:orderId/reject',
  ...review,
})

export const ordersRoutes = [
  quoteCart,
  placeOrder,
  getOrder,
  listOrders,
  cancelOrder,
  getTracking,
  shipOrder,
  refundOrder,
  voidPayment,
  holdOrder,
  releaseOrder,
  rejectOrder,
  ...ordersAdminRoutes,
  ...returnsRoutes,
] as const
