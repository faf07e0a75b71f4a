import { type BehaviourName, behaviourOf, type Card, namedToken } from './cards.ts'
import { type Random, randomText } from './chance.ts'
import type { Clock, Timers } from './clock.ts'
import type { Answer } from './idempotency.ts'
import type { Journal } from './journal.ts'
import {
  cancelPayment,
  capturePayment,
  checkRefund,
  closeDispute,
  type Dispute,
  disputePayment,
  noteFailedRefund,
  openPayment,
  type Payment,
  type PaymentInput,
  type Refund,
  refundable,
  refundPayment,
  settlePayment,
} from './model.ts'
import { notFound, ProviderProblem } from './problem.ts'
import type { Proof, Records, Secrets, StoredPayment } from './records.ts'
import type { Change, Writer } from './writer.ts'

const TOKEN_LIFE_MS = 30 * 60 * 1000
const SECRET_LENGTH = 26
const NAMED_TOKEN_CARD = { brand: 'visa', last4: '4242', expiryMonth: 12, yearsLeft: 4 } as const

/** Work done in memory; it may be told to others once `durable` resolves. */
export type Done = Readonly<{
  answer: Answer
  durable: Promise<void>
}>

export type RefundInput = Readonly<{
  paymentId: string
  amount: number
  reason?: string | undefined
}>

export type CaptureInput = Readonly<{ id: string; amount?: number | undefined }>

/** Every method does its work before its first `await`: two requests never meet half-way. */
export type Bank = Readonly<{
  createPayment: (input: PaymentInput, proof: Proof) => Done
  capturePayment: (input: CaptureInput, proof: Proof) => Done
  cancelPayment: (id: string, proof: Proof) => Done
  createRefund: (input: RefundInput, proof: Proof) => Done
  /** The shopper's word on the 3-D Secure page; a second word changes nothing. */
  decideAction: (input: Readonly<{ actionId: string; approve: boolean }>) => Promise<Payment>
  mintToken: (input: Readonly<{ card: Card; behaviour: BehaviourName }>) => Promise<string>
  /** The word of the card's bank on a payment's dispute; a second word changes nothing. */
  closeDispute: (input: Readonly<{ paymentId: string; won: boolean }>) => Promise<Dispute>
  /** Takes up what a restart interrupted: payments still processing, disputes still to come. */
  resume: () => void
}>

export type BankDeps = Readonly<{
  records: Records
  writer: Writer
  journal: Pick<Journal, 'append'>
  clock: Clock
  timers: Timers
  random: Random
  /** Of the card that the named tokens stand for. */
  namedFingerprint: string
  nextSeq: () => number
  publicOrigin: () => string
  processingMs: number
  disputeDelayMs: number
}>

const EVENT_OF_STATUS = {
  succeeded: 'payment.succeeded',
  authorized: 'payment.authorized',
  failed: 'payment.failed',
  requires_action: 'payment.requires_action',
  processing: 'payment.processing',
  canceled: 'payment.canceled',
} as const

export function createBank(deps: BankDeps): Bank {
  return {
    createPayment: (input, proof) => createPayment(deps, input, proof),
    createRefund: (input, proof) => createRefund(deps, input, proof),
    capturePayment({ id, amount }, proof) {
      const { payment, secrets } = getStored(deps, id)
      const after = capturePayment(payment, { amount, at: deps.writer.nowText() })
      const stored = { payment: after, secrets }
      return change(deps, { type: 'payment.captured', stored, proof }, deps.nextSeq())
    },
    cancelPayment(id, proof) {
      const { payment, secrets } = getStored(deps, id)
      const stored = { payment: cancelPayment(payment, deps.writer.nowText()), secrets }
      return change(deps, { type: 'payment.canceled', stored, proof }, deps.nextSeq())
    },
    async decideAction({ actionId, approve }) {
      const stored = deps.records.action(actionId)
      if (stored === undefined) throw notFound('payment')
      if (stored.payment.status === 'requires_action') await settle(deps, stored, approve)
      return getStored(deps, stored.payment.id).payment
    },
    closeDispute: (input) => endDispute(deps, input),
    mintToken: (input) => mintToken(deps, input),
    resume() {
      for (const stored of deps.records.payments()) arm(deps, stored)
    },
  }
}

function getStored({ records }: BankDeps, id: string): StoredPayment {
  const stored = records.payment(id)
  if (stored === undefined) throw notFound('payment')
  return stored
}

function commit(deps: BankDeps, made: Change, seq: number): ReturnType<Writer['commit']> {
  const committed = deps.writer.commit(made, seq)
  arm(deps, made.stored)
  return committed
}

/** The answer a change has, now and when the journal is read again. */
export function answerOf(
  { payment, secrets }: StoredPayment,
  { json, isRefund }: Readonly<{ json: string; isRefund: boolean }>,
): Answer {
  const isFirst = payment.version === 1
  const neverComes = isFirst && behaviourOf(secrets.behaviour).answerNeverComes === true
  return { status: isFirst || isRefund ? 201 : 200, body: json, neverComes }
}

function change(deps: BankDeps, made: Change, seq: number): Done {
  const { json, durable } = commit(deps, made, seq)
  const answer = answerOf(made.stored, { json, isRefund: made.refund !== undefined })
  return { answer, durable }
}

/** The card behind the tokens that the contract names. */
function namedCard({ clock, namedFingerprint }: BankDeps): Card {
  const { brand, last4, expiryMonth, yearsLeft } = NAMED_TOKEN_CARD
  const expiryYear = clock.now().getUTCFullYear() + yearsLeft
  return { brand, last4, expiryMonth, expiryYear, fingerprint: namedFingerprint }
}

