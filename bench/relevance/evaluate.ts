import type { SearchEngine } from '../../server/modules/search/engine/index.ts'
import { type Grades, hasRelevant, ndcgAt, recallAt } from './measures.ts'

/** How one query was answered. */
export type QueryQuality = Readonly<{
  query: string
  ndcgAt10: number
  /** The same over judged products only, as if the others were not there ("condensed lists"). */
  condensedNdcgAt10: number
  recallAt100: number
  total: number
  /** How many of the first ten nobody has judged; they count as wrong. */
  unjudged: number
}>

/** Means over the queries that have a relevant product; the zero-result rate is over all. */
export type Quality = Readonly<{
  queries: readonly QueryQuality[]
  ndcgAt10: number
  condensedNdcgAt10: number
  recallAt100: number
  zeroResultRate: number
}>

export type Answer = Readonly<{
  ids: readonly string[]
  total: number
  droppedWords?: readonly string[]
}>

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

function judgedOnly(ids: readonly string[], grades: Grades): string[] {
  return ids.filter((id) => grades.has(id))
}

/** Evaluates anything that answers queries with ids, best first. */
export async function evaluate(
  answer: (query: string) => Answer | Promise<Answer>,
  judgements: ReadonlyMap<string, Grades>,
): Promise<Quality> {
  const answers: (Readonly<{ query: string; grades: Grades }> & Answer)[] = []
  for (const [query, grades] of judgements) {
    answers.push({ query, grades, ...(await answer(query)) })
  }
  const queries = answers
    .filter(({ grades }) => hasRelevant(grades))
    .map(({ query, grades, ids, total }) => ({
      query,
      ndcgAt10: ndcgAt(10, ids, grades),
      condensedNdcgAt10: ndcgAt(10, judgedOnly(ids, grades), grades),
      recallAt100: recallAt(100, ids, grades),
      total,
      unjudged: ids.slice(0, 10).filter((id) => !grades.has(id)).length,
    }))
  return {
    queries,
    ndcgAt10: mean(queries.map((each) => each.ndcgAt10)),
    condensedNdcgAt10: mean(queries.map((each) => each.condensedNdcgAt10)),
    recallAt100: mean(queries.map((each) => each.recallAt100)),
    zeroResultRate: mean(answers.map(({ total }) => (total === 0 ? 1 : 0))),
  }
}

/** Answers by the embedded engine, as a results page of 100 would. */
export function answerBy(engine: SearchEngine): (query: string) => Answer {
  return (text) => {
    const { hits, total, droppedWords } = engine.search({ text, limit: 100 })
    return { ids: hits.map((hit) => hit.id), total, droppedWords }
  }
}
