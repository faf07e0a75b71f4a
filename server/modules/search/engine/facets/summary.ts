import { PRICE_STEPS } from '../segment/live.ts'
import { countOf, findString, type StringTable } from '../segment/strings.ts'
import { optionPair, optionText } from '../segment/variants.ts'
import type { FacetRequest, Facets, FacetValue, PriceBucket, SearchFilters } from '../types.ts'
import { optionsOf, usefulAttributes } from './attributes.ts'
import { nearTo, parentOf } from './branches.ts'
import type { FacetCounts } from './counts.ts'
import type { LastingFacets } from './known.ts'
import { addTo, createTally, type Tally } from './tally.ts'
import { textOf } from './texts.ts'

const encoder = new TextEncoder()
const DEFAULT_VALUES = 20
const DEFAULT_ATTRIBUTES = 8
const DEFAULT_CATEGORIES = 100

/** Values of a segment that are looked at for the best ones overall; see README, facets. */
const CANDIDATES_PER_SEGMENT = 50

/** Entries of a dictionary that have a count: the first `size` of `met`. */
type Counted = Readonly<{
  table: StringTable
  counts: Uint32Array
  met: Uint32Array
  size: number
}>

/** Reused by all facets of a thread. */
let ranks = new Uint32Array(128)

/** The entries with the highest counts, most first, of equal ones the first in the dictionary. */
function bestOf({ counts, met, size }: Counted, limit: number): Uint32Array {
  if (limit > ranks.length) ranks = new Uint32Array(limit)
  const best = ranks
  let found = 0
  let least = 0
  for (let i = 0; i < size; i++) {
    const entry = met[i]!
    const count = counts[entry]!
    if (count < least) continue
    let at = found
    if (found === limit) {
      if (limit === 0 || !isBefore(counts, entry, best[limit - 1]!)) continue
      at = limit - 1
    } else {
      found += 1
    }
    for (; at > 0 && isBefore(counts, entry, best[at - 1]!); at--) best[at] = best[at - 1]!
    best[at] = entry
    if (found === limit) least = counts[best[limit - 1]!]!
  }
  return best.subarray(0, found)
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
  const alone = parts.length === 1
  const candidates = alone ? request.limit : Math.max(request.limit, CANDIDATES_PER_SEGMENT)
  const selected = new Set(request.selected)
  const told = new Set([...request.selected, ...(request.also ?? [])])
  const keys = new Set([...told].map(request.keyOf))
  const values: FacetValue[] = []
  const add = (key: string, count: number): void => {
    const value = request.valueOf(key)
    if (value !== '') values.push({ value, count, selected: selected.has(value) })
  }
  for (const key of keys) add(key, sumOf(parts, key))
  for (const part of parts) {
    const best = bestOf(part, candidates)
    for (let i = 0; i < best.length; i++) {
      const key = textOf(part.table, best[i]!)
      if (keys.has(key)) continue
      if (!alone) keys.add(key)
      add(key, alone ? part.counts[best[i]!]! : sumOf(parts, key))
    }
  }
  values.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
  if (values.length <= request.limit) return values
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
  return { table, counts, met, size }
}

function summarisePrices(counts: readonly FacetCounts[]): Facets['price'] {
  const min = Math.min(...counts.map((each) => each.priceMin))
  const max = Math.max(...counts.map((each) => each.priceMax))
  if (min > max) {
    return null
  }
  return { min, max, buckets: bucketsFrom(counts) }
}

/** From the first step that a price is on to the last. */
function bucketsFrom(counts: readonly FacetCounts[]): PriceBucket[] {
  const buckets: PriceBucket[] = []
  let filled = 0
  for (let step = 0; step < PRICE_STEPS.length; step++) {
    let count = 0
    for (const { prices } of counts) count += prices[step]!
    if (count === 0 && buckets.length === 0) continue
    buckets.push({
      from: PRICE_STEPS[step]!,
      to: PRICE_STEPS[step + 1] ?? Number.MAX_SAFE_INTEGER,
      count,
    })
    if (count > 0) filled = buckets.length
  }
  buckets.length = filled
  return buckets
}

function summariseRatings(counts: readonly FacetCounts[]): Facets['ratings'] {
  return [4, 3, 2, 1].map((atLeast) => {
    let count = 0
    for (const { stars } of counts) {
      for (let star = atLeast; star < stars.length; star++) count += stars[star]!
    }
    return { atLeast, count }
  })
}

function summariseAttributes(
  counts: readonly FacetCounts[],
  request: FacetRequest,
  filters: SearchFilters,
): Facets['attributes'] {
  const selected = new Map((filters.attributes ?? []).map((each) => [each.name, each.values]))
  if (counts.length === 0) {
    return [...selected.keys()].map((name) => ({ name, values: [] }))
  }
  const limit = request.attributes ?? DEFAULT_ATTRIBUTES
  const chosen = usefulAttributes(counts, limit, new Set(selected.keys()))
  const names = [...selected.keys(), ...chosen]
  const options = optionsOf(counts, names)
  return names.map((name, i) => ({
    name,
    values: rankValues(
      options[i]!.map(
        ({
          counts: {
            segment,
            options: { tally },
          },
          met,
        }) => ({
          table: segment.options,
          counts: tally.counts,
          met,
          size: met.length,
        }),
      ),
      {
        limit: request.values ?? DEFAULT_VALUES,
        selected: selected.get(name) ?? [],
        keyOf: (value) => optionText({ name, value }),
        valueOf: (key) => optionPair(key).value,
      },
    ),
  }))
}

/** Puts the counts of all segments together, of those facets that change only with the index itself. */
export function summariseLasting(
  counts: readonly FacetCounts[],
  request: FacetRequest,
  filters: SearchFilters,
): LastingFacets {
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
    categories: ranked.map((each) => ({ ...each, parent: parentOf(segments, each.value) })),
    brands: rankValues(brands, {
      limit: request.values ?? DEFAULT_VALUES,
      selected: filters.brands ?? [],
      keyOf: (value) => value,
      valueOf: (key) => key,
    }),
    attributes: summariseAttributes(counts, request, filters),
  }
}

/** The same of prices and ratings. */
export function summariseLive(counts: readonly FacetCounts[]): Pick<Facets, 'price' | 'ratings'> {
  return { price: summarisePrices(counts), ratings: summariseRatings(counts) }
}
