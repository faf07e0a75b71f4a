import { generalProblem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { shardOf } from '../../platform/ids.ts'
import type { Payment, PaymentsApi } from './api.ts'
import type { Ask } from './flows/ask.ts'
import type { Refunds } from './flows/refund.ts'
import type { PaymentProvider } from './provider.ts'
import { claimSentRefunds, listRefunds } from './refund-repository.ts'
import { claimUnknownAttempts, listAttempts } from './repository.ts'
import { showPayment } from './view.ts'

type Deps = Readonly<{
  db: Database
  clock: Clock
  ask: Ask
  refunds: Refunds
  provider(name: string): PaymentProvider
}>

export type PaymentsService = Pick<PaymentsApi, 'getByOrder' | 'resolve' | 'refund'> &
  Readonly<{
    /**
     * How a refund ended that people pay out by hand.
     * @throws not_found; invalid_transition if it is none, or decided
     */
    settleRefund(input: {
      orderId: string
      refundId: string
      outcome: 'succeeded' | 'failed'
    }): Promise<Payment>
    /** Asks about attempts, and sends refunds, that have had no answer. @returns how many. */
    chaseAnswers(): Promise<number>
  }>

/** Rows of one round: each is a call out. */
const CHASE_LIMIT = 20

export function createPaymentsService(deps: Deps): PaymentsService {
  const { db, clock, ask, refunds, provider } = deps
  const newestOf = async (orderId: string) => (await listAttempts(db, [orderId])).at(-1)

  return {
    async getByOrder({ orderId }) {
      const newest = await newestOf(orderId)
      return newest ? showPayment(db, newest) : null
    },
    async resolve({ orderId }) {
      const newest = await newestOf(orderId)
      if (!newest) return null
      const open = newest.state === 'unknown' || newest.state === 'requires_action'
      return showPayment(db, open ? await ask(newest, { answered: false }) : newest)
    },
    async refund(input) {
      await refunds.refund(input)
      const attempts = await listAttempts(db, [input.orderId])
      const paid = attempts.find(({ captured }) => captured > 0) ?? attempts.at(-1)
      if (!paid) throw new Error(`${input.orderId} was refunded and never paid`)
      return showPayment(db, paid)
    },
    async settleRefund({ orderId, refundId, outcome }) {
      const rows = await listRefunds(db, { shard: shardOf(orderId), orderId })
      const row = rows.find(({ id }) => id === refundId)
      const attempts = await listAttempts(db, [orderId])
      const paid = attempts.find(({ attempt }) => attempt === row?.attempt)
      if (!row || !paid) throw generalProblem('not_found')
      const byHand = provider(paid.provider).recordless === true
      if (row.state !== outcome) {
        if (row.state !== 'pending' || !byHand) {
          throw generalProblem('invalid_transition', {
            detail: `A refund that is ${row.state} is not settled by hand`,
          })
        }
        const { providerRef, amount } = row
        const paymentRef = paid.providerRef ?? ''
        await refunds.settle(row, { ref: providerRef ?? '', paymentRef, status: outcome, amount })
      }
      return showPayment(db, (await listAttempts(db, [orderId])).at(-1) ?? paid)
    },
    async chaseAnswers() {
      const due = { now: clock.now().toISOString(), limit: CHASE_LIMIT }
      const attempts = await claimUnknownAttempts(db, due)
      const sent = await claimSentRefunds(db, due)
      await Promise.all([
        ...attempts.map((attempt) => ask(attempt, { answered: false })),
        ...sent.map((refund) => refunds.send(refund)),
      ])
      return attempts.length + sent.length
    },
  }
}
