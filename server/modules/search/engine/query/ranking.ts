import { createFitReader, fitBoosts } from '../kinds/fit.ts'
import type { KindFactors } from '../kinds/recognise.ts'
import { compareEntries } from '../segment/strings.ts'
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

/** Within a segment documents are in order of id. */
function compareRanked(a: Ranked, b: Ranked): number {
  if (a.score !== b.score) {
    return b.score - a.score
  }
  return a.run === b.run
    ? a.document - b.document
    : compareEntries(a.run.segment.ids, a.document, b.run.segment.ids, b.document)
}

/** Puts the best of all segments in one order; with `rerank` the first of them by their names as well. */
export function rankRuns(
  runs: readonly SegmentRun[],
  factors: KindFactors,
  rerank: boolean,
): readonly Ranked[] {
  const ranked = runs.flatMap((run) =>
    run.top.map(({ document, key }): Ranked => {
      const kind = run.kinds === null ? 1 : run.kinds[run.segment.columns.path[document]!]!
      return { run, document, score: key, kind, coverage: 1, phrase: 1, fit: 1 }
    }),
  )
  if (runs.length > 1) ranked.sort(compareRanked)
  if (!rerank) return ranked
  const window = ranked.slice(0, RERANK_WINDOW)
  const readers = new Map(runs.map((run) => [run, createReaders(run, factors)]))
  const fits = fitBoosts(window.map(({ run, document }) => readers.get(run)!.fit(document)))
  window.forEach((each, place) => {
    const name = nameBoosts(readers.get(each.run)!.name(each.document))
    each.coverage = name.coverage
    each.phrase = name.phrase
    each.fit = fits[place]!
    each.score *= each.coverage * each.phrase * each.fit
  })
  return [...window.sort(compareRanked), ...ranked.slice(RERANK_WINDOW)]
}

/** What reads names of one segment: how they meet the words, and how they fit the kind asked for. */
function createReaders({ segment, clauses, kinds }: SegmentRun, factors: KindFactors) {
  return {
    name: createNameReader(segment, clauses),
    fit: kinds === null ? () => null : createFitReader(segment, factors, kinds),
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
