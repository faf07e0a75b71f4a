import type { Segment } from '../segment/segment.ts'
import { countOf, stringAt } from '../segment/strings.ts'

/** How the categories of a segment stand to each other. */
type Branches = Readonly<{
  /** Null for a root. */
  parents: ReadonlyMap<string, string | null>
  children: ReadonlyMap<string, readonly string[]>
}>

const known = new WeakMap<Segment['columns'], Branches>()

function branchesOf(segment: Segment): Branches {
  const branches = known.get(segment.columns) ?? readBranches(segment)
  known.set(segment.columns, branches)
  return branches
}

function readBranches({ columns, categories }: Segment): Branches {
  const { pathStart, pathCategories } = columns
  const ids = Array.from({ length: countOf(categories) }, (_, i) => stringAt(categories, i))
  const parents = new Map<string, string | null>(ids.map((id) => [id, null]))
  for (let path = 0; path + 1 < pathStart.length; path++) {
    for (let i = pathStart[path]! + 1; i < pathStart[path + 1]!; i++) {
      parents.set(ids[pathCategories[i]!]!, ids[pathCategories[i - 1]!]!)
    }
  }
  const children = new Map<string, string[]>()
  for (const [category, parent] of parents) {
    if (parent === null) continue
    const beside = children.get(parent) ?? []
    beside.push(category)
    children.set(parent, beside)
  }
  return { parents, children }
}

/** The id of a category's parent; null for a root, and for what no segment knows. */
export function parentOf(segments: readonly Segment[], id: string): string | null {
  for (const segment of segments) {
    const parent = branchesOf(segment).parents.get(id)
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
    const { children } = branchesOf(segment)
    for (const category of near) {
      for (const child of children.get(category) ?? []) shown.add(child)
    }
  }
  return [...shown]
}
