import { allocate, type Money, money } from '#contracts/kit/money.ts'
import { paymentRefunded } from '#contracts/payments/events.ts'
import { paymentsProblem } from '#contracts/payments/problems.ts'
import type { Clock } from '../../../platform/clock.ts'
import { assertOutsideTransaction, type Database } from '../../../platform/db/database.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import type { NewEvent, Outbox } from '../../../platform/events/outbox.ts'
import { type Ids, shardOf } from '../../../platform/ids.ts'
import type { Log } from '../../../platform/log.ts'
import type { RefundSplit } from '../api.ts'
import type { StoreCredit } from '../credit.ts'
import { refundJournal } from '../ledger.ts'
import type { LedgerRepository } from '../ledger-repository.ts'
import {
  type Attempt,
  applyHappening,
  happeningOfRefund,
  providerKey,
  refundable,
} from '../model.ts'
import {
  type PaymentProvider,
  type ProviderRefund,
  ProviderRefused,
  ProviderSilent,
} from '../provider.ts'
import {
  claimRefundAmount,
  countCredited,
  insertNewRefund,
  listRefunds,
  type RefundRow,
  releaseRefundAmount,
  settleSentRefund,
} from '../refund-repository.ts'
import { insertHappenings, lockAttemptsOf, updateLockedAttempts } from '../repository.ts'
import type { Sales } from '../sales.ts'
import { listTenders, type Tender } from '../tender-repository.ts'
import type { Tenders } from '../tenders.ts'

/** Later than any answer can come: then the refund is sent again under its key. */
const SEND_AGAIN_AFTER_MS = 10_000

export type RefundInput = Readonly<{
  key: string
  orderId: string
  amount: Money
  reason: string
  splits?: readonly RefundSplit[]
  /** Whose store credit gets what the provider took; the provider gives it back if absent. */
  creditTo?: string | undefined
  /** From one attempt alone, or from tenders alone; from both in proportion if absent. */
  from?: number | 'tenders'
}>

export type Refunds = Readonly<{
  /** Claims the amount, then gives it back. Again with the same key does nothing. */
  refund(input: RefundInput): Promise<void>
  /** Sends a refund (again): safe, because the provider knows its key. */
  send(refund: RefundRow): Promise<void>
  /** Keeps how a refund ended; once. */
  settle(refund: RefundRow, answer: ProviderRefund): Promise<void>
  /** A refund that a webhook tells of. One of ours that has its answer to come is left to it. */
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
  tenders: Tenders
  credit: StoreCredit
  provider(name: string): PaymentProvider
}>

