import { money } from '#contracts/kit/money.ts'
import type { Order } from '#contracts/orders/schemas.ts'
import type { Shipment } from '#contracts/shipping/schemas.ts'
import type { Payment } from '../payments/index.ts'
import {
  type LineRecord,
  type OrderRecord,
  orderStatus,
  type PlacedOrder,
  type SellerOrderRecord,
  type TimelineRecord,
} from './model.ts'

export type OrderParts = Readonly<{
  placed: PlacedOrder
  timeline: readonly TimelineRecord[]
  payment: Payment | null
  shipments: readonly Shipment[]
}>

type OrderPayment = Order['payment']

/** An order as the API shows it, from what its modules know. */
export function toOrder({ placed, timeline, payment, shipments }: OrderParts): Order {
  const { order, lines, sellerOrders } = placed
  const status = orderStatus(sellerOrders, lines)
  const shown = shownPayment(order, payment, status)
  return {
    id: order.id,
    number: order.number,
    status,
    paymentStatus: shown.status === 'requires_action' ? 'pending' : shown.status,
    payment: shown,
    email: order.email,
    language: order.language,
    currency: order.currency,
    lines: lines.map((line) => toLine(line, order.currency)),
    sellerOrders: sellerOrders.map((part) => ({
      id: part.id,
      sellerId: part.sellerId,
      lineIds: lines.filter((line) => line.sellerId === part.sellerId).map(({ id }) => id),
      totals: toTotals(part, order.currency),
    })),
    totals: toTotals(order, order.currency),
    shippingAddress: order.shippingAddress,
    billingAddress: order.billingAddress,
    shippingOption: { id: order.shippingOptionId, name: order.shippingOptionName },
    shipments: [...shipments],
    estimatedDelivery:
      order.deliveryEarliest && order.deliveryLatest
        ? { earliest: order.deliveryEarliest, latest: order.deliveryLatest }
        : null,
    events: timeline.map(({ type, at, note }) => ({ type, at, ...(note ? { note } : {}) })),
    allowedActions: allowedActions(status, lines, shown),
    createdAt: order.placedAt,
  }
}

/** A payment as the order shows it; what it would be where none was tried yet. */
export function shownPayment(
  order: OrderRecord,
  payment: Payment | null,
  status: Order['status'],
): OrderPayment {
  if (payment) return payment.shown
  const over = status === 'cancelled' || status === 'expired'
  return { status: over ? 'failed' : 'pending', amount: money(order.total, order.currency) }
}

function allowedActions(
  status: Order['status'],
  lines: readonly LineRecord[],
  { status: payment }: OrderPayment,
): Order['allowedActions'] {
  const open = status === 'pending' || status === 'confirmed' || status === 'on_hold'
  const mayDropUnits = ['confirmed', 'on_hold', 'partially_shipped'].includes(status)
  return [
    ...(status === 'pending' && payment === 'requires_action' ? (['pay'] as const) : []),
    ...(open && lines.every(({ shipped }) => shipped === 0) ? (['cancel'] as const) : []),
    ...(mayDropUnits && lines.some(({ allocated }) => allocated > 0)
      ? (['cancel_lines'] as const)
      : []),
    ...(lines.some((line) => line.delivered > line.returned + line.returnRequested)
      ? (['return'] as const)
      : []),
  ]
}

/** A line as the API shows it. */
export function toLine(line: LineRecord, currency: string): Order['lines'][number] {
  return {
    id: line.id,
    productId: line.productId,
    variantId: line.variantId,
    offerId: line.offerId,
    sellerId: line.sellerId,
    sku: line.sku,
    name: line.name,
    ...(line.image === null ? {} : { image: line.image }),
    quantity: line.ordered,
    quantityShipped: line.shipped,
    quantityDelivered: line.delivered,
    quantityCancelled: line.cancelled,
    quantityReturned: line.returned,
    quantityReturnable: line.delivered - line.returned - line.returnRequested,
    unitPrice: money(line.unitPrice, currency),
    discount: money(line.discount, currency),
    net: money(line.net, currency),
    tax: money(line.tax, currency),
    total: money(line.net + line.tax, currency),
    taxes: [...line.taxes],
  }
}

/** The sums of an order, or of a seller's part. */
export function toTotals(
  sums: Pick<
    SellerOrderRecord,
    'subtotal' | 'discount' | 'shipping' | 'goodsTax' | 'shippingTax' | 'total'
  >,
  currency: string,
): Order['totals'] {
  return {
    subtotal: money(sums.subtotal, currency),
    discount: money(sums.discount, currency),
    shipping: money(sums.shipping, currency),
    tax: money(sums.goodsTax + sums.shippingTax, currency),
    total: money(sums.total, currency),
  }
}
