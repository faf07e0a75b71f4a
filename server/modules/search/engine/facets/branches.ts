import type { Segment } from '../segment/segment.ts'
import { countOf, findString, stringAt } from '../segment/strings.ts'

const encoder = new TextEncoder()
const known = new WeakMap<Segment['columns'], Int32Array>()

/** The parent of each category of a segment, by its own numbers; -1 for a root. */
function parentsOf(segment: Segment): Int32Array {
  let parents = known.get(segment.columns)
  if (parents === undefined) {
    const { pathStart, pathCategories } = segment.columns
    parents = new Int32Array(countOf(segment.categories)).fill(-1)
    for (let path = 0; path + 1 < pathStart.length; path++) {
      for (let i = pathStart[path]! + 1; i < pathStart[path + 1]!; i++) {
        parents[pathCategories[i]!] = pathCategories[i - 1]!
      }
    }
    known.set(segment.columns, parents)
  }
  return parents
}

/** The id of a category's parent; null for a root, and for what no segment knows. */
export function parentOf(segments: readonly Segment[], id: string): string | null {
  const key = encoder.encode(id)
  for (const segment of segments) {
    const category = findString(segment.categories, key)
    if (category >= 0) {
      const parent = parentsOf(segment)[category]!
      return parent < 0 ? null : stringAt(segment.categories, parent)
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
    const parents = parentsOf(segment)
    parents.forEach((parent, category) => {
      if (parent >= 0 && near.has(stringAt(segment.categories, parent))) {
        shown.add(stringAt(segment.categories, category))
      }
    })
  }
  return [...shown]
}
