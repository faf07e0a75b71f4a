import type { Segment } from '../segment/segment.ts'
import type { Facets } from '../types.ts'

/** The facets that change only with the index itself: all but those of prices and ratings. */
export type LastingFacets = Pick<Facets, 'categories' | 'brands' | 'attributes'>

type Known = Readonly<{
  segments: readonly Segment[]
  deletions: readonly number[]
  facets: LastingFacets
}>

const MOST_KNOWN = 500
const knownBy = new WeakMap<Segment['columns'], Map<string, Known>>()

function deletionsOf(segments: readonly Segment[]): readonly number[] {
  return segments.map(({ live }) => live.deletions[0]!)
}

/** What was told before for the same words and lasting filters; null when it no longer holds. */
export function findFacets(segments: readonly Segment[], key: string): LastingFacets | null {
  const shelf = knownBy.get(segments[0]!.columns)
  const found = shelf?.get(key)
  if (shelf === undefined || found === undefined) return null
  shelf.delete(key)
  const same =
    found.segments.length === segments.length &&
    segments.every(
      (segment, i) =>
        segment === found.segments[i] && segment.live.deletions[0] === found.deletions[i],
    )
  if (!same) return null
  shelf.set(key, found)
  return found.facets
}

/** Keeps what was told; what was not asked for longest makes room. */
export function keepFacets(segments: readonly Segment[], key: string, facets: LastingFacets): void {
  const { columns } = segments[0]!
  const shelf = knownBy.get(columns) ?? new Map<string, Known>()
  knownBy.set(columns, shelf)
  shelf.set(key, { segments, deletions: deletionsOf(segments), facets })
  if (shelf.size > MOST_KNOWN) shelf.delete(shelf.keys().next().value!)
}
