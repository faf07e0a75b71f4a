import type { Segment } from '../segment/segment.ts'
import type { SegmentClause } from './postings.ts'

/** What the words of a product's name add to its score. Each part is from 0 to 1. */
export type NameFeatures = Readonly<{
  /** The share of the query, by weight, that the name has. */
  coverage: number
  /** The share of neighbouring query words that are neighbours in the name, in order. */
  phrase: number
}>

/** How much each part may add, as a share of the score. */
const NAME_BOOSTS = { coverage: 0.5, phrase: 0.3 } as const

type NameReader = (document: number) => NameFeatures

/** Prepares to read names of one segment for one query. Most of their words are none of the query's: a table tells these. */
export function createNameReader(segment: Segment, clauses: readonly SegmentClause[]): NameReader {
  const clauseOf = new Map<number, number>()
  const maybe = new Uint8Array(256)
  clauses.forEach(({ alternatives }, index) => {
    for (const { terms } of alternatives) {
      for (const term of terms) {
        clauseOf.set(term, (clauseOf.get(term) ?? 0) | (1 << index))
        maybe[term & 255] = 1
      }
    }
  })
  const weight = clauses.reduce((sum, { factor }) => sum + factor, 0)
  const { nameStart, nameTerms } = segment.columns
  return (document) => {
    const start = nameStart[document]!
    const end = nameStart[document + 1]!
    let met = 0
    let pairs = 0
    let before = 0
    for (let i = start; i < end; i++) {
      const term = nameTerms[i]!
      const here = maybe[term & 255] === 0 ? 0 : (clauseOf.get(term) ?? 0)
      met |= here
      pairs |= (before << 1) & here
      before = here
    }
    return {
      coverage: weight === 0 ? 0 : weightOf(clauses, met) / weight,
      phrase: clauses.length < 2 ? 0 : bitCount(pairs) / (clauses.length - 1),
    }
  }
}

function weightOf(clauses: readonly SegmentClause[], mask: number): number {
  let sum = 0
  for (let i = 0; i < clauses.length; i++) {
    const { factor, bit } = clauses[i]!
    if ((mask & bit) !== 0) sum += factor
  }
  return sum
}

function bitCount(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) {
    count++
  }
  return count
}

/** What a score is multiplied with for its name, part by part. */
export function nameBoosts(features: NameFeatures): Readonly<Record<keyof NameFeatures, number>> {
  return {
    coverage: 1 + NAME_BOOSTS.coverage * features.coverage,
    phrase: 1 + NAME_BOOSTS.phrase * features.phrase,
  }
}
