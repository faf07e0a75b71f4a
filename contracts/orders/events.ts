import { z } from 'zod'
import { event } from '../kit/event.ts'
import { Money } from '../kit/money.ts'

const line = z.strictObject({
  lineId: z.string(),
  offerId: z.string(),
  productId: z.string(),
  sellerId: z.string(),
  quantity: z.int(),
  total: Money,
})

export const orderCreated = event({
  type: 'orders.order_created.v1',
  aggregate: 'order',
  summary: 'An order was placed and waits for its payment',
  payload: z.strictObject({
    orderId: z.string(),
    number: z.string(),
    customerId: z.string().nullable(),
    total: Money,
    lines: z.array(line),
    version: z.int(),
  }),
})

export const orderConfirmed = event({
  type: 'orders.order_confirmed.v1',
  aggregate: 'order',
  summary: 'An order is paid and its stock is committed',
  payload: z.strictObject({
    orderId: z.string(),
    number: z.string(),
    total: Money,
    lines: z.array(line),
    version: z.int(),
  }),
})

export const orderCancelled = event({
  type: 'orders.order_cancelled.v1',
  aggregate: 'order',
  summary: 'An order was cancelled or expired',
  payload: z.strictObject({
    orderId: z.string(),
    number: z.string(),
    reason: z.enum([
      'customer',
      'operator',
      'payment_failed',
      'expired',
      'out_of_stock',
      'fraud',
      'purchase_limit',
    ]),
    version: z.int(),
  }),
})

export const ordersEvents = [orderCreated, orderConfirmed, orderCancelled] as const
