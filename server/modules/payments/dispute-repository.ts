import { only, type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import { shardOf } from '../../platform/ids.ts'

/** Money that a shopper's bank has taken back, or tried to. Minor units of `currency`. */
export type Dispute = Readonly<{
  shard: number
  orderId: string
  id: string
  provider: string
  providerRef: string
  attempt: number
  state: 'open' | 'won' | 'lost'
  currency: string
  amount: number
  fee: number
  reason: string
  openedAt: string
  updatedAt: string
}>

const DISPUTE = `d.shard, d.order_id as "orderId", d.id, d.provider,
  d.provider_ref as "providerRef", d.attempt, d.state, d.currency, d.amount, d.fee, d.reason,
  d.opened_at as "openedAt", d.updated_at as "updatedAt"`

const insertDispute = statement(
  'payments.insert_dispute',
  `insert into payments.disputes (shard, order_id, id, provider, provider_ref, attempt, state,
     currency, amount, fee, reason, opened_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)`,
)

const selectOfOrder = statement<Dispute>(
  'payments.list_disputes_of_order',
  `select ${DISPUTE} from payments.disputes d where d.shard = $1 and d.order_id = $2
   order by d.opened_at, d.id`,
)

const selectNewest = statement<Dispute>(
  'payments.list_disputes',
  `select ${DISPUTE} from payments.disputes d
   where (d.opened_at, d.id) < ($1::timestamptz, $2) and ($3::text is null or d.state = $3)
   order by d.opened_at desc, d.id desc limit $4`,
)

const updateDispute = statement<{ id: string }>(
  'payments.update_dispute',
  `update payments.disputes set state = $4, updated_at = $5
   where shard = $1 and order_id = $2 and id = $3 returning id`,
)

export async function insertNewDispute(tx: Tx, dispute: Dispute): Promise<void> {
  await insertDispute(tx, [
    dispute.shard,
    dispute.orderId,
    dispute.id,
    dispute.provider,
    dispute.providerRef,
    dispute.attempt,
    dispute.state,
    dispute.currency,
    dispute.amount,
    dispute.fee,
    dispute.reason,
    dispute.openedAt,
  ])
}

export function listDisputesOf(on: Queryable, orderId: string): Promise<Dispute[]> {
  return selectOfOrder(on, [shardOf(orderId), orderId])
}

/** Disputes newest first. @param before the last of the page before. */
export function listDisputes(
  on: Queryable,
  input: Readonly<{
    before: Readonly<{ openedAt: string; id: string }> | null
    state: Dispute['state'] | null
    limit: number
  }>,
): Promise<Dispute[]> {
  const { before, state, limit } = input
  return selectNewest(on, [before?.openedAt ?? 'infinity', before?.id ?? '', state, limit])
}

export async function moveDispute(
  tx: Tx,
  { shard, orderId, id }: Dispute,
  input: Readonly<{ state: Dispute['state']; now: string }>,
): Promise<void> {
  only(await updateDispute(tx, [shard, orderId, id, input.state, input.now]))
}
