import { createHash } from 'node:crypto'
import { type Money, money } from '#contracts/kit/money.ts'
import type { PaymentState } from '#contracts/payments/schemas.ts'
import type { Payment } from './api.ts'
import type { ProviderPayment, ProviderRefund } from './provider.ts'

/** What a provider said of a payment. Each is counted once, in whatever order they come. */
export type HappeningType =
  | 'AUTH_OK'
  | 'AUTH_FAIL'
  | 'ACTION_REQUIRED'
  | 'CAPTURE_OK'
  | 'VOID_OK'
  | 'REFUND_OK'
  | 'REFUND_FAIL'

export type Happening = Readonly<{
  type: HappeningType
  /** The provider's id of it; with the type it is unique (semantics 1e). */
  ref: string
  /** Minor units of the payment's currency. */
  amount: number
}>

export type Card = Readonly<{ brand: string; last4: string }>

/** An attempt as its row holds it. */
export type Attempt = Readonly<{
  shard: number
  orderId: string
  attempt: number
  id: string
  provider: string
  providerKey: string
  providerRef: string | null
  method: string
  currency: string
  amount: number
  authorized: number
  captured: number
  voided: number
  refunded: number
  refundClaimed: number
  state: Payment['state']
  declineCode: string | null
  redirectUrl: string | null
  card: Card | null
  riskScore: number | null
  asks: number
  createdAt: string
}>

/**
 * States are ranks: a happening only lifts an attempt to a higher one, so that late, doubled and
 * reordered news end in the same state. `failed` gives way to money that was taken after all: it
 * must be given back.
 */
const RANK: Readonly<Record<Payment['state'], number>> = {
  unknown: 0,
  requires_action: 1,
  failed: 2,
  authorized: 3,
  voided: 4,
  captured: 5,
}

const LEADS_TO: Readonly<Record<HappeningType, Payment['state']>> = {
  ACTION_REQUIRED: 'requires_action',
  AUTH_FAIL: 'failed',
  AUTH_OK: 'authorized',
  VOID_OK: 'voided',
  CAPTURE_OK: 'captured',
  REFUND_OK: 'captured',
  REFUND_FAIL: 'unknown',
}

/** Folds one new happening into an attempt. Refund claims are settled by the refund. */
export function applyHappening(before: Attempt, { type, amount }: Happening): Attempt {
  const state = RANK[LEADS_TO[type]] > RANK[before.state] ? LEADS_TO[type] : before.state
  const authorized = before.authorized + (type === 'AUTH_OK' ? amount : 0)
  const captured = before.captured + (type === 'CAPTURE_OK' ? amount : 0)
  return {
    ...before,
    state,
    authorized,
    captured,
    voided: state === 'voided' ? authorized - captured : 0,
    refunded: before.refunded + (type === 'REFUND_OK' ? amount : 0),
  }
}

/** What a provider's record implies: every step that must have led to it. */
export function happeningsOf(payment: ProviderPayment): Happening[] {
  const { ref, status, amount, captured } = payment
  const found: Happening[] = []
  if (status === 'authorized' || captured > 0) found.push({ type: 'AUTH_OK', ref, amount })
  if (captured > 0) found.push({ type: 'CAPTURE_OK', ref, amount: captured })
  if (status === 'voided') found.push({ type: 'VOID_OK', ref, amount: 0 })
  if (status === 'failed') found.push({ type: 'AUTH_FAIL', ref, amount: 0 })
  if (status === 'requires_action') found.push({ type: 'ACTION_REQUIRED', ref, amount: 0 })
  return found
}

export function happeningOfRefund(refund: ProviderRefund): Happening {
  const failed = refund.status === 'failed'
  return {
    type: failed ? 'REFUND_FAIL' : 'REFUND_OK',
    ref: refund.ref,
    amount: failed ? 0 : refund.amount,
  }
}

/** An attempt as other modules see it. */
export function toPayment(attempt: Attempt): Payment {
  const { orderId, state, captured, refunded } = attempt
  return {
    paymentId: attempt.id,
    orderId,
    attempt: attempt.attempt,
    state,
    amount: money(attempt.amount, attempt.currency),
    captured,
    refunded,
    shown: shownState(attempt),
  }
}

function shownState(attempt: Attempt): PaymentState {
  const amount: Money = money(attempt.amount, attempt.currency)
  return {
    status: shownStatus(attempt),
    amount,
    ...(attempt.card ? { card: attempt.card } : {}),
    ...(attempt.state === 'requires_action' && attempt.redirectUrl
      ? { redirectUrl: attempt.redirectUrl }
      : {}),
    ...(attempt.state === 'failed' && attempt.declineCode
      ? { declineCode: attempt.declineCode }
      : {}),
  }
}

function shownStatus({ state, captured, refunded }: Attempt): PaymentState['status'] {
  if (state === 'captured') {
    if (refunded === 0) return 'completed'
    return refunded < captured ? 'partially_refunded' : 'refunded'
  }
  if (state === 'unknown') return 'pending'
  if (state === 'voided') return 'failed'
  return state
}

/**
 * Idempotency key at the provider, so that a retry of ours is a retry there (semantics 5.6).
 * @param operation `charge`, `void` or `refund`. @param group the attempt's or the refund's own name.
 */
export function providerKey(orderId: string, operation: string, group: string): string {
  return createHash('sha256').update(`${orderId}\n${operation}\n${group}`).digest('base64url')
}

/** Milliseconds to wait before the provider is asked again: 2 s doubling to 5 minutes. */
export function askDelayMs(asks: number): number {
  return Math.min(2_000 * 2 ** Math.min(asks, 10), 300_000)
}
