import type { createAnalyser } from './analysis/tokens.ts'
import type { SynonymTable } from './query/synonyms.ts'
import { findDocument, type Segment } from './segment/segment.ts'
import { compareEntries, stringAt, walkInOrder } from './segment/strings.ts'
import type { Suggester } from './suggest/suggest.ts'
import type { EngineOptions, Market } from './types.ts'

/** The engine's only variables: which segments there are, and what was derived from them. */
export type EngineState = {
  segments: readonly Segment[]
  cursor: string | null
  defaultMarket: Market | null
  synonyms: SynonymTable
  suggester: Suggester | null
  /** The segments that a worker is merging. */
  merging: ReadonlySet<Segment> | null
  /** Deletions that readers in other threads have not been told of; null while there are none. */
  deletions: (readonly [Segment, number])[] | null
  readonly analyser: ReturnType<typeof createAnalyser>
  readonly options: EngineOptions
}

export type EngineFigures = Readonly<{
  documents: number
  segments: number
  /** Replaced or deleted documents that a merge will take out. */
  deleted: number
  bytes: number
}>

const encoder = new TextEncoder()

/** Where the living document of an id is. */
export function locate(
  segments: readonly Segment[],
  id: string,
): Readonly<{ segment: Segment; document: number }> | null {
  const key = encoder.encode(id)
  for (const segment of segments) {
    const document = findDocument(segment, key)
    if (document >= 0) {
      return { segment, document }
    }
  }
  return null
}

/** The ids of all living documents, in order. */
export function livingIds(segments: readonly Segment[]): readonly string[] {
  const ids: string[] = []
  walkInOrder(
    segments.map((segment) => segment.documents),
    (a, i, b, j) => {
      const [one, other] = [segments[a]!, segments[b]!]
      return compareEntries(one.ids, one.columns.idOrder[i]!, other.ids, other.columns.idOrder[j]!)
    },
    (source, rank) => {
      const segment = segments[source]!
      const document = segment.columns.idOrder[rank]!
      if (segment.live.deleted[document] === 0) {
        ids.push(stringAt(segment.ids, document))
      }
    },
  )
  return ids
}

export function deletedIn(segment: Segment): number {
  let count = 0
  for (const each of segment.live.deleted) {
    count += each
  }
  return count
}

export function figuresOf(segments: readonly Segment[]): EngineFigures {
  const all = segments.reduce((sum, segment) => sum + segment.documents, 0)
  const deleted = segments.reduce((sum, segment) => sum + deletedIn(segment), 0)
  const liveBytes = segments.map(({ live }) => live.documents * (16.4 + 10.1 * live.markets.size))
  return {
    documents: all - deleted,
    segments: segments.length,
    deleted,
    bytes: segments.reduce((sum, { buffer }, i) => sum + buffer.byteLength + liveBytes[i]!, 0),
  }
}
