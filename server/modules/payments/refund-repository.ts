import { only, type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import type { RefundSplit } from './api.ts'
import type { Attempt } from './model.ts'
import { askAgain } from './repository.ts'

export type RefundRow = Readonly<{
  shard: number
  orderId: string
  key: string
  id: string
  attempt: number
  currency: string
  /** What the provider gives back. */
  amount: number
  /** What went back to gift cards and store credit. */
  tenderAmount: number
  /** What the customer took as store credit instead. */
  creditAmount: number
  /** Whose it is; everybody's in proportion if null. */
  splits: readonly RefundSplit[] | null
  reason: string
  state: 'sent' | 'pending' | 'succeeded' | 'failed'
  providerRef: string | null
  createdAt: string
}>

const REFUND = `r.shard, r.order_id as "orderId", r.key, r.id, r.attempt, r.currency, r.amount,
  r.tender_amount as "tenderAmount",
  r.credit_amount as "creditAmount", r.splits, r.reason, r.state, r.provider_ref as "providerRef", r.created_at as "createdAt"`

const claimAmount = statement<{ id: string }>(
  'payments.claim_refund_amount',
  `update payments.payments set refund_claimed = refund_claimed + $4
   where shard = $1 and order_id = $2 and attempt = $3
     and captured - refunded - refund_claimed - credited - disputed >= $4
   returning id`,
)

const countCredit = statement<{ id: string }>(
  'payments.count_credit',
  `update payments.payments set credited = credited + $4, updated_at = $5
   where shard = $1 and order_id = $2 and attempt = $3
     and captured - refunded - refund_claimed - credited - disputed >= $4
   returning id`,
)

const releaseAmount = statement<{ id: string }>(
  'payments.release_refund_amount',
  `update payments.payments set refund_claimed = refund_claimed - $4
   where shard = $1 and order_id = $2 and attempt = $3 and refund_claimed >= $4
   returning id`,
)

const insertRefund = statement<{ id: string }>(
  'payments.insert_refund',
  `insert into payments.refunds (shard, order_id, key, id, attempt, currency, amount, reason, state,
     provider_ref, ask_at, created_at, updated_at, tender_amount, splits,
     credit_amount)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, $14, $15)
   on conflict (shard, order_id, key) do nothing
   returning id`,
)

const selectRefunds = statement<RefundRow>(
  'payments.select_refunds',
  `select ${REFUND} from payments.refunds r where r.shard = $1 and r.order_id = $2
   order by r.created_at, r.id`,
)

const settleRefund = statement<{ id: string }>(
  'payments.settle_refund',
  `update payments.refunds
   set state = $4, provider_ref = $5, failure_code = $6, ask_at = null, updated_at = $7
   where shard = $1 and order_id = $2 and key = $3 and state in ('sent', 'pending')
     and not (state = 'pending' and $4 = 'pending')
   returning id`,
)

const claimSent = statement<RefundRow>(
  'payments.claim_sent_refunds',
  `update payments.refunds r
   ${askAgain('payments.refunds', 'r', 'key')}
   returning ${REFUND}`,
)

/**
 * Claims the money of a refund, so that two at once never give back more than was taken.
 * @returns false if there is not so much left.
 */
export async function claimRefundAmount(
  tx: Tx,
  attempt: Attempt,
  amount: number,
): Promise<boolean> {
  const { shard, orderId } = attempt
  return (await claimAmount(tx, [shard, orderId, attempt.attempt, amount])).length === 1
}

/**
 * Counts what is given back as store credit, at once.
 * @returns false if there is not so much left.
 */
export async function countCredited(
  tx: Tx,
  { shard, orderId, attempt }: Attempt,
  input: Readonly<{ amount: number; now: string }>,
): Promise<boolean> {
  const values = [shard, orderId, attempt, input.amount, input.now]
  return (await countCredit(tx, values)).length === 1
}

/** Ends a claim, before its amount is counted as refunded or because the refund failed. */
export async function releaseRefundAmount(tx: Tx, refund: RefundRow): Promise<void> {
  const { shard, orderId, attempt, amount } = refund
  only(await releaseAmount(tx, [shard, orderId, attempt, amount]))
}

/** @returns whether there was none under its key. */
export async function insertNewRefund(
  tx: Tx,
  refund: RefundRow,
  times: Readonly<{ now: string; askAt: string | null }>,
): Promise<boolean> {
  const rows = await insertRefund(tx, [
    refund.shard,
    refund.orderId,
    refund.key,
    refund.id,
    refund.attempt,
    refund.currency,
    refund.amount,
    refund.reason,
    refund.state,
    refund.providerRef,
    times.askAt,
    times.now,
    refund.tenderAmount,
    refund.splits && JSON.stringify(refund.splits),
    refund.creditAmount,
  ])
  return rows.length === 1
}

/** Refunds of an order, oldest first. */
export function listRefunds(
  on: Queryable,
  input: { shard: number; orderId: string },
): Promise<RefundRow[]> {
  return selectRefunds(on, [input.shard, input.orderId])
}

/** @returns whether this call settled it. */
export async function settleSentRefund(
  tx: Tx,
  refund: RefundRow,
  outcome: Readonly<{
    state: 'pending' | 'succeeded' | 'failed'
    providerRef: string | null
    failureCode: string | null
    now: string
  }>,
): Promise<boolean> {
  const { shard, orderId, key } = refund
  const { state, providerRef, failureCode, now } = outcome
  const rows = await settleRefund(tx, [shard, orderId, key, state, providerRef, failureCode, now])
  return rows.length === 1
}

/** Takes refunds that have had no answer, and puts their next sending off. */
export function claimSentRefunds(
  on: Queryable,
  input: { now: string; limit: number },
): Promise<RefundRow[]> {
  return claimSent(on, [input.now, input.limit])
}
