import type { Segment } from '../segment/segment.ts'
import { countOf, findString } from '../segment/strings.ts'
import { optionText } from '../segment/variants.ts'
import type { SearchFilters } from '../types.ts'
import type { FilterProgram } from './filters.ts'

/** A set of a segment's documents: bit `d & 31` of word `d >>> 5`. */
export type Bits = Uint32Array

/** The sets that a query's filters on what never changes in place let through. */
export type FilterSets = Readonly<{
  /** Of filters that have a facet: who fails only one of them counts there. */
  faceted: readonly Bits[]
  /** Of filters without one. */
  required: readonly Bits[]
}>

/** Sets that were made before are kept up to so many bytes a segment. */
const MOST_KEPT_BYTES = 16 * 1024 * 1024

const encoder = new TextEncoder()
const known = new WeakMap<Segment['columns'], Map<string, Bits>>()

/** Columns of lists, such as the documents of each brand. */
type Lists = Readonly<{ start: Uint32Array; documents: Uint32Array }>

/**
 * The sets of a query's filters. An attribute's set has every document with one of the values in any
 * variant: whether one variant has all that is asked for remains to be seen.
 */
export function setsOf(
  segment: Segment,
  filters: SearchFilters,
  program: FilterProgram,
): FilterSets {
  const { columns } = segment
  const faceted: Bits[] = []
  const required: Bits[] = []
  const { paths, brands, sellerSets } = program
  if (paths !== null) {
    faceted.push(keep(segment, ['c', filters.categories], () => within(segment, paths)))
  }
  if (brands !== null) {
    const lists = { start: columns.brandStart, documents: columns.brandDocuments }
    faceted.push(keep(segment, ['b', filters.brands], () => gather(segment, lists, brands)))
  }
  for (const group of filters.attributes ?? []) {
    if (group.values.length > 0) faceted.push(setOfAttribute(segment, group))
  }
  if (sellerSets !== null) {
    const make = () => havingEntry(segment, columns.sellerSet, sellerSets)
    required.push(keep(segment, ['s', filters.sellers], make))
  }
  return { faceted, required }
}

/** Who has one of these values in any variant. */
export function setOfAttribute(
  segment: Segment,
  { name, values }: Readonly<{ name: string; values: readonly string[] }>,
): Bits {
  return keep(segment, ['a', name, values], () => havingOption(segment, name, values))
}

function keep(segment: Segment, asked: readonly unknown[], make: () => Bits): Bits {
  const sets = known.get(segment.columns) ?? new Map<string, Bits>()
  known.set(segment.columns, sets)
  const key = JSON.stringify(asked)
  const bits = sets.get(key) ?? make()
  sets.delete(key)
  sets.set(key, bits)
  const most = Math.max(8, Math.floor(MOST_KEPT_BYTES / bits.byteLength))
  for (const oldest of sets.keys()) {
    if (sets.size <= most) break
    sets.delete(oldest)
  }
  return bits
}

function emptySet({ documents }: Segment): Bits {
  return new Uint32Array((documents + 31) >>> 5)
}

function addList(bits: Bits, { start, documents }: Lists, list: number): void {
  for (let i = start[list]!; i < start[list + 1]!; i++) {
    const document = documents[i]!
    bits[document >>> 5]! |= 1 << (document & 31)
  }
}

function gather(segment: Segment, lists: Lists, wanted: Uint8Array): Bits {
  const bits = emptySet(segment)
  for (let list = 0; list < wanted.length; list++) {
    if (wanted[list] === 1) addList(bits, lists, list)
  }
  return bits
}

/** Documents of one path stand together. */
function within(segment: Segment, wanted: Uint8Array): Bits {
  const { pathDocumentStart } = segment.columns
  const bits = emptySet(segment)
  for (let path = 0; path < wanted.length; path++) {
    if (wanted[path] === 0) continue
    for (let document = pathDocumentStart[path]!; document < pathDocumentStart[path + 1]!; ) {
      const whole = (document & 31) === 0 && document + 32 <= pathDocumentStart[path + 1]!
      if (whole) bits[document >>> 5] = 0xffffffff
      else bits[document >>> 5]! |= 1 << (document & 31)
      document += whole ? 32 : 1
    }
  }
  return bits
}

function havingOption(segment: Segment, name: string, values: readonly string[]): Bits {
  const { optionStart, optionDocuments } = segment.columns
  const bits = emptySet(segment)
  for (const value of values) {
    const option = findString(segment.options, encoder.encode(optionText({ name, value })))
    if (option >= 0 && option < countOf(segment.options)) {
      addList(bits, { start: optionStart, documents: optionDocuments }, option)
    }
  }
  return bits
}

function havingEntry(segment: Segment, column: Uint32Array, wanted: Uint8Array): Bits {
  const bits = emptySet(segment)
  for (let document = 0; document < column.length; document++) {
    bits[document >>> 5]! |= wanted[column[document]!]! << (document & 31)
  }
  return bits
}

/**
 * Writes who is in all sets to `passing`, and who is in all required ones and all but one of the
 * faceted ones to `near`.
 * @returns how many are near
 */
export function combine(
  { faceted, required }: FilterSets,
  passing: Bits,
  near: Bits,
  last: number,
): number {
  let count = 0
  for (let word = 0; word < passing.length; word++) {
    let all = word === passing.length - 1 ? last : -1
    for (const bits of required) all &= bits[word]!
    let butOne = 0
    for (const bits of faceted) {
      const here = bits[word]!
      butOne = (butOne & here) | (all & ~here)
      all &= here
    }
    passing[word] = all
    near[word] = butOne
    count += bitCount(butOne)
  }
  return count
}

/** How many bits are set. */
export function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
