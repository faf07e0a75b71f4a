import { Problem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import type { Log } from '../../../platform/log.ts'
import type { Vault } from '../../../platform/vault.ts'
import type { Payment, PaymentsApi } from '../../payments/index.ts'
import { claimDueCheckouts, markAwaiting, postponeUntil } from '../checkout-repository.ts'
import type { CheckoutRecord, PlacedOrder } from '../model.ts'
import { chargeOf, isPaid, openPlan } from '../payment-plan.ts'
import { listPlaced } from '../repository.ts'
import { LEASE_MS, nextLookAt } from '../settings.ts'
import type { FinishOrder } from './finish-order.ts'
import type { ScreenOrder } from './screen-order.ts'
import type { UnwindOrder } from './unwind-order.ts'

type Deps = Readonly<{
  db: Database
  clock: Clock
  log: Log
  vault: Vault
  payments: Pick<PaymentsApi, 'charge' | 'getByOrder' | 'resolve' | 'cancel'>
  finish: FinishOrder
  unwind: UnwindOrder
  screen: ScreenOrder
}>

const ROUND = 50
/** How soon a payment is asked about again whose time is over and whose outcome is not known. */
const ASK_AGAIN_MS = 30_000

/**
 * Finishes what a crash, a slow provider or an absent shopper left: confirms what was paid, expires
 * what was not, gives back what ended orders hold. An order whose process died before the shopper
 * had an answer, or whose charge got none, is charged as he asked for, under the same key as he would
 * be: the provider that knows the key answers what it did, one that was never reached does it now.
 * @returns how many orders it looked at.
 */
export function makeResumeCheckouts(deps: Deps): () => Promise<number> {
  const { db, clock, log, vault, payments, finish, unwind, screen } = deps

  async function decide(placed: PlacedOrder, checkout: CheckoutRecord): Promise<void> {
    const { orderId, windowEndsAt } = checkout
    const now = clock.now()
    const isOver = Date.parse(windowEndsAt) <= now.getTime()
    const known = await payments.getByOrder({ orderId })
    const isOpen = known === null || known.state === 'unknown'
    const mayCharge = isOpen && !isOver
    // The process may have died before the order was screened; an old verdict is found again.
    if (mayCharge) await screen.enforce(placed, await screen.judge(placed, {}))
    const payment = mayCharge ? ((await charge(placed, checkout, known)) ?? known) : known
    if (isPaid(payment)) return void (await finish.confirm(placed, payment))
    if (isOver || isLost(payment)) return close(placed, payment)
    const isSilent = payment?.state === 'unknown'
    const dueAt = isSilent ? nextLookAt(now, checkout.tries, windowEndsAt) : windowEndsAt
    await markAwaiting(db, orderId, { now: now.toISOString(), dueAt })
    // Its news may have come between our question and our waiting: nobody would wake us then.
    const news = await payments.getByOrder({ orderId })
    if (isPaid(news)) await finish.confirm(placed, news)
  }

  async function charge(
    { order }: PlacedOrder,
    { sealedPayment }: CheckoutRecord,
    known: Payment | null,
  ): Promise<Payment | null> {
    if (sealedPayment === null) return null
    try {
      const plan = openPlan(vault, order.id, sealedPayment)
      return await payments.charge(chargeOf(order, plan, known?.attempt ?? 1))
    } catch (error) {
      log.warn({ orderId: order.id, error: String(error) }, 'a crashed order could not be charged')
      return null
    }
  }

  /** The time to pay is over, or the payment failed: the provider has the last word. */
  async function close(placed: PlacedOrder, known: Payment | null): Promise<void> {
    const orderId = placed.order.id
    const resolved = known ? await payments.resolve({ orderId }) : null
    if (isPaid(resolved)) return void (await finish.confirm(placed, resolved))
    // What is cancelled here stays so: money that came in the meantime goes back.
    const payment =
      resolved?.state === 'requires_action'
        ? await payments.cancel({ key: `${orderId}:expire`, orderId, reason: 'order expired' })
        : resolved
    if (payment?.state === 'unknown' || payment?.state === 'requires_action') {
      const at = new Date(clock.now().getTime() + ASK_AGAIN_MS).toISOString()
      return postponeUntil(db, orderId, at)
    }
    await finish.end(placed, { reason: isLost(resolved) ? 'payment_failed' : 'expired' })
  }

  async function advance(placed: PlacedOrder, checkout: CheckoutRecord): Promise<void> {
    if (checkout.state === 'confirmed') return finish.wrapUp(placed)
    if (checkout.state === 'unwinding') return unwind(placed, checkout)
    return decide(placed, checkout)
  }

  return async () => {
    const now = clock.now()
    const leaseEndsAt = new Date(now.getTime() + LEASE_MS).toISOString()
    const due = await claimDueCheckouts(db, { now: now.toISOString(), leaseEndsAt, limit: ROUND })
    const placed = await listPlaced(
      db,
      due.map(({ orderId }) => orderId),
    )
    const byId = new Map(placed.map((one) => [one.order.id, one]))
    await Promise.all(
      due.map(async (checkout) => {
        const one = byId.get(checkout.orderId)
        if (!one) return log.error({ orderId: checkout.orderId }, 'a checkout without its order')
        // One that fails waits for the end of its lease; a refusal is an outcome.
        await advance(one, checkout).catch((error: unknown) => {
          if (error instanceof Problem) return
          log.warn({ orderId: checkout.orderId, error: String(error) }, 'an order is resumed later')
        })
      }),
    )
    return due.length
  }
}

/** Refused for good; a provider that was away may be tried again by the shopper. */
function isLost(payment: Payment | null): boolean {
  if (payment?.state === 'voided') return true
  return payment?.state === 'failed' && payment.shown.declineCode !== 'provider_unavailable'
}
