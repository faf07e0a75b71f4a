import { PRICE_STEPS } from '../segment/live.ts'
import type { Segment } from '../segment/segment.ts'
import { countOf, findString, type StringTable } from '../segment/strings.ts'
import { optionPair, optionText } from '../segment/variants.ts'
import type { FacetRequest, Facets, FacetValue, SearchFilters } from '../types.ts'
import { nearTo, parentOf } from './branches.ts'
import type { FacetCounts } from './counter.ts'
import { addTo, createTally, type Tally } from './tally.ts'
import { textOf } from './texts.ts'

const encoder = new TextEncoder()
const DEFAULT_VALUES = 20
const DEFAULT_ATTRIBUTES = 8
const DEFAULT_CATEGORIES = 100

/** Values of a segment that are looked at for the best ones overall; see README, facets. */
const CANDIDATES_PER_SEGMENT = 50

/** Entries of a dictionary that have a count: the numbers in `met` from `from` to `to`. */
type Counted = Readonly<{
  table: StringTable
  counts: Uint32Array
  met: Uint32Array
  from: number
  to: number
}>

/** The entries with the highest counts, most first, of equal ones the first in the dictionary. */
function bestOf({ counts, met, from, to }: Counted, limit: number): number[] {
  const best: number[] = []
  let least = 0
  for (let i = from; i < to; i++) {
    const entry = met[i]!
    const count = counts[entry]!
    if (count < least) continue
    let at = best.length
    while (at > 0 && isBefore(counts, entry, best[at - 1]!)) at--
    if (at < limit) {
      best.splice(at, 0, entry)
      if (best.length > limit) best.length = limit
      if (best.length === limit) least = counts[best[limit - 1]!]!
    }
  }
  return best
}

function isBefore(counts: Uint32Array, a: number, b: number): boolean {
  return counts[a]! > counts[b]! || (counts[a] === counts[b] && a < b)
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
      const key = textOf(part.table, index)
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
function categoryCounts({ segment, paths }: FacetCounts): Counted {
  const { pathStart, pathCategories } = segment.columns
  const tally = createTally(countOf(segment.categories))
  for (let i = 0; i < paths.size; i++) {
    const path = paths.met[i]!
    for (let at = pathStart[path]!; at < pathStart[path + 1]!; at++) {
      addTo(tally, pathCategories[at]!, paths.counts[path]!)
    }
  }
  return countedOf(segment.categories, tally)
}

function countedOf(table: StringTable, { counts, met, size }: Tally): Counted {
  return { table, counts, met, from: 0, to: size }
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

/** Gathers the options that were met by attribute. */
function gatherAttributes(counts: readonly FacetCounts[]): Map<string, AttributeSummary> {
  const result = new Map<string, AttributeSummary>()
  for (const { segment, options } of counts) {
    const { tally } = options
    const grouped = groupByAttribute(segment, tally)
    for (const { attribute, from, to } of grouped.runs) {
      let total = 0
      let most = 0
      for (let i = from; i < to; i++) {
        const count = tally.counts[grouped.met[i]!]!
        total += count
        most = count > most ? count : most
      }
      const name = textOf(segment.attributes, attribute)
      const known = result.get(name) ?? { parts: [], total: 0, most: 0, values: 0 }
      const { counts: optionCounts } = tally
      known.parts.push({ table: segment.options, counts: optionCounts, met: grouped.met, from, to })
      known.total += total
      known.most += most
      known.values = Math.max(known.values, to - from)
      result.set(name, known)
    }
  }
  return result
}

type Grouped = Readonly<{
  met: Uint32Array
  runs: readonly Readonly<{ attribute: number; from: number; to: number }>[]
}>

/** Puts the options of each attribute together. */
function groupByAttribute({ columns, attributes }: Segment, options: Tally): Grouped {
  const { optionName } = columns
  const sizes = createTally(countOf(attributes))
  for (let i = 0; i < options.size; i++) {
    addTo(sizes, optionName[options.met[i]!]!, 1)
  }
  const next = new Uint32Array(countOf(attributes))
  let from = 0
  const runs = Array.from(sizes.met.subarray(0, sizes.size), (attribute) => {
    next[attribute] = from
    from += sizes.counts[attribute]!
    return { attribute, from: next[attribute]!, to: from }
  })
  const met = new Uint32Array(options.size)
  for (let i = 0; i < options.size; i++) {
    const option = options.met[i]!
    met[next[optionName[option]!]!++] = option
  }
  return { met, runs }
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
  const brands = counts.map((each) => countedOf(each.segment.brands, each.brands))
  const categories = counts.map(categoryCounts)
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
