import { PRICE_STEPS } from '../segment/live.ts'
import { countOf, findString, type StringTable, stringAt } from '../segment/strings.ts'
import { optionPair, optionText } from '../segment/variants.ts'
import type { FacetRequest, Facets, FacetValue, SearchFilters } from '../types.ts'
import { nearTo, parentOf } from './branches.ts'
import type { FacetCounts } from './counter.ts'

const encoder = new TextEncoder()
const DEFAULT_VALUES = 20
const DEFAULT_ATTRIBUTES = 8
const DEFAULT_CATEGORIES = 100

/** Values of a segment that are looked at for the best ones overall; see README, facets. */
const CANDIDATES_PER_SEGMENT = 50

type Counted = Readonly<{ table: StringTable; counts: Uint32Array; from: number; to: number }>

/** The entries of a range with the highest counts, most first, of equal ones the first. */
function bestOf({ counts, from, to }: Counted, limit: number): number[] {
  const best: number[] = []
  let least = 0
  for (let i = from; i < to; i++) {
    const count = counts[i]!
    if (count > least) {
      let at = best.length === limit ? limit - 1 : best.length
      for (; at > 0 && counts[best[at - 1]!]! < count; at--) {
        best[at] = best[at - 1]!
      }
      best[at] = i
      least = best.length === limit ? counts[best[limit - 1]!]! : 0
    }
  }
  return best
}

function sumOf(parts: readonly Counted[], key: string): number {
  const bytes = encoder.encode(key)
  return parts.reduce((sum, { table, counts }) => {
    const found = findString(table, bytes)
    return sum + (found >= 0 ? counts[found]! : 0)
  }, 0)
}

function rankValues(
  parts: readonly Counted[],
  request: Readonly<{
    limit: number
    selected: readonly string[]
    /** Values that are told whatever their rank. */
    also?: readonly string[]
    keyOf: (value: string) => string
    valueOf: (key: string) => string
  }>,
): FacetValue[] {
  const counts = new Map<string, number>()
  const alone = parts.length === 1
  const candidates = alone ? request.limit : Math.max(request.limit, CANDIDATES_PER_SEGMENT)
  for (const part of parts) {
    for (const index of bestOf(part, candidates)) {
      const key = stringAt(part.table, index)
      counts.set(key, alone ? part.counts[index]! : sumOf(parts, key))
    }
  }
  const told = new Set([...request.selected, ...(request.also ?? [])])
  for (const key of [...told].map(request.keyOf)) {
    counts.set(key, sumOf(parts, key))
  }
  const selected = new Set(request.selected)
  const values = [...counts]
    .map(([key, count]) => {
      const value = request.valueOf(key)
      return { value, count, selected: selected.has(value) }
    })
    .filter((each) => each.value !== '')
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
  return values.filter(({ value }, i) => i < request.limit || told.has(value))
}

/** Counts of a segment's categories, from those of its paths. */
function categoryCounts({ segment, paths }: FacetCounts): Uint32Array {
  const { pathStart, pathCategories } = segment.columns
  const counts = new Uint32Array(countOf(segment.categories))
  for (let path = 0; path < paths.length; path++) {
    if (paths[path]! > 0) {
      for (let i = pathStart[path]!; i < pathStart[path + 1]!; i++) {
        counts[pathCategories[i]!]! += paths[path]!
      }
    }
  }
  return counts
}

function summarisePrices(counts: readonly FacetCounts[]): Facets['price'] {
  const min = Math.min(...counts.map((each) => each.priceMin))
  const max = Math.max(...counts.map((each) => each.priceMax))
  if (min > max) {
    return null
  }
  const buckets = PRICE_STEPS.map((from, i) => ({
    from,
    to: PRICE_STEPS[i + 1] ?? Number.MAX_SAFE_INTEGER,
    count: counts.reduce((sum, each) => sum + each.prices[i]!, 0),
  }))
  const filled = buckets.filter((bucket) => bucket.count > 0)
  const [first, last] = [filled[0], filled.at(-1)]
  return {
    min,
    max,
    buckets: first ? buckets.filter(({ from }) => from >= first.from && from <= last!.from) : [],
  }
}

