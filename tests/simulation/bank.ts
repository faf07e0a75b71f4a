import type { PaymentProvider } from '../../server/modules/payments/index.ts'
import {
  type AuthorizeInput,
  type ProviderNotice,
  type ProviderPayment,
  type ProviderRefund,
  ProviderRefused,
  ProviderSilent,
} from '../../server/modules/payments/provider.ts'
import type { Faults, Process } from './process.ts'
import type { Draw, Scheduler } from './scheduler.ts'

export type Token = 'tok_ok' | 'tok_declined' | 'tok_asks'

/**
 * The payment provider, which keeps its own record and lives through every crash of ours. It is
 * idempotent by key and honest when asked; the way to it and back is what fails.
 */
export type Bank = Readonly<{
  /** The provider as a process reaches it. */
  forProcess(process: Process): PaymentProvider
  /** Every payment, each with what was taken and given back. */
  record(): readonly ProviderPayment[]
  /** The shopper's word on the bank's page. */
  decide(orderId: string, approve: boolean): void
}>

type Deps = Readonly<{
  scheduler: Scheduler
  draw: Draw
  faults: Faults
  tell(line: string): void
  /** Delivers a webhook to some process. @returns whether it was taken */
  deliver(notice: ProviderNotice): Promise<boolean>
}>

const WEBHOOK_TRIES = 3

export function createBank({ scheduler, draw, faults, tell, deliver }: Deps): Bank {
  const payments = new Map<string, ProviderPayment>()
  const refunds = new Map<string, ProviderRefund>()
  const voided = new Map<string, string>()
  let notices = 0

  function keep(key: string, payment: ProviderPayment, refund?: ProviderRefund): ProviderPayment {
    payments.set(key, payment)
    tell(
      `bank: ${payment.ref} of ${payment.reference} is ${payment.status}, ${payment.captured} taken, ${payment.refunded} back`,
    )
    notify({ payment, ...(refund ? { refund } : {}) })
    return payment
  }

  /** Each change is told by webhook: late, twice, out of order, or never. */
  function notify(news: Pick<ProviderNotice, 'payment' | 'refund'>): void {
    notices += 1
    const notice = {
      ...news,
      eventId: `evt_${notices}`,
      at: new Date(scheduler.nowMs()).toISOString(),
    }
    const flawed = faults.on && draw.chance(faults.webhook)
    const copies = flawed ? draw.below(4) : 1
    for (let copy = 0; copy < copies; copy += 1) {
      const late = flawed ? draw.between(0, 300_000) : draw.between(1, 2_000)
      scheduler.after(late, () => void send(notice, 1))
    }
  }

  async function send(notice: ProviderNotice, attempt: number): Promise<void> {
    if (await deliver(notice)) return
    if (attempt < WEBHOOK_TRIES) {
      scheduler.after(draw.between(1_000, 60_000), () => void send(notice, attempt + 1))
    }
  }

  function byRef(ref: string): [string, ProviderPayment] {
    const found = [...payments].find(([, payment]) => payment.ref === ref)
    if (!found) throw new ProviderRefused('not_found')
    return found
  }

  function authorize({ key, reference, attempt, amount, token }: AuthorizeInput): ProviderPayment {
    const earlier = payments.get(key)
    if (earlier) return earlier
    const base = { ref: `pay_${payments.size + 1}`, reference, attempt, ...amount, refunded: 0 }
    if (token === 'tok_declined') {
      return keep(key, { ...base, status: 'failed', captured: 0, declineCode: 'card_declined' })
    }
    if (token === 'tok_asks') {
      const redirectUrl = `https://bank.example/${base.ref}`
      return keep(key, { ...base, status: 'requires_action', captured: 0, redirectUrl })
    }
    return keep(key, { ...base, status: 'captured', captured: amount.amount })
  }

  function refund({ key, ref, amount }: Parameters<PaymentProvider['refund']>[0]): ProviderRefund {
    const earlier = refunds.get(key)
    if (earlier) return earlier
    const [paymentKey, payment] = byRef(ref)
    if (amount.amount > payment.captured - payment.refunded) {
      throw new ProviderRefused('amount_too_large')
    }
    const made: ProviderRefund = {
      ref: `ref_${refunds.size + 1}`,
      paymentRef: ref,
      status: 'succeeded',
      amount: amount.amount,
    }
    refunds.set(key, made)
    keep(paymentKey, { ...payment, refunded: payment.refunded + amount.amount }, made)
    return made
  }

  function cancel({ key, ref }: Parameters<PaymentProvider['void']>[0]): ProviderPayment {
    const [paymentKey, payment] = byRef(ref)
    if (voided.get(key) === ref) return payment
    if (payment.status !== 'requires_action') throw new ProviderRefused('invalid_state')
    voided.set(key, ref)
    return keep(paymentKey, { ...payment, status: 'voided' })
  }

  /** A call over a line that may fail on the way there, at the other end, or on the way back. */
  async function reach<T>(process: Process, what: string, act: () => T): Promise<T> {
    await process.pause()
    const fails = faults.on && draw.chance(faults.bank)
    const how = fails ? draw.pick(['before', 'after', 'error', 'away', 'late'] as const) : null
    if (how) tell(`${process.name}: the bank ${what} fails: ${how}`)
    if (how === 'away') throw new ProviderRefused('unreachable')
    if (how === 'error') throw new ProviderSilent('an error of its own', true)
    if (how === 'late') {
      const swallow = () => {
        try {
          act()
        } catch {
          // Refused, and nobody listens any more.
        }
      }
      scheduler.after(draw.between(1_000, 120_000), swallow)
    }
    if (how === 'before' || how === 'late') {
      await process.sleep(10_000)
      throw new ProviderSilent('no answer')
    }
    const answer = act()
    if (how === 'after') {
      await process.sleep(10_000)
      throw new ProviderSilent('done, and no answer')
    }
    await process.pause()
    return answer
  }

  return {
    record: () => [...payments.values()],
    decide(orderId, approve) {
      const waiting = [...payments].findLast(
        ([, payment]) => payment.reference === orderId && payment.status === 'requires_action',
      )
      if (!waiting) return
      const [key, payment] = waiting
      keep(
        key,
        approve
          ? { ...payment, status: 'captured', captured: payment.amount }
          : { ...payment, status: 'failed', declineCode: 'authentication_failed' },
      )
    },
    forProcess: (process) => ({
      name: 'bank',
      methods: ['card'],
      authorize: (input) => reach(process, 'charge', () => authorize(input)),
      capture: () => Promise.reject(new ProviderRefused('invalid_state')),
      void: (input) => reach(process, 'void', () => cancel(input)),
      refund: (input) => reach(process, 'refund', () => refund(input)),
      find: ({ key, ref }) =>
        reach(process, 'question', () => (ref ? byRef(ref)[1] : (payments.get(key) ?? null))),
      verifyWebhook: async ({ rawBody }) => JSON.parse(rawBody) as ProviderNotice,
    }),
  }
}
