import type { Clause as Word } from '../engine/query/plan.ts'
import { orderByWeight } from '../engine/query/relax.ts'
import type { OpenSearchClient } from './client.ts'
import type { SearchRequest } from './request.ts'

/** The words with which a search goes on, some of them optional now, and which those are. */
export type Relaxed = Readonly<{ words: readonly Word[]; dropped: readonly string[] }>

type Asked = Readonly<{
  words: readonly Word[]
  total: number
  request: SearchRequest
  /** The word that says what the thing is, if most of what has all words is of its kind. */
  noun: string | null
}>
type Counts = Readonly<{
  responses: readonly Readonly<{ hits?: Readonly<{ total: Readonly<{ value: number }> }> }>[]
}>

type RelaxerParts = Readonly<{
  client: OpenSearchClient
  /** The index, or the alias, that is searched. */
  target: () => string
  /** With fewer matches than this, products that lack a word are shown too. */
  relaxBelow: number
}>

/** Lets go of the words that matter least when all together find too little; null if that is needless. */
export function createRelaxer({
  client,
  target,
  relaxBelow,
}: RelaxerParts): (asked: Asked) => Promise<Relaxed | null> {
  /** The first of these lists of words that some product meets. */
  async function firstMet(
    lists: readonly (readonly Word[])[],
    request: SearchRequest,
  ): Promise<readonly Word[]> {
    if (lists.length === 0) return []
    const answer = await client.call<Counts>({
      method: 'POST',
      path: `/${target()}/_msearch`,
      body: lists.flatMap((words) => [
        {},
        { size: 0, track_total_hits: 1, terminate_after: 1, query: request.matching(words) },
      ]),
    })
    const met = answer.responses.findIndex(({ hits }) => (hits?.total.value ?? 0) > 0)
    return lists[met] ?? []
  }

  return async ({ words, total, request, noun }) => {
    const required = words.filter(({ optional }) => !optional)
    if (required.length < 2 || total >= relaxBelow) return null
    const byWeight = orderByWeight(required, noun)
    // What some product has in full, it also has without one word.
    const kept = new Set(
      total > 0 ? byWeight.slice(0, -1) : await firstMet(listsToTry(byWeight), request),
    )
    if (kept.size === 0 || kept.size === required.length) return null
    return {
      words: words.map((word) => (kept.has(word) ? word : { ...word, optional: true })),
      dropped: required.filter((word) => !kept.has(word)).map(({ word }) => word),
    }
  }
}

/** All words that are known, then all but one, the lightest first, then ever fewer. */
function listsToTry(byWeight: readonly Word[]): (readonly Word[])[] {
  const known = byWeight.filter(({ alternatives }) => alternatives.length > 0)
  const all = known.length < byWeight.length ? [known] : []
  const butOne = known.toReversed().map((dropped) => known.filter((word) => word !== dropped))
  const fewer = known.map((_, dropped) => known.slice(0, known.length - dropped)).slice(2)
  return [...all, ...butOne, ...fewer].filter((list) => list.length > 0)
}
