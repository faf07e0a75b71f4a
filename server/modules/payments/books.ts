import type { z } from 'zod'
import { type Money, money } from '#contracts/kit/money.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { paymentsProblem } from '#contracts/payments/problems.ts'
import type { OrderMoney, Dispute as ShownDispute } from '#contracts/payments/schemas.ts'
import type { Database } from '../../platform/db/database.ts'
import { decodeCursor, encodeCursor } from '../../platform/http/cursor.ts'
import { derivedId, shardFor, shardOf } from '../../platform/ids.ts'
import { type Dispute, listDisputes, listDisputesOf } from './dispute-repository.ts'
import { ACCOUNT_KINDS, accountId } from './ledger.ts'
import type { Balance, KeptJournal, LedgerRepository } from './ledger-repository.ts'
import type { Attempt } from './model.ts'
import { payoutJournal } from './money-journals.ts'
import { listRefunds, type RefundRow } from './refund-repository.ts'
import { listAttempts } from './repository.ts'

type Page<T> = Readonly<{ items: T[]; nextCursor: string | null }>

/** What the back office reads of the money, and the payouts that it books. */
export type Books = Readonly<{
  /** @throws not_found */
  ofOrder(input: { orderId: string }): Promise<z.input<typeof OrderMoney>>
  disputes(input: {
    state: Dispute['state'] | null
    cursor: string | null
    limit: number
  }): Promise<Page<z.input<typeof ShownDispute>>>
  balances(input: {
    kind: string
    owner?: string | undefined
    cursor: string | null
    limit: number
  }): Promise<Page<ShownBalance>>
  /** @throws payments.payout_too_large; conflict if the reference was used for another amount */
  payOut(input: { sellerId: string; reference: string; amount: Money }): Promise<ShownBalance>
}>

export type ShownBalance = ReturnType<typeof toBalance>

export function createBooks({
  db,
  ledger,
}: Readonly<{ db: Database; ledger: LedgerRepository }>): Books {
  return {
    async ofOrder({ orderId }) {
      const shard = shardOf(orderId)
      const [attempts, refunds, disputes, journals] = await Promise.all([
        listAttempts(db, [orderId]),
        listRefunds(db, { shard, orderId }),
        listDisputesOf(db, orderId),
        ledger.listJournals(db, orderId),
      ])
      if (attempts.length === 0) throw generalProblem('not_found')
      return {
        orderId,
        attempts: attempts.map(toShownAttempt),
        refunds: refunds.map(toShownRefund),
        disputes: disputes.map(toShownDispute),
        journals: journals.map(toShownJournal),
      }
    },

    async disputes({ state, cursor, limit }) {
      const place = cursor === null ? null : decodeCursor(cursor, ['string', 'string'])
      const before = place && { openedAt: String(place[0]), id: String(place[1]) }
      const found = await listDisputes(db, { before, state, limit: limit + 1 })
      const items = found.slice(0, limit)
      const last = items.at(-1)
      return {
        items: items.map(toShownDispute),
        nextCursor: found.length > limit && last ? encodeCursor([last.openedAt, last.id]) : null,
      }
    },

    async balances({ kind, owner, cursor, limit }) {
      const known = ACCOUNT_KINDS.find((one) => one === kind)
      if (!known) {
        const message = `is one of ${ACCOUNT_KINDS.join(', ')}`
        throw generalProblem('validation_failed', { errors: [{ path: 'query.kind', message }] })
      }
      const after = cursor === null ? '' : String(decodeCursor(cursor, ['string'])[0])
      const wanted = { kind: known, after, limit: limit + 1, ...(owner ? { owner } : {}) }
      const found = await ledger.listBalances(db, wanted)
      const items = found.slice(0, limit).map(toBalance)
      const last = items.at(-1)
      return {
        items,
        nextCursor: found.length > limit && last ? encodeCursor([last.account]) : null,
      }
    },

    async payOut({ sellerId, reference, amount: { amount, currency } }) {
      const payoutId = derivedId('pyo', `${sellerId}\n${reference}`, {
        at: new Date(0),
        shard: shardFor(sellerId),
      })
      const account = accountId('seller_payable', sellerId, currency)
      return db.tx(async (tx) => {
        await ledger.lockAccount(tx, account)
        const owed = async () => {
          const wanted = { kind: 'seller_payable', owner: sellerId, limit: 200 } as const
          return (await ledger.listBalances(tx, wanted)).find((one) => one.account === account)
        }
        const [earlier] = await ledger.listJournals(tx, payoutId)
        if (earlier) checkSame(earlier, { amount, currency })
        const before = await owed()
        if (!before || (!earlier && before.credit - before.debit < amount)) {
          throw paymentsProblem('payments.payout_too_large')
        }
        if (earlier) return toBalance(before)
        await ledger.writeOpening(tx, [payoutJournal({ payoutId, sellerId, currency, amount })])
        return toBalance((await owed()) ?? before)
      })
    },
  }
}

function checkSame(journal: KeptJournal, { amount, currency }: Money): void {
  if (journal.currency === currency && journal.postings[0]?.amount === amount) return
  throw generalProblem('conflict', { detail: 'The reference was used for another payout' })
}

function toBalance({ account, kind, owner, currency, debit, credit }: Balance) {
  const shown = (minor: number) => money(minor, currency)
  return {
    account,
    kind,
    owner,
    currency,
    debit: shown(debit),
    credit: shown(credit),
    balance: shown(credit - debit),
  }
}

function toShownAttempt(attempt: Attempt): OrderMoneyPart<'attempts'> {
  const shown = (minor: number) => money(minor, attempt.currency)
  return {
    paymentId: attempt.id,
    attempt: attempt.attempt,
    method: attempt.method,
    provider: attempt.provider,
    providerRef: attempt.providerRef,
    state: attempt.state,
    amount: shown(attempt.amount),
    authorized: shown(attempt.authorized),
    captured: shown(attempt.captured),
    voided: shown(attempt.voided),
    refunded: shown(attempt.refunded),
    disputed: shown(attempt.disputed),
    tendered: shown(attempt.tendered),
    createdAt: attempt.createdAt,
  }
}

type OrderMoneyPart<Key extends 'attempts' | 'refunds' | 'journals'> = z.input<
  typeof OrderMoney
>[Key][number]

function toShownRefund(row: RefundRow): OrderMoneyPart<'refunds'> {
  const { id, state, currency, amount, tenderAmount, creditAmount, reason, createdAt } = row
  return {
    id,
    state,
    amount: money(amount + tenderAmount + creditAmount, currency),
    toProvider: money(amount, currency),
    toPrepaid: money(tenderAmount + creditAmount, currency),
    reason,
    createdAt,
  }
}

function toShownDispute(dispute: Dispute): z.input<typeof ShownDispute> {
  const { id, orderId, provider, providerRef, state, currency, reason } = dispute
  return {
    id,
    orderId,
    provider,
    providerRef,
    state,
    amount: money(dispute.amount, currency),
    fee: money(dispute.fee, currency),
    reason,
    openedAt: dispute.openedAt,
    updatedAt: dispute.updatedAt,
  }
}

function toShownJournal(journal: KeptJournal): OrderMoneyPart<'journals'> {
  const { id, kind, sourceType, sourceId, currency, createdAt, postings } = journal
  return {
    id,
    kind,
    source: `${sourceType} ${sourceId}`,
    currency,
    createdAt,
    postings: postings.map(({ account, purpose, side, amount }) => ({
      account,
      purpose,
      side: side === 'D' ? 'debit' : 'credit',
      amount: money(amount, currency),
    })),
  }
}
