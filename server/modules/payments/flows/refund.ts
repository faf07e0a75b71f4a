import { type Money, money } from '#contracts/kit/money.ts'
import { paymentRefunded } from '#contracts/payments/events.ts'
import { paymentsProblem } from '#contracts/payments/problems.ts'
import type { Clock } from '../../../platform/clock.ts'
import { assertOutsideTransaction, type Database } from '../../../platform/db/database.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import type { NewEvent, Outbox } from '../../../platform/events/outbox.ts'
import { type Ids, shardOf } from '../../../platform/ids.ts'
import type { Log } from '../../../platform/log.ts'
import { refundJournal } from '../ledger.ts'
import type { LedgerRepository } from '../ledger-repository.ts'
import { type Attempt, applyHappening, happeningOfRefund, providerKey } from '../model.ts'
import {
  type PaymentProvider,
  type ProviderRefund,
  ProviderRefused,
  ProviderSilent,
} from '../provider.ts'
import {
  claimRefundAmount,
  insertNewRefund,
  listRefunds,
  type RefundRow,
  releaseRefundAmount,
  settleSentRefund,
} from '../refund-repository.ts'
import { insertHappenings, lockAttemptsOf, updateLockedAttempts } from '../repository.ts'
import type { Sales } from '../sales.ts'

/** Later than any answer can come: then the refund is sent again under its key. */
const SEND_AGAIN_AFTER_MS = 10_000

export type RefundInput = Readonly<{ key: string; orderId: string; amount: Money; reason: string }>

export type Refunds = Readonly<{
  /** Claims the amount, then gives it back. Again with the same key does nothing. */
  refund(input: RefundInput): Promise<void>
  /** Sends a refund (again): safe, because the provider knows its key. */
  send(refund: RefundRow): Promise<void>
  /** A refund that a webhook tells of. One of ours is left to its own answer. */
  follow(input: { provider: string; orderId: string; refund: ProviderRefund }): Promise<void>
}>

type Deps = Readonly<{
  db: Database
  outbox: Outbox
  ids: Ids
  clock: Clock
  log: Log
  ledger: LedgerRepository
  sales: Sales
  provider(name: string): PaymentProvider
}>

