import { z } from 'zod'
import { Address } from '../kit/address.ts'
import { id } from '../kit/ids.ts'
import { Money } from '../kit/money.ts'
import { page, queryInt, Timestamp } from '../kit/page.ts'
import { route } from '../kit/route.ts'
import { PAYMENT_STATUSES } from '../payments/schemas.ts'
import { Shipment } from '../shipping/schemas.ts'
import { ORDER_STATUSES, Order, OrderLine, OrderTotals } from './schemas.ts'

/** An order in an operator's list. */
export const OrderSummary = z
  .strictObject({
    id: z.string(),
    number: z.string(),
    status: z.enum(ORDER_STATUSES),
    paymentStatus: z.enum(PAYMENT_STATUSES),
    email: z.string(),
    customerId: z.string().nullable(),
    country: z.string().describe('Where it is sent to'),
    total: Money,
    quantity: z.int().describe('Units that were ordered and not cancelled'),
    sellerIds: z.array(z.string()),
    createdAt: Timestamp,
  })
  .meta({ id: 'OrderSummary' })
export type OrderSummary = Readonly<z.infer<typeof OrderSummary>>

export const OrderNote = z
  .strictObject({ id: z.string(), author: z.string(), text: z.string(), at: Timestamp })
  .meta({ id: 'OrderNote' })
export type OrderNote = Readonly<z.infer<typeof OrderNote>>

/** What was given back of an order, and why. */
export const OrderRefund = z
  .strictObject({
    amount: Money,
    shipping: Money.describe('What of the amount is for shipping'),
    lines: z.array(z.strictObject({ lineId: z.string(), quantity: z.int() })),
    reason: z.string(),
    cause: z.string(),
    done: z.boolean().describe('Whether stock and money are where they belong'),
  })
  .meta({ id: 'OrderRefund' })

/** An order as operators see it. */
export const AdminOrder = Order.extend({
  customerId: z.string().nullable(),
  version: z.int().describe('Rises with each change'),
  refunds: z.array(OrderRefund),
  notes: z.array(OrderNote),
}).meta({ id: 'AdminOrder' })
export type AdminOrder = Readonly<z.infer<typeof AdminOrder>>

/** A seller's part of an order, with what he needs to send it, and nothing of other sellers. */
export const OrderOfSeller = z
  .strictObject({
    id: z.string(),
    orderId: z.string(),
    number: z.string(),
    sellerId: z.string(),
    status: z.enum(ORDER_STATUSES).describe('Of this part'),
    lines: z.array(OrderLine),
    totals: OrderTotals,
    commission: Money,
    shippingAddress: Address,
    shippingOption: z.strictObject({ id: z.string(), name: z.string() }),
    shipments: z.array(Shipment),
    createdAt: Timestamp,
  })
  .meta({ id: 'OrderOfSeller' })
export type OrderOfSeller = Readonly<z.infer<typeof OrderOfSeller>>

const ofOrder = z.object({ orderId: id('ord') })
const operators = { access: ['operator'], permission: 'orders.read', traffic: 'admin' } as const
const sellers = { access: ['seller'], permission: 'orders.read', traffic: 'admin' } as const
const Some = z.string().min(1).max(80)
const listing = {
  status: z.enum(ORDER_STATUSES).optional(),
  from: Timestamp.optional().describe('Begun at this time or later'),
  to: Timestamp.optional().describe('Begun before this time'),
  cursor: z.string().max(300).optional(),
  limit: queryInt(1, 100).optional(),
}

export const findOrders = route({
  operation: 'findOrders',
  summary: 'Orders of all customers, newest first',
  method: 'GET',
  path: '/api/v1/admin/orders',
  ...operators,
  query: z.object({
    ...listing,
    number: z.string().min(1).max(40).optional().describe('As the shopper reads or types it'),
    email: z.string().min(1).max(254).optional(),
    sellerId: Some.optional(),
    productId: Some.optional(),
  }),
  replies: { 200: page(OrderSummary) },
})

export const getAdminOrder = route({
  operation: 'getAdminOrder',
  summary: 'An order with its notes and refunds',
  method: 'GET',
  path: '/api/v1/admin/orders/:orderId',
  ...operators,
  params: ofOrder,
  replies: { 200: AdminOrder },
  problems: ['not_found'],
})

export const addOrderNote = route({
  operation: 'addOrderNote',
  summary: 'Notes something on an order for other operators; the customer does not see it',
  method: 'POST',
  path: '/api/v1/admin/orders/:orderId/notes',
  ...operators,
  permission: 'orders.write',
  params: ofOrder,
  body: z.strictObject({ text: z.string().trim().min(1).max(2000) }),
  replies: { 201: OrderNote },
  problems: ['not_found'],
  idempotency: 'accepted',
})

export const editOrder = route({
  operation: 'editOrder',
  summary: 'Changes a paid order before it ships: where it goes, and fewer units of its lines',
  method: 'POST',
  path: '/api/v1/admin/orders/:orderId/edits',
  ...operators,
  permission: 'orders.write',
  params: ofOrder,
  body: z
    .strictObject({
      shippingAddress: Address.optional().describe('In the same country and region'),
      lines: z
        .array(z.strictObject({ lineId: id('orl'), quantity: z.int().min(0) }))
        .min(1)
        .max(200)
        .refine((lines) => new Set(lines.map(({ lineId }) => lineId)).size === lines.length, {
          message: 'names a line once',
        })
        .optional()
        .describe('How many units there shall be; what is paid for fewer goes back'),
    })
    .refine(({ shippingAddress, lines }) => shippingAddress || lines, {
      message: 'names an address or lines',
    }),
  replies: { 200: AdminOrder },
  problems: [
    'not_found',
    'precondition_failed',
    'invalid_transition',
    'shipping.address_invalid',
    'orders.edit_not_possible',
  ],
  idempotency: 'required',
  takesIfMatch: true,
})

export const listSellerOrders = route({
  operation: 'listSellerOrders',
  summary: "The caller's sellers' parts of paid orders, newest first",
  method: 'GET',
  path: '/api/v1/seller/orders',
  ...sellers,
  query: z.object(listing),
  replies: { 200: page(OrderOfSeller) },
})

export const getSellerOrder = route({
  operation: 'getSellerOrder',
  summary: "The caller's sellers' parts of one order",
  method: 'GET',
  path: '/api/v1/seller/orders/:orderId',
  ...sellers,
  params: ofOrder,
  replies: { 200: z.strictObject({ items: z.array(OrderOfSeller), nextCursor: z.null() }) },
  problems: ['not_found'],
})

export const ordersAdminRoutes = [
  findOrders,
  getAdminOrder,
  addOrderNote,
  editOrder,
  listSellerOrders,
  getSellerOrder,
] as const
