import type { Money } from '#contracts/kit/money.ts'
import { type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import type { Promotion } from './model.ts'

/** A promotion as it lies in the table. */
export type StoredPromotion = Readonly<{
  definition: Promotion
  used: number
  budgetUsed: number
  coupons: number
  version: number
  createdAt: string
  updatedAt: string
}>

const STORED = `p.definition, p.used, p.budget_used_minor as "budgetUsed", p.version,
  p.created_at as "createdAt", p.updated_at as "updatedAt",
  (select count(*)::int from pricing.coupons c where c.promotion_id = p.id) as coupons`

const selectPromotion = statement<StoredPromotion>(
  'pricing.find_promotion',
  `select ${STORED} from pricing.promotions p where p.id = $1`,
)
const selectPromotions = statement<StoredPromotion>(
  'pricing.list_promotions',
  `select ${STORED} from pricing.promotions p
   where p.id < $1 and ($2::bool is null or p.active = $2) order by p.id desc limit $3`,
)
const lockPromotionRow = statement<Omit<StoredPromotion, 'coupons'>>(
  'pricing.lock_promotion',
  `select definition, used, budget_used_minor as "budgetUsed", version,
     created_at as "createdAt", updated_at as "updatedAt"
   from pricing.promotions where id = $1 for update`,
)
const deleteCoupon = statement<{ code: string }>(
  'pricing.delete_coupon',
  'delete from pricing.coupons where code = $2 and promotion_id = $1 returning code',
)
const insertBatch = statement<{ code: string }>(
  'pricing.insert_coupon_batch',
  `insert into pricing.coupons (code, promotion_id, batch)
   select code, $1, $3 from unnest($2::text[]) as c(code) order by code
   on conflict do nothing returning code`,
)
const selectBatch = statement<{ code: string }>(
  'pricing.list_coupon_batch',
  `select code from pricing.coupons where promotion_id = $1 and batch = $2 order by code`,
)
const selectCoupons = statement<{ code: string; used: number }>(
  'pricing.list_coupons',
  `select code, used from pricing.coupons where promotion_id = $1 and code > $2
   order by code limit $3`,
)

export async function findPromotion(
  on: Queryable,
  id: string,
): Promise<StoredPromotion | undefined> {
  return (await selectPromotion(on, [id]))[0]
}

/** The newest first. */
export function listPromotions(
  on: Queryable,
  { before, active, limit }: Readonly<{ before: string; active: boolean | null; limit: number }>,
): Promise<StoredPromotion[]> {
  return selectPromotions(on, [before, active, limit])
}

export async function lockPromotion(
  tx: Tx,
  id: string,
): Promise<Omit<StoredPromotion, 'coupons'> | undefined> {
  return (await lockPromotionRow(tx, [id]))[0]
}

/** @returns whether the promotion had it. */
export async function deleteCouponOf(
  on: Queryable,
  { promotionId, code }: Readonly<{ promotionId: string; code: string }>,
): Promise<boolean> {
  return (await deleteCoupon(on, [promotionId, code])).length === 1
}

/** @returns the codes that are new. */
export async function insertCouponBatch(
  tx: Tx,
  input: Readonly<{ promotionId: string; batch: string; codes: readonly string[] }>,
): Promise<string[]> {
  const rows = await insertBatch(tx, [input.promotionId, input.codes, input.batch])
  return rows.map(({ code }) => code)
}

/** Codes that one command made, in order. */
export async function listCouponBatch(
  on: Queryable,
  input: Readonly<{ promotionId: string; batch: string }>,
): Promise<string[]> {
  return (await selectBatch(on, [input.promotionId, input.batch])).map(({ code }) => code)
}

export function listCouponsOf(
  on: Queryable,
  input: Readonly<{ promotionId: string; after: string; limit: number }>,
): Promise<{ code: string; used: number }[]> {
  return selectCoupons(on, [input.promotionId, input.after, input.limit])
}

export type UsageRow = Readonly<{
  currency: Money['currency']
  orders: number
  givenBack: number
  codes: number
  discount: number
  bySellers: number
}>

const sumUsage = statement<UsageRow>(
  'pricing.sum_usage',
  `select currency, count(*) filter (where released_at is null)::int as orders,
     count(*) filter (where released_at is not null)::int as "givenBack",
     count(distinct coupon)::int as codes,
     coalesce(sum(amount_minor) filter (where released_at is null), 0)::bigint as discount,
     coalesce(sum(round(amount_minor * seller_share_percent / 100.0))
       filter (where released_at is null), 0)::bigint as "bySellers"
   from pricing.redemptions
   where promotion_id = $1 and created_at >= coalesce($2, '-infinity'::timestamptz)
     and created_at < coalesce($3, 'infinity'::timestamptz)
   group by currency order by currency`,
)

/** What a promotion was used for in a time, by currency. */
export function sumUsageOf(
  on: Queryable,
  input: Readonly<{ promotionId: string; from: string | null; to: string | null }>,
): Promise<UsageRow[]> {
  return sumUsage(on, [input.promotionId, input.from, input.to])
}
