import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { PaymentsApi } from './api.ts'
import type { Ask } from './flows/ask.ts'
import type { Refunds } from './flows/refund.ts'
import { toPayment } from './model.ts'
import { claimSentRefunds } from './refund-repository.ts'
import { claimUnknownAttempts, listAttempts } from './repository.ts'

type Deps = Readonly<{ db: Database; clock: Clock; ask: Ask; refunds: Refunds }>

export type PaymentsService = Pick<PaymentsApi, 'getByOrder' | 'resolve' | 'refund'> &
  Readonly<{
    /** Asks about attempts, and sends refunds, that have had no answer. @returns how many. */
    chaseAnswers(): Promise<number>
  }>

/** Rows of one round: each is a call out. */
const CHASE_LIMIT = 20

export function createPaymentsService({ db, clock, ask, refunds }: Deps): PaymentsService {
  const newestOf = async (orderId: string) => (await listAttempts(db, [orderId])).at(-1)

  return {
    async getByOrder({ orderId }) {
      const newest = await newestOf(orderId)
      return newest ? toPayment(newest) : null
    },
    async resolve({ orderId }) {
      const newest = await newestOf(orderId)
      if (!newest) return null
      const open = newest.state === 'unknown' || newest.state === 'requires_action'
      return toPayment(open ? await ask(newest, { answered: false }) : newest)
    },
    async refund(input) {
      await refunds.refund(input)
      const paid = (await listAttempts(db, [input.orderId])).find(({ captured }) => captured > 0)
      if (!paid) throw new Error(`${input.orderId} was refunded and never paid`)
      return toPayment(paid)
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
