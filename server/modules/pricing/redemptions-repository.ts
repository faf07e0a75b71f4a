import { type Queryable, statement } from '../../platform/db/statement.ts'
import type { QuotedPromotion } from './repository.ts'

const selectLimits = statement<{
  id: string
  counted: boolean
  per_customer_limit: number | null
  per_code_limit: number | null
}>(
  'pricing.list_limits',
  `select id, total_limit is not null or budget_minor is not null as counted, per_customer_limit,
     (definition ->> 'perCodeLimit')::int as per_code_limit
   from pricing.promotions where id = any ($1::text[])`,
)

export type Limits = Readonly<{
  counted: boolean
  perCustomerLimit: number | null
  perCodeLimit: number | null
}>

/** Which of these promotions have limits; read without a lock. */
export async function findLimits(
  on: Queryable,
  promotionIds: readonly string[],
): Promise<ReadonlyMap<string, Limits>> {
  const rows = await selectLimits(on, [promotionIds])
  return new Map(
    rows.map(({ id, counted, per_customer_limit, per_code_limit }) => [
      id,
      { counted, perCustomerLimit: per_customer_limit, perCodeLimit: per_code_limit },
    ]),
  )
}

const insertRedemptionRows = statement<{ promotion_id: string }>(
  'pricing.insert_redemptions',
  `insert into pricing.redemptions (shard, key, promotion_id, quote_id, customer, amount_minor,
     currency, budget_minor, seller_share_percent, coupon, further_names)
   select $1, $2, promotion_id, $3, $4, amount, currency, budget, share, coupon, $11
   from unnest($5::text[], $6::bigint[], $7::text[], $8::bigint[], $9::smallint[], $10::text[])
     as r(promotion_id, amount, currency, budget, share, coupon)
   order by promotion_id
   on conflict do nothing
   returning promotion_id`,
)

/** Records what an order uses. @returns the promotions that were not recorded under this key before. */
export async function insertRedemptions(
  on: Queryable,
  {
    shard,
    key,
    quoteId,
    names: [customer, ...furtherNames],
  }: Readonly<{
    shard: number
    key: string
    quoteId: string
    names: readonly string[]
  }>,
  uses: readonly QuotedPromotion[],
): Promise<ReadonlySet<string>> {
  const rows = await insertRedemptionRows(on, [
    shard,
    key,
    quoteId,
    customer ?? null,
    uses.map((use) => use.promotionId),
    uses.map((use) => use.amount),
    uses.map((use) => use.currency),
    uses.map((use) => use.budgetAmount),
    uses.map((use) => use.sellerSharePercent),
    uses.map((use) => use.coupon),
    furtherNames,
  ])
  return new Set(rows.map((row) => row.promotion_id))
}

const consumePromotion = statement<{ id: string }>(
  'pricing.consume_promotion',
  `update pricing.promotions
   set used = used + 1, budget_used_minor = budget_used_minor + $2
   where id = $1 and (total_limit is null or used < total_limit)
     and (budget_minor is null or budget_used_minor + $2 <= budget_minor)
   returning id`,
)

/** Takes one use and a part of the budget. @returns whether the limits allowed it. */
export async function consume(
  on: Queryable,
  promotionId: string,
  budgetAmount: number,
): Promise<boolean> {
  return (await consumePromotion(on, [promotionId, budgetAmount])).length === 1
}

const consumeByCustomer = statement<{ used: number }>(
  'pricing.consume_by_customer',
  `insert into pricing.customer_uses (promotion_id, customer, used)
   select $1, name, 1 from unnest($2::text[]) as name order by name
   on conflict (promotion_id, customer) do update set used = customer_uses.used + 1
     where customer_uses.used < $3
   returning used`,
)

/** Takes one of a customer's own uses, under each name. @returns whether the limit allowed all. */
export async function consumeForCustomer(
  on: Queryable,
  {
    promotionId,
    names,
    limit,
  }: Readonly<{
    promotionId: string
    names: readonly string[]
    limit: number
  }>,
): Promise<boolean> {
  return (await consumeByCustomer(on, [promotionId, names, limit])).length === names.length
}

const consumeCode = statement<{ used: number }>(
  'pricing.consume_code',
  'update pricing.coupons set used = used + 1 where code = $1 and used < $2 returning used',
)

/** Takes one of a code's uses. @returns whether the limit allowed it. */
export async function consumeCoupon(
  on: Queryable,
  { code, limit }: Readonly<{ code: string; limit: number }>,
): Promise<boolean> {
  return (await consumeCode(on, [code, limit])).length === 1
}

const releaseRedemptions = statement<{
  promotion_id: string
  names: string[]
  coupon: string | null
  budget_minor: number
}>(
  'pricing.release_redemptions',
  `update pricing.redemptions set released_at = now()
   where shard = $1 and key = $2 and released_at is null
   returning promotion_id, coupon, budget_minor,
     array_remove(customer || further_names, null) as names`,
)

export type Release = Readonly<{
  promotionId: string
  names: readonly string[]
  coupon: string | null
  budgetAmount: number
}>

/** Marks what was taken under a key as given back, in order of promotion. */
export async function releaseByKey(
  on: Queryable,
  shard: number,
  key: string,
): Promise<readonly Release[]> {
  const rows = await releaseRedemptions(on, [shard, key])
  return rows
    .map((row) => ({
      promotionId: row.promotion_id,
      names: row.names,
      coupon: row.coupon,
      budgetAmount: row.budget_minor,
    }))
    .sort((a, b) => (a.promotionId < b.promotionId ? -1 : 1))
}

const giveBackPromotion = statement(
  'pricing.give_back_promotion',
  `update pricing.promotions
   set used = greatest(0, used - 1), budget_used_minor = greatest(0, budget_used_minor - $2)
   where id = $1 and (total_limit is not null or budget_minor is not null)`,
)
const giveBackCustomer = statement(
  'pricing.give_back_customer',
  `update pricing.customer_uses set used = greatest(0, used - 1)
   where promotion_id = $1 and customer = any ($2::text[])`,
)

const giveBackCode = statement(
  'pricing.give_back_code',
  `update pricing.coupons set used = used - 1 where code = $1 and promotion_id = $2 and used > 0`,
)

export async function giveBack(on: Queryable, release: Release): Promise<void> {
  await giveBackPromotion(on, [release.promotionId, release.budgetAmount])
  if (release.coupon !== null) await giveBackCode(on, [release.coupon, release.promotionId])
  if (release.names.length > 0) await giveBackCustomer(on, [release.promotionId, release.names])
}
