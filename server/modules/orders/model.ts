import type { Address } from '#contracts/kit/address.ts'
import type { Language } from '#contracts/kit/language.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { ORDER_STATUSES } from '#contracts/orders/schemas.ts'
import type { QuoteLine } from '#contracts/pricing/schemas.ts'

/** How far the path of an order has come (design 4). */
export type CheckoutState = 'placed' | 'awaiting_payment' | 'confirmed' | 'unwinding' | 'done'

/** A seller's part of an order (semantics 1a). */
export type Lifecycle =
  | 'pending_payment'
  | 'open'
  | 'on_hold'
  | 'cancelled'
  | 'expired'
  | 'completed'

export type Ending = 'confirmed' | 'cancelled' | 'expired'

export type CancelReason =
  | 'customer'
  | 'operator'
  | 'payment_failed'
  | 'expired'
  | 'out_of_stock'
  | 'fraud'
  | 'purchase_limit'

/** What can happen to an order as a whole. */
export type OrderEvent = 'pay' | 'hold' | 'release' | 'cancel' | 'expire'

/** The only transitions there are; what is not here is refused (semantics 1). */
export const TRANSITIONS: Readonly<
  Record<Lifecycle, Readonly<Partial<Record<OrderEvent, Lifecycle>>>>
> = {
  pending_payment: { pay: 'open', hold: 'on_hold', cancel: 'cancelled', expire: 'expired' },
  open: { hold: 'on_hold', cancel: 'cancelled' },
  on_hold: { release: 'open', cancel: 'cancelled' },
  cancelled: {},
  expired: {},
  completed: {},
}

/**
 * Where an event leads.
 * @throws invalid_transition, with the state and the events that it allows.
 */
export function nextLifecycle(from: Lifecycle, event: OrderEvent): Lifecycle {
  const next = TRANSITIONS[from][event]
  if (next) return next
  throw refuseTransition(from, event, Object.keys(TRANSITIONS[from]))
}

export function refuseTransition(
  state: string,
  event: string,
  allowed: readonly string[],
): ReturnType<typeof generalProblem> {
  return generalProblem('invalid_transition', {
    detail: `An order that is ${state.replaceAll('_', ' ')} does not allow: ${event}`,
    data: { state, event, allowed },
  })
}

/** An order as it was placed. Amounts in minor units of its currency. */
export type OrderRecord = Readonly<{
  shard: number
  id: string
  createdAt: string
  placedAt: string
  number: string
  customerId: string | null
  cartId: string
  quoteId: string
  email: string
  /** In which the shopper is written to. */
  language: Language | null
  currency: string
  subtotal: number
  discount: number
  shipping: number
  goodsNet: number
  goodsTax: number
  shippingNet: number
  shippingTax: number
  total: number
  shippingAddress: Address
  billingAddress: Address
  shippingOptionId: string
  shippingOptionName: string
  deliveryEarliest: string | null
  deliveryLatest: string | null
}>

export type LineRecord = Readonly<{
  shard: number
  orderId: string
  n: number
  id: string
  productId: string
  variantId: string
  offerId: string
  sellerId: string
  sku: string
  name: string
  image: string | null
  unitPrice: number
  discount: number
  net: number
  tax: number
  taxes: QuoteLine['taxes']
  commissionRate: string
  commission: number
  commissionVat: number
  /** What the marketplace bears of the discount, without tax. */
  marketplaceDiscount: number
  ordered: number
  cancelled: number
  allocated: number
  shipped: number
  delivered: number
  lost: number
  /** Units of open returns that have not come back yet. */
  returnRequested: number
  returned: number
  restocked: number
  refundedQty: number
}>

export type SellerOrderRecord = Readonly<{
  shard: number
  orderId: string
  sellerId: string
  id: string
  lifecycle: Lifecycle
  subtotal: number
  discount: number
  shipping: number
  goodsNet: number
  goodsTax: number
  shippingNet: number
  shippingTax: number
  total: number
  commission: number
  commissionVat: number
  marketplaceDiscount: number
}>

export type TimelineRecord = Readonly<{ type: string; at: string; note: string | null }>

/** Everything of an order that orders itself keeps. */
export type PlacedOrder = Readonly<{
  order: OrderRecord
  lines: readonly LineRecord[]
  sellerOrders: readonly SellerOrderRecord[]
}>

export type CheckoutRecord = Readonly<{
  shard: number
  orderId: string
  cartId: string
  state: CheckoutState
  ending: Ending | null
  reason: CancelReason | null
  /** The command that ended it, if it was one of somebody. */
  endKey: string | null
  wasConfirmed: boolean
  version: number
  windowEndsAt: string
  /** How the shopper wants to pay, sealed, until the order is decided. */
  sealedPayment: string | null
  tries: number
}>

export type OrderStatus = (typeof ORDER_STATUSES)[number]

/** The public word for an order: its sellers' parts rolled up, then its units (semantics 1c, 1h). */
export function orderStatus(
  sellerOrders: readonly Pick<SellerOrderRecord, 'lifecycle'>[],
  lines: readonly Pick<LineRecord, 'ordered' | 'cancelled' | 'shipped' | 'delivered' | 'lost'>[],
): OrderStatus {
  const all = (...lifecycles: Lifecycle[]) =>
    sellerOrders.every(({ lifecycle }) => lifecycles.includes(lifecycle))
  const some = (lifecycle: Lifecycle) => sellerOrders.some((part) => part.lifecycle === lifecycle)
  if (some('pending_payment')) return 'pending'
  if (all('expired')) return 'expired'
  if (all('cancelled', 'expired')) return 'cancelled'
  if (some('on_hold')) return 'on_hold'
  if (all('completed', 'cancelled')) return 'completed'
  const total = (pick: (line: (typeof lines)[number]) => number) =>
    lines.reduce((sum, line) => sum + pick(line), 0)
  const wanted = total((line) => line.ordered - line.cancelled)
  const shipped = total((line) => line.shipped)
  if (shipped === 0) return 'confirmed'
  if (shipped < wanted) return 'partially_shipped'
  const arrived = total((line) => line.delivered)
  return arrived > 0 && arrived + total((line) => line.lost) === wanted ? 'delivered' : 'shipped'
}

/** Units of a set of lines still to be handed to a carrier. */
export function isFullyShipped(lines: readonly Pick<LineRecord, 'allocated'>[]): boolean {
  return lines.every((line) => line.allocated === 0)
}

/** Whether an address is the same to the letter. */
export function isSameAddress(a: Address, b: Address): boolean {
  const fields = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof Address>
  return [...fields].every((field) => (a[field] ?? '') === (b[field] ?? ''))
}
