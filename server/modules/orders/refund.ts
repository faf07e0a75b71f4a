import { allocate, divideHalfUp, type Money } from '#contracts/kit/money.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { ordersProblem } from '#contracts/orders/problems.ts'
import type { RefundSplit } from '../payments/index.ts'
import type { LineRecord, PlacedOrder } from './model.ts'

export type LineUnits = Readonly<{ lineId: string; quantity: number }>

export type WantedRefund = Readonly<{
  lines?: readonly LineUnits[] | undefined
  shipping?: boolean | undefined
  /** More than that, by the operator's grace. */
  amount?: Money | undefined
}>

export type PlannedRefund = Readonly<{
  /** Minor units of the order's currency. */
  amount: number
  shipping: number
  lines: readonly LineUnits[]
  /** Whose it is; less than the amount if a free sum, which is nobody's in particular, is in it. */
  splits: readonly RefundSplit[]
}>

type Earlier = readonly Pick<PlannedRefund, 'splits'>[]

/**
 * What an operator's refund comes to: units, the shipping that was not given back yet, a free sum.
 * @throws orders.refund_not_possible, not_found
 */
export function planRefund(
  placed: PlacedOrder,
  wanted: WantedRefund,
  earlier: Earlier,
): PlannedRefund {
  const { currency } = placed.order
  if (wanted.amount && wanted.amount.currency !== currency)
    throw refuseRefund(`The order is in ${currency}`)
  const sellers = wanted.shipping ? placed.sellerOrders.map(({ sellerId }) => sellerId) : []
  const { lines = [], amount: free } = wanted
  const planned = planGiveBack(placed, { lines, shippingOf: sellers }, earlier)
  if (wanted.shipping && planned.shipping === 0)
    throw refuseRefund('The shipping was refunded before')
  const amount = planned.amount + (free?.amount ?? 0)
  if (amount === 0) throw refuseRefund('It comes to nothing')
  return { ...planned, amount }
}

/**
 * What units and the shipping of some sellers come to: for each unit its share of the line's frozen
 * net and tax, such that the units of a line one by one come to the line (semantics 10.1); a
 * seller's shipping as a whole, once.
 * @param deduction what is kept of it, each split bearing its share; never more than it comes to.
 * @throws orders.refund_not_possible, not_found
 */
export function planGiveBack(
  { lines, sellerOrders }: PlacedOrder,
  wanted: Readonly<{ lines: readonly LineUnits[]; shippingOf: readonly string[] }>,
  earlier: Earlier,
  deduction = 0,
): PlannedRefund {
  const units = wanted.lines.map(({ lineId, quantity }) => {
    const line = lines.find(({ id }) => id === lineId)
    if (!line) throw generalProblem('not_found', { detail: `The order has no line ${lineId}` })
    if (line.refundedQty + quantity > line.ordered) {
      throw refuseRefund(`Of ${line.name} ${line.ordered - line.refundedQty} can be refunded`)
    }
    return splitOfUnits(line, quantity)
  })
  const given = new Set(
    earlier.flatMap(({ splits }) =>
      splits.flatMap((split) => (split.shipping > 0 ? [split.sellerId] : [])),
    ),
  )
  const shipped = sellerOrders
    .filter(({ sellerId }) => wanted.shippingOf.includes(sellerId) && !given.has(sellerId))
    .map(({ sellerId, shippingNet: shipping, shippingTax: tax }) => {
      return { sellerId, goodsNet: 0, tax, shipping }
    })
  const splits = lessen([...units, ...shipped], deduction).filter((split) => sumOf([split]) > 0)
  return { amount: sumOf(splits), shipping: sumOf(shipped), lines: wanted.lines, splits }
}

/** What splits come to together. */
export function sumOf(splits: readonly RefundSplit[]): number {
  return splits.reduce((sum, { goodsNet, tax, shipping }) => sum + goodsNet + tax + shipping, 0)
}

export function refuseRefund(detail: string) {
  return ordersProblem('orders.refund_not_possible', { detail })
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

/** Splits that bear a deduction in proportion (largest remainder). */
function lessen(splits: readonly RefundSplit[], deduction: number): readonly RefundSplit[] {
  if (deduction === 0) return splits
  const weights = splits.flatMap(({ goodsNet, tax, shipping }) => [goodsNet, tax, shipping])
  const kept = allocate(Math.min(deduction, sumOf(splits)), weights)
  return splits.map(({ sellerId, goodsNet, tax, shipping }, place) => ({
    sellerId,
    goodsNet: goodsNet - (kept[place * 3] ?? 0),
    tax: tax - (kept[place * 3 + 1] ?? 0),
    shipping: shipping - (kept[place * 3 + 2] ?? 0),
  }))
}
