import { type Behaviour, type Card, RISK_SCORE_USUAL } from './cards.ts'
import { ProviderProblem } from './problem.ts'

export type PaymentStatus =
  | 'succeeded'
  | 'authorized'
  | 'failed'
  | 'requires_action'
  | 'processing'
  | 'canceled'

export type Payment = Readonly<{
  id: string
  reference: string
  status: PaymentStatus
  declineCode?: string
  nextAction?: Readonly<{ type: 'redirect'; url: string }>
  card: Card
  currency: string
  /** Whole minor units, as are all amounts here. */
  amount: number
  amountCaptured: number
  amountRefunded: number
  amountCanceled: number
  amountDisputed: number
  riskScore: number
  capture: boolean
  returnUrl?: string
  metadata: Readonly<Record<string, string>>
  createdAt: string
  updatedAt: string
  /** Counts this payment's changes from 1; webhooks carry it as `sequence`. */
  version: number
}>

export type Refund = Readonly<{
  id: string
  paymentId: string
  reference: string
  status: 'succeeded' | 'failed'
  failureCode?: string
  amount: number
  currency: string
  reason?: string
  createdAt: string
}>

export type Dispute = Readonly<{
  id: string
  paymentId: string
  reference: string
  amount: number
  currency: string
  reason: string
  status: 'open' | 'won' | 'lost'
  createdAt: string
}>

export type EventType =
  | 'payment.succeeded'
  | 'payment.authorized'
  | 'payment.failed'
  | 'payment.requires_action'
  | 'payment.processing'
  | 'payment.captured'
  | 'payment.canceled'
  | 'refund.succeeded'
  | 'refund.failed'
  | 'dispute.created'
  | 'dispute.closed'

export type PaymentInput = Readonly<{
  amount: number
  currency: string
  token: string
  capture: boolean
  reference: string
  returnUrl?: string | undefined
  metadata?: Readonly<Record<string, string>> | undefined
}>

export type Opening = Readonly<{
  id: string
  card: Card
  behaviour: Behaviour
  actionUrl: string | undefined
  at: string
}>

const FIRST_STATUS = {
  decline: 'failed',
  ask_shopper: 'requires_action',
  process: 'processing',
} as const

/** A payment as the bank first answers it. `break` never gets here: nothing is recorded of it. */
export function openPayment(input: PaymentInput, opening: Opening): Payment {
  const { behaviour, actionUrl, at } = opening
  const payment: Payment = {
    id: opening.id,
    reference: input.reference,
    status: 'processing',
    card: opening.card,
    currency: input.currency,
    amount: input.amount,
    amountCaptured: 0,
    amountRefunded: 0,
    amountCanceled: 0,
    amountDisputed: 0,
    riskScore: behaviour.riskScore ?? RISK_SCORE_USUAL,
    capture: input.capture,
    ...(input.returnUrl === undefined ? {} : { returnUrl: input.returnUrl }),
    metadata: input.metadata ?? {},
    createdAt: at,
    updatedAt: at,
    version: 1,
  }
  if (behaviour.decide === 'approve' || behaviour.decide === 'break') return approved(payment)
  return {
    ...payment,
    status: FIRST_STATUS[behaviour.decide],
    ...(behaviour.declineCode === undefined ? {} : { declineCode: behaviour.declineCode }),
    ...(actionUrl === undefined ? {} : { nextAction: { type: 'redirect', url: actionUrl } }),
  }
}

function approved(payment: Payment): Payment {
  return payment.capture
    ? { ...payment, status: 'succeeded', amountCaptured: payment.amount }
    : { ...payment, status: 'authorized' }
}

function change(payment: Payment, at: string): Payment {
  const { nextAction: _, ...rest } = payment
  return { ...rest, updatedAt: at, version: payment.version + 1 }
}

/** Ends a payment that waited for the shopper or for the card's bank. */
export function settlePayment(
  payment: Payment,
  outcome: Readonly<{ approve: boolean; declineCode: string; at: string }>,
): Payment {
  const changed = change(payment, outcome.at)
  if (outcome.approve) return approved(changed)
  return { ...changed, status: 'failed', declineCode: outcome.declineCode }
}

function refuseState(payment: Payment, verb: string): ProviderProblem {
  const detail = `A payment that is ${payment.status} cannot be ${verb}.`
  return new ProviderProblem(409, 'invalid_state', detail)
}

function refuseAmount(most: number, what: string): ProviderProblem {
  const detail = `At most ${most} can be ${what}.`
  return new ProviderProblem(422, 'amount_too_large', detail, [{ path: 'amount', message: detail }])
}

/** Takes a part of what was authorized, or all that is left of it; may be repeated. */
export function capturePayment(
  payment: Payment,
  { amount, at }: Readonly<{ amount: number | undefined; at: string }>,
): Payment {
  if (payment.status !== 'authorized') throw refuseState(payment, 'captured')
  const left = payment.amount - payment.amountCaptured
  const taken = amount ?? left
  if (taken > left) throw refuseAmount(left, 'captured')
  const status = taken === left ? 'succeeded' : 'authorized'
  return { ...change(payment, at), status, amountCaptured: payment.amountCaptured + taken }
}

/** Lets go of what was authorized and not captured. What was captured stays. */
export function cancelPayment(payment: Payment, at: string): Payment {
  if (payment.status !== 'authorized' && payment.status !== 'requires_action') {
    throw refuseState(payment, 'canceled')
  }
  const status = payment.amountCaptured > 0 ? 'succeeded' : 'canceled'
  const amountCanceled = payment.amount - payment.amountCaptured
  return { ...change(payment, at), status, amountCanceled }
}

/** What may still be given back: captured, less refunded, less what the card's bank took back. */
export function refundable(payment: Payment): number {
  return payment.amountCaptured - payment.amountRefunded - payment.amountDisputed
}

export function checkRefund(payment: Payment, amount: number): void {
  if (payment.amountCaptured === 0) throw refuseState(payment, 'refunded')
  if (amount > refundable(payment)) throw refuseAmount(refundable(payment), 'refunded')
}

export function refundPayment(
  payment: Payment,
  { amount, at }: Readonly<{ amount: number; at: string }>,
): Payment {
  checkRefund(payment, amount)
  return { ...change(payment, at), amountRefunded: payment.amountRefunded + amount }
}

/** A refund that the card's bank sends back changes no amount, but it is a change. */
export function noteFailedRefund(payment: Payment, at: string): Payment {
  return change(payment, at)
}

/** The shopper's bank takes back all that is left. */
export function disputePayment(payment: Payment, at: string): Payment {
  const amountDisputed = payment.amountDisputed + refundable(payment)
  return { ...change(payment, at), amountDisputed }
}

/** A dispute ends: won, the money is the shop's again; lost, the shopper keeps it. */
export function closeDispute(
  payment: Payment,
  { amount, won, at }: Readonly<{ amount: number; won: boolean; at: string }>,
): Payment {
  const amountDisputed = payment.amountDisputed - (won ? amount : 0)
  return { ...change(payment, at), amountDisputed }
}
