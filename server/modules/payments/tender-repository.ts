import { type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import { shardOf } from '../../platform/ids.ts'

export type PrepaidKind = 'gift_card' | 'store_credit'

/** What an order takes from one prepaid account. Amounts in minor units of `currency`. */
export type Tender = Readonly<{
  shard: number
  orderId: string
  n: number
  accountShard: number
  accountId: string
  kind: PrepaidKind
  last4: string | null
  currency: string
  amount: number
  refunded: number
}>

const TENDER = `t.shard, t.order_id as "orderId", t.n, t.account_shard as "accountShard",
  t.account_id as "accountId", t.kind, t.last4, t.currency, t.amount, t.refunded`

const selectTenders = statement<Tender>(
  'payments.select_tenders',
  `select ${TENDER} from payments.tenders t where t.shard = $1 and t.order_id = $2 order by t.n`,
)

const insertTenders = statement(
  'payments.insert_tenders',
  `insert into payments.tenders (shard, order_id, n, account_shard, account_id, kind, last4,
     currency, amount, created_at)
   select $1, $2, n, account_shard, account_id, kind, last4, $3, amount, $4
   from unnest($5::smallint[], $6::smallint[], $7::text[], $8::text[], $9::text[], $10::bigint[])
     as t(n, account_shard, account_id, kind, last4, amount)`,
)

const returnTender = statement<{ n: number }>(
  'payments.return_tender',
  `update payments.tenders set refunded = refunded + $4
   where shard = $1 and order_id = $2 and n = $3 and amount - refunded >= $4
   returning n`,
)

const countTenders = statement(
  'payments.count_tenders',
  `update payments.payments
   set amount = amount - $4, tendered = $4,
       state = case when amount = $4 then 'captured' else state end,
       ask_at = case when amount = $4 then null else ask_at end, updated_at = $5
   where shard = $1 and order_id = $2 and attempt = $3`,
)

const countReturned = statement(
  'payments.count_returned_tenders',
  `update payments.payments set tender_refunded = tender_refunded + $3, updated_at = $4
   where shard = $1 and order_id = $2 and tendered > 0`,
)

/** Tenders of an order, in the order in which they pay. */
export function listTenders(on: Queryable, orderId: string): Promise<Tender[]> {
  return selectTenders(on, [shardOf(orderId), orderId])
}

/** Keeps what an order took. @param tenders of one order. */
export async function insertNewTenders(
  tx: Tx,
  tenders: readonly Omit<Tender, 'refunded'>[],
  now: string,
): Promise<void> {
  const [first] = tenders
  if (!first) return
  await insertTenders(tx, [
    first.shard,
    first.orderId,
    first.currency,
    now,
    tenders.map(({ n }) => n),
    tenders.map(({ accountShard }) => accountShard),
    tenders.map(({ accountId }) => accountId),
    tenders.map(({ kind }) => kind),
    tenders.map(({ last4 }) => last4),
    tenders.map(({ amount }) => amount),
  ])
}

/** Counts what goes back to a tender. @returns false if it is more than is left of it. */
export async function countReturn(tx: Tx, tender: Tender, amount: number): Promise<boolean> {
  return (await returnTender(tx, [tender.shard, tender.orderId, tender.n, amount])).length === 1
}

/** Takes what tenders pay off an attempt that was just recorded with the whole amount. */
export async function countTendersOf(
  tx: Tx,
  input: Readonly<{ orderId: string; attempt: number; tendered: number; now: string }>,
): Promise<void> {
  const { orderId, attempt, tendered, now } = input
  await countTenders(tx, [shardOf(orderId), orderId, attempt, tendered, now])
}

/** Counts what went back to tenders on every attempt that they helped to pay. */
export async function countReturnedOf(
  tx: Tx,
  input: Readonly<{ orderId: string; amount: number; now: string }>,
): Promise<void> {
  await countReturned(tx, [shardOf(input.orderId), input.orderId, input.amount, input.now])
}
