import { type Queryable, statement, type Tx } from '../../../platform/db/statement.ts'
import { shardOf } from '../../../platform/ids.ts'

export type ToldPrice = Readonly<{ variantId: string; currency: string; amount: number }>

const selectTold = statement<ToldPrice>(
  'notifications.list_told_prices',
  `select variant_id as "variantId", currency, amount::float8 as amount
   from notifications.told_prices where shard = $1 and account_id = $2`,
)
const putTold = statement<{ variant_id: string }>(
  'notifications.put_told_prices',
  `insert into notifications.told_prices as t (shard, account_id, variant_id, currency, amount, told_at)
   select $1, $2, n.variant_id, n.currency, n.amount, $6
   from unnest($3::text[], $4::text[], $5::bigint[]) as n(variant_id, currency, amount)
   order by n.variant_id, n.currency
   on conflict (shard, account_id, variant_id, currency) do update
     set amount = excluded.amount, told_at = excluded.told_at where t.amount > excluded.amount
   returning variant_id`,
)
const eraseTold = statement<{ variant_id: string }>(
  'notifications.erase_told_prices',
  `delete from notifications.told_prices where shard = $1 and account_id = $2 returning variant_id`,
)
const sweepTold = statement(
  'notifications.sweep_told_prices',
  'delete from notifications.told_prices where told_at < $1',
)

export function listToldPrices(on: Queryable, accountId: string): Promise<ToldPrice[]> {
  return selectTold(on, [shardOf(accountId), accountId])
}

/** @returns how many of them are lower than what was told before. */
export async function putToldPrices(
  tx: Tx,
  accountId: string,
  { prices, at }: Readonly<{ prices: readonly ToldPrice[]; at: string }>,
): Promise<number> {
  const rows = await putTold(tx, [
    shardOf(accountId),
    accountId,
    prices.map(({ variantId }) => variantId),
    prices.map(({ currency }) => currency),
    prices.map(({ amount }) => amount),
    at,
  ])
  return rows.length
}

export async function eraseToldPrices(on: Queryable, accountId: string): Promise<number> {
  return (await eraseTold(on, [shardOf(accountId), accountId])).length
}

export async function sweepToldPrices(on: Queryable, before: string): Promise<void> {
  await sweepTold(on, [before])
}
