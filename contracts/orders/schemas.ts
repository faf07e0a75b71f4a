import { z } from 'zod'
import { Address } from '../kit/address.ts'
import { Language } from '../kit/language.ts'
import { Money } from '../kit/money.ts'
import { Timestamp } from '../kit/page.ts'
import { PAYMENT_STATUSES, PaymentState } from '../payments/schemas.ts'
import { TaxLine } from '../pricing/schemas.ts'
import { Shipment } from '../shipping/schemas.ts'

export const ORDER_STATUSES = [
  'pending',
  'on_hold',
  'confirmed',
  'partially_shipped',
  'shipped',
  'delivered',
  'cancelled',
  'expired',
  'completed',
] as const

export const OrderLine = z
  .strictObject({
    id: z.string(),
    productId: z.string(),
    variantId: z.string(),
    offerId: z.string(),
    sellerId: z.string(),
    sku: z.string(),
    name: z.string(),
    image: z.string().optional(),
    quantity: z.int(),
    quantityShipped: z.int(),
    quantityDelivered: z.int(),
    quantityCancelled: z.int(),
    quantityReturned: z.int(),
    quantityReturnable: z.int().describe('Delivered, and not on its way back'),
    unitPrice: Money,
    discount: Money,
    net: Money,
    tax: Money,
    total: Money,
    taxes: z.array(TaxLine),
  })
  .meta({ id: 'OrderLine' })

export const OrderTotals = z
  .strictObject({ subtotal: Money, discount: Money, shipping: Money, tax: Money, total: Money })
  .meta({ id: 'OrderTotals' })
export type OrderTotals = Readonly<z.infer<typeof OrderTotals>>

/** A seller's part of an order. */
export const SellerOrder = z
  .strictObject({
    id: z.string(),
    sellerId: z.string(),
    lineIds: z.array(z.string()),
    totals: OrderTotals,
  })
  .meta({ id: 'SellerOrder' })

export const Order = z
  .strictObject({
    id: z.string(),
    number: z.string(),
    status: z.enum(ORDER_STATUSES),
    paymentStatus: z.enum(PAYMENT_STATUSES),
    payment: PaymentState,
    email: z.string(),
    language: Language.nullable().describe('In which the shopper is written to; null: not said'),
    currency: z.string(),
    lines: z.array(OrderLine),
    sellerOrders: z.array(SellerOrder),
    totals: OrderTotals,
    shippingAddress: Address,
    billingAddress: Address,
    shippingOption: z.strictObject({ id: z.string(), name: z.string() }),
    shipments: z.array(Shipment),
    estimatedDelivery: z.strictObject({ earliest: z.iso.date(), latest: z.iso.date() }).nullable(),
    events: z.array(
      z.strictObject({ type: z.string(), at: Timestamp, note: z.string().optional() }),
    ),
    allowedActions: z.array(z.enum(['cancel', 'cancel_lines', 'return', 'pay'])),
    createdAt: Timestamp,
  })
  .meta({ id: 'Order' })
export type Order = Readonly<z.infer<typeof Order>>
