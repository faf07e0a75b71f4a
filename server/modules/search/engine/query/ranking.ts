import { fitBoosts, fitReader } from '../kinds/fit.ts'
import type { KindFactors } from '../kinds/recognise.ts'
import { compareAsBytes, compareEntries, stringAt } from '../segment/strings.ts'
import type { SegmentRun } from './collect.ts'
import { createNameReader, nameBoosts } from './rerank.ts'

/** How many of the best are looked at again with their names. */
export const RERANK_WINDOW = 128

/** A document with the factors that made its score. */
export type Ranked = {
  readonly run: SegmentRun
  readonly document: number
  score: number
  readonly kind: number
  coverage: number
  phrase: number
  fit: number
}

function compareRanked(a: Ranked, b: Ranked): number {
  if (a.score !== b.score) {
    return b.score - a.score
  }
  const { idRank } = a.run.segment.columns
  return a.run === b.run
    ? idRank[a.document]! - idRank[b.document]!
    : compareEntries(a.run.segment.ids, a.document, b.run.segment.ids, b.document)
}

/** A place in the order by scores and ids. */
export type Edge = Readonly<{ key: number; id: string }>

/** The best in their order; the first `window` by their names as well, `edge` the last of these by score. */
export type Ranking = Readonly<{ ranked: readonly Ranked[]; window: number; edge: Edge | null }>

/** @returns by how much a document comes after a place; not more than 0: at it or before */
export function pastPlace(each: Ranked, { key, id }: Edge): number {
  return each.score === key ? compareAsBytes(idOf(each), id) : key - each.score
}

export function idOf({ run, document }: Ranked): string {
  return stringAt(run.segment.ids, document)
}

/**
 * Puts the best of all segments in one order; with `rerank` the first of them by their names as well.
 * @param edge up to where these go; as many as usual when null
 */
export function rankRuns(
  runs: readonly SegmentRun[],
  factors: KindFactors,
  { rerank, edge }: Readonly<{ rerank: boolean; edge: Edge | null }>,
): Ranking {
  const ranked = runs.flatMap((run) =>
    run.top.map(({ document, key }): Ranked => {
      const kind = run.kinds === null ? 1 : run.kinds[run.segment.columns.path[document]!]!
      return { run, document, score: key, kind, coverage: 1, phrase: 1, fit: 1 }
    }),
  )
  if (runs.length > 1) ranked.sort(compareRanked)
  if (!rerank) return { ranked, window: 0, edge: null }
  const beyond =
    edge === null ? RERANK_WINDOW : ranked.findIndex((each) => pastPlace(each, edge) > 0)
  const window = beyond < 0 ? ranked.slice() : ranked.slice(0, beyond)
  const last = window.at(-1)
  const reached = edge ?? (last === undefined ? null : { key: last.score, id: idOf(last) })
  const readers = new Map(runs.map((run) => [run, createReaders(run, factors)]))
  const fits = fitBoosts(window.map(({ run, document }) => readers.get(run)!.fit(document)))
  window.forEach((each, place) => {
    const name = nameBoosts(readers.get(each.run)!.name(each.document))
    each.coverage = name.coverage
    each.phrase = name.phrase
    each.fit = fits[place]!
    each.score *= each.coverage * each.phrase * each.fit
  })
  const all = [...window.sort(compareRanked), ...ranked.slice(window.length)]
  return { ranked: all, window: window.length, edge: reached }
}

/** What reads names of one segment: how they meet the words, and how they fit the kind asked for. */
function createReaders({ segment, clauses, kinds }: SegmentRun, factors: KindFactors) {
  return {
    name: createNameReader(segment, clauses),
    fit: kinds === null ? () => null : fitReader(segment, factors, kinds),
  }
}

/** The factors by name, for an explanation. */
export function boostsOf({
  run,
  kind,
  coverage,
  phrase,
  fit,
}: Ranked): Readonly<Record<string, number>> {
  return {
    ...(run.kinds !== null && { kind }),
    ...(coverage !== 1 && { coverage }),
    ...(phrase !== 1 && { phrase }),
    ...(fit !== 1 && { fit }),
  }
}
