import { createHash } from 'node:crypto'
import { money } from '#contracts/kit/money.ts'
import type { PaymentState } from '#contracts/payments/schemas.ts'
import type { Payment } from './api.ts'
import type { KnownPayment, ProviderPayment, ProviderRefund } from './provider.ts'
import type { Tender } from './tender-repository.ts'

/** What a provider said of a payment. Each is counted once, in whatever order they come. */
export type HappeningType =
  | 'AUTH_OK'
  | 'AUTH_FAIL'
  | 'ACTION_REQUIRED'
  | 'CAPTURE_OK'
  | 'VOID_OK'
  | 'REFUND_OK'
  | 'REFUND_FAIL'
  | 'CHARGEBACK'
  | 'CHARGEBACK_REVERSED'
  | 'CHARGEBACK_LOST'

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
  /** What was given back as store credit: the provider kept it. */
  credited: number
  /** What gift cards and store credit pay of the order, and how much of that went back. */
  tendered: number
  tenderRefunded: number
  /** What disputes hold or have taken. */
  disputed: number
  state: Payment['state']
  declineCode: string | null
  redirectUrl: string | null
  card: Card | null
  riskScore: number | null
  asks: number
  /** Until when a payment that the shopper makes elsewhere may come. */
  payBefore: string | null
  createdAt: string
}>

/** What an attempt holds before anything has happened to it. */
export const UNTOUCHED = {
  providerRef: null,
  authorized: 0,
  captured: 0,
  voided: 0,
  refunded: 0,
  refundClaimed: 0,
  credited: 0,
  tendered: 0,
  tenderRefunded: 0,
  disputed: 0,
  declineCode: null,
  redirectUrl: null,
  card: null,
  riskScore: null,
  asks: 0,
  payBefore: null,
} as const satisfies Partial<Attempt>

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
  CHARGEBACK: 'unknown',
  CHARGEBACK_REVERSED: 'unknown',
  CHARGEBACK_LOST: 'unknown',
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
    disputed:
      before.disputed +
      (type === 'CHARGEBACK' ? amount : type === 'CHARGEBACK_REVERSED' ? -amount : 0),
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

/** @param refund one that is decided. */
export function happeningOfRefund(refund: ProviderRefund): Happening {
  const failed = refund.status === 'failed'
  return {
    type: failed ? 'REFUND_FAIL' : 'REFUND_OK',
    ref: refund.ref,
    amount: failed ? 0 : refund.amount,
  }
}

/** What came back of what the provider took, by the provider or as store credit. */
export function givenBack({ refunded, credited }: Pick<Attempt, 'refunded' | 'credited'>): number {
  return refunded + credited
}

/** What can still be given back of what the provider took. */
export function refundable(attempt: Attempt): number {
  const { captured, refundClaimed, disputed } = attempt
  return Math.max(0, captured - refundClaimed - disputed - givenBack(attempt))
}

/** What a provider is told of a payment that it may not remember. */
export function knownOf({ orderId, attempt, amount, currency }: Attempt): KnownPayment {
  return { reference: orderId, attempt, amount: money(amount, currency) }
}

/** An attempt as other modules see it, with what gift cards and store credit pay beside it. */
export function toPayment(attempt: Attempt, tenders: readonly Tender[] = []): Payment {
  const { orderId, state } = attempt
  return {
    paymentId: attempt.id,
    orderId,
    attempt: attempt.attempt,
    method: attempt.method,
    state,
    amount: money(attempt.amount + attempt.tendered, attempt.currency),
    captured: attempt.captured + attempt.tendered,
    refunded: givenBack(attempt) + attempt.tenderRefunded,
    refunding: attempt.refundClaimed,
    riskScore: attempt.riskScore,
    shown: shownState(attempt, tenders),
  }
}

function shownState(attempt: Attempt, tenders: readonly Tender[]): PaymentState {
  const { currency } = attempt
  return {
    status: shownStatus(attempt),
    method: attempt.method,
    amount: money(attempt.amount + attempt.tendered, currency),
    ...(tenders.length > 0 ? { tenders: tenders.map(toShownTender) } : {}),
    ...(attempt.card ? { card: attempt.card } : {}),
    ...(attempt.state === 'requires_action' && attempt.redirectUrl
      ? { redirectUrl: attempt.redirectUrl }
      : {}),
    ...(attempt.state === 'requires_action' && attempt.payBefore && attempt.providerRef
      ? { transfer: { reference: attempt.providerRef, payBefore: attempt.payBefore } }
      : {}),
    ...(attempt.state === 'failed' && attempt.declineCode
      ? { declineCode: attempt.declineCode }
      : {}),
  }
}

function toShownTender({ kind, currency, amount, refunded, last4 }: Tender) {
  return {
    type: kind,
    amount: money(amount, currency),
    refunded: money(refunded, currency),
    ...(last4 === null ? {} : { last4 }),
  }
}

/** Methods by which the money comes after the order, outside any provider. */
const PAID_LATER: ReadonlySet<string> = new Set(['cash_on_delivery', 'bank_transfer'])

function shownStatus(attempt: Attempt): PaymentState['status'] {
  const { state } = attempt
  const captured = attempt.captured + attempt.tendered
  const refunded = givenBack(attempt) + attempt.tenderRefunded
  if (state === 'captured') {
    if (refunded === 0) return 'completed'
    return refunded < captured ? 'partially_refunded' : 'refunded'
  }
  if (state === 'unknown') return 'pending'
  if (state === 'voided') return 'failed'
  if (PAID_LATER.has(attempt.method) && state !== 'failed') return 'pending'
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
