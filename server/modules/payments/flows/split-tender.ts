import { money } from '#contracts/kit/money.ts'
import { paymentFailed, paymentProcessed } from '#contracts/payments/events.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import type { Outbox } from '../../../platform/events/outbox.ts'
import type { Ids } from '../../../platform/ids.ts'
import type { ChargeInput } from '../api.ts'
import type { Attempt } from '../model.ts'
import type { Prepaid } from '../prepaid.ts'
import type { PrepaidAccount } from '../prepaid-repository.ts'
import type { PaymentProvider } from '../provider.ts'
import { failUnknownAttempt, insertNewAttempts, lockAttemptsOf } from '../repository.ts'
import { countTendersOf } from '../tender-repository.ts'
import type { Tenders } from '../tenders.ts'
import { newAttempt, type Prepared, pick, timesOf } from './charge.ts'

/** Pays with gift cards and store credit alone. */
export const PREPAID_ONLY = 'prepaid'

type Deps = Readonly<{
  db: Database
  ids: Ids
  clock: Clock
  outbox: Outbox
  prepaid: Prepaid
  tenders: Tenders
  providerFor(method: string): PaymentProvider
}>

type Accounts = readonly Pick<PrepaidAccount, 'shard' | 'id'>[]

/**
 * Records an attempt and takes what gift cards and store credit can pay of it, in one transaction:
 * either both are there or neither. What is left is the provider's; if nothing is, the order is
 * paid. A card that cannot be spent fails the attempt, and nothing is taken.
 */
export function makePrepareSplit(deps: Deps): (input: ChargeInput) => Promise<Prepared> {
  const { db, clock, outbox, prepaid, tenders } = deps

  /** The accounts in the order in which they pay; null if a code is none. */
  async function findAccounts(input: ChargeInput): Promise<Accounts | null> {
    const found = new Map<string, Pick<PrepaidAccount, 'shard' | 'id'>>()
    for (const code of input.giftCards ?? []) {
      const card = await prepaid.findCard({ code }).catch(() => null)
      if (card === null) return null
      found.set(card.id, card)
    }
    if (input.storeCreditOf !== undefined) {
      const { currency } = input.amount
      const credit = await prepaid.findCredit({ customerId: input.storeCreditOf, currency })
      if (credit) found.set(credit.id, credit)
    }
    return [...found.values()]
  }

  /** @returns why nothing was taken; null if all is well. */
  async function pay(tx: Tx, input: ChargeInput, accounts: Accounts): Promise<string | null> {
    const { orderId, attempt, amount, method } = input
    const taken = await tenders.take(tx, { orderId, total: amount, accounts })
    if (taken === null) return 'gift_card_unusable'
    const tendered = taken.reduce((sum, tender) => sum + tender.amount - tender.refunded, 0)
    if (method === PREPAID_ONLY && tendered < amount.amount) throw new TooLittle()
    if (tendered === 0) return null
    await countTendersOf(tx, { orderId, attempt, tendered, now: clock.now().toISOString() })
    return null
  }

  async function record(
    tx: Tx,
    input: ChargeInput,
    accounts: Accounts | 'unusable' | 'too_little',
  ): Promise<Prepared> {
    const now = clock.now()
    const fresh = await insertNewAttempts(tx, [newAttempt(deps, input)], timesOf(now))
    const [isNew, refusal] = [fresh.size > 0, typeof accounts === 'string' ? accounts : null]
    let declineCode: string | null = null
    if (isNew) {
      if (refusal === 'too_little') declineCode = 'prepaid_too_little'
      else if (typeof accounts === 'string') declineCode = 'gift_card_unusable'
      else declineCode = await pay(tx, input, accounts)
    }
    const recorded = pick(await lockAttemptsOf(tx, [input.orderId]), input)
    if (declineCode !== null) {
      await failUnknownAttempt(tx, recorded, { declineCode, now: now.toISOString() })
    }
    const attempt: Attempt =
      declineCode === null ? recorded : { ...recorded, state: 'failed', declineCode }
    if (isNew && attempt.state !== 'unknown') await tell(tx, attempt)
    return { attempt, isNew }
  }

  async function tell(tx: Tx, attempt: Attempt): Promise<void> {
    const { orderId, id: paymentId, currency, declineCode } = attempt
    const about = { orderId, paymentId, amount: money(attempt.amount + attempt.tendered, currency) }
    const event =
      attempt.state === 'failed'
        ? { spec: paymentFailed, payload: { ...about, declineCode: declineCode ?? 'declined' } }
        : { spec: paymentProcessed, payload: { ...about, status: 'completed' as const } }
    await outbox.append(tx, [{ ...event, aggregateId: orderId }])
  }

  return async (input) => {
    const accounts = (await findAccounts(input)) ?? 'unusable'
    const prepared = await db
      .tx((tx) => record(tx, input, accounts))
      .catch((error: unknown) => {
        // What was taken went back with the transaction; only the refusal is kept.
        if (!(error instanceof TooLittle)) throw error
        return db.tx((tx) => record(tx, input, 'too_little'))
      })
    outbox.appended.strike()
    return prepared
  }
}

class TooLittle extends Error {}
