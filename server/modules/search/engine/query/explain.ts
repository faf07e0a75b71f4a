import { IN_STOCK } from '../segment/live.ts'
import { IMPACT_UNIT } from '../segment/scoring.ts'
import { CHUNK_BITS, type Segment } from '../segment/segment.ts'
import { stringAt } from '../segment/strings.ts'
import type { ScoreExplanation } from '../types.ts'
import { OUT_OF_STOCK_FACTOR, type SegmentRun } from './collect.ts'
import type { Clause } from './plan.ts'

/** The quantised impact of a term in a document, 0 when it has it not. */
function impactIn(segment: Segment, term: number, document: number): number {
  const { chunkStart, chunkNumber, chunkEnd, postingStart } = segment.columns
  const { postingDocument, postingImpact } = segment.columns
  for (let entry = chunkStart[term]!; entry < chunkStart[term + 1]!; entry++) {
    if (chunkNumber[entry] === document >>> CHUNK_BITS) {
      const from = entry === chunkStart[term] ? postingStart[term]! : chunkEnd[entry - 1]!
      for (let i = from; i < chunkEnd[entry]!; i++) {
        if (postingDocument[i] === (document & 0xffff)) {
          return postingImpact[i]!
        }
      }
    }
  }
  return 0
}

/** Tells how a hit came by its score. */
export function explainHit(
  run: SegmentRun,
  clauses: readonly Clause[],
  hit: Readonly<{ document: number; boosts: Readonly<Record<string, number>>; score: number }>,
): ScoreExplanation {
  const { segment, program } = run
  const words = clauses.flatMap(({ word, inverseFrequency }, i) => {
    const best = run.clauses[i]!.alternatives.map(({ terms, weight }) => ({
      matched: terms.map((term) => stringAt(segment.terms, term)).join(' '),
      impact:
        (weight * Math.min(...terms.map((term) => impactIn(segment, term, hit.document)))) /
        IMPACT_UNIT,
    })).sort((a, b) => b.impact - a.impact)[0]
    return best && best.impact > 0
      ? [{ word, ...best, inverseFrequency, score: best.impact * inverseFrequency }]
      : []
  })
  return {
    formula:
      'score = text × boosts × popularityAndRating × stock; text = Σ inverseFrequency × impact',
    words,
    text: words.reduce((sum, each) => sum + each.score, 0),
    boosts: hit.boosts,
    popularityAndRating: segment.live.prior[hit.document]!,
    stock: program.flags[hit.document]! & IN_STOCK ? 1 : OUT_OF_STOCK_FACTOR,
    score: hit.score,
  }
}
