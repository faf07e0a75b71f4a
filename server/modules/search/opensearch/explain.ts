import type { ScoreExplanation } from '../engine/index.ts'
import type { KindFactors } from '../engine/kinds/recognise.ts'
import { OUT_OF_STOCK_FACTOR } from '../engine/query/collect.ts'
import type { Clause as Word } from '../engine/query/plan.ts'
import { nameBoosts } from '../engine/query/rerank.ts'
import { IMPACT_UNIT } from '../engine/segment/scoring.ts'
import { featureOf } from './documents.ts'
import { named } from './text.ts'

type Detail = Readonly<{ value: number; description: string; details?: readonly Detail[] }>

/** A hit, with what OpenSearch tells of its score if it was asked for it. */
export type Explained = Readonly<{
  _id: string
  _score: number | null
  _explanation?: Detail
  matched_queries?: readonly string[]
  fields?: Readonly<{ prior?: readonly number[] }>
}>

/** Tells how a hit came by its score, in the parts of the embedded engine's formula. */
export function explainHit(
  hit: Explained,
  { words, kinds }: Readonly<{ words: readonly Word[]; kinds: KindFactors }>,
): ScoreExplanation {
  const met = new Set(hit.matched_queries)
  const impacts = hit._explanation ? impactsIn(hit._explanation) : new Map<string, number>()
  const said = words.flatMap(({ word, alternatives, inverseFrequency }) => {
    const [best] = alternatives
      .map(({ terms, weight }) => ({
        matched: terms.join(' '),
        impact:
          (weight * sum(terms.map((term) => impacts.get(featureOf(term)) ?? 0))) / terms.length,
      }))
      .sort((a, b) => b.impact - a.impact)
    return best && best.impact > 0
      ? [{ word, ...best, inverseFrequency, score: best.impact * inverseFrequency }]
      : []
  })
  const weight = sum(words.map(({ inverseFrequency }) => inverseFrequency))
  const covered = words.filter((_, place) => met.has(named.covered(place)))
  const neighbours = words.filter((_, place) => met.has(named.neighbours(place)))
  const kind = [...kinds].find(([category]) => met.has(named.kind(category)))
  return {
    formula:
      'score = text × boosts × popularityAndRating × stock; text = Σ inverseFrequency × impact',
    words: said,
    text: sum(said.map(({ score }) => score)),
    boosts: {
      ...(kind && { kind: kind[1] }),
      ...nameBoosts({
        coverage: weight === 0 ? 0 : sum(covered.map((each) => each.inverseFrequency)) / weight,
        phrase: words.length < 2 ? 0 : neighbours.length / (words.length - 1),
      }),
    },
    popularityAndRating: hit.fields?.prior?.[0] ?? 1,
    stock: met.has(named.soldOut) ? OUT_OF_STOCK_FACTOR : 1,
    score: hit._score ?? 0,
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** The weights of words in a product, 0 to 1, from the leaves of OpenSearch's explanation. */
function impactsIn(detail: Detail, found = new Map<string, number>()): Map<string, number> {
  const feature = /for the (\S+) feature/.exec(detail.description)?.[1]
  const value = detail.details?.find(({ description }) => /feature value/i.test(description))?.value
  if (feature !== undefined && value !== undefined) found.set(feature, value / IMPACT_UNIT)
  for (const each of detail.details ?? []) impactsIn(each, found)
  return found
}
