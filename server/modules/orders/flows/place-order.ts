import { cartProblem } from '#contracts/cart/problems.ts'
import { inventoryProblem } from '#contracts/inventory/problems.ts'
import { generalProblem, Problem } from '#contracts/kit/problem.ts'
import { ordersProblem } from '#contracts/orders/problems.ts'
import { paymentsProblem } from '#contracts/payments/problems.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import { derivedId, type Ids, shardFor, timeOf } from '../../../platform/ids.ts'
import type { Vault } from '../../../platform/vault.ts'
import type { InventoryApi } from '../../inventory/index.ts'
import type { Payment, PaymentsApi } from '../../payments/index.ts'
import type { PricingApi } from '../../pricing/index.ts'
import type { PlaceOrderInput } from '../api.ts'
import { draftOrder } from '../draft.ts'
import type { CheckoutRecord, PlacedOrder } from '../model.ts'
import { chargeOf, planOf, sealPlan } from '../payment-plan.ts'
import { getPlaced } from '../repository.ts'
import { type Failpoint, LEASE_MS } from '../settings.ts'
import type { OrderStore } from '../store.ts'
import type { CheckedOffer } from './check-offer.ts'
import type { FinishOrder } from './finish-order.ts'
import { demandOf, nameLines, placeOf } from './quote-cart.ts'
import { denied, overLimit, type ScreenOrder } from './screen-order.ts'
import type { Outcome, SettlePayment } from './settle-payment.ts'

type Deps = Readonly<{
  db: Database
  ids: Ids
  clock: Clock
  inventory: Pick<InventoryApi, 'reserve' | 'release'>
  payments: Pick<PaymentsApi, 'charge' | 'check' | 'getByOrder' | 'resolve' | 'windowMs'>
  pricing: Pick<PricingApi, 'redeem' | 'unredeem'>
  store: OrderStore
  checkOffer(input: PlaceOrderInput): Promise<CheckedOffer>
  settle: SettlePayment
  finish: FinishOrder
  screen: ScreenOrder
  failpoint: Failpoint
  vault: Vault
  commissionRate: string
  commissionVatRate: string
  reservationTtlSeconds: number
  paymentWindowMs: number
}>

export type PlaceOrder = (
  input: PlaceOrderInput,
) => Promise<Outcome & Readonly<{ orderId: string }>>

/**
 * The path of an order (design 4). Its id follows from the shopper's key, so that every step finds
 * what an earlier run of it did: a crash between two steps is finished by the client's repetition,
 * or by the worker, for which the way to pay is kept sealed until the order is decided.
 */
export function makePlaceOrder(deps: Deps): PlaceOrder {
  /** Calls with one key that come at once share one run. */
  const running = new Map<string, ReturnType<PlaceOrder>>()

  async function run(input: PlaceOrderInput, orderId: string): Promise<Outcome> {
    // Most buyers come once: what they were shown is looked at while their order is looked for.
    const checked = deps.checkOffer(input)
    checked.catch(() => {})
    const { own, rival } = await deps.store.find({ orderId, cartId: input.cartId })
    if (own) return goOn(deps, input, own)
    if (rival) await giveWay(deps, rival)
    const offer = rival ? await deps.checkOffer(input) : await checked
    const plan = planOf(input)
    await deps.payments.check({
      ...plan,
      country: input.shippingAddress.country,
      amount: offer.kept.quote.total,
    })
    const windowMs = deps.payments.windowMs(plan) ?? deps.paymentWindowMs
    const placed = draftOrder(
      {
        orderId,
        cartId: input.cartId,
        customerId: input.customerId,
        email: input.email,
        language: input.language ?? null,
        billingAddress: input.billingAddress ?? input.shippingAddress,
        kept: offer.kept,
        commissionRate: deps.commissionRate,
        commissionVatRate: deps.commissionVatRate,
        placedAt: deps.clock.now(),
      },
      deps.ids,
    )
    await reserve(deps, placed, offer, windowMs)
    await deps.failpoint('after_reserve')
    await redeem(deps, placed, offer)
    const sealedPayment = sealPlan(deps.vault, orderId, plan)
    const [isPlaced, screened] = await Promise.all([
      deps.store.place({ placed, sealedPayment, windowMs }),
      deps.screen.judge(placed, input),
    ])
    if (!isPlaced) return findAgain(input, orderId)
    await deps.failpoint('after_place')
    await deps.screen.enforce(placed, screened)
    await deps.failpoint('after_screen')
    return pay(deps, input, { placed, attempt: 1 })
  }

  /** A rival was quicker between our question and our writing. */
  async function findAgain(input: PlaceOrderInput, orderId: string): Promise<Outcome> {
    const { own } = await deps.store.find({ orderId, cartId: input.cartId })
    if (own) return goOn(deps, input, own)
    await deps.inventory.release({ key: orderId, reason: 'released' })
    await deps.pricing.unredeem({ key: orderId })
    throw cartIsBusy()
  }

  return (input) => {
    const orderId = orderIdOf(input)
    const same = running.get(orderId)
    if (same) return same
    const work = run(input, orderId)
      .then((outcome) => ({ ...outcome, orderId }))
      .finally(() => running.delete(orderId))
    running.set(orderId, work)
    return work
  }
}

