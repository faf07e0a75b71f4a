import type { Segment } from '../segment/segment.ts'
import { countOf, stringAt } from '../segment/strings.ts'

const known = new WeakMap<Segment['columns'], ReadonlyMap<string, string | null>>()

/** The parent of each category of a segment; null for a root. */
function parentsOf(segment: Segment): ReadonlyMap<string, string | null> {
  let parents = known.get(segment.columns)
  if (parents === undefined) {
    parents = readParents(segment)
    known.set(segment.columns, parents)
  }
  return parents
}

function readParents({ columns, categories }: Segment): ReadonlyMap<string, string | null> {
  const { pathStart, pathCategories } = columns
  const ids = Array.from({ length: countOf(categories) }, (_, i) => stringAt(categories, i))
  const parents = new Map<string, string | null>(ids.map((id) => [id, null]))
  for (let path = 0; path + 1 < pathStart.length; path++) {
    for (let i = pathStart[path]! + 1; i < pathStart[path + 1]!; i++) {
      parents.set(ids[pathCategories[i]!]!, ids[pathCategories[i - 1]!]!)
    }
  }
  return parents
}

/** The id of a category's parent; null for a root, and for what no segment knows. */
export function parentOf(segments: readonly Segment[], id: string): string | null {
  for (const segment of segments) {
    const parent = parentsOf(segment).get(id)
    if (parent !== undefined) {
      return parent
    }
  }
  return null
}

/** Categories on the way to these, beside them, and one below: what a tree of them shows. */
export function nearTo(segments: readonly Segment[], ids: readonly string[]): readonly string[] {
  const near = new Set<string>()
  for (const id of ids) {
    for (let at: string | null = id; at !== null; at = parentOf(segments, at)) near.add(at)
  }
  const shown = new Set(near)
  for (const segment of segments) {
    for (const [category, parent] of parentsOf(segment)) {
      if (parent !== null && near.has(parent)) {
        shown.add(category)
      }
    }
  }
  return [...shown]
}
