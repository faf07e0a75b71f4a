import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { PricingApi } from './api.ts'
import { type LivePromotion, normalizeCode, type Promotion } from './model.ts'
import { listCouponPromotions, listOpenPromotions, upsertPromotion } from './repository.ts'

/** Promotions without a coupon are looked up anew after this time; their limits hold regardless. */
const REFRESH_MS = 5_000

export type PromotionShelf = Pick<PricingApi, 'coupon' | 'definePromotion'> &
  Readonly<{
    /** Looks promotions up anew at the next call. */
    forget(): void
    /** All that a cart with these coupons may use, and the codes that are no coupon's. */
    forCart(
      coupons: readonly string[],
    ): Promise<Readonly<{ promotions: readonly LivePromotion[]; unknownCodes: readonly string[] }>>
  }>

/** The promotions there are. */
export function createShelf({
  db,
  clock,
}: Readonly<{ db: Database; clock: Clock }>): PromotionShelf {
  let open: Readonly<{ at: number; promotions: Promise<LivePromotion[]> }> | undefined

  function listOpen(): Promise<LivePromotion[]> {
    const now = clock.now().getTime()
    if (!open || now - open.at >= REFRESH_MS) {
      const promotions = listOpenPromotions(db)
      open = { at: now, promotions }
      promotions.catch(() => {
        open = undefined
      })
    }
    return open.promotions
  }

  return {
    forget() {
      open = undefined
    },
    async forCart(coupons) {
      const codes = coupons.map(normalizeCode)
      const [always, asked] = await Promise.all([
        listOpen(),
        codes.length === 0 ? [] : listCouponPromotions(db, codes),
      ])
      const byId = new Map(always.map((live) => [live.promotion.id, live]))
      for (const live of asked) byId.set(live.promotion.id, live)
      const known = new Set(asked.map(({ coupon }) => coupon))
      return {
        promotions: [...byId.values()],
        unknownCodes: codes.filter((code) => !known.has(code)),
      }
    },
    async coupon({ code }) {
      const [live] = await listCouponPromotions(db, [normalizeCode(code)])
      if (!live?.coupon || !isOpen(live, clock.now().toISOString())) return null
      return { code: live.coupon, name: live.promotion.name }
    },
    async definePromotion({ promotion, coupons }) {
      assertSound(promotion)
      const codes = [...new Set(coupons.map(normalizeCode))].sort()
      await db.tx(async (tx) => {
        const kept = await upsertPromotion(tx, promotion, codes)
        if (kept.length < codes.length)
          throw new Error(`A coupon of ${promotion.id} belongs to another promotion`)
      })
      open = undefined
    },
  }
}

function isOpen(live: LivePromotion, now: string): boolean {
  const { promotion, used, budgetUsedAmount, couponUsed = 0 } = live
  return (
    promotion.active &&
    couponUsed < (promotion.perCodeLimit ?? Number.POSITIVE_INFINITY) &&
    (promotion.startsAt === null || promotion.startsAt <= now) &&
    (promotion.endsAt === null || now < promotion.endsAt) &&
    (promotion.totalLimit === null || used < promotion.totalLimit) &&
    (promotion.budget === null || budgetUsedAmount < promotion.budget.amount)
  )
}

/** @throws Error on a promotion that means nothing. */
function assertSound({ id, class: kind, effect, ...promotion }: Promotion): void {
  const fits = {
    percentage: true,
    fixed: true,
    buy_x_get_y: kind === 'product',
    free_shipping: kind === 'shipping',
  }
  if (!fits[effect.kind]) throw new Error(`${id}: ${effect.kind} is nothing for class ${kind}`)
  if (effect.kind === 'buy_x_get_y' && !(effect.buy >= 1 && effect.get >= 1))
    throw new Error(`${id}: both numbers of buy X get Y are 1 or more`)
  const limits = [promotion.totalLimit, promotion.perCustomerLimit]
  if (limits.some((limit) => limit !== null && !(Number.isSafeInteger(limit) && limit >= 1)))
    throw new Error(`${id}: a limit is 1 or more`)
}
