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

export const orderLinesCancelled = event({
  type: 'orders.order_lines_cancelled.v1',
  aggregate: 'order',
  summary: 'Units of a paid order that had not shipped were cancelled; their money goes back',
  payload: z.strictObject({
    orderId: z.string(),
    number: z.string(),
    by: z.enum(['customer', 'operator']),
    lines: z.array(line.omit({ total: true })),
    amount: Money,
    version: z.int(),
  }),
})

export const orderEdited = event({
  type: 'orders.order_edited.v1',
  aggregate: 'order',
  summary: 'An operator changed a paid order before it shipped',
  payload: z.strictObject({
    orderId: z.string(),
    number: z.string(),
    changed: z.array(z.enum(['address'])),
  }),
})

const returned = z.strictObject({
  returnId: z.string(),
  orderId: z.string(),
  number: z.string(),
  lines: z.array(z.strictObject({ lineId: z.string(), quantity: z.int() })),
  version: z.int(),
})

/** What is told of a return, by the state that it has come to. */
export const returnEvents = {
  requested: event({
    type: 'orders.return_requested.v1',
    aggregate: 'order',
    summary: 'A shopper asks to send goods back',
    payload: returned,
  }),
  approved: event({
    type: 'orders.return_approved.v1',
    aggregate: 'order',
    summary: 'Goods may come back',
    payload: returned,
  }),
  declined: event({
    type: 'orders.return_declined.v1',
    aggregate: 'order',
    summary: 'Goods may not come back',
    payload: returned,
  }),
  label_issued: event({
    type: 'orders.return_label_issued.v1',
    aggregate: 'order',
    summary: 'There is a label for the parcel that comes back',
    payload: returned,
  }),
  in_transit: event({
    type: 'orders.return_in_transit.v1',
    aggregate: 'order',
    summary: 'Goods are on their way back',
    payload: returned,
  }),
  received: event({
    type: 'orders.return_received.v1',
    aggregate: 'order',
    summary: 'Goods came back',
    payload: returned,
  }),
  inspected: event({
    type: 'orders.return_inspected.v1',
    aggregate: 'order',
    summary: 'It was decided which of the goods are taken',
    payload: returned,
  }),
  resolved: event({
    type: 'orders.return_resolved.v1',
    aggregate: 'order',
    summary: 'It was decided what is given for the goods',
    payload: returned,
  }),
  cancelled: event({
    type: 'orders.return_cancelled.v1',
    aggregate: 'order',
    summary: 'The shopper keeps the goods after all',
    payload: returned,
  }),
  expired: event({
    type: 'orders.return_expired.v1',
    aggregate: 'order',
    summary: 'The goods were not sent in time',
    payload: returned,
  }),
} as const

export const returnRefunded = event({
  type: 'orders.return_refunded.v1',
  aggregate: 'order',
  summary: 'The money for returned goods was given back, or ordered to be',
  payload: z.strictObject({ returnId: z.string(), orderId: z.string(), amount: Money }),
})

export const ordersEvents = [
  orderCreated,
  orderConfirmed,
  orderCancelled,
  orderLinesCancelled,
  orderEdited,
  ...Object.values(returnEvents),
  returnRefunded,
] as const
