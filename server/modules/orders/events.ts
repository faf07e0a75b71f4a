import { money } from '#contracts/kit/money.ts'
import { orderCancelled, orderConfirmed, orderCreated } from '#contracts/orders/events.ts'
import type { NewEvent } from '../../platform/events/outbox.ts'
import type { CancelReason, OrderRecord, PlacedOrder } from './model.ts'

function linesOf({ order, lines }: PlacedOrder) {
  return lines.map((line) => ({
    lineId: line.id,
    offerId: line.offerId,
    productId: line.productId,
    sellerId: line.sellerId,
    quantity: line.ordered,
    total: money(line.net + line.tax, order.currency),
  }))
}

export function createdEvent(placed: PlacedOrder, version: number): NewEvent<typeof orderCreated> {
  const { id, number, customerId, total, currency } = placed.order
  return {
    spec: orderCreated,
    aggregateId: id,
    payload: {
      orderId: id,
      number,
      customerId,
      total: money(total, currency),
      lines: linesOf(placed),
      version,
    },
  }
}

export function confirmedEvent(
  placed: PlacedOrder,
  version: number,
): NewEvent<typeof orderConfirmed> {
  const { id, number, total, currency } = placed.order
  return {
    spec: orderConfirmed,
    aggregateId: id,
    payload: {
      orderId: id,
      number,
      total: money(total, currency),
      lines: linesOf(placed),
      version,
    },
  }
}

export function cancelledEvent(
  { id, number }: OrderRecord,
  input: Readonly<{ reason: CancelReason; version: number }>,
): NewEvent<typeof orderCancelled> {
  const { reason, version } = input
  return {
    spec: orderCancelled,
    aggregateId: id,
    payload: { orderId: id, number, reason, version },
  }
}
