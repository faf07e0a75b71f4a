import { PRICE_STEPS } from '../segment/live.ts'
import { countOf, findString, type StringTable, stringAt } from '../segment/strings.ts'
import { optionPair, optionText } from '../segment/variants.ts'
import type { FacetRequest, Facets, FacetValue, SearchFilters } from '../types.ts'
import type { FacetCounts } from './counter.ts'

const encoder = new TextEncoder()
const DEFAULT_VALUES = 20
const DEFAULT_ATTRIBUTES = 8

/** Values of a segment that are looked at for the best ones overall; see README, facets. */
const CANDIDATES_PER_SEGMENT = 100

type Counted = Readonly<{ table: StringTable; counts: Uint32Array; from: number; to: number }>

/** The entries of a range with the highest counts. */
function bestOf({ counts, from, to }: Counted, limit: number): number[] {
  const found: number[] = []
  for (let i = from; i < to; i++) {
    if (counts[i]! > 0) {
      found.push(i)
    }
  }
  return found.sort((a, b) => counts[b]! - counts[a]! || a - b).slice(0, limit)
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
    scale: number
    keyOf: (value: string) => string
    valueOf: (key: string) => string
  }>,
): FacetValue[] {
  const candidates = new Set(request.selected.map(request.keyOf))
  for (const part of parts) {
    for (const index of bestOf(part, Math.max(request.limit, CANDIDATES_PER_SEGMENT))) {
      candidates.add(stringAt(part.table, index))
    }
  }
  const selected = new Set(request.selected)
  const values = [...candidates]
    .map((key) => {
      const value = request.valueOf(key)
      const count = Math.round(sumOf(parts, key) * request.scale)
      return { value, count, selected: selected.has(value) }
    })
    .filter((each) => each.value !== '')
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
  return values.filter((each, i) => i < request.limit || each.selected)
}

function countCategories(counts: readonly FacetCounts[]): Map<string, number> {
  const result = new Map<string, number>()
  for (const { segment, paths } of counts) {
    const { pathStart, pathCategories } = segment.columns
    const byCategory = new Map<number, number>()
    for (let path = 0; path < paths.length; path++) {
      if (paths[path]! > 0) {
        for (let i = pathStart[path]!; i < pathStart[path + 1]!; i++) {
          const category = pathCategories[i]!
          byCategory.set(category, (byCategory.get(category) ?? 0) + paths[path]!)
        }
      }
    }
    for (const [category, count] of byCategory) {
      const id = stringAt(segment.categories, category)
      result.set(id, (result.get(id) ?? 0) + count)
    }
  }
  return result
}

function summariseCategories(
  counts: readonly FacetCounts[],
  selected: readonly string[],
  scale: number,
): FacetValue[] {
  const byId = countCategories(counts)
  for (const id of selected) {
    byId.set(id, byId.get(id) ?? 0)
  }
  return [...byId]
    .map(([value, count]) => ({
      value,
      count: Math.round(count * scale),
      selected: selected.includes(value),
    }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
}

function summarisePrices(counts: readonly FacetCounts[], scale: number): Facets['price'] {
  const min = Math.min(...counts.map((each) => each.priceMin))
  const max = Math.max(...counts.map((each) => each.priceMax))
  if (min > max) {
    return null
  }
  const buckets = PRICE_STEPS.map((from, i) => ({
    from,
    to: PRICE_STEPS[i + 1] ?? Number.MAX_SAFE_INTEGER,
    count: Math.round(counts.reduce((sum, each) => sum + each.prices[i]!, 0) * scale),
  }))
  const filled = buckets.filter((bucket) => bucket.count > 0)
  const [first, last] = [filled[0], filled.at(-1)]
  return {
    min,
    max,
    buckets: first ? buckets.filter(({ from }) => from >= first.from && from <= last!.from) : [],
  }
}

function summariseRatings(counts: readonly FacetCounts[], scale: number): Facets['ratings'] {
  return [4, 3, 2, 1].map((atLeast) => {
    const stars = counts.flatMap((each) => [...each.stars.subarray(atLeast)])
    return { atLeast, count: Math.round(stars.reduce((sum, each) => sum + each, 0) * scale) }
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
  scale: number,
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
      scale,
      keyOf: (value) => optionText({ name, value }),
      valueOf: (key) => optionPair(key).value,
    }),
  }))
}

/**
 * Puts the counts of all segments together.
 * @param stride how many documents each counted one stands for
 */
export function summariseFacets(
  counts: readonly FacetCounts[],
  request: FacetRequest,
  filters: SearchFilters,
  stride: number,
): Facets {
  const brands = counts.map((each) => ({
    table: each.segment.brands,
    counts: each.brands,
    from: 0,
    to: countOf(each.segment.brands),
  }))
  return {
    approximate: stride > 1,
    categories: summariseCategories(counts, filters.categories ?? [], stride),
    brands: rankValues(brands, {
      limit: request.values ?? DEFAULT_VALUES,
      selected: filters.brands ?? [],
      scale: stride,
      keyOf: (value) => value,
      valueOf: (key) => key,
    }),
    price: summarisePrices(counts, stride),
    ratings: summariseRatings(counts, stride),
    attributes: summariseAttributes(counts, request, filters, stride),
  }
}
