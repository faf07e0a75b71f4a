import type { Address } from '#contracts/kit/address.ts'
import type { Quote } from '#contracts/pricing/schemas.ts'
import { type Queryable, statement } from '../../platform/db/statement.ts'
import { shardOf } from '../../platform/ids.ts'
import type { KeptQuote, Market } from './api.ts'
import type { RateTable } from './fx.ts'
import type { LivePromotion, Promotion } from './model.ts'

const selectMarkets = statement<{ country: string; currency: string; tax_included: boolean }>(
  'pricing.list_markets',
  'select country, currency, tax_included from pricing.markets order by rank',
)

export async function listMarkets(on: Queryable): Promise<Market[]> {
  const rows = await selectMarkets(on)
  return rows.map(({ country, currency, tax_included }) => ({
    country,
    currency,
    taxIncluded: tax_included,
  }))
}

// The newest on or before the day; on a day before all rates, the oldest.
const selectRates = statement<{ currency: string; as_of: string; rate: string }>(
  'pricing.list_rates',
  `select distinct on (currency) currency, as_of, trim_scale(rate)::text as rate
   from pricing.fx_rates
   order by currency, as_of > $1, case when as_of > $1 then as_of - $1 else $1 - as_of end`,
)

/** The rates that hold on a day (YYYY-MM-DD). */
export async function findRates(on: Queryable, day: string): Promise<RateTable> {
  const rows = await selectRates(on, [day])
  return {
    asOf: rows.reduce((newest, row) => (row.as_of > newest ? row.as_of : newest), ''),
    unitsPerEuro: new Map(rows.map(({ currency, rate }) => [currency, rate])),
  }
}

const selectNewestRate = statement<{ as_of: string | null }>(
  'pricing.newest_rate',
  'select max(as_of) as as_of from pricing.fx_rates',
)

export async function findNewestRateDay(on: Queryable): Promise<string | null> {
  return (await selectNewestRate(on))[0]?.as_of ?? null
}

const insertRateRows = statement(
  'pricing.insert_rates',
  `insert into pricing.fx_rates (currency, as_of, rate, source)
   select currency, as_of, rate, $4
   from unnest($1::text[], $2::date[], $3::numeric[]) as r(currency, as_of, rate)
   order by currency, as_of
   on conflict do nothing`,
)

export type RateRow = Readonly<{ currency: string; asOf: string; rate: string }>

export async function insertRates(
  on: Queryable,
  rates: readonly RateRow[],
  source: string,
): Promise<void> {
  await insertRateRows(on, [
    rates.map(({ currency }) => currency),
    rates.map(({ asOf }) => asOf),
    rates.map(({ rate }) => rate),
    source,
  ])
}

type PromotionRow = {
  definition: Promotion
  used: number
  budget_used_minor: number
  code: string | null
  code_used: number
}

const selectOpenPromotions = statement<PromotionRow>(
  'pricing.list_open_promotions',
  `select definition, used, budget_used_minor, null as code, 0 as code_used
   from pricing.promotions where active and not needs_coupon order by id`,
)

const selectCouponPromotions = statement<PromotionRow>(
  'pricing.list_coupon_promotions',
  `select p.definition, p.used, p.budget_used_minor, c.code, c.used as code_used
   from pricing.coupons c join pricing.promotions p on p.id = c.promotion_id
   where c.code = any ($1::text[]) order by c.code`,
)

/** Promotions that ask for no coupon. */
export async function listOpenPromotions(on: Queryable): Promise<LivePromotion[]> {
  return (await selectOpenPromotions(on)).map(toLivePromotion)
}

/** @param codes normalized. */
export async function listCouponPromotions(
  on: Queryable,
  codes: readonly string[],
): Promise<LivePromotion[]> {
  return (await selectCouponPromotions(on, [codes])).map(toLivePromotion)
}

function toLivePromotion({
  definition,
  used,
  budget_used_minor,
  code,
  code_used,
}: PromotionRow): LivePromotion {
  return {
    promotion: definition,
    used,
    budgetUsedAmount: budget_used_minor,
    coupon: code,
    couponUsed: code_used,
  }
}

const upsertPromotionRow = statement(
  'pricing.upsert_promotion',
  `insert into pricing.promotions (id, definition, active, needs_coupon, starts_at, ends_at,
     total_limit, per_customer_limit, budget_minor)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
   on conflict (id) do update set definition = excluded.definition, active = excluded.active,
     needs_coupon = excluded.needs_coupon, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
     total_limit = excluded.total_limit, per_customer_limit = excluded.per_customer_limit,
     budget_minor = excluded.budget_minor, updated_at = now(),
     version = promotions.version + (promotions.definition <> excluded.definition)::int`,
)

const deleteCoupons = statement(
  'pricing.delete_coupons',
  'delete from pricing.coupons where promotion_id = $1 and code <> all ($2::text[])',
)

