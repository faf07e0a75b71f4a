import { headNoun } from '../kinds/recognise.ts'
import { anyMatch, type RunRequest, runSegment, type SegmentRun } from './collect.ts'
import type { SearchContext } from './context.ts'
import { type Clause, MAX_TEXT } from './plan.ts'

const DEFAULT_RELAX_BELOW = 10

/** What was found, and by which words. */
export type Found = Readonly<{
  runs: readonly SegmentRun[]
  clauses: readonly Clause[]
  dropped: readonly string[]
}>

/**
 * Runs with all words; when too little is found, lets go of the words that matter least. The noun goes
 * last where it says what the thing is: of `apple laptop` rather any laptop than any thing by Apple, but
 * of `nintendo switch` no network switches, since what has both words is none.
 */
export function runOrRelax(context: SearchContext, request: RunRequest, text: string): Found {
  const { segments, matcher, options } = context
  const run = (clauses: readonly Clause[]): readonly SegmentRun[] =>
    segments.map((segment) => runSegment(matcher, segment, { ...request, clauses }))
  const strict = { runs: run(request.clauses), clauses: request.clauses, dropped: [] }
  const total = totalOf(strict.runs)
  const required = request.clauses.filter((clause) => !clause.optional)
  if (request.any || required.length < 2 || total >= (options.relaxBelow ?? DEFAULT_RELAX_BELOW)) {
    return strict
  }
  const noun = areOfTheKind(strict.runs) ? headNoun(text.slice(0, MAX_TEXT), context.kinds()) : null
  const byWeight = orderByWeight(required, noun)
  const kept = total > 0 ? new Set(byWeight.slice(0, -1)) : wordsToKeep(context, request, byWeight)
  if (kept.size === 0 || kept.size === required.length) {
    return strict
  }
  const clauses = request.clauses.map((clause) =>
    kept.has(clause) ? clause : { ...clause, optional: true },
  )
  const runs = run(clauses)
  // Where no more is found without a word, all of it has the word.
  if (totalOf(runs) === total) return { runs, clauses, dropped: [] }
  const dropped = required.filter((clause) => !kept.has(clause)).map((clause) => clause.word)
  return { runs, clauses, dropped }
}

function totalOf(runs: readonly SegmentRun[]): number {
  return runs.reduce((sum, { total }) => sum + total, 0)
}

/** Whether most of what was found is of the kind that the words ask for. */
function areOfTheKind(runs: readonly SegmentRun[]): boolean {
  let [all, right] = [0, 0]
  for (const { top, kinds, segment } of runs) {
    all += top.length
    for (const { document } of top) {
      if (kinds !== null && kinds[segment.columns.path[document]!]! > 1) right += 1
    }
  }
  return right * 2 > all
}

/**
 * Words in the order in which they are kept: the noun first, then the rarest word.
 * @param noun the term of it, if it says what the thing is
 */
export function orderByWeight(required: readonly Clause[], noun: string | null): readonly Clause[] {
  const isNoun = ({ alternatives }: Clause): boolean =>
    alternatives.some(({ kind, terms }) => kind === 'exact' && terms[0] === noun)
  return required.toSorted(
    (a, b) => Number(isNoun(b)) - Number(isNoun(a)) || b.inverseFrequency - a.inverseFrequency,
  )
}

/** The weightiest words that some product has together, one word let go of at a time. */
function wordsToKeep(
  context: SearchContext,
  request: RunRequest,
  ordered: readonly Clause[],
): ReadonlySet<Clause> {
  const matches = (clauses: readonly Clause[]): boolean =>
    anyMatch(context.matcher, context.segments, { ...request, clauses })
  const byWeight = ordered.filter((clause) => clause.alternatives.length > 0)
  if (byWeight.length < ordered.length && byWeight.length > 0 && matches(byWeight)) {
    return new Set(byWeight)
  }
  for (const dropped of byWeight.toReversed()) {
    const rest = byWeight.filter((clause) => clause !== dropped)
    if (rest.length > 0 && matches(rest)) {
      return new Set(rest)
    }
  }
  if (byWeight.length <= 2) {
    return new Set()
  }
  const kept: Clause[] = []
  for (const clause of byWeight) {
    if (matches([...kept, clause])) {
      kept.push(clause)
    }
  }
  return new Set(kept)
}
