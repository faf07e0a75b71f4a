import { pricingProblem } from '#contracts/pricing/problems.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Tx } from '../../platform/db/statement.ts'
import { shardFor } from '../../platform/ids.ts'
import type { PricingApi } from './api.ts'
import { normalizeCustomer } from './model.ts'
import {
  consume,
  consumeCoupon,
  consumeForCustomer,
  findLimits,
  giveBack,
  insertRedemptions,
  type Limits,
  releaseByKey,
} from './redemptions-repository.ts'
import { findQuote, type QuotedPromotion } from './repository.ts'

/**
 * Limits of promotions (semantics 13.4): taken by a conditional update, so that they hold in a race;
 * a promotion without limits has its row left alone, so that sales by it do not wait for each other.
 */
export function createRedemption({
  db,
}: Readonly<{ db: Database }>): Pick<PricingApi, 'redeem' | 'unredeem'> {
  return {
    async redeem({ key, quoteId, customer = [] }) {
      const found = await findQuote(db, quoteId)
      if (!found) throw pricingProblem('pricing.quote_expired')
      if (found.promotions.length === 0) return
      const names = [...new Set(customer.map(normalizeCustomer))]
      await db.tx(async (tx) => {
        const use = { shard: shardFor(key), key, quoteId, names }
        const fresh = await insertRedemptions(tx, use, found.promotions)
        const limits = await findLimits(tx, [...fresh])
        const uses = found.promotions
          .filter(({ promotionId }) => fresh.has(promotionId))
          .sort((a, b) => (a.promotionId < b.promotionId ? -1 : 1))
        for (const promotion of uses)
          await take(tx, promotion, limits.get(promotion.promotionId), names)
      })
    },

    async unredeem({ key }) {
      await db.tx(async (tx) => {
        for (const release of await releaseByKey(tx, shardFor(key), key))
          await giveBack(tx, release)
      })
    },
  }
}

/** @throws pricing.coupon_exhausted; the transaction then takes back all of the order's uses. */
async function take(
  tx: Tx,
  { promotionId, coupon, budgetAmount }: QuotedPromotion,
  limits: Limits | undefined,
  names: readonly string[],
): Promise<void> {
  const limit = limits?.perCustomerLimit ?? null
  const codeLimit = limits?.perCodeLimit ?? null
  const allowed =
    (!limits?.counted || (await consume(tx, promotionId, budgetAmount))) &&
    (codeLimit === null ||
      coupon === null ||
      (await consumeCoupon(tx, { code: coupon, limit: codeLimit }))) &&
    (limit === null || (await consumeForCustomer(tx, { promotionId, names, limit })))
  if (!allowed) throw pricingProblem('pricing.coupon_exhausted', { data: { promotionId, coupon } })
}