const insertCoupons = statement<{ code: string }>(
  'pricing.insert_coupons',
  `insert into pricing.coupons (code, promotion_id)
   select code, $1 from unnest($2::text[]) as c(code) order by code
   on conflict (code) do update set promotion_id = excluded.promotion_id
     where coupons.promotion_id = excluded.promotion_id
   returning code`,
)

/** Creates a promotion or changes it; a changed one has another version. */
export async function writePromotion(on: Queryable, promotion: Promotion): Promise<void> {
  await upsertPromotionRow(on, [
    promotion.id,
    JSON.stringify(promotion),
    promotion.active,
    promotion.needsCoupon,
    promotion.startsAt,
    promotion.endsAt,
    promotion.totalLimit,
    promotion.perCustomerLimit,
    promotion.budget?.amount ?? null,
  ])
}

/** @returns the codes that are now the promotion's; a code of another promotion is left to it. */
export async function upsertPromotion(
  on: Queryable,
  promotion: Promotion,
  codes: readonly string[],
): Promise<string[]> {
  await writePromotion(on, promotion)
  await deleteCoupons(on, [promotion.id, codes])
  return (await insertCoupons(on, [promotion.id, codes])).map(({ code }) => code)
}

/** What a promotion takes off in one quote, for its limits and for who bears the cost. */
export type QuotedPromotion = Readonly<{
  promotionId: string
  coupon: string | null
  amount: number
  currency: string
  /** The same in the currency of its budget; 0 without one. */
  budgetAmount: number
  sellerSharePercent: number
}>

const insertQuoteRow = statement(
  'pricing.insert_quote',
  `insert into pricing.quotes (shard, id, cart_id, cart_version, fingerprint, quote,
     shipping_address, fx_rates, promotions, created_at, expires_at, marketplace_discounts)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
)

export async function insertQuote(
  on: Queryable,
  shard: number,
  kept: KeptQuote,
  promotions: readonly QuotedPromotion[],
): Promise<void> {
  await insertQuoteRow(on, [
    shard,
    kept.quote.quoteId,
    kept.cartId,
    kept.cartVersion,
    kept.fingerprint,
    JSON.stringify(kept.quote),
    JSON.stringify(kept.shippingAddress),
    JSON.stringify(kept.fxRates),
    JSON.stringify(promotions),
    kept.createdAt,
    kept.quote.expiresAt,
    kept.marketplaceDiscounts ? JSON.stringify(kept.marketplaceDiscounts) : null,
  ])
}

type QuoteRow = {
  place: number
  cart_id: string
  cart_version: number
  fingerprint: string
  quote: Quote
  shipping_address: Address
  fx_rates: Record<string, string>
  promotions: QuotedPromotion[]
  marketplace_discounts: Record<string, number> | null
  created_at: string
}

const selectQuotes = statement<QuoteRow>(
  'pricing.find_quotes',
  `select k.place::int as place, q.cart_id, q.cart_version, q.fingerprint, q.quote,
     q.shipping_address, q.fx_rates, q.promotions, q.created_at, q.marketplace_discounts
   from unnest($1::smallint[], $2::text[]) with ordinality as k(shard, id, place)
   join pricing.quotes q on q.shard = k.shard and q.id = k.id`,
)

export type StoredQuote = Readonly<{ kept: KeptQuote; promotions: readonly QuotedPromotion[] }>

/** Quotes by id, in the order asked, many in one statement; undefined for one that is not there. */
export async function findQuotes(
  on: Queryable,
  quoteIds: readonly string[],
): Promise<(StoredQuote | undefined)[]> {
  const rows = await selectQuotes(on, [quoteIds.map(shardOf), quoteIds])
  const byPlace = new Map(rows.map((row) => [row.place - 1, row]))
  return quoteIds.map((_, place) => {
    const row = byPlace.get(place)
    return row && toStoredQuote(row)
  })
}

export async function findQuote(on: Queryable, quoteId: string): Promise<StoredQuote | undefined> {
  return (await findQuotes(on, [quoteId]))[0]
}

function toStoredQuote(row: QuoteRow): StoredQuote {
  const kept: KeptQuote = {
    quote: row.quote,
    cartId: row.cart_id,
    cartVersion: row.cart_version,
    shippingAddress: row.shipping_address,
    fxRates: row.fx_rates,
    createdAt: row.created_at,
    fingerprint: row.fingerprint,
    ...(row.marketplace_discounts ? { marketplaceDiscounts: row.marketplace_discounts } : {}),
  }
  return { kept, promotions: row.promotions }
}

const deleteOldQuotes = statement<{ count: number }>(
  'pricing.sweep_quotes',
  `with gone as (
     delete from pricing.quotes where ctid = any (array(
       select ctid from pricing.quotes where expires_at < $1 limit 2000))
     returning 1
   ) select count(*)::int as count from gone`,
)

/** Forgets quotes that expired before a time, some at once. @returns how many. */
export async function sweepQuotes(on: Queryable, before: string): Promise<number> {
  return (await deleteOldQuotes(on, [before]))[0]?.count ?? 0
}