/** @throws orders.quote_unknown if the quote's id is none of ours */
export function orderIdOf({ key, cartId, customerId, quoteId }: PlaceOrderInput): string {
  const shard = shardFor(customerId ?? cartId)
  try {
    return derivedId('ord', `${cartId}\n${key}`, { at: timeOf(quoteId), shard })
  } catch (error) {
    if (error instanceof RangeError) throw ordersProblem('orders.quote_unknown')
    throw error
  }
}

function cartIsBusy(): Problem {
  return generalProblem('conflict', {
    detail: 'An order for this cart is under way',
    retryAfterSeconds: 2,
  })
}

async function reserve(
  { inventory, reservationTtlSeconds, paymentWindowMs }: Deps,
  { order, lines }: PlacedOrder,
  { cart }: CheckedOffer,
  windowMs: number,
): Promise<void> {
  // Who has days to pay has his goods held for days.
  const held = windowMs > paymentWindowMs ? Math.ceil(windowMs / 1_000) : reservationTtlSeconds
  const demand = demandOf(lines.map(({ offerId, ordered: quantity }) => ({ offerId, quantity })))
  try {
    await inventory.reserve({
      key: order.id,
      lines: [...demand].map(([offerId, quantity]) => ({ offerId, quantity })),
      destination: placeOf(order.shippingAddress),
      ttlSeconds: held,
    })
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'inventory.insufficient_stock') throw error
    const short = error.options.data?.['lines'] as Parameters<typeof nameLines>[1] | undefined
    throw inventoryProblem('inventory.insufficient_stock', {
      data: { lines: nameLines(cart, short ?? []) },
    })
  }
}

/** Uses up coupons and limited promotions; a quote without any asks nobody. */
async function redeem(
  { pricing, inventory }: Deps,
  { order }: PlacedOrder,
  { cart, kept }: CheckedOffer,
): Promise<void> {
  const { quote } = kept
  const option = quote.shippingOptions.find(({ id }) => id === quote.shippingOptionId)
  const isPromoted =
    quote.discount.amount > 0 || quote.shipping.amount < (option?.price.amount ?? 0)
  if (cart.coupons.length === 0 && !isPromoted) return
  try {
    await pricing.redeem({
      key: order.id,
      quoteId: quote.quoteId,
      customer: order.customerId === null ? [order.email] : [order.customerId, order.email],
    })
  } catch (error) {
    if (error instanceof Problem) await inventory.release({ key: order.id, reason: 'released' })
    throw error
  }
}

async function pay(
  deps: Deps,
  input: PlaceOrderInput,
  { placed, attempt }: Readonly<{ placed: PlacedOrder; attempt: number }>,
): Promise<Outcome> {
  const { order } = placed
  await deps.failpoint('before_charge')
  const payment = await deps.payments.charge(chargeOf(order, planOf(input), attempt))
  await deps.failpoint('after_charge')
  return deps.settle(placed, payment)
}

/** The order is there: a repetition, or what a crash left. */
async function goOn(
  deps: Deps,
  input: PlaceOrderInput,
  checkout: CheckoutRecord,
): Promise<Outcome> {
  const { orderId, ending, reason } = checkout
  if (ending === 'confirmed') return { settled: true }
  const payment = await deps.payments.getByOrder({ orderId })
  if (ending !== null) throw whyEnded(orderId, reason, payment)
  const placed = await getPlaced(deps.db, orderId)
  if (payment && payment.state !== 'failed' && payment.state !== 'unknown') {
    return deps.settle(placed, payment)
  }
  // A try that failed without reaching the provider may be made anew; an unknown one is asked for.
  await deps.screen.enforce(placed, await deps.screen.judge(placed, input))
  const attempt = payment === null ? 1 : payment.attempt + (payment.state === 'failed' ? 1 : 0)
  return pay(deps, input, { placed, attempt })
}

function whyEnded(
  orderId: string,
  reason: CheckoutRecord['reason'],
  payment: Payment | null,
): Problem {
  if (reason === 'payment_failed') {
    const declineCode = payment?.shown.declineCode ?? 'declined'
    return paymentsProblem('payments.declined', { data: { orderId, declineCode } })
  }
  if (reason === 'fraud') return denied(orderId)
  if (reason === 'purchase_limit') return overLimit({ orderId })
  if (reason === 'out_of_stock') {
    return inventoryProblem('inventory.insufficient_stock', { data: { orderId } })
  }
  return generalProblem('invalid_transition', {
    detail: 'The order has been cancelled',
    data: { orderId, state: 'cancelled', event: 'pay', allowed: [] },
  })
}

/**
 * The shopper comes again with the same cart and another key: to pay in another way, or from
 * another tab. An order that waits for him is given up; one whose outcome is not known is not.
 */
async function giveWay(deps: Deps, rival: CheckoutRecord): Promise<void> {
  const { orderId } = rival
  const payment = await deps.payments.resolve({ orderId })
  if (payment?.state === 'captured' || payment?.state === 'authorized') {
    throw cartProblem('cart.not_open', { data: { orderId } })
  }
  if (payment?.state === 'unknown') throw cartIsBusy()
  const placed = await getPlaced(deps.db, orderId)
  const age = deps.clock.now().getTime() - Date.parse(placed.order.placedAt)
  if (rival.state === 'placed' && age < LEASE_MS) throw cartIsBusy()
  await deps.finish.end(placed, { reason: 'customer' })
}
