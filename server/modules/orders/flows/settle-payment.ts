import { paymentsProblem } from '#contracts/payments/problems.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import type { CartApi } from '../../cart/index.ts'
import type { Payment, PaymentsApi } from '../../payments/index.ts'
import { markAwaiting, wakeForPayment } from '../checkout-repository.ts'
import type { PlacedOrder } from '../model.ts'
import { isPaid } from '../payment-plan.ts'
import { nextLookAt } from '../settings.ts'
import type { Confirmed, FinishOrder } from './finish-order.ts'

type Deps = Readonly<{
  db: Database
  clock: Clock
  payments: Pick<PaymentsApi, 'getByOrder' | 'windowMs'>
  cart: Pick<CartApi, 'markOrdered'>
  finish: FinishOrder
  paymentWindowMs: number
}>

/** `settled` is false while the payment is still to come. */
export type Outcome = Readonly<{
  settled: boolean
  /** What this very call confirmed, so that it need not be read again. */
  confirmed?: Readonly<{ placed: PlacedOrder; payment: Payment }> & Confirmed
}>

/**
 * Goes on from what is known of a payment, for a shopper who waits for the answer.
 * @throws payments.declined, payments.provider_unavailable, inventory.insufficient_stock
 */
export type SettlePayment = (placed: PlacedOrder, payment: Payment) => Promise<Outcome>

export function makeSettlePayment(deps: Deps): SettlePayment {
  const { db, clock, payments, cart, finish, paymentWindowMs } = deps

  /** The order waits: for the shopper, for the provider's answer, or for a provider at all. */
  async function wait({ order }: PlacedOrder, { method, state }: Payment): Promise<void> {
    const now = clock.now()
    const windowMs = payments.windowMs({ method })
    const endsAt = Date.parse(order.placedAt) + (windowMs ?? paymentWindowMs)
    const over = new Date(endsAt).toISOString()
    const dueAt = state === 'unknown' ? nextLookAt(now, 0, over) : over
    const waits = await markAwaiting(db, order.id, { now: now.toISOString(), dueAt })
    // It ended while its charge was on the way, of which payments knew nothing then: that is given up as well.
    if (!waits) await wakeForPayment(db, [order.id], now.toISOString())
    // Who has days to pay is done with this cart, and may fill another.
    if (windowMs !== null) await cart.markOrdered({ cartId: order.cartId, orderId: order.id })
  }

  async function decide(placed: PlacedOrder, payment: Payment): Promise<Outcome | undefined> {
    if (isPaid(payment)) {
      const done = await finish.confirm(placed, payment)
      return { settled: true, ...(done ? { confirmed: { placed, payment, ...done } } : {}) }
    }
    if (payment.state !== 'failed' && payment.state !== 'voided') return undefined
    const declineCode = payment.shown.declineCode ?? 'declined'
    if (declineCode === 'provider_unavailable') {
      await wait(placed, payment)
      throw paymentsProblem('payments.provider_unavailable', { retryAfterSeconds: 2 })
    }
    await finish.end(placed, { reason: 'payment_failed' })
    throw paymentsProblem('payments.declined', { data: { orderId: placed.order.id, declineCode } })
  }

  return async (placed, payment) => {
    const decided = await decide(placed, payment)
    if (decided !== undefined) return decided
    await wait(placed, payment)
    // Its news may have come between our question and our waiting: nobody would wake us then.
    const again = await payments.getByOrder({ orderId: placed.order.id })
    return (again && (await decide(placed, again))) ?? { settled: false }
  }
}
