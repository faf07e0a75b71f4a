import { allocate, type Money, money, multiplyHalfUp } from '#contracts/kit/money.ts'
import { percentToRate } from './decimal.ts'
import type { Promotion, PromotionTarget } from './model.ts'

/** A line as promotions see it; amounts in minor units of the basket's currency. */
export type BasketLine = Readonly<{
  lineId: string
  offerId: string
  productId: string
  sellerId: string
  department: string
  quantity: number
  unitAmount: number
}>

export type Basket = Readonly<{
  currency: string
  /** In order of line id, so that ties of allocation fall the same way whatever the cart's order. */
  lines: readonly BasketLine[]
  shippingAmount: number
  /** An amount of another currency in the basket's. */
  convert(amount: Money): number
}>

export function isTarget(target: PromotionTarget, line: BasketLine): boolean {
  const matches = (wanted: readonly string[], value: string) =>
    wanted.length === 0 || wanted.includes(value)
  return (
    matches(target.sellerIds, line.sellerId) &&
    matches(target.departments, line.department) &&
    matches(target.productIds, line.productId) &&
    matches(target.offerIds, line.offerId)
  )
}

/** What is missing to the promotion's minimum, given what is left of each line; 0 if it is met. */
export function missingToMinimum(
  promotion: Promotion,
  basket: Basket,
  left: readonly number[],
): number {
  if (!promotion.minimum) return 0
  const reached = basket.lines.reduce(
    (all, line, place) => (isTarget(promotion.target, line) ? all + (left[place] as number) : all),
    0,
  )
  return Math.max(0, basket.convert(promotion.minimum) - reached)
}

/** Off each line by a PRODUCT promotion, given what is left of it. Rounded once a line. */
export function productDiscounts(
  promotion: Promotion,
  basket: Basket,
  left: readonly number[],
): number[] {
  const { effect, target } = promotion
  if (effect.kind === 'buy_x_get_y') return bundleDiscounts(promotion, basket, left)
  return basket.lines.map((line, place) => {
    if (!isTarget(target, line)) return 0
    const rest = left[place] as number
    if (effect.kind === 'percentage') return shareOf(rest, effect.percent, basket.currency)
    if (effect.kind === 'fixed')
      return Math.min(rest, basket.convert(effect.amount) * line.quantity)
    return 0
  })
}

/** Off the whole by an ORDER promotion, spread over its lines by largest remainder (semantics 3.4). */
export function orderDiscounts(
  promotion: Promotion,
  basket: Basket,
  left: readonly number[],
): number[] {
  const weights = basket.lines.map((line, place) =>
    isTarget(promotion.target, line) ? (left[place] as number) : 0,
  )
  const whole = weights.reduce((all, weight) => all + weight, 0)
  if (whole === 0) return weights
  const { effect } = promotion
  if (effect.kind === 'percentage')
    return allocate(shareOf(whole, effect.percent, basket.currency), weights)
  if (effect.kind === 'fixed')
    return allocate(Math.min(whole, basket.convert(effect.amount)), weights)
  return weights.map(() => 0)
}

/** Off what is left of the shipping. */
export function shippingDiscount(promotion: Promotion, basket: Basket, left: number): number {
  const { effect } = promotion
  if (effect.kind === 'free_shipping') return left
  if (effect.kind === 'percentage') return shareOf(left, effect.percent, basket.currency)
  if (effect.kind === 'fixed') return Math.min(left, basket.convert(effect.amount))
  return 0
}

function shareOf(amount: number, percent: string, currency: string): number {
  const share = multiplyHalfUp(money(amount, currency), percentToRate(percent)).amount
  return Math.min(amount, share)
}

/**
 * Buy X get Y: the units are laid out from the dearest down, and of each full group of x + y the y
 * cheapest are reduced, so that no order of the cart gives more than another.
 */
function bundleDiscounts(
  { effect, target }: Promotion,
  basket: Basket,
  left: readonly number[],
): number[] {
  if (effect.kind !== 'buy_x_get_y') return basket.lines.map(() => 0)
  const group = effect.buy + effect.get
  const byPrice = basket.lines
    .map((line, place) => ({ line, place }))
    .filter(({ line }) => isTarget(target, line))
    .sort((a, b) => b.line.unitAmount - a.line.unitAmount || a.place - b.place)
  const units = byPrice.reduce((all, { line }) => all + line.quantity, 0)
  const grouped = units - (units % group)
  const discounts = basket.lines.map(() => 0)
  let first = 0
  for (const { line, place } of byPrice) {
    const end = Math.min(first + line.quantity, grouped)
    const reduced = reducedBefore(end, effect.buy, group) - reducedBefore(first, effect.buy, group)
    if (end > first && reduced > 0) {
      const worth = shareOf(reduced * line.unitAmount, effect.percent, basket.currency)
      discounts[place] = Math.min(left[place] as number, worth)
    }
    first += line.quantity
  }
  return discounts
}

/** How many of the first `count` units are reduced, when each group's last ones are. */
function reducedBefore(count: number, buy: number, group: number): number {
  return Math.floor(count / group) * (group - buy) + Math.max(0, (count % group) - buy)
}
