import { money } from '#contracts/kit/money.ts'
import type { Return } from '#contracts/orders/returns.ts'
import type { PlacedOrder } from './model.ts'
import type { RefundRecord } from './refund-repository.ts'
import { lineOf, RETURN_TRANSITIONS, type ReturnRecord } from './return-model.ts'

/** A return as the API shows it. */
export function toReturn(
  record: ReturnRecord,
  placed: PlacedOrder,
  refund: Pick<RefundRecord, 'amount'> | undefined,
): Return {
  const { currency } = placed.order
  return {
    id: record.id,
    orderId: record.orderId,
    state: record.state,
    wanted: record.wanted,
    resolution: record.resolution,
    shippingPaidBy: record.shippingPaidBy,
    labelFee: money(record.labelFee, currency),
    carrier: record.carrier,
    trackingNumber: record.trackingNumber,
    labelUrl: record.labelUrl,
    note: record.note,
    photos: [...record.photos],
    lines: record.lines.map(
      ({ lineId, quantity, reason, received, restocked, damaged, sentBack }) => {
        const { name, sku } = lineOf(placed, lineId)
        return { lineId, name, sku, quantity, reason, received, restocked, damaged, sentBack }
      },
    ),
    refunded: refund ? money(refund.amount, currency) : null,
    sendUntil: record.expiresAt,
    // The key of a step is its caller's.
    steps: record.steps.map(({ key: _, ...step }) => step),
    allowedActions: Object.keys(RETURN_TRANSITIONS[record.state]),
    version: record.version,
    createdAt: record.createdAt,
  }
}
