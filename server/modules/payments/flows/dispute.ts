import { money } from '#contracts/kit/money.ts'
import { paymentDisputed } from '#contracts/payments/events.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import type { Outbox } from '../../../platform/events/outbox.ts'
import { type Ids, shardOf } from '../../../platform/ids.ts'
import type { Log } from '../../../platform/log.ts'
import {
  type Dispute,
  insertNewDispute,
  listDisputesOf,
  moveDispute,
} from '../dispute-repository.ts'
import type { LedgerRepository } from '../ledger-repository.ts'
import { type Attempt, applyHappening, type HappeningType } from '../model.ts'
import {
  chargebackJournal,
  chargebackLostJournal,
  chargebackReversedJournal,
} from '../money-journals.ts'
import type { ProviderDispute } from '../provider.ts'
import { insertHappenings, lockAttemptsOf, updateLockedAttempts } from '../repository.ts'
import type { Sales } from '../sales.ts'

type Deps = Readonly<{
  db: Database
  outbox: Outbox
  ids: Ids
  clock: Clock
  log: Log
  ledger: LedgerRepository
  sales: Sales
}>

export type FollowDispute = (
  input: Readonly<{ provider: string; orderId: string; dispute: ProviderDispute }>,
) => Promise<void>

/**
 * Keeps a dispute that a webhook tells of: its money leaves when it opens, comes back when it is
 * won, and is the buyer's when it is lost; the sellers then bear it as they would a refund. News
 * that come twice or in the wrong order end in the same books.
 */
export function makeFollowDispute(deps: Deps): FollowDispute {
  const { db, outbox, clock, log } = deps

  async function open(tx: Tx, attempt: Attempt, dispute: ProviderDispute): Promise<Dispute> {
    const shard = shardOf(attempt.orderId)
    const now = clock.now().toISOString()
    const row: Dispute = {
      shard,
      orderId: attempt.orderId,
      id: deps.ids.make('dis', shard),
      provider: attempt.provider,
      providerRef: dispute.ref,
      attempt: attempt.attempt,
      state: 'open',
      currency: dispute.currency,
      amount: dispute.amount,
      fee: dispute.fee,
      reason: dispute.reason.slice(0, 200),
      openedAt: now,
      updatedAt: now,
    }
    await insertNewDispute(tx, row)
    await deps.ledger.writeOpening(tx, [chargebackJournal({ ...row, disputeId: row.id })])
    return row
  }

  async function close(tx: Tx, row: Dispute, state: 'won' | 'lost'): Promise<void> {
    const facts = { ...row, disputeId: row.id }
    if (state === 'won') {
      await deps.ledger.writeOpening(tx, [chargebackReversedJournal(facts)])
    } else {
      const borne = await deps.sales.reverseDispute(tx, facts)
      await deps.ledger.writeOpening(tx, [chargebackLostJournal(facts, borne)])
    }
    await moveDispute(tx, row, { state, now: clock.now().toISOString() })
  }

  async function count(
    tx: Tx,
    attempt: Attempt,
    news: Readonly<{ type: HappeningType; ref: string; amount: number }>,
  ): Promise<Attempt> {
    const now = clock.now().toISOString()
    const fresh = await insertHappenings(tx, [{ attempt, happening: news }], now)
    if (fresh.length === 0) return attempt
    const after = applyHappening(attempt, news)
    await updateLockedAttempts(tx, [{ attempt: after, askAt: null }], now)
    return after
  }

  async function follow(tx: Tx, input: Parameters<FollowDispute>[0]): Promise<void> {
    const { provider, orderId, dispute } = input
    const { ref, amount, status } = dispute
    const attempts = await lockAttemptsOf(tx, [orderId])
    const found = attempts.find(
      (one) => one.provider === provider && one.providerRef === dispute.paymentRef,
    )
    if (!found || found.currency !== dispute.currency) {
      return log.error({ orderId, ref }, 'a dispute about a payment of nobody')
    }
    const known = (await listDisputesOf(tx, orderId)).find((one) => one.providerRef === ref)
    const opened = known ?? (await open(tx, found, dispute))
    const attempt = known ? found : await count(tx, found, { type: 'CHARGEBACK', ref, amount })
    const closes = opened.state === 'open' && status !== 'open'
    if (closes) {
      await close(tx, opened, status)
      const type = status === 'won' ? 'CHARGEBACK_REVERSED' : 'CHARGEBACK_LOST'
      await count(tx, attempt, { type, ref, amount: opened.amount })
    }
    if (known && !closes) return
    const payload = {
      orderId,
      paymentId: attempt.id,
      disputeId: opened.id,
      amount: money(opened.amount, opened.currency),
      status: closes ? status : ('open' as const),
    }
    await outbox.append(tx, [{ spec: paymentDisputed, aggregateId: orderId, payload }])
  }

  return async (input) => {
    await db.tx((tx) => follow(tx, input))
    outbox.appended.strike()
  }
}
