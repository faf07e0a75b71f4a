import { countNearDocuments, countNearHit, countNearOptions, strideFor } from '../facets/counter.ts'
import type { FacetCounts } from '../facets/counts.ts'
import { roomFor } from '../facets/room.ts'
import type { Segment } from '../segment/segment.ts'
import type { SearchFilters } from '../types.ts'
import {
  type Bits,
  bitCount,
  everyMember,
  type FilterSets,
  inAll,
  inAllButOne,
  membersOf,
  setsOf,
} from './bits.ts'
import { FAILED, FAILED_OPTIONS, FAILED_PRICE, FAILED_RATING, PASSED } from './filters.ts'
import { type Judge, judge } from './judge.ts'
import { createLiveMask, keepLive, needsMask, testWord } from './live-mask.ts'
import type { OfferWord } from './order.ts'

/** Whom a search without words visits in one segment. */
export type Browsing = Readonly<{
  segment: Segment
  judge: Judge
  filters: SearchFilters
  /** Null when no facets are counted. */
  counts: FacetCounts | null
  /** From how many documents on those that fail one facet's filter only are counted by a sample. */
  facetExactLimit: number
}>

/** Who was found; its sample may be drawn until the segment is browsed again. */
export type Browsed = Readonly<{
  total: number
  /** Whether a facet's count is of a sample. */
  sampled: boolean
  sample: (stride: number) => Uint32Array
  /** Shows who was found: 32 documents a word. */
  visit: (word: OfferWord) => void
}>

type Scratch = Readonly<{ passing: Bits; near: Bits }>

const reusable = new WeakMap<Segment, Scratch>()

function scratchOf(segment: Segment): Scratch {
  const words = (segment.documents + 31) >>> 5
  const scratch = reusable.get(segment) ?? {
    passing: new Uint32Array(words),
    near: new Uint32Array(words),
  }
  reusable.set(segment, scratch)
  return scratch
}

/** Finds the documents of a segment that pass all filters, by sets of those that pass each. */
export function browse(browsing: Browsing): Browsed {
  const { segment, filters, judge: by, counts, facetExactLimit } = browsing
  const { passing, near } = scratchOf(segment)
  const sets = setsOf(segment, filters, by.program)
  inAll(sets, passing)
  const masked = needsMask(by.program) && !variantsDecide(by)
  const liveStride = masked ? strideFor(membersOf(passing, sets), facetExactLimit) : 1
  const total = variantsDecide(by)
    ? takeJudged(browsing, sets, passing)
    : take(browsing, { ...sets, stride: liveStride }, passing)
  const sampled = liveStride > 1
  const members = { ...sets, size: total }
  const found = {
    total,
    sample: (stride: number) => everyMember(passing, members, stride),
    visit: (show: OfferWord) => visitWords(passing, members, show),
  }
  if (counts === null || sets.faceted.length === 0) return { ...found, sampled }
  const stride = countNear({ ...browsing, counts }, sets, near)
  return { ...found, sampled: sampled || stride > 1 }
}

/** Whether sets do not tell who meets the filters on attributes: one variant must meet several. */
function variantsDecide({ program: { allGroups } }: Judge): boolean {
  return (allGroups & (allGroups - 1)) !== 0
}

/**
 * Lets only those pass who pass the filters on prices and ratings as well; of those who fail one of
 * these only, documents that `stride` divides are counted there.
 * @returns how many pass
 */
function take(
  { judge: by, segment, counts }: Browsing,
  { from, to, stride }: Readonly<{ from: number; to: number; stride: number }>,
  passing: Bits,
): number {
  const mask = createLiveMask()
  const tested = { program: by.program, segment }
  const masked = needsMask(by.program)
  let total = 0
  for (let word = from; word < to; word++) {
    let bits = passing[word]! | 0
    if (bits === 0) continue
    if (masked) {
      testWord(mask, tested, word, bits)
      bits = mask.passing
      passing[word] = bits
      if (counts !== null) {
        countBits({ counts, by, stride }, word, { near: mask.nearPrice, failed: FAILED_PRICE })
        countBits({ counts, by, stride }, word, { near: mask.nearRating, failed: FAILED_RATING })
      }
    }
    total += bitCount(bits)
  }
  return total
}

function visitWords(
  passing: Bits,
  { from, to }: Readonly<{ from: number; to: number }>,
  show: OfferWord,
): void {
  for (let word = from; word < to; word++) {
    const bits = passing[word]! | 0
    if (bits !== 0) show(word, bits)
  }
}

function countBits(
  { counts, by, stride }: Readonly<{ counts: FacetCounts; by: Judge; stride: number }>,
  word: number,
  { near, failed }: Readonly<{ near: number; failed: number }>,
): void {
  if (near === 0) return
  const base = word << 5
  for (let document = Math.ceil(base / stride) * stride; document < base + 32; document += stride) {
    if (((near >>> (document & 31)) & 1) === 0) continue
    countNearHit(counts, by.program, document, { failed, weight: stride })
  }
}

