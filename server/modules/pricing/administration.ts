import { createHash } from 'node:crypto'
import { money } from '#contracts/kit/money.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { pricingProblem } from '#contracts/pricing/problems.ts'
import type {
  PromotionInput,
  PromotionRecord,
  PromotionUsage,
} from '#contracts/pricing/promotions.ts'
import { auditChanges } from '../../platform/audit-log/record.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Tx } from '../../platform/db/statement.ts'
import { diffOf } from '../../platform/diff.ts'
import { decodeCursor, encodeCursor } from '../../platform/http/cursor.ts'
import { expectVersion } from '../../platform/http/etag.ts'
import type { Ids } from '../../platform/ids.ts'
import type { PricingApi } from './api.ts'
import { normalizeCode, type Promotion } from './model.ts'
import * as repository from './promotions-repository.ts'
import { writePromotion } from './repository.ts'

/** Who asks, and which version he saw; any, if that is undefined. */
type Command<T> = Readonly<{ actor: string; expectedVersion?: number | undefined }> & Readonly<T>
type PageOf = Readonly<{ cursor?: string | undefined; limit?: number | undefined }>
type Page<T> = Promise<{ items: T[]; nextCursor: string | null }>

/** What operators do with promotions and coupons. Each change is in the audit log with its diff. */
export type PromotionAdministration = Readonly<{
  list(input: PageOf & { active?: boolean | undefined }): Page<PromotionRecord>
  /** @throws not_found */
  get(input: { promotionId: string }): Promise<PromotionRecord>
  /** @throws catalog.currency_not_sold */
  create(command: Command<{ promotion: PromotionInput }>): Promise<PromotionRecord>
  /** @throws not_found, precondition_failed, catalog.currency_not_sold, pricing.limit_below_use */
  replace(
    command: Command<{ promotionId: string; promotion: PromotionInput }>,
  ): Promise<PromotionRecord>
  /** @throws not_found, precondition_failed */
  switch(command: Command<{ promotionId: string; active: boolean }>): Promise<PromotionRecord>
  /** @throws not_found */
  coupons(input: PageOf & { promotionId: string }): Page<{ code: string; used: number }>
  /**
   * Adds chosen codes, or `count` drawn ones; the same key again gives the same codes.
   * @throws not_found, pricing.coupon_taken
   */
  addCoupons(
    command: Command<{
      key: string
      promotionId: string
      wanted: { codes: readonly string[] } | { count: number; prefix: string }
    }>,
  ): Promise<string[]>
  /** @throws not_found */
  removeCoupon(command: Command<{ promotionId: string; code: string }>): Promise<void>
  /** @throws not_found */
  usage(input: {
    promotionId: string
    from?: string | undefined
    to?: string | undefined
  }): Promise<PromotionUsage>
}>

type Deps = Readonly<{
  db: Database
  ids: Ids
  rate: PricingApi['rate']
  /** Called after a change, so that this process sees it at once. */
  onChanged(): void
}>

const PAGE = 50
/** Greater than every id. */
const NEWEST = '~'
/** The last letters of an id are chance alone; ten of them are 50 bits: not to be guessed. */
const DRAWN_LETTERS = 10

