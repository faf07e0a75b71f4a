import { money, toDecimal } from '#contracts/kit/money.ts'
import type { LivePromotion, Promotion, PromotionClass } from './model.ts'
import {
  type Basket,
  isTarget,
  missingToMinimum,
  orderDiscounts,
  productDiscounts,
  shippingDiscount,
} from './promotion-effects.ts'

/** A promotion that was applied, and what it took off, in the basket's currency. */
export type AppliedPromotion = Readonly<{
  promotion: Promotion
  coupon: string | null
  amount: number
  /** The same line by line, in the basket's order; none of them for shipping. */
  parts: readonly number[]
}>

export type PromotionOutcome = Readonly<{
  /** Off each line, in the basket's order. */
  lineDiscounts: readonly number[]
  shippingDiscount: number
  applied: readonly AppliedPromotion[]
  rejected: readonly Readonly<{ promotion: Promotion; reason: string }>[]
}>

/** More candidates of a class than this are chosen among greedily (semantics 13.2). */
const EXHAUSTIVE_CANDIDATES = 6
const EXHAUSTIVE_SETS = 4096

type Draft = { left: number[]; shippingLeft: number; applied: AppliedPromotion[] }

/**
 * Chooses the promotions of a basket by the rules of semantics 13: PRODUCT before ORDER before
 * SHIPPING, the best of each class for the buyer, combined only where both allow it.
 * @param now ISO time, for promotions that have not begun or have ended.
 */
export function choosePromotions(
  basket: Basket,
  live: readonly LivePromotion[],
  now: string,
): PromotionOutcome {
  const rejected: { promotion: Promotion; reason: string }[] = []
  const candidates: LivePromotion[] = []
  for (const candidate of live) {
    const reason = refusal(candidate, basket, now)
    if (reason) rejected.push({ promotion: candidate.promotion, reason })
    else candidates.push(candidate)
  }
  const ranked = rank(candidates, basket)
  const best = searchAll(ranked, basket) ?? searchGreedily(ranked, basket)
  const chosen = new Set(best.applied.map(({ promotion }) => promotion.id))
  for (const { promotion } of ranked) {
    if (!chosen.has(promotion.id))
      rejected.push({ promotion, reason: whyNot(promotion, best, basket) })
  }
  const subtotals = fullAmounts(basket)
  return {
    lineDiscounts: best.left.map((left, place) => (subtotals[place] as number) - left),
    shippingDiscount: basket.shippingAmount - best.shippingLeft,
    applied: best.applied,
    rejected,
  }
}

function fullAmounts(basket: Basket): number[] {
  return basket.lines.map((line) => line.unitAmount * line.quantity)
}

/** Why a promotion cannot be used at all; undefined if it can. */
function refusal(
  { promotion, used, budgetUsedAmount, coupon, couponUsed = 0 }: LivePromotion,
  basket: Basket,
  now: string,
): string | undefined {
  if (!promotion.active) return 'it is switched off'
  if (promotion.startsAt && now < promotion.startsAt) return 'it has not begun'
  if (promotion.endsAt && now >= promotion.endsAt) return 'it has ended'
  if (promotion.needsCoupon && coupon === null) return 'it needs a coupon'
  if (couponUsed >= (promotion.perCodeLimit ?? Number.POSITIVE_INFINITY))
    return 'its coupon has been used up'
  if (promotion.totalLimit !== null && used >= promotion.totalLimit) return 'it has been used up'
  if (promotion.budget) {
    const left = { ...promotion.budget, amount: promotion.budget.amount - budgetUsedAmount }
    const cost = amountOf(apply(emptyDraft(basket), [{ promotion, coupon }], basket))
    if (left.amount <= 0 || cost > basket.convert(left)) return 'its budget is used up'
  }
  if (!basket.lines.some((line) => isTarget(promotion.target, line)))
    return 'nothing in the cart belongs to it'
  return undefined
}

type Candidate = Pick<LivePromotion, 'promotion' | 'coupon'>

/** By class, then priority, then larger benefit alone, then id. */
function rank(candidates: readonly LivePromotion[], basket: Basket): Candidate[] {
  const order: Readonly<Record<PromotionClass, number>> = { product: 0, order: 1, shipping: 2 }
  return candidates
    .map((candidate) => ({
      ...candidate,
      alone: amountOf(apply(emptyDraft(basket), [candidate], basket)),
    }))
    .sort(
      (a, b) =>
        order[a.promotion.class] - order[b.promotion.class] ||
        a.promotion.priority - b.promotion.priority ||
        b.alone - a.alone ||
        (a.promotion.id < b.promotion.id ? -1 : 1),
    )
}

function emptyDraft(basket: Basket): Draft {
  return { left: fullAmounts(basket), shippingLeft: basket.shippingAmount, applied: [] }
}

function amountOf(draft: Draft): number {
  return draft.applied.reduce((all, { amount }) => all + amount, 0)
}

/** Whether two promotions may be used on one basket: both must allow the other's class. */
function combine(a: Promotion, b: Promotion): boolean {
  return a.combinesWith.includes(b.class) && b.combinesWith.includes(a.class)
}

/** PRODUCT promotions may stand side by side: on each line one is used, unless they combine. */
function compatible(a: Promotion, b: Promotion): boolean {
  return (a.class === 'product' && b.class === 'product') || combine(a, b)
}

