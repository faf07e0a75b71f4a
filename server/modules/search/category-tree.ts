import type { CategoryFacetValue } from './engine/index.ts'

/** A branch that has this share of its level is gone into: what is beside it is little. */
const MAIN_SHARE = 0.75
/** Below the level at which the results split, a sort that is nearly all of its branch is told too. */
const NEARLY_ALL = 0.9
const NOTEWORTHY = 0.25
const MOST_BESIDE = 10
const MOST_SHOWN = 40

type Level = readonly CategoryFacetValue[]

/**
 * Which categories a results page shows, in the order of a tree: parents before children, more products
 * before fewer. Down to the chosen category, or to where the results split, each level is there with what
 * stands beside; then come the categories below.
 */
export function chooseCategories(
  values: readonly CategoryFacetValue[],
  chosenId?: string,
): readonly CategoryFacetValue[] {
  const byId = new Map(values.map((each) => [each.value, each]))
  const byParent = Map.groupBy(values, ({ parent }) => parent)
  const trail = new Set<string>()
  for (let at = chosenId; at !== undefined; at = byId.get(at)?.parent ?? undefined) trail.add(at)

  const levelBelow = (parent: string | null): Level =>
    (byParent.get(parent) ?? [])
      .filter(({ value, count }) => count > 0 || trail.has(value))
      .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .filter(({ value }, place) => place < MOST_BESIDE || trail.has(value))

  function show(parent: string | null): Level {
    const level = levelBelow(parent)
    const main = level.find(({ value }) => trail.has(value)) ?? mainOf(level, MAIN_SHARE)
    const total = sumOf(level)
    return level.flatMap((each) => {
      if (each === main) return [each, ...show(each.value)]
      if (main !== undefined || each.count < total * NOTEWORTHY) return [each]
      const sort = mainOf(levelBelow(each.value), NEARLY_ALL)
      return sort ? [each, sort] : [each]
    })
  }
  return show(null).slice(0, MOST_SHOWN)
}

function sumOf(level: Level): number {
  return level.reduce((sum, { count }) => sum + count, 0)
}

function mainOf(level: Level, share: number): CategoryFacetValue | undefined {
  const [first] = level
  return first && first.count >= sumOf(level) * share ? first : undefined
}
