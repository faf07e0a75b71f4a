/** How a field counts in BM25F: its weight, how far length is corrected for, and its usual length. */
export type FieldScoring = Readonly<{ weight: number; b: number; averageLength: number }>

/**
 * Fixed usual lengths, not measured ones, keep a document's impacts the same whatever stands beside
 * it, so that a merge changes no score.
 */
export const FIELD_SCORING = {
  name: { weight: 3, b: 0.3, averageLength: 9 },
  brand: { weight: 1.5, b: 0, averageLength: 1 },
  category: { weight: 2, b: 0.2, averageLength: 4 },
  identifier: { weight: 3, b: 0, averageLength: 2 },
  option: { weight: 0.7, b: 0, averageLength: 1 },
  attributes: { weight: 0.3, b: 0.5, averageLength: 40 },
  description: { weight: 1, b: 0.5, averageLength: 20 },
} as const satisfies Readonly<Record<string, FieldScoring>>

const SATURATION = 1.2

/** An impact is kept in 8 bits, which keeps the order of all but near-equal scores. */
export const IMPACT_UNIT = 255

/** The weight of one occurrence in a field of this many words. */
export function occurrenceWeight(field: FieldScoring, length: number): number {
  return field.weight / (1 - field.b + (field.b * length) / field.averageLength)
}

/** BM25's saturation, quantised; never 0 for a word that occurs. */
export function impactOf(weightedFrequency: number): number {
  const exact = weightedFrequency / (weightedFrequency + SATURATION)
  return Math.max(1, Math.round(exact * IMPACT_UNIT))
}

/** BM25's inverse document frequency. */
export function inverseFrequency(documents: number, frequency: number): number {
  return Math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))
}
