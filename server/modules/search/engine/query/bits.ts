import { roomFor } from '../facets/room.ts'
import { IN_STOCK } from '../segment/live.ts'
import type { Segment } from '../segment/segment.ts'
import { countOf, findString } from '../segment/strings.ts'
import { optionText } from '../segment/variants.ts'
import type { SearchFilters } from '../types.ts'
import { FAILED_BRAND, FAILED_CATEGORY, FAILED_OPTIONS, type FilterProgram } from './filters.ts'

/** A set of a segment's documents: bit `d & 31` of word `d >>> 5`. */
export type Bits = Uint32Array

/** The sets that a query's filters let through, but for those on prices, ratings and sales. */
export type FilterSets = Readonly<{
  /** Of filters that have a facet: who fails only one of them counts there. */
  faceted: readonly Readonly<{ failed: number; bits: Bits }>[]
  /** Who is there at all, and sets of filters without a facet. */
  required: readonly Bits[]
  /** Only words from here on have members of all sets … */
  from: number
  /** … and only those before this one. */
  to: number
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
  const faceted: { failed: number; bits: Bits }[] = []
  const required = [segment.live.living]
  const { paths, brands, sellerSets } = program
  const { from, to } = paths === null ? wholeOf(segment) : boundsOf(segment, paths)
  if (paths !== null) {
    const bits = keep(segment, ['c', filters.categories], () => within(segment, paths))
    faceted.push({ failed: FAILED_CATEGORY, bits })
  }
  if (brands !== null) {
    const lists = { start: columns.brandStart, documents: columns.brandDocuments }
    const bits = keep(segment, ['b', filters.brands], () => gather(segment, lists, brands))
    faceted.push({ failed: FAILED_BRAND, bits })
  }
  for (const group of filters.attributes ?? []) {
    if (group.values.length === 0) continue
    faceted.push({ failed: FAILED_OPTIONS, bits: setOfAttribute(segment, group) })
  }
  if (sellerSets !== null) {
    const make = () => havingEntry(segment, columns.sellerSet, sellerSets)
    required.push(keep(segment, ['s', filters.sellers], make))
  }
  if ((program.flagsWanted & IN_STOCK) !== 0) required.push(program.inStock)
  return { faceted, required, from, to }
}

function wholeOf({ documents }: Segment) {
  return { from: 0, to: (documents + 31) >>> 5 }
}

/** Documents of one path stand together, and those of a branch do. */
function boundsOf({ columns: { pathDocumentStart } }: Segment, wanted: Uint8Array) {
  const first = wanted.indexOf(1)
  if (first < 0) return { from: 0, to: 0 }
  const end = pathDocumentStart[wanted.lastIndexOf(1) + 1]!
  return { from: pathDocumentStart[first]! >>> 5, to: (end + 31) >>> 5 }
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

/** Writes who is in all sets, between their bounds. */
export function inAll({ faceted, required, from, to }: FilterSets, passing: Bits): void {
  passing.set(required[0]!.subarray(from, to), from)
  for (const bits of [...required.slice(1), ...faceted.map((each) => each.bits)]) {
    for (let word = from; word < to; word++) passing[word]! &= bits[word]!
  }
}

/**
 * Writes who is in all required sets and in all but one of the faceted ones.
 * @returns how many they are
 */
export function inAllButOne({ faceted, required }: FilterSets, near: Bits): number {
  missingOne(
    faceted.map(({ bits }) => bits),
    near,
  )
  let count = 0
  required.forEach((bits, i) => {
    if (i < required.length - 1) {
      for (let word = 0; word < near.length; word++) near[word]! &= bits[word]!
    } else {
      for (let word = 0; word < near.length; word++) {
        const here = near[word]! & bits[word]!
        near[word] = here
        count += bitCount(here)
      }
    }
  })
  return count
}

/** Writes who is missing in one of the sets. One or two, the most usual, are told at once. */
function missingOne(sets: readonly Bits[], near: Bits): void {
  const [first, second] = sets
  if (sets.length === 1) {
    for (let word = 0; word < near.length; word++) near[word] = ~first![word]!
    return
  }
  if (sets.length === 2) {
    for (let word = 0; word < near.length; word++) near[word] = first![word]! ^ second![word]!
    return
  }
  for (let word = 0; word < near.length; word++) {
    let all = -1
    let butOne = 0
    for (let set = 0; set < sets.length; set++) {
      const here = sets[set]![word]!
      butOne = (butOne & here) | (all & ~here)
      all &= here
    }
    near[word] = butOne
  }
}

/** How many members there are in the words between the bounds. */
export function membersOf(
  bits: Bits,
  { from, to }: Readonly<{ from: number; to: number }>,
): number {
  let members = 0
  for (let word = from; word < to; word++) members += bitCount(bits[word]!)
  return members
}

/**
 * The members in their order whose place is a multiple of `stride`, of the words between the bounds; there
 * until more room is taken.
 * @param members the bounds, and how many members there are within them
 */
export function everyMember(
  bits: Bits,
  { from, to, size }: Readonly<{ from: number; to: number; size: number }>,
  stride: number,
): Uint32Array {
  const found = roomFor(Math.ceil(size / stride))
  let taken = 0
  /** How many members come before the next that is wanted. */
  let ahead = 0
  for (let word = from; word < to; word++) {
    let rest = bits[word]! | 0
    let here = bitCount(rest)
    while (ahead < here) {
      here -= ahead + 1
      for (; ahead > 0; ahead--) rest &= rest - 1
      found[taken++] = (word << 5) | (31 - Math.clz32(rest & -rest))
      rest &= rest - 1
      ahead = stride - 1
    }
    ahead -= here
  }
  return found
}

/** How many bits are set. */
export function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
