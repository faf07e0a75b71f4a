import type { PaymentProvider } from '../../server/modules/payments/index.ts'
import {
  type ProviderNotice,
  type ProviderPayment,
  ProviderRefused,
  ProviderSilent,
} from '../../server/modules/payments/provider.ts'

type Kept = { payment: ProviderPayment; readonly key: string }

/** What a token makes the fake provider do. */
export type FakeToken =
  | 'tok_success'
  | 'tok_declined'
  | 'tok_requires_action'
  | 'tok_timeout'
  | 'tok_lost'
  | 'tok_error'
  | 'tok_down'
  | 'tok_fraud'

export type FakeProvider = PaymentProvider &
  Readonly<{
    /** Payments of an order, as the provider's own record has them. */
    paymentsOf(orderId: string): ProviderPayment[]
    all(): ProviderPayment[]
    /** The shopper's word on the 3-D Secure page. */
    decide(orderId: string, approve: boolean): void
    /** A webhook about an order's newest payment; the fake signs nothing. */
    webhook(
      orderId: string,
      more?: Partial<ProviderNotice>,
    ): Readonly<{
      provider: string
      headers: Record<string, string>
      rawBody: string
    }>
    /** From now on nothing answers; null: all is well again. */
    failAll(how: 'silent' | 'refused' | null): void
    calls: { authorize: number; refund: number; find: number }
  }>

/** A payment provider in memory: idempotent by key, honest by `find`, and as flaky as its tokens say. */
export function createFakeProvider(): FakeProvider {
  const kept = new Map<string, Kept>()
  const refunds = new Map<string, { ref: string; paymentRef: string; amount: number }>()
  const calls = { authorize: 0, refund: 0, find: 0 }
  let failing: 'silent' | 'refused' | null = null
  let count = 0

  function checkUp(): void {
    if (failing === 'silent') throw new ProviderSilent('the fake is silent')
    if (failing === 'refused') throw new ProviderRefused('unreachable')
  }

  function byRef(ref: string): Kept {
    const found = [...kept.values()].find(({ payment }) => payment.ref === ref)
    if (!found) throw new ProviderRefused('not_found')
    return found
  }

  const paymentsOf = (orderId: string) =>
    [...kept.values()].map(({ payment }) => payment).filter((p) => p.reference === orderId)

  const provider: FakeProvider = {
    name: 'fake',
    methods: ['card'],
    calls,
    paymentsOf,
    all: () => [...kept.values()].map(({ payment }) => payment),
    failAll(how) {
      failing = how
    },
    async authorize({ key, reference, attempt, amount, token, capture }) {
      calls.authorize += 1
      await Promise.resolve()
      checkUp()
      const earlier = kept.get(key)
      if (earlier) return earlier.payment
      if (token === 'tok_down') throw new ProviderRefused('unreachable')
      if (token === 'tok_lost') throw new ProviderSilent('lost on the way')
      if (token === 'tok_error') throw new ProviderSilent('broken', true)
      count += 1
      const declined = token === 'tok_declined'
      const asks = token === 'tok_requires_action'
      const payment: ProviderPayment = {
        ref: `pay_${count}`,
        reference,
        attempt,
        status: declined
          ? 'failed'
          : asks
            ? 'requires_action'
            : capture
              ? 'captured'
              : 'authorized',
        currency: amount.currency,
        amount: amount.amount,
        captured: declined || asks || !capture ? 0 : amount.amount,
        refunded: 0,
        declineCode: declined ? 'card_declined' : undefined,
        redirectUrl: asks ? `https://bank.example/${count}` : undefined,
        card: { brand: 'visa', last4: '4242' },
        riskScore: token === 'tok_fraud' ? 93 : 8,
      }
      kept.set(key, { payment, key })
      if (token === 'tok_timeout') throw new ProviderSilent('charged, and no answer')
      return payment
    },
    async capture({ ref, amount }) {
      const entry = byRef(ref)
      entry.payment = { ...entry.payment, status: 'captured', captured: amount.amount }
      return entry.payment
    },
    async void({ ref }) {
      checkUp()
      const entry = byRef(ref)
      const { status } = entry.payment
      if (status !== 'requires_action' && status !== 'authorized') {
        throw new ProviderRefused('invalid_state')
      }
      entry.payment = { ...entry.payment, status: 'voided' }
      return entry.payment
    },
    async refund({ key, ref, amount }) {
      calls.refund += 1
      checkUp()
      const earlier = refunds.get(key)
      if (earlier) return { ...earlier, status: 'succeeded' }
      const entry = byRef(ref)
      if (amount.amount > entry.payment.captured - entry.payment.refunded) {
        throw new ProviderRefused('amount_too_large')
      }
      entry.payment = { ...entry.payment, refunded: entry.payment.refunded + amount.amount }
      const refund = { ref: `ref_${refunds.size + 1}`, paymentRef: ref, amount: amount.amount }
      refunds.set(key, refund)
      return { ...refund, status: 'succeeded' }
    },
    async find({ key, ref }) {
      calls.find += 1
      checkUp()
      if (ref) return byRef(ref).payment
      return kept.get(key)?.payment ?? null
    },
    verifyWebhook: async ({ rawBody }) => JSON.parse(rawBody) as ProviderNotice,
    decide(orderId, approve) {
      const entry = [...kept.values()].findLast(({ payment }) => payment.reference === orderId)
      if (entry?.payment.status !== 'requires_action') throw new Error('nothing to decide')
      const { amount } = entry.payment
      entry.payment = {
        ...entry.payment,
        ...(approve
          ? { status: 'captured', captured: amount }
          : { status: 'failed', declineCode: 'authentication_failed' }),
      }
    },
    webhook(orderId, more = {}) {
      const payment = paymentsOf(orderId).at(-1)
      if (!payment) throw new Error('nothing to tell')
      const notice: ProviderNotice = {
        eventId: 'evt',
        at: '2026-03-01T12:00:00Z',
        payment,
        ...more,
      }
      return { provider: 'fake', headers: {}, rawBody: JSON.stringify(notice) }
    },
  }
  return provider
}