export function makeRefunds(deps: Deps): Refunds {
  const { db, outbox, ids, clock, log } = deps

  async function claim(tx: Tx, input: RefundInput): Promise<RefundRow> {
    const { orderId, key, amount, reason } = input
    const shard = shardOf(orderId)
    const attempts = await lockAttemptsOf(tx, [orderId])
    const earlier = (await listRefunds(tx, { shard, orderId })).find((row) => row.key === key)
    if (earlier) return earlier
    const paid = attempts.find((attempt) => attempt.captured > 0)
    const enough =
      paid &&
      paid.currency === amount.currency &&
      (await claimRefundAmount(tx, paid, amount.amount))
    if (!enough) throw paymentsProblem('payments.refund_too_large')
    const now = clock.now()
    const row: RefundRow = {
      shard,
      orderId,
      key,
      id: ids.make('ref', shard),
      attempt: paid.attempt,
      currency: paid.currency,
      amount: amount.amount,
      reason,
      state: 'sent',
      providerRef: null,
      createdAt: now.toISOString(),
    }
    const askAt = new Date(now.getTime() + SEND_AGAIN_AFTER_MS).toISOString()
    await insertNewRefund(tx, row, { now: row.createdAt, askAt })
    return row
  }

  async function send(row: RefundRow): Promise<void> {
    assertOutsideTransaction('Refunding')
    const attempts = await db.tx((tx) => lockAttemptsOf(tx, [row.orderId]))
    const paid = attempts.find(({ attempt }) => attempt === row.attempt)
    if (!paid?.providerRef) throw new Error(`${row.orderId} has a refund of nothing`)
    try {
      const answer = await deps.provider(paid.provider).refund({
        key: providerKey(row.orderId, 'refund', row.key),
        ref: paid.providerRef,
        amount: money(row.amount, row.currency),
        reason: row.reason,
      })
      await settle(row, answer)
    } catch (error) {
      if (error instanceof ProviderRefused && error.code !== 'unreachable') {
        log.error({ orderId: row.orderId, code: error.code }, 'a refund was refused')
        await settle(row, refusal(paid.providerRef, error.code))
      } else if (error instanceof ProviderSilent || error instanceof ProviderRefused) {
        log.warn({ orderId: row.orderId }, 'a refund has no answer yet, and will be sent again')
      } else throw error
    }
  }

  async function settle(row: RefundRow, answer: ProviderRefund): Promise<void> {
    await db.tx(async (tx) => {
      const attempts = await lockAttemptsOf(tx, [row.orderId])
      const settled = await settleSentRefund(tx, row, {
        state: answer.status,
        providerRef: answer.ref || null,
        failureCode: answer.failureCode ?? null,
        now: clock.now().toISOString(),
      })
      if (!settled) return
      await releaseRefundAmount(tx, row)
      const attempt = attempts.find((other) => other.attempt === row.attempt)
      if (attempt) await count(tx, { attempt, row, answer })
    })
    outbox.appended.strike()
  }

  /** Counts a settled refund: the attempt, the ledger and the event change together. */
  async function count(
    tx: Tx,
    { attempt, row, answer }: { attempt: Attempt; row: RefundRow; answer: ProviderRefund },
  ): Promise<void> {
    if (answer.ref === '') return
    const now = clock.now().toISOString()
    const happening = happeningOfRefund(answer)
    const news = await insertHappenings(tx, [{ attempt, happening }], now)
    if (news.length === 0) throw new Error(`Refund ${answer.ref} was counted before`)
    if (happening.type !== 'REFUND_OK') return
    const change = { attempt: applyHappening(attempt, happening), askAt: null }
    await updateLockedAttempts(tx, [change], now)
    await deps.ledger.write(tx, [
      refundJournal({ ...row, refundId: row.id, provider: attempt.provider }),
    ])
    await deps.sales.reverse(tx, row)
    await outbox.append(tx, [refundedEvent(attempt, row)])
  }

  return {
    send,
    async refund(input) {
      const row = await db.tx((tx) => claim(tx, input))
      if (row.state === 'sent') await send(row)
    },
    async follow({ provider, orderId, refund }) {
      const shard = shardOf(orderId)
      await db.tx(async (tx) => {
        const attempts = await lockAttemptsOf(tx, [orderId])
        const attempt = attempts.find(
          (other) => other.provider === provider && other.providerRef === refund.paymentRef,
        )
        const rows = await listRefunds(tx, { shard, orderId })
        const ours = rows.some((row) => row.state === 'sent' || row.providerRef === refund.ref)
        if (!attempt || ours || refund.status === 'failed') return
        const now = clock.now().toISOString()
        const row: RefundRow = {
          shard,
          orderId,
          key: `${provider}:${refund.ref}`,
          id: ids.make('ref', shard),
          attempt: attempt.attempt,
          currency: attempt.currency,
          amount: refund.amount,
          reason: 'given back at the provider',
          state: 'succeeded',
          providerRef: refund.ref,
          createdAt: now,
        }
        if (!(await insertNewRefund(tx, row, { now, askAt: null }))) return
        await count(tx, { attempt, row, answer: refund })
      })
      outbox.appended.strike()
    },
  }
}

function refusal(paymentRef: string, failureCode: string): ProviderRefund {
  return { ref: '', paymentRef, status: 'failed', amount: 0, failureCode }
}

function refundedEvent(attempt: Attempt, row: RefundRow): NewEvent<typeof paymentRefunded> {
  return {
    spec: paymentRefunded,
    aggregateId: attempt.orderId,
    payload: {
      orderId: attempt.orderId,
      paymentId: attempt.id,
      amount: money(row.amount, row.currency),
      refundId: row.id,
    },
  }
}
