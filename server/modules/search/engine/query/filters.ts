import { IN_STOCK, type LiveColumns, marketKey, ON_SALE, RATING_UNIT } from '../segment/live.ts'
import type { Segment } from '../segment/segment.ts'
import { countOf, findString, type StringTable } from '../segment/strings.ts'
import { optionText } from '../segment/variants.ts'
import type { Market, SearchFilters } from '../types.ts'

/** What a document failed: nothing, one filter that has a facet, or enough to be out of all counts. */
export const PASSED = 0
export const FAILED_CATEGORY = 1
export const FAILED_BRAND = 2
export const FAILED_PRICE = 3
export const FAILED_RATING = 4
export const FAILED_OPTIONS = 5
export const FAILED = 255

/** Filters looked up in one segment. A mask has a 1 for each dictionary entry that is let through. */
export type FilterProgram = Readonly<{
  deleted: Uint8Array
  flags: Uint8Array
  /** Who is in stock, 32 documents a word. */
  inStock: Uint32Array
  flagsWanted: number
  sellerSets: Uint8Array | null
  paths: Uint8Array | null
  brands: Uint8Array | null
  price: Float64Array | null
  priceBucket: Uint8Array | null
  priceMin: number
  priceMax: number
  priceWanted: boolean
  ratingMin: number
  /** For each option, 1 + the group of attribute filters it meets, or 0. */
  optionGroup: Uint8Array | null
  /** For each attribute, 1 + the group that filters on it, or 0. */
  attributeGroup: Uint8Array | null
  /** One bit per group, all set. */
  allGroups: number
  /** Whether who passes depends on nothing that changes in place but deletion. */
  lasting: boolean
  /** Whether nothing but deletion keeps a document out. */
  unfiltered: boolean
}>

/** More attribute filters than this in one query are refused. */
export const MAX_ATTRIBUTE_FILTERS = 30

const encoder = new TextEncoder()

function maskOf(table: StringTable, keys: readonly string[]): Uint8Array {
  const mask = new Uint8Array(countOf(table))
  for (const key of keys) {
    const found = findString(table, encoder.encode(key))
    if (found >= 0) {
      mask[found] = 1
    }
  }
  return mask
}

/** Lets a pooled list through when one of its members is. */
function listMask(start: Uint32Array, members: Uint32Array, wanted: Uint8Array): Uint8Array {
  const mask = new Uint8Array(start.length - 1)
  for (let list = 0; list < mask.length; list++) {
    for (let i = start[list]!; i < start[list + 1]!; i++) {
      mask[list]! |= wanted[members[i]!]!
    }
  }
  return mask
}

type OptionGroups = Readonly<{ optionGroup: Uint8Array; options: number[] }>

const reusable = new WeakMap<Segment, OptionGroups>()

/** The groups of a segment's options, none of them set; each query writes over the last one's. */
function clearedGroups(segment: Segment): OptionGroups {
  const groups = reusable.get(segment) ?? {
    optionGroup: new Uint8Array(countOf(segment.options)),
    options: [],
  }
  reusable.set(segment, groups)
  for (const option of groups.options) groups.optionGroup[option] = 0
  groups.options.length = 0
  return groups
}

function compileAttributes(segment: Segment, filters: SearchFilters) {
  const groups = (filters.attributes ?? []).filter((group) => group.values.length > 0)
  if (groups.length > MAX_ATTRIBUTE_FILTERS) {
    throw new RangeError(`At most ${MAX_ATTRIBUTE_FILTERS} attribute filters`)
  }
  if (groups.length === 0) {
    return { optionGroup: null, attributeGroup: null, allGroups: 0 }
  }
  const { optionGroup, options } = clearedGroups(segment)
  const attributeGroup = new Uint8Array(countOf(segment.attributes))
  groups.forEach(({ name, values }, group) => {
    const attribute = findString(segment.attributes, encoder.encode(name))
    if (attribute >= 0) {
      attributeGroup[attribute] = group + 1
    }
    for (const value of values) {
      const option = findString(segment.options, encoder.encode(optionText({ name, value })))
      if (option >= 0) {
        optionGroup[option] = group + 1
        options.push(option)
      }
    }
  })
  return { optionGroup, attributeGroup, allGroups: 2 ** groups.length - 1 }
}

/** The market's columns, or none where the segment has no price of it. */
function marketColumns(live: LiveColumns, market: Market | null) {
  return market && live.markets.get(marketKey(market.market, market.currency))
}

/**
 * Looks a query's filters up in one segment.
 * @throws RangeError when there are more attribute filters than `MAX_ATTRIBUTE_FILTERS`
 */
export function compileFilters(
  segment: Segment,
  filters: SearchFilters,
  market: Market | null,
): FilterProgram {
  const { columns, live } = segment
  const prices = marketColumns(live, market)
  const given = <T>(list: readonly T[] | undefined): list is readonly T[] => (list?.length ?? 0) > 0
  const program = {
    deleted: live.deleted,
    flags: prices?.flags ?? live.flags,
    inStock: prices?.inStock ?? live.inStock,
    flagsWanted: (filters.inStock ? IN_STOCK : 0) | (filters.onSale ? ON_SALE : 0),
    sellerSets: given(filters.sellers)
      ? listMask(
          columns.sellerSetStart,
          columns.sellerSetMembers,
          maskOf(segment.sellers, filters.sellers),
        )
      : null,
    paths: given(filters.categories)
      ? listMask(
          columns.pathStart,
          columns.pathCategories,
          maskOf(segment.categories, filters.categories),
        )
      : null,
    brands: given(filters.brands) ? maskOf(segment.brands, filters.brands) : null,
    price: prices?.price ?? null,
    priceBucket: prices?.bucket ?? null,
    priceMin: filters.priceMin ?? Number.NEGATIVE_INFINITY,
    priceMax: filters.priceMax ?? Number.POSITIVE_INFINITY,
    priceWanted: filters.priceMin !== undefined || filters.priceMax !== undefined,
    ratingMin: Math.ceil((filters.ratingMin ?? 0) * RATING_UNIT - 1e-9),
    ...compileAttributes(segment, filters),
  }
  const masks = [program.sellerSets, program.paths, program.brands, program.optionGroup]
  const lasting = program.flagsWanted === 0 && !program.priceWanted && program.ratingMin <= 0
  const unfiltered = lasting && masks.every((mask) => mask === null)
  return { ...program, lasting, unfiltered }
}

/** Tests all but the attribute filters. */
export function testDocument(program: FilterProgram, segment: Segment, document: number): number {
  if (program.deleted[document] !== 0) {
    return FAILED
  }
  if ((program.flags[document]! & program.flagsWanted) !== program.flagsWanted) {
    return FAILED
  }
  const { columns, live } = segment
  if (program.sellerSets !== null && program.sellerSets[columns.sellerSet[document]!] === 0) {
    return FAILED
  }
  let failed = PASSED
  if (program.paths !== null && program.paths[columns.path[document]!] === 0) {
    failed = FAILED_CATEGORY
  }
  if (program.brands !== null && program.brands[columns.brand[document]!] === 0) {
    failed = failed === PASSED ? FAILED_BRAND : FAILED
  }
  if (program.priceWanted) {
    const price = program.price === null ? Number.NaN : program.price[document]!
    if (!(price >= program.priceMin && price <= program.priceMax)) {
      failed = failed === PASSED ? FAILED_PRICE : FAILED
    }
  }
  if (program.ratingMin > 0 && live.rating[document]! < program.ratingMin) {
    failed = failed === PASSED ? FAILED_RATING : FAILED
  }
  return failed
}