/** The best of all allowed sets; undefined if there are too many to look at. */
function searchAll(ranked: readonly Candidate[], basket: Basket): Draft | undefined {
  const counts = new Map<PromotionClass, number>()
  for (const { promotion } of ranked)
    counts.set(promotion.class, (counts.get(promotion.class) ?? 0) + 1)
  if ([...counts.values()].some((count) => count > EXHAUSTIVE_CANDIDATES)) return undefined
  const sets = allowedSets(ranked)
  if (!sets) return undefined
  let best = emptyDraft(basket)
  for (const set of sets) {
    const draft = apply(emptyDraft(basket), set, basket)
    const [gain, known] = [amountOf(draft), amountOf(best)]
    if (gain > known || (gain === known && draft.applied.length < best.applied.length)) best = draft
  }
  return best
}

function allowedSets(ranked: readonly Candidate[]): Candidate[][] | undefined {
  let sets: Candidate[][] = [[]]
  for (const candidate of ranked) {
    const grown = sets
      .filter((set) => set.every((other) => compatible(other.promotion, candidate.promotion)))
      .map((set) => [...set, candidate])
    sets = [...sets, ...grown]
    if (sets.length > EXHAUSTIVE_SETS) return undefined
  }
  return sets
}

function searchGreedily(ranked: readonly Candidate[], basket: Basket): Draft {
  let chosen: Candidate[] = []
  let best = emptyDraft(basket)
  for (const candidate of ranked) {
    if (!chosen.every((other) => compatible(other.promotion, candidate.promotion))) continue
    const draft = apply(emptyDraft(basket), [...chosen, candidate], basket)
    if (amountOf(draft) <= amountOf(best)) continue
    chosen = [...chosen, candidate]
    best = draft
  }
  return best
}

/** Applies a set in order. What took nothing off is not among the applied. */
function apply(draft: Draft, set: readonly Candidate[], basket: Basket): Draft {
  applyProducts(
    draft,
    set.filter(({ promotion }) => promotion.class === 'product'),
    basket,
  )
  for (const { promotion, coupon } of set) {
    if (promotion.class === 'product') continue
    if (missingToMinimum(promotion, basket, draft.left) > 0) continue
    if (promotion.class === 'shipping') {
      const amount = shippingDiscount(promotion, basket, draft.shippingLeft)
      draft.shippingLeft -= amount
      if (amount > 0) draft.applied.push({ promotion, coupon, amount, parts: [] })
    } else {
      const parts = orderDiscounts(promotion, basket, draft.left)
      takeOff(draft, { promotion, coupon }, parts)
    }
  }
  return draft
}

function takeOff(draft: Draft, { promotion, coupon }: Candidate, parts: readonly number[]): void {
  const amount = parts.reduce((all, part) => all + part, 0)
  if (amount === 0) return
  parts.forEach((part, place) => {
    draft.left[place] = (draft.left[place] as number) - part
  })
  draft.applied.push({ promotion, coupon, amount, parts })
}

/** On each line the best single promotion, and on top of it those that combine with all there. */
function applyProducts(draft: Draft, set: readonly Candidate[], basket: Basket): void {
  const full = fullAmounts(basket)
  const open = set.filter(({ promotion }) => missingToMinimum(promotion, basket, full) === 0)
  const alone = open.map(({ promotion }) => productDiscounts(promotion, basket, full))
  const bestAt = basket.lines.map((_, place) =>
    alone.reduce(
      (best, discounts, at) =>
        (discounts[place] as number) > (alone[best]?.[place] ?? 0) ? at : best,
      -1,
    ),
  )
  const onLine: Promotion[][] = basket.lines.map(() => [])
  const order = [...open.keys()]
  // First every line's own best, then what may stand on top of it, each in the order of ranks.
  for (const stacking of [false, true]) {
    for (const at of order) {
      const candidate = open[at] as Candidate
      const { promotion } = candidate
      const offered = stacking ? productDiscounts(promotion, basket, draft.left) : alone[at]
      const parts = basket.lines.map((_, place) => {
        const present = onLine[place] as Promotion[]
        const fits = stacking
          ? present.length > 0 &&
            !present.includes(promotion) &&
            present.every((other) => combine(other, promotion))
          : bestAt[place] === at
        const part = fits ? Math.min(offered?.[place] ?? 0, draft.left[place] as number) : 0
        if (part > 0) present.push(promotion)
        return part
      })
      takeOff(draft, candidate, parts)
    }
  }
  mergeApplied(draft)
}

/** A promotion that was a line's best and stands on top at another is one, with both amounts. */
function mergeApplied(draft: Draft): void {
  const merged = new Map<string, AppliedPromotion>()
  for (const entry of draft.applied) {
    const known = merged.get(entry.promotion.id)
    merged.set(
      entry.promotion.id,
      known
        ? {
            ...known,
            amount: known.amount + entry.amount,
            parts: known.parts.map((part, place) => part + (entry.parts[place] ?? 0)),
          }
        : entry,
    )
  }
  draft.applied = [...merged.values()]
}

function whyNot(promotion: Promotion, best: Draft, basket: Basket): string {
  const missing = missingToMinimum(promotion, basket, fullAmounts(basket))
  if (missing > 0)
    return `${toDecimal(money(missing, basket.currency))} ${basket.currency} are missing to its minimum`
  const clash = best.applied.find((other) => !compatible(other.promotion, promotion))
  if (clash) return `it does not combine with ${clash.promotion.name}`
  return best.applied.length > 0 ? 'another discount is better' : 'it takes nothing off'
}
