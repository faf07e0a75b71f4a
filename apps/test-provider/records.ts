import type { BehaviourName, Card } from './cards.ts'
import type { Dispute, EventType, Payment, Refund } from './model.ts'

/** What the bank knows of a payment and does not tell. */
export type Secrets = Readonly<{
  behaviour: BehaviourName
  token: string
  actionId?: string
  idempotencyKey: string
}>

/** The request that made a change, so that its answer can be given again after a restart. */
export type Proof = Readonly<{ key: string; hash: string }>

export type PaymentEntry = Readonly<{
  seq: number
  at: string
  type: EventType
  event: string
  payment: Payment
  secrets: Secrets
  refund?: Refund
  dispute?: Dispute
  proof?: Proof
}>

export type TokenEntry = Readonly<{
  seq: number
  at: string
  type: 'token.created'
  token: string
  behaviour: BehaviourName
  card: Card
}>

export type WebhookEntry = Readonly<{
  seq: number
  at: string
  type: 'webhook.delivered' | 'webhook.lost' | 'webhook.abandoned'
  event: string
}>

/** One line of the journal. */
export type Entry = PaymentEntry | TokenEntry | WebhookEntry

export type StoredPayment = Readonly<{ payment: Payment; secrets: Secrets }>
export type StoredToken = Readonly<{ card: Card; behaviour: BehaviourName; createdAt: string }>

/** Whole minor units; `net` is what the shop should hold: captured − refunded − disputed. */
export type Balance = {
  currency: string
  payments: number
  captured: number
  refunded: number
  disputed: number
  net: number
}

export type Records = Readonly<{
  apply: (entry: PaymentEntry | TokenEntry) => void
  payment: (id: string) => StoredPayment | undefined
  payments: () => Iterable<StoredPayment>
  paymentsOf: (reference: string) => Payment[]
  action: (id: string) => StoredPayment | undefined
  /** Of the request that made it or changed it; kept for ever, unlike the request's answer. */
  paymentOfKey: (key: string) => Payment | undefined
  refund: (id: string) => Refund | undefined
  /** The one that a payment has or had, as it stands. */
  disputeOf: (paymentId: string) => Dispute | undefined
  token: (token: string) => StoredToken | undefined
  balanceOf: (reference: string) => Balance[]
  references: () => Iterable<string>
  summary: () => Balance[]
}>

export function isPaymentEntry(entry: Entry): entry is PaymentEntry {
  return 'payment' in entry
}

function add(balances: Map<string, Balance>, payment: Payment, before?: Payment): void {
  const { currency } = payment
  let balance = balances.get(currency)
  if (balance === undefined) {
    balance = { currency, payments: 0, captured: 0, refunded: 0, disputed: 0, net: 0 }
    balances.set(currency, balance)
  }
  if (before === undefined) balance.payments += 1
  balance.captured += payment.amountCaptured - (before?.amountCaptured ?? 0)
  balance.refunded += payment.amountRefunded - (before?.amountRefunded ?? 0)
  balance.disputed += payment.amountDisputed - (before?.amountDisputed ?? 0)
  balance.net = balance.captured - balance.refunded - balance.disputed
}

/** All that the bank holds in memory: a function of the journal's lines and of nothing else. */
export function createRecords(): Records {
  const payments = new Map<string, StoredPayment>()
  const idsByReference = new Map<string, string[]>()
  const idByAction = new Map<string, string>()
  const idByKey = new Map<string, string>()
  const refunds = new Map<string, Refund>()
  const disputes = new Map<string, Dispute>()
  const tokens = new Map<string, StoredToken>()
  const totals = new Map<string, Balance>()

  function applyPayment({ payment, secrets, refund, dispute, proof }: PaymentEntry): void {
    const before = payments.get(payment.id)
    payments.set(payment.id, { payment, secrets })
    if (proof !== undefined) idByKey.set(proof.key, payment.id)
    if (refund !== undefined) refunds.set(refund.id, refund)
    if (dispute !== undefined) disputes.set(payment.id, dispute)
    add(totals, payment, before?.payment)
    if (before !== undefined) return
    tokens.delete(secrets.token)
    if (secrets.actionId !== undefined) idByAction.set(secrets.actionId, payment.id)
    const ids = idsByReference.get(payment.reference)
    if (ids === undefined) idsByReference.set(payment.reference, [payment.id])
    else ids.push(payment.id)
  }

  function paymentsOf(reference: string): Payment[] {
    return (idsByReference.get(reference) ?? []).map((id) => payments.get(id)!.payment)
  }

  return {
    apply(entry) {
      if (isPaymentEntry(entry)) return applyPayment(entry)
      const { token, card, behaviour, at } = entry
      tokens.set(token, { card, behaviour, createdAt: at })
    },
    payment: (id) => payments.get(id),
    payments: () => payments.values(),
    paymentsOf,
    action: (id) => payments.get(idByAction.get(id) ?? ''),
    paymentOfKey: (key) => payments.get(idByKey.get(key) ?? '')?.payment,
    refund: (id) => refunds.get(id),
    disputeOf: (paymentId) => disputes.get(paymentId),
    token: (token) => tokens.get(token),
    balanceOf(reference) {
      const balances = new Map<string, Balance>()
      for (const payment of paymentsOf(reference)) add(balances, payment)
      return [...balances.values()]
    },
    references: () => idsByReference.keys(),
    summary: () => [...totals.values()],
  }
}