export function makeRefunds(deps: Deps): Refunds {
  const { db, outbox, log, clock } = deps
  const count = makeCount(deps)
  const claim = makeClaim(deps, count)

  async function settle(row: RefundRow, answer: ProviderRefund): Promise<void> {
    await db.tx(async (tx) => {
      const attempts = await lockAttemptsOf(tx, [row.orderId])
      const settled = await settleSentRefund(tx, row, {
        state: answer.status,
        providerRef: answer.ref || null,
        failureCode: answer.failureCode ?? null,
        now: clock.now().toISOString(),
      })
      if (!settled || answer.status === 'pending') return
      await releaseRefundAmount(tx, row)
      const attempt = attempts.find((other) => other.attempt === row.attempt)
      if (attempt) await count(tx, { attempt, row, answer })
    })
    outbox.appended.strike()
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

  return {
    send,
    settle,
    async refund(input) {
      const row = await db.tx((tx) => claim(tx, input))
      outbox.appended.strike()
      if (row.state === 'sent') await send(row)
    },
    async follow({ provider, orderId, refund }) {
      const rows = await listRefunds(db, { shard: shardOf(orderId), orderId })
      const known = rows.find((row) => row.providerRef === refund.ref)
      if (known?.state === 'pending') return settle(known, refund)
      if (known || rows.some((row) => row.state === 'sent') || refund.status !== 'succeeded') return
      await db.tx((tx) => keepForeign(deps, count, tx, { provider, orderId, refund }))
      outbox.appended.strike()
    },
  }
}

type Count = (
  tx: Tx,
  input: { attempt: Attempt; row: RefundRow; answer: ProviderRefund },
) => Promise<void>

/** Counts a decided refund: the attempt, the ledger and the event change together. */
function makeCount(deps: Deps): Count {
  return async (tx, { attempt, row, answer }) => {
    const now = deps.clock.now().toISOString()
    if (answer.ref !== '') {
      const happening = happeningOfRefund(answer)
      const news = await insertHappenings(tx, [{ attempt, happening }], now)
      if (news.length === 0) throw new Error(`Refund ${answer.ref} was counted before`)
      if (happening.type === 'REFUND_OK') {
        const change = { attempt: applyHappening(attempt, happening), askAt: null }
        await updateLockedAttempts(tx, [change], now)
        await deps.ledger.writeOpening(tx, [
          refundJournal({ ...row, refundId: row.id, provider: attempt.provider }),
        ])
      }
    }
    const byProvider = answer.status === 'succeeded' ? row.amount : 0
    const given = byProvider + row.tenderAmount + row.creditAmount
    if (given === 0) return
    await deps.sales.reverse(tx, row)
    await deps.outbox.append(tx, [refundedEvent(attempt, row, given)])
  }
}

type Split = Readonly<{ amount: number; parts: readonly { tender: Tender; amount: number }[] }>

/**
 * What of a refund goes to the provider and what to each tender, in proportion to what is left of
 * each: refunds one by one end where one of the whole does.
 */
function splitRefund(
  input: RefundInput,
  paid: Attempt | undefined,
  tenders: readonly Tender[],
): Split | undefined {
  const { from } = input
  const card = paid && from !== 'tenders' ? refundable(paid) : 0
  const left = tenders.map((tender) =>
    typeof from === 'number' ? 0 : tender.amount - tender.refunded,
  )
  const wanted = input.amount.amount
  if (wanted <= 0 || wanted > left.reduce((sum, part) => sum + part, card)) return undefined
  const [amount = 0, ...back] = allocate(wanted, [card, ...left])
  return {
    amount,
    parts: tenders.map((tender, place) => ({ tender, amount: back[place] ?? 0 })),
  }
}

function makeClaim(
  { ids, clock, tenders, credit }: Deps,
  count: Count,
): (tx: Tx, input: RefundInput) => Promise<RefundRow> {
  return async (tx, input) => {
    const { orderId, key, amount, reason, from, creditTo } = input
    const shard = shardOf(orderId)
    const attempts = await lockAttemptsOf(tx, [orderId])
    const earlier = (await listRefunds(tx, { shard, orderId })).find((row) => row.key === key)
    if (earlier) return earlier
    const paid =
      typeof from === 'number'
        ? attempts.find((one) => one.attempt === from)
        : (attempts.find((one) => one.captured > 0) ?? attempts.at(-1))
    const split =
      paid?.currency === amount.currency
        ? splitRefund(input, paid, await listTenders(tx, orderId))
        : undefined
    if (!paid || !split) throw paymentsProblem('payments.refund_too_large')
    const now = clock.now()
    const isCredit = creditTo !== undefined && split.amount > 0
    const taken =
      split.amount === 0 ||
      (isCredit
        ? await countCredited(tx, paid, { amount: split.amount, now: now.toISOString() })
        : await claimRefundAmount(tx, paid, split.amount))
    if (!taken) throw paymentsProblem('payments.refund_too_large')
    const byProvider = isCredit ? 0 : split.amount
    const row: RefundRow = {
      shard,
      orderId,
      key,
      id: ids.make('ref', shard),
      attempt: paid.attempt,
      currency: paid.currency,
      amount: byProvider,
      tenderAmount: amount.amount - split.amount,
      creditAmount: split.amount - byProvider,
      splits: input.splits ?? null,
      reason,
      state: byProvider > 0 ? 'sent' : 'succeeded',
      providerRef: null,
      createdAt: now.toISOString(),
    }
    const askAt =
      row.state === 'sent' ? new Date(now.getTime() + SEND_AGAIN_AFTER_MS).toISOString() : null
    await insertNewRefund(tx, row, { now: row.createdAt, askAt })
    await tenders.giveBack(tx, { orderId, sourceId: row.id, parts: split.parts })
    if (isCredit) await credit.giveRefund(tx, row, creditTo)
    // Nothing to wait for: it is all in the shop's own books.
    if (row.state === 'succeeded') {
      await count(tx, { attempt: paid, row, answer: { ...NOTHING, status: 'succeeded' } })
    }
    return row
  }
}

/** Money that somebody gave back at the provider itself, without us. */
async function keepForeign(
  { ids, clock }: Deps,
  count: Count,
  tx: Tx,
  { provider, orderId, refund }: Parameters<Refunds['follow']>[0],
): Promise<void> {
  const shard = shardOf(orderId)
  const attempts = await lockAttemptsOf(tx, [orderId])
  const attempt = attempts.find(
    (other) => other.provider === provider && other.providerRef === refund.paymentRef,
  )
  const rows = await listRefunds(tx, { shard, orderId })
  const ours = rows.some((row) => row.state === 'sent' || row.providerRef === refund.ref)
  if (!attempt || ours) return
  const now = clock.now().toISOString()
  const row: RefundRow = {
    shard,
    orderId,
    key: `${provider}:${refund.ref}`,
    id: ids.make('ref', shard),
    attempt: attempt.attempt,
    currency: attempt.currency,
    amount: refund.amount,
    tenderAmount: 0,
    creditAmount: 0,
    splits: null,
    reason: 'given back at the provider',
    state: 'succeeded',
    providerRef: refund.ref,
    createdAt: now,
  }
  if (!(await insertNewRefund(tx, row, { now, askAt: null }))) return
  await count(tx, { attempt, row, answer: refund })
}

const NOTHING = { ref: '', paymentRef: '', amount: 0 } as const

function refusal(paymentRef: string, failureCode: string): ProviderRefund {
  return { ...NOTHING, paymentRef, status: 'failed', failureCode }
}

function refundedEvent(
  attempt: Attempt,
  row: RefundRow,
  amount: number,
): NewEvent<typeof paymentRefunded> {
  return {
    spec: paymentRefunded,
    aggregateId: attempt.orderId,
    payload: {
      orderId: attempt.orderId,
      paymentId: attempt.id,
      amount: money(amount, row.currency),
      refundId: row.id,
    },
  }
}