function summariseRatings(counts: readonly FacetCounts[]): Facets['ratings'] {
  return [4, 3, 2, 1].map((atLeast) => {
    const stars = counts.flatMap((each) => [...each.stars.subarray(atLeast)])
    return { atLeast, count: stars.reduce((sum, each) => sum + each, 0) }
  })
}

type AttributeSummary = { parts: Counted[]; total: number; most: number; values: number }

/** Options are sorted by attribute, so each attribute's are one range. */
function gatherAttributes(counts: readonly FacetCounts[]): Map<string, AttributeSummary> {
  const result = new Map<string, AttributeSummary>()
  for (const { segment, options } of counts) {
    const { optionName } = segment.columns
    let from = 0
    while (from < optionName.length) {
      let to = from
      let total = 0
      let most = 0
      let values = 0
      for (; to < optionName.length && optionName[to] === optionName[from]; to++) {
        const count = options.counts[to]!
        total += count
        most = count > most ? count : most
        values += count > 0 ? 1 : 0
      }
      if (total > 0) {
        const name = stringAt(segment.attributes, optionName[from]!)
        const known = result.get(name) ?? { parts: [], total: 0, most: 0, values: 0 }
        known.parts.push({ table: segment.options, counts: options.counts, from, to })
        known.total += total
        known.most += most
        known.values = Math.max(known.values, values)
        result.set(name, known)
      }
      from = to
    }
  }
  return result
}

/** An attribute helps to choose when many products have it, in several values, none of them rare. */
function usefulness({ total, most, values }: AttributeSummary): number {
  return values < 2 ? 0 : total * (1 - most / total) * Math.min(1, 40 / values)
}

function summariseAttributes(
  counts: readonly FacetCounts[],
  request: FacetRequest,
  filters: SearchFilters,
): Facets['attributes'] {
  const gathered = gatherAttributes(counts)
  const selected = new Map((filters.attributes ?? []).map((each) => [each.name, each.values]))
  const chosen = [...gathered]
    .filter(([name, summary]) => !selected.has(name) && usefulness(summary) > 0)
    .sort(([a, x], [b, y]) => usefulness(y) - usefulness(x) || (a < b ? -1 : 1))
    .slice(0, request.attributes ?? DEFAULT_ATTRIBUTES)
    .map(([name]) => name)
  return [...selected.keys(), ...chosen].map((name) => ({
    name,
    values: rankValues(gathered.get(name)?.parts ?? [], {
      limit: request.values ?? DEFAULT_VALUES,
      selected: selected.get(name) ?? [],
      keyOf: (value) => optionText({ name, value }),
      valueOf: (key) => optionPair(key).value,
    }),
  }))
}

/**
 * Puts the counts of all segments together.
 * @param approximate whether they are of a sample
 */
export function summariseFacets(
  counts: readonly FacetCounts[],
  request: FacetRequest,
  filters: SearchFilters,
  approximate: boolean,
): Facets {
  const brands = counts.map((each) => ({
    table: each.segment.brands,
    counts: each.brands,
    from: 0,
    to: countOf(each.segment.brands),
  }))
  const categories = counts.map((each) => ({
    table: each.segment.categories,
    counts: categoryCounts(each),
    from: 0,
    to: countOf(each.segment.categories),
  }))
  const segments = counts.map(({ segment }) => segment)
  const selected = filters.categories ?? []
  const ranked = rankValues(categories, {
    limit: request.categories ?? DEFAULT_CATEGORIES,
    selected,
    also: selected.length === 0 ? [] : nearTo(segments, selected),
    keyOf: (value) => value,
    valueOf: (key) => key,
  })
  return {
    approximate,
    categories: ranked.map((each) => ({ ...each, parent: parentOf(segments, each.value) })),
    brands: rankValues(brands, {
      limit: request.values ?? DEFAULT_VALUES,
      selected: filters.brands ?? [],
      keyOf: (value) => value,
      valueOf: (key) => key,
    }),
    price: summarisePrices(counts),
    ratings: summariseRatings(counts),
    attributes: summariseAttributes(counts, request, filters),
  }
}