function readToken(
  deps: BankDeps,
  token: string,
): Readonly<{ card: Card; behaviour: BehaviourName }> {
  const name = namedToken(token)
  if (name !== undefined) return { card: namedCard(deps), behaviour: name }
  const minted = deps.records.token(token)
  const ageMs = minted && deps.clock.now().getTime() - Date.parse(minted.createdAt)
  if (minted !== undefined && ageMs !== undefined && ageMs < TOKEN_LIFE_MS) return minted
  const message = 'This token is unknown, used or older than 30 minutes.'
  throw new ProviderProblem(422, 'invalid_token', message, [{ path: 'token', message }])
}

function createPayment(deps: BankDeps, input: PaymentInput, proof: Proof): Done {
  const { writer, random } = deps
  const { card, behaviour: name } = readToken(deps, input.token)
  const behaviour = behaviourOf(name)
  if (behaviour.decide === 'break') {
    throw new ProviderProblem(500, 'provider_error', 'Something broke here; nothing was charged.')
  }
  const seq = deps.nextSeq()
  const asks = behaviour.decide === 'ask_shopper'
  const actionId = asks ? randomText(random, SECRET_LENGTH) : undefined
  const actionUrl = asks ? `${deps.publicOrigin()}/v1/actions/${actionId}` : undefined
  const opening = {
    id: writer.makeId('pay', seq),
    card,
    behaviour,
    actionUrl,
    at: writer.nowText(),
  }
  const payment = openPayment(input, opening)
  const secrets: Secrets = {
    behaviour: name,
    token: input.token,
    idempotencyKey: proof.key,
    ...(actionId === undefined ? {} : { actionId }),
  }
  const type = EVENT_OF_STATUS[payment.status]
  return change(deps, { type, stored: { payment, secrets }, proof }, seq)
}

function createRefund(deps: BankDeps, input: RefundInput, proof: Proof): Done {
  const { paymentId, amount, reason } = input
  const { payment, secrets } = getStored(deps, paymentId)
  checkRefund(payment, amount)
  const seq = deps.nextSeq()
  const at = deps.writer.nowText()
  const fails = behaviourOf(secrets.behaviour).refundFails === true
  const refund: Refund = {
    id: deps.writer.makeId('ref', seq),
    paymentId,
    reference: payment.reference,
    status: fails ? 'failed' : 'succeeded',
    ...(fails ? { failureCode: 'expired_or_canceled_card' } : {}),
    amount,
    currency: payment.currency,
    ...(reason === undefined ? {} : { reason }),
    createdAt: at,
  }
  const after = fails ? noteFailedRefund(payment, at) : refundPayment(payment, { amount, at })
  const type = fails ? 'refund.failed' : 'refund.succeeded'
  return change(deps, { type, stored: { payment: after, secrets }, refund, proof }, seq)
}

async function mintToken(
  deps: BankDeps,
  { card, behaviour }: Readonly<{ card: Card; behaviour: BehaviourName }>,
): Promise<string> {
  const token = `tok_${randomText(deps.random, SECRET_LENGTH)}`
  const seq = deps.nextSeq()
  const at = deps.writer.nowText()
  const entry = { seq, at, type: 'token.created', token, behaviour, card } as const
  deps.records.apply(entry)
  await deps.journal.append(JSON.stringify(entry), undefined)
  return token
}

function settle(deps: BankDeps, stored: StoredPayment, approve: boolean): Promise<void> {
  const { payment, secrets } = stored
  const at = deps.writer.nowText()
  const settled = settlePayment(payment, { approve, declineCode: 'authentication_failed', at })
  const type = EVENT_OF_STATUS[settled.status]
  return commit(deps, { type, stored: { payment: settled, secrets } }, deps.nextSeq()).durable
}

function dispute(deps: BankDeps, { payment, secrets }: StoredPayment): void {
  const amount = refundable(payment)
  if (amount === 0) return
  const seq = deps.nextSeq()
  const at = deps.writer.nowText()
  const { reference, currency } = payment
  const id = deps.writer.makeId('dsp', seq)
  const reason = 'fraudulent'
  const about = { id, paymentId: payment.id, reference, amount, currency, reason }
  const made = { ...about, status: 'open', createdAt: at } as const
  const stored = { payment: disputePayment(payment, at), secrets }
  void commit(deps, { type: 'dispute.created', stored, dispute: made }, seq).durable
}

async function endDispute(
  deps: BankDeps,
  { paymentId, won }: Readonly<{ paymentId: string; won: boolean }>,
): Promise<Dispute> {
  const { payment, secrets } = getStored(deps, paymentId)
  const open = deps.records.disputeOf(paymentId)
  if (open === undefined) throw notFound('dispute')
  if (open.status !== 'open') return open
  const at = deps.writer.nowText()
  const stored = { payment: closeDispute(payment, { amount: open.amount, won, at }), secrets }
  const closed: Dispute = { ...open, status: won ? 'won' : 'lost' }
  const made = { type: 'dispute.closed', stored, dispute: closed } as const
  await commit(deps, made, deps.nextSeq()).durable
  return closed
}

/** Sets the clock for what comes by itself after this state; it looks again before it acts. */
function arm(deps: BankDeps, { payment, secrets }: StoredPayment): void {
  const { timers } = deps
  const again = (): StoredPayment => getStored(deps, payment.id)
  if (payment.status === 'processing') {
    timers.after(deps.processingMs, () => {
      if (again().payment.status === 'processing') void settle(deps, again(), true)
    })
  }
  const isDisputed = behaviourOf(secrets.behaviour).disputed === true
  const wasNot = (): boolean => deps.records.disputeOf(payment.id) === undefined
  if (isDisputed && wasNot() && payment.amountCaptured > 0) {
    timers.after(deps.disputeDelayMs, () => {
      if (wasNot()) dispute(deps, again())
    })
  }
}
