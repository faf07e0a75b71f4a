import { PRICE_STEPS } from '../segment/live.ts'
import type { StringTable } from '../segment/strings.ts'
import { optionText } from '../segment/variants.ts'
import type { FacetRequest, Facets, FacetValue, PriceBucket, SearchFilters } from '../types.ts'
import { optionsOf, usefulAttributes } from './attributes.ts'
import { nearTo, parentOf } from './branches.ts'
import type { FacetCounts } from './counts.ts'
import type { LastingFacets } from './known.ts'
import { addTo, clearTally, type Tally } from './tally.ts'
import { optionValueOf, placeOf, textOf } from './texts.ts'

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
  let sum = 0
  for (const { table, counts } of parts) {
    const found = placeOf(table, key)
    if (found >= 0) sum += counts[found]!
  }
  return sum
}

function rankValues(
  parts: readonly Counted[],
  request: Readonly<{
    limit: number
    selected: readonly string[]
    /** Values that are told whatever their rank. */
    also?: readonly string[]
    keyOf: (value: string) => string
    textFor: (table: StringTable, entry: number) => string
  }>,
): FacetValue[] {
  const { limit, selected, also = [], keyOf, textFor } = request
  const alone = parts.length === 1
  if (alone && selected.length + also.length === 0) return bestValues(parts[0]!, limit, textFor)
  const chosen = new Set(selected)
  const told = new Set([...selected, ...also])
  const met = new Set(told)
  const values: FacetValue[] = []
  const add = (value: string, count: number): void => {
    if (value !== '') values.push({ value, count, selected: chosen.has(value) })
  }
  for (const value of told) add(value, sumOf(parts, keyOf(value)))
  for (const part of parts) {
    const best = bestOf(part, alone ? limit : Math.max(limit, CANDIDATES_PER_SEGMENT))
    for (let i = 0; i < best.length; i++) {
      const value = textFor(part.table, best[i]!)
      if (met.has(value)) continue
      met.add(value)
      add(value, alone ? part.counts[best[i]!]! : sumOf(parts, keyOf(value)))
    }
  }
  values.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
  if (values.length <= limit) return values
  return values.filter(({ value }, i) => i < limit || told.has(value))
}

/** The best of a single segment when nothing is selected: as its dictionary has them. */
function bestValues(
  part: Counted,
  limit: number,
  textFor: (table: StringTable, entry: number) => string,
): FacetValue[] {
  const best = bestOf(part, limit)
  const values: FacetValue[] = []
  for (let i = 0; i < best.length; i++) {
    const value = textFor(part.table, best[i]!)
    if (value !== '') values.push({ value, count: part.counts[best[i]!]!, selected: false })
  }
  return values
}

/** Counts of a segment's categories, from those of its paths. */
function categoryCounts({ segment, paths, categories }: FacetCounts): Counted {
  const { pathStart, pathCategories } = segment.columns
  clearTally(categories)
  for (let i = 0; i < paths.size; i++) {
    const path = paths.met[i]!
    for (let at = pathStart[path]!; at < pathStart[path + 1]!; at++) {
      addTo(categories, pathCategories[at]!, paths.counts[path]!)
    }
  }
  return countedOf(segment.categories, categories)
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
        textFor: optionValueOf,
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
    textFor: textOf,
  })
  return {
    categories: ranked.map(({ value, count, selected }) => ({
      value,
      count,
      selected,
      parent: parentOf(segments, value),
    })),
    brands: rankValues(brands, {
      limit: request.values ?? DEFAULT_VALUES,
      selected: filters.brands ?? [],
      keyOf: (value) => value,
      textFor: textOf,
    }),
    attributes: summariseAttributes(counts, request, filters),
  }
}

/** The same of prices and ratings. */
export function summariseLive(counts: readonly FacetCounts[]): Pick<Facets, 'price' | 'ratings'> {
  return { price: summarisePrices(counts), ratings: summariseRatings(counts) }
}