/** The same where several attributes are filtered: each document's variants are looked at. */
function takeJudged(browsing: Browsing, { from, to }: FilterSets, passing: Bits): number {
  const { judge: by, counts } = browsing
  const near: number[] = []
  let total = 0
  for (let word = from; word < to; word++) {
    let kept = 0
    for (let bits = passing[word]! | 0; bits !== 0; bits &= bits - 1) {
      const document = (word << 5) | (31 - Math.clz32(bits & -bits))
      const verdict = judge(by, document)
      if (verdict === PASSED) kept |= bits & -bits
      else if (verdict === FAILED_OPTIONS) near.push(document)
      else if (verdict !== FAILED && counts !== null) {
        countNearHit(counts, by.program, document, { failed: verdict, weight: 1 })
      }
    }
    passing[word] = kept
    total += bitCount(kept)
  }
  if (counts !== null) countNearOptions(counts, by.program, Uint32Array.from(near), 1)
  return total
}

type Counted = Browsing & Readonly<{ counts: FacetCounts }>

/** Counts those who fail just one set. @returns one in how many was counted */
function countNear(counted: Counted, sets: FilterSets, near: Bits): number {
  const { counts, judge: by, segment } = counted
  const { documents, stride } = drawNear(counted, sets, near)
  if (variantsDecide(by)) {
    countJudged(counted, documents, stride)
    return stride
  }
  const live = keepLive(by.program, segment, documents)
  let rest = live
  for (const { bits, failed } of sets.faceted) {
    const failing = sets.faceted.length === 1 ? rest : moveMissing(rest, bits)
    countNearDocuments(counts, by.program, failing, { failed, weight: stride })
    rest = rest.subarray(failing.length)
  }
  return stride
}

/** Moves those who are not in a set to the front. @returns these */
function moveMissing(documents: Uint32Array, bits: Bits): Uint32Array {
  let size = 0
  for (let i = 0; i < documents.length; i++) {
    const document = documents[i]!
    if (((bits[document >>> 5]! >>> (document & 31)) & 1) === 1) continue
    documents[i] = documents[size]!
    documents[size++] = document
  }
  return documents.subarray(0, size)
}

/**
 * Those who are in all sets but one of the faceted ones, or every so-manieth of them. Where a single set
 * leaves many out, only so many are looked at.
 */
function drawNear(
  { segment, facetExactLimit }: Counted,
  sets: FilterSets,
  near: Bits,
): Readonly<{ documents: Uint32Array; stride: number }> {
  const { faceted, required } = sets
  if (faceted.length === 1 && required.length <= MOST_USUAL_SETS) {
    const { bits } = faceted[0]!
    const stride = strideFor(segment.documents - membersOf(bits, sets), facetExactLimit)
    if (stride > 1) return { documents: drawOutside(bits, required, { stride, segment }), stride }
  }
  const size = inAllButOne(sets, near)
  const stride = strideFor(size, facetExactLimit)
  if (stride === 1) {
    return { documents: everyMember(near, { from: 0, to: near.length, size }, 1), stride }
  }
  return { documents: drawOutside(null, [near], { stride, segment }), stride }
}

/** Who is there and who is in stock: sets of so many that a sample of all is one of them. */
const MOST_USUAL_SETS = 2

/** Whose numbers `stride` divides, of those who are in all required sets and not in the other one. */
function drawOutside(
  outside: Bits | null,
  required: readonly Bits[],
  { stride, segment }: Readonly<{ stride: number; segment: Segment }>,
): Uint32Array {
  const drawn = roomFor(Math.ceil(segment.documents / stride) + 1)
  let size = 0
  for (let document = 0; document < segment.documents; document += stride) {
    const word = document >>> 5
    let bits = outside === null ? -1 : ~outside[word]!
    for (let set = 0; set < required.length; set++) bits &= required[set]![word]!
    drawn[size] = document
    size += (bits >>> (document & 31)) & 1
  }
  return drawn.subarray(0, size)
}

/** Where several attributes must be met by one variant. */
function countJudged({ counts, judge: by }: Counted, documents: Uint32Array, weight: number): void {
  let size = 0
  for (let i = 0; i < documents.length; i++) {
    const document = documents[i]!
    const verdict = judge(by, document)
    if (verdict === FAILED_OPTIONS) documents[size++] = document
    else if (verdict !== FAILED) {
      countNearHit(counts, by.program, document, { failed: verdict, weight })
    }
  }
  countNearOptions(counts, by.program, documents.subarray(0, size), weight)
}