export function createPromotionAdministration(deps: Deps): PromotionAdministration {
  const { db, ids } = deps

  async function get({ promotionId }: { promotionId: string }): Promise<PromotionRecord> {
    const found = await repository.findPromotion(db, promotionId)
    if (!found) throw generalProblem('not_found')
    return toRecord(found)
  }

  /** A promotion in money that cannot be converted would fail every quote. */
  async function checkCurrencies({ effect, minimum, budget }: PromotionInput): Promise<void> {
    const amounts = [effect.kind === 'fixed' ? effect.amount : null, minimum, budget]
    for (const amount of amounts) {
      if (amount) await deps.rate({ from: amount.currency, to: 'EUR' })
    }
  }

  async function change(
    command: Command<{ promotionId: string }>,
    decide: (before: Promotion) => Promotion,
  ): Promise<PromotionRecord> {
    const { actor, promotionId, expectedVersion } = command
    await db.tx(async (tx) => {
      const before = await repository.lockPromotion(tx, promotionId)
      if (!before) throw generalProblem('not_found')
      expectVersion(expectedVersion, before.version)
      const after = decide(before.definition)
      checkUse(after, before)
      const diff = diffOf(before.definition, after)
      if (Object.keys(diff).length === 0) return
      await writePromotion(tx, after)
      const told = { actor, action: 'pricing.promotion.updated', entityId: promotionId, diff }
      await auditChanges(tx, ids, [told])
    })
    deps.onChanged()
    return get({ promotionId })
  }

  async function tellCoupons(
    tx: Tx,
    { actor, promotionId }: Command<{ promotionId: string }>,
    action: 'added' | 'removed',
    codes: readonly string[],
  ): Promise<void> {
    const diff = diffOf({}, { [action]: codes.length, first: codes[0] ?? null })
    const told = { actor, action: `pricing.coupons.${action}`, entityId: promotionId, diff }
    await auditChanges(tx, ids, [told])
  }

  return {
    get,
    async list({ cursor, limit = PAGE, active = null }) {
      const before = cursor === undefined ? NEWEST : String(decodeCursor(cursor, ['string'])[0])
      const rows = await repository.listPromotions(db, { before, active, limit: limit + 1 })
      const items = rows.slice(0, limit).map(toRecord)
      return { items, nextCursor: nextOf(rows.length > limit, items.at(-1)?.id) }
    },
    async create({ actor, promotion }) {
      await checkCurrencies(promotion)
      const made = toPromotion(ids.make('prm'), promotion)
      await db.tx(async (tx) => {
        await writePromotion(tx, made)
        const diff = diffOf({}, made)
        await auditChanges(tx, ids, [
          { actor, action: 'pricing.promotion.created', entityId: made.id, diff },
        ])
      })
      deps.onChanged()
      return get({ promotionId: made.id })
    },
    async replace({ promotion, ...command }) {
      await checkCurrencies(promotion)
      return change(command, ({ id }) => toPromotion(id, promotion))
    },
    switch: ({ active, ...command }) => change(command, (before) => ({ ...before, active })),
    async coupons({ promotionId, cursor, limit = PAGE }) {
      await get({ promotionId })
      const after = cursor === undefined ? '' : String(decodeCursor(cursor, ['string'])[0])
      const rows = await repository.listCouponsOf(db, { promotionId, after, limit: limit + 1 })
      const items = rows.slice(0, limit)
      return { items, nextCursor: nextOf(rows.length > limit, items.at(-1)?.code) }
    },
    async addCoupons({ key, wanted, ...command }) {
      const { promotionId } = command
      const batch = createHash('sha256').update(key).digest('base64url')
      return db.tx(async (tx) => {
        if (!(await repository.lockPromotion(tx, promotionId))) throw generalProblem('not_found')
        const earlier = await repository.listCouponBatch(tx, { promotionId, batch })
        if (earlier.length > 0) return earlier
        const codes = 'codes' in wanted ? wanted.codes.map(normalizeCode) : drawCodes(ids, wanted)
        const unique = [...new Set(codes)].sort()
        const added = await repository.insertCouponBatch(tx, { promotionId, batch, codes: unique })
        if (added.length < unique.length) {
          const taken = unique.filter((code) => !added.includes(code))
          throw pricingProblem('pricing.coupon_taken', { data: { codes: taken.slice(0, 100) } })
        }
        await tellCoupons(tx, command, 'added', unique)
        return unique
      })
    },
    async removeCoupon({ code, ...command }) {
      const { promotionId } = command
      await db.tx(async (tx) => {
        const own = { promotionId, code: normalizeCode(code) }
        if (!(await repository.deleteCouponOf(tx, own))) throw generalProblem('not_found')
        await tellCoupons(tx, command, 'removed', [own.code])
      })
    },
    async usage({ promotionId, from = null, to = null }) {
      await get({ promotionId })
      const rows = await repository.sumUsageOf(db, { promotionId, from, to })
      const sum = (pick: (row: repository.UsageRow) => number) =>
        rows.reduce((all, row) => all + pick(row), 0)
      return {
        promotionId,
        orders: sum(({ orders }) => orders),
        givenBack: sum(({ givenBack }) => givenBack),
        codes: sum(({ codes }) => codes),
        discounts: rows.map(({ currency, discount, bySellers }) => ({
          discount: money(discount, currency),
          bySellers: money(bySellers, currency),
          byMarketplace: money(discount - bySellers, currency),
        })),
      }
    },
  }
}

function nextOf(hasMore: boolean, last: string | undefined): string | null {
  return hasMore && last !== undefined ? encodeCursor([last]) : null
}

function drawCodes(
  ids: Ids,
  { count, prefix }: Readonly<{ count: number; prefix: string }>,
): string[] {
  const draw = () => ids.make('cpn').slice(-DRAWN_LETTERS).toUpperCase()
  return Array.from({ length: count }, () => `${prefix}${draw()}`)
}

/** Times are compared as text: all in one form. */
function toPromotion(id: string, input: PromotionInput): Promotion {
  const at = (time: string | null) => (time === null ? null : new Date(time).toISOString())
  return {
    id,
    ...input,
    combinesWith: [...new Set(input.combinesWith)],
    startsAt: at(input.startsAt),
    endsAt: at(input.endsAt),
  }
}

/** @throws pricing.limit_below_use */
function checkUse(
  { totalLimit, budget }: Promotion,
  { used, budgetUsed, definition }: Omit<repository.StoredPromotion, 'coupons'>,
): void {
  const refuse = (detail: string) => pricingProblem('pricing.limit_below_use', { detail })
  if (totalLimit !== null && totalLimit < used) throw refuse(`${used} orders have used it`)
  if (budget && budgetUsed > 0 && budget.currency !== definition.budget?.currency)
    throw refuse('What was spent of the budget is in another currency')
  if (budget && budget.amount < budgetUsed) throw refuse(`${budgetUsed} of the budget are spent`)
}

function toRecord(stored: repository.StoredPromotion): PromotionRecord {
  const { definition, used, budgetUsed, coupons, version, createdAt, updatedAt } = stored
  const { budget, perCodeLimit = null, target, combinesWith, ...more } = definition
  return {
    ...more,
    target: {
      sellerIds: [...target.sellerIds],
      departments: [...target.departments],
      productIds: [...target.productIds],
      offerIds: [...target.offerIds],
    },
    combinesWith: [...combinesWith],
    perCodeLimit,
    budget,
    used,
    budgetUsed: budget && money(budgetUsed, budget.currency),
    coupons,
    version,
    createdAt,
    updatedAt,
  }
}
