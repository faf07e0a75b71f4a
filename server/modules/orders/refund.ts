import { allocate, divideHalfUp, type Money } from '#contracts/kit/money.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { ordersProblem } from '#contracts/orders/problems.ts'
import type { RefundSplit } from '../payments/index.ts'
import type { LineRecord, PlacedOrder } from './model.ts'

export type WantedRefund = Readonly<{
  lines?: readonly Readonly<{ lineId: string; quantity: number }>[] | undefined
  shipping?: boolean | undefined
  /** More than that, by the operator's grace. */
  amount?: Money | undefined
}>

export type PlannedRefund = Readonly<{
  /** Minor units of the order's currency. */
  amount: number
  shipping: number
  lines: readonly Readonly<{ lineId: string; quantity: number }>[]
  splits: readonly RefundSplit[]
}>

/**
 * What a refund comes to: for each unit its share of the line's frozen net and tax, such that the
 * units of a line one by one come to the line (semantics 10.1); the shipping, once; and a free sum.
 * @param shippingRefunded what earlier refunds gave back of the shipping
 * @throws orders.refund_not_possible, not_found
 */
export function planRefund(
  { order, lines, sellerOrders }: PlacedOrder,
  wanted: WantedRefund,
  shippingRefunded: number,
): PlannedRefund {
  const splits: RefundSplit[] = (wanted.lines ?? []).map(({ lineId, quantity }) => {
    const line = lines.find(({ id }) => id === lineId)
    if (!line) throw generalProblem('not_found', { detail: `The order has no line ${lineId}` })
    if (line.refundedQty + quantity > line.ordered) {
      throw ordersProblem('orders.refund_not_possible', {
        detail: `Of ${line.name} ${line.ordered - line.refundedQty} can be refunded`,
      })
    }
    return splitOfUnits(line, quantity)
  })
  const shipping = wanted.shipping ? order.shippingNet + order.shippingTax - shippingRefunded : 0
  if (wanted.shipping && shipping <= 0) {
    throw ordersProblem('orders.refund_not_possible', {
      detail: 'The shipping was refunded before',
    })
  }
  if (shipping > 0) splits.push(...shippingSplits(sellerOrders, shipping))
  const free = wanted.amount?.amount ?? 0
  if (wanted.amount && wanted.amount.currency !== order.currency) {
    throw ordersProblem('orders.refund_not_possible', {
      detail: `The order is in ${order.currency}`,
    })
  }
  const amount = splits.reduce((sum, part) => sum + part.goodsNet + part.tax + part.shipping, free)
  if (amount <= 0)
    throw ordersProblem('orders.refund_not_possible', { detail: 'It comes to nothing' })
  // A free sum is nobody's in particular: then the whole is shared in proportion.
  return { amount, shipping, lines: wanted.lines ?? [], splits: free > 0 ? [] : splits }
}

function splitOfUnits(line: LineRecord, quantity: number): RefundSplit {
  const part = (whole: number) =>
    upTo(whole, line, line.refundedQty + quantity) - upTo(whole, line, line.refundedQty)
  return { sellerId: line.sellerId, goodsNet: part(line.net), tax: part(line.tax), shipping: 0 }
}

/** What the first so many units of a line come to; the last takes what is left. */
function upTo(whole: number, { ordered }: LineRecord, units: number): number {
  return Number(divideHalfUp(BigInt(whole) * BigInt(units), BigInt(ordered)))
}

function shippingSplits(
  parts: PlacedOrder['sellerOrders'],
  shipping: number,
): readonly RefundSplit[] {
  const weights = parts.flatMap((part) => [part.shippingNet, part.shippingTax])
  const back = allocate(shipping, weights)
  return parts.map(({ sellerId }, place) => ({
    sellerId,
    goodsNet: 0,
    shipping: back[place * 2] ?? 0,
    tax: back[place * 2 + 1] ?? 0,
  }))
}
