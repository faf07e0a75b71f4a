import type { Money } from '#contracts/kit/money.ts'
import type { PROMOTION_CLASSES } from '#contracts/pricing/promotions.ts'

export type PromotionClass = (typeof PROMOTION_CLASSES)[number]

/** What a promotion takes off. Amounts are in the currency of the promotion and converted. */
export type PromotionEffect =
  /** `percent` is a decimal string: "12.5" is an eighth. */
  | Readonly<{ kind: 'percentage'; percent: string }>
  /** Off every unit (product), or once off the whole (order, shipping). */
  | Readonly<{ kind: 'fixed'; amount: Money }>
  /** Of every `buy` + `get` units the `get` cheapest are reduced by `percent`. */
  | Readonly<{ kind: 'buy_x_get_y'; buy: number; get: number; percent: string }>
  | Readonly<{ kind: 'free_shipping' }>

/** Which lines count: AND between the fields, OR within one; empty lists take all. */
export type PromotionTarget = Readonly<{
  sellerIds: readonly string[]
  departments: readonly string[]
  productIds: readonly string[]
  offerIds: readonly string[]
}>

export const ALL_LINES: PromotionTarget = {
  sellerIds: [],
  departments: [],
  productIds: [],
  offerIds: [],
}

/** A promotion by the rules of semantics 13. */
export type Promotion = Readonly<{
  id: string
  name: string
  class: PromotionClass
  effect: PromotionEffect
  target: PromotionTarget
  /** The target's lines must come to this, after the discounts of earlier classes. */
  minimum: Money | null
  /** Classes that it may be combined with; the other must allow it too. */
  combinesWith: readonly PromotionClass[]
  /** Smaller is tried first. */
  priority: number
  /** Percent of the cost that the seller bears; the marketplace bears the rest. */
  sellerSharePercent: number
  /** Only with one of its coupons. */
  needsCoupon: boolean
  startsAt: string | null
  endsAt: string | null
  totalLimit: number | null
  perCustomerLimit: number | null
  /** How often one and the same code may be used. */
  perCodeLimit?: number | null
  /** What it may cost in all. */
  budget: Money | null
  active: boolean
}>

/** A promotion as it stands: what of its limits is used up, and which coupon of the cart asks for it. */
export type LivePromotion = Readonly<{
  promotion: Promotion
  used: number
  budgetUsedAmount: number
  /** The cart's coupon for it; null if none. */
  coupon: string | null
  /** How often that one was used; counted where codes have a limit. */
  couponUsed?: number
}>

/** A coupon's code as it is compared: NFKC, upper case, no spaces. */
export function normalizeCode(code: string): string {
  return code.normalize('NFKC').replace(/\s+/g, '').toUpperCase()
}

/** An account id or e-mail as it is compared for limits per customer. */
export function normalizeCustomer(customer: string): string {
  return customer.trim().normalize('NFKC').toLowerCase()
}

export const QUOTE_TTL_MS = 30 * 60_000
