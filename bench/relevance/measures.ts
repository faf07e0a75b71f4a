/** Grades of one query's products: 0 wrong to 3 right. A product without a grade counts as wrong. */
export type Grades = ReadonlyMap<string, number>

function gainOf(grade: number): number {
  return 2 ** grade - 1
}

function discounted(gains: readonly number[]): number {
  return gains.reduce((sum, gain, i) => sum + gain / Math.log2(i + 2), 0)
}

/** Whether any product is right at all; queries without one are left out of the means. */
export function hasRelevant(grades: Grades): boolean {
  return [...grades.values()].some((grade) => grade > 0)
}

/** Normalised discounted cumulative gain of the first `depth` results, with gain 2^grade - 1. */
export function ndcgAt(depth: number, results: readonly string[], grades: Grades): number {
  const gains = results.slice(0, depth).map((id) => gainOf(grades.get(id) ?? 0))
  const ideal = [...grades.values()].map(gainOf).sort((a, b) => b - a)
  const best = discounted(ideal.slice(0, depth))
  return best === 0 ? 0 : discounted(gains) / best
}

/** The share of the relevant products that are among the first `depth` results. */
export function recallAt(depth: number, results: readonly string[], grades: Grades): number {
  const relevant = [...grades].filter(([, grade]) => grade > 0).map(([id]) => id)
  const found = new Set(results.slice(0, depth))
  return relevant.length === 0 ? 0 : relevant.filter((id) => found.has(id)).length / relevant.length
}
