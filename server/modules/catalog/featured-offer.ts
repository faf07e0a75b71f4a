import { createHash } from 'node:crypto'

/** What the choice of the featured offer looks at. All prices are in one currency. */
export type OfferCandidate = Readonly<{
  offerId: string
  condition: 'new' | 'refurbished' | 'used'
  /** Active, of an active seller. */
  sellable: boolean
  /** What the shopper pays to have it, in minor units. */
  landedMinor: number
  /** Days until it would arrive, as far as that is known here. */
  promiseDays: number
  available: number
  orderDefectRate: number
  lateShipmentRate: number
  cancelRate: number
}>

export type OfferVerdict = Readonly<{
  offerId: string
  featured: boolean
  eligible: boolean
  /** Why it may not be featured. */
  reasons: readonly ('not_sellable' | 'out_of_stock' | 'defects' | 'late' | 'cancels')[]
  score: number
  /** What the score is made of; adds up to it. */
  parts: Readonly<{ price: number; promise: number; seller: number; stock: number }>
}>

/** The best performance that sellers may fall short of. Source: semantics 16. */
const LIMITS = { orderDefectRate: 0.01, lateShipmentRate: 0.04, cancelRate: 0.025 } as const
const WEIGHTS = { price: 1, promisePerDay: 0.01, seller: 0.15, stock: 0.02 } as const
/** More pieces than these make an offer no better. */
const DEEP_STOCK = 20
const CONDITIONS = ['new', 'refurbished', 'used']

/**
 * Judges the offers of one variant, best first; the first is featured. In order: may be featured,
 * in stock, sellable, condition, score, and a fixed draw between equals. Every part of the score
 * but the price is the same whatever the price, and a lower price never lowers the price's part
 * against another's: so a cut never loses the place. Source: semantics 16.
 */
export function explainFeaturedOffer(candidates: readonly OfferCandidate[]): OfferVerdict[] {
  const lowest = Math.min(...candidates.map((candidate) => candidate.landedMinor))
  const judged = candidates.map((candidate) => judge(candidate, lowest))
  judged.sort(byRank)
  return judged.map(({ verdict }, place) => ({
    ...verdict,
    featured: place === 0 && !verdict.reasons.includes('not_sellable'),
  }))
}

type Judged = Readonly<{
  verdict: OfferVerdict
  candidate: OfferCandidate
  rank: readonly number[]
}>

function judge(candidate: OfferCandidate, lowest: number): Judged {
  const reasons: OfferVerdict['reasons'][number][] = []
  if (!candidate.sellable) reasons.push('not_sellable')
  if (candidate.available <= 0) reasons.push('out_of_stock')
  if (candidate.orderDefectRate >= LIMITS.orderDefectRate) reasons.push('defects')
  if (candidate.lateShipmentRate >= LIMITS.lateShipmentRate) reasons.push('late')
  if (candidate.cancelRate >= LIMITS.cancelRate) reasons.push('cancels')
  const parts = {
    price: -WEIGHTS.price * (lowest > 0 ? candidate.landedMinor / lowest : candidate.landedMinor),
    promise: -WEIGHTS.promisePerDay * candidate.promiseDays,
    seller: WEIGHTS.seller * sellerScore(candidate),
    stock: (WEIGHTS.stock * Math.min(Math.max(candidate.available, 0), DEEP_STOCK)) / DEEP_STOCK,
  }
  const score = parts.price + parts.promise + parts.seller + parts.stock
  const verdict: OfferVerdict = {
    offerId: candidate.offerId,
    featured: false,
    eligible: reasons.length === 0,
    reasons,
    score,
    parts,
  }
  const rank = [
    Number(!verdict.eligible),
    Number(!candidate.sellable),
    Number(candidate.available <= 0),
    CONDITIONS.indexOf(candidate.condition),
    -score,
  ]
  return { verdict, candidate, rank }
}

/** 1 without a fault, 0 at all limits or beyond. */
function sellerScore(candidate: OfferCandidate): number {
  const shortfalls = [
    candidate.orderDefectRate / LIMITS.orderDefectRate,
    candidate.lateShipmentRate / LIMITS.lateShipmentRate,
    candidate.cancelRate / LIMITS.cancelRate,
  ]
  return 1 - shortfalls.reduce((sum, shortfall) => sum + Math.min(shortfall, 1), 0) / 3
}

function byRank(a: Judged, b: Judged): number {
  for (let place = 0; place < a.rank.length; place += 1) {
    const difference = (a.rank[place] as number) - (b.rank[place] as number)
    if (difference !== 0) return difference
  }
  return draw(a.candidate.offerId) < draw(b.candidate.offerId) ? -1 : 1
}

/** The same for an offer whenever asked, and no seller's choice. */
function draw(offerId: string): string {
  return createHash('sha256').update(offerId).digest('hex')
}
