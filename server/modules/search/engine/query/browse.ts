import { countNearHit, countNearOptions, type FacetCounts, strideFor } from '../facets/counter.ts'
import { MEETS_ALL, MEETS_NONE, testVariants } from '../facets/variants.ts'
import type { Segment } from '../segment/segment.ts'
import type { SearchFilters } from '../types.ts'
import { type Bits, combine, setsOf } from './bits.ts'
import {
  FAILED,
  FAILED_BRAND,
  FAILED_CATEGORY,
  type FilterProgram,
  PASSED,
  testDocument,
} from './filters.ts'

/** Whom a search without words visits in one segment. */
export type Browsing = Readonly<{
  segment: Segment
  program: FilterProgram
  filters: SearchFilters
  /** Null when no facets are counted. */
  counts: FacetCounts | null
  /** Gets the numbers of all that pass. */
  hits: Uint32Array
  /** From how many documents on those that fail one facet's filter only are counted by a sample. */
  facetExactLimit: number
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

/**
 * Finds the documents of a segment that pass all filters, by sets of those that pass each.
 * @returns how many were written to `hits`, and whether a facet's count is of a sample
 */
export function browse(browsing: Browsing): Readonly<{ total: number; sampled: boolean }> {
  const { segment, filters, program, counts, facetExactLimit } = browsing
  const sets = setsOf(segment, filters, program)
  if (sets.faceted.length + sets.required.length === 0) {
    return { total: visitEvery(browsing), sampled: false }
  }
  const { passing, near } = scratchOf(segment)
  const nearCount = combine(sets, passing, near, lastWordOf(segment))
  const total = hasLiveFilter(program) ? test(browsing, passing) : takeLiving(browsing, passing)
  if (counts === null) return { total, sampled: false }
  const stride = strideFor(nearCount, facetExactLimit)
  if (areGroupsApart(program)) {
    countNearExactly({ ...browsing, counts }, near, stride)
  } else {
    countNear({ ...browsing, counts }, { near, stride, total })
  }
  return { total, sampled: stride > 1 }
}

/** Whether one variant has to meet several groups, so that sets of documents do not decide. */
function areGroupsApart({ allGroups }: FilterProgram): boolean {
  return (allGroups & (allGroups - 1)) !== 0
}

/** Bits past the last document are never set. */
function lastWordOf({ documents }: Segment): number {
  return (documents & 31) === 0 ? -1 : (1 << (documents & 31)) - 1
}

/** Whether the sets alone do not decide, even of what is not deleted. */
function hasLiveFilter(program: FilterProgram): boolean {
  const { flagsWanted, priceWanted, ratingMin } = program
  return flagsWanted !== 0 || priceWanted || ratingMin > 0 || areGroupsApart(program)
}

function takeLiving({ program: { deleted }, hits }: Browsing, passing: Bits): number {
  let total = 0
  for (let word = 0; word < passing.length; word++) {
    for (let bits = passing[word]!; bits !== 0; bits &= bits - 1) {
      const document = (word << 5) | (31 - Math.clz32(bits & -bits))
      hits[total] = document
      total += deleted[document]! ^ 1
    }
  }
  return total
}

function test(browsing: Browsing, passing: Bits): number {
  const { hits, program, segment, counts } = browsing
  const apart = areGroupsApart(program)
  let total = 0
  for (let word = 0; word < passing.length; word++) {
    for (let bits = passing[word]!; bits !== 0; bits &= bits - 1) {
      const document = (word << 5) | (31 - Math.clz32(bits & -bits))
      if (apart) {
        if (admit(browsing, document, 1)) hits[total++] = document
        continue
      }
      const failed = testDocument(program, segment, document)
      if (failed === PASSED) hits[total++] = document
      else if (failed !== FAILED && counts !== null) {
        countNearHit(counts, program, document, { failed, weight: 1 })
      }
    }
  }
  return total
}

function visitEvery(browsing: Browsing): number {
  const { hits, segment, program } = browsing
  const { deleted } = program
  let total = 0
  for (let document = 0; document < segment.documents; document++) {
    const living = deleted[document] === 0
    if (living && (program.unfiltered || admit(browsing, document, 1))) hits[total++] = document
  }
  return total
}

/**
 * Whether a document passes every filter; one that fails a single facet's is counted there, for
 * `weight` documents.
 */
export function admit(
  { program, segment, counts }: Pick<Browsing, 'program' | 'segment' | 'counts'>,
  document: number,
  weight: number,
): boolean {
  const base = testDocument(program, segment, document)
  if (base === FAILED || (base !== PASSED && counts === null)) {
    return false
  }
  const variants = testVariants(program, segment, document)
  if (base === PASSED && variants === MEETS_ALL) {
    return true
  }
  const near = variants !== MEETS_NONE && (base === PASSED || variants === MEETS_ALL)
  if (near && counts !== null && weight > 0) {
    countNearHit(counts, program, document, { failed: base, weight })
  }
  return false
}

type Counted = Browsing & Readonly<{ counts: FacetCounts }>

/**
 * Counts those who fail just one set: its facet is told by the test, and where that finds nothing it is
 * the attribute's. Neighbours are sampled together, because they lie together in memory.
 */
function countNear(
  { program, segment, counts, hits }: Counted,
  { near, stride, total }: Readonly<{ near: Bits; stride: number; total: number }>,
): void {
  let end = total
  for (let word = 0; word < near.length; word += stride) {
    for (let bits = near[word]!; bits !== 0; bits &= bits - 1) {
      const document = (word << 5) | (31 - Math.clz32(bits & -bits))
      const failed = testDocument(program, segment, document)
      if (failed === PASSED) hits[end++] = document
      else if (failed === FAILED_CATEGORY || failed === FAILED_BRAND) {
        countNearHit(counts, program, document, { failed, weight: stride })
      }
    }
  }
  countNearOptions(counts, program, hits.subarray(total, end), stride)
}

/** The same where several attributes have to be met by one variant. */
function countNearExactly(counted: Counted, near: Bits, stride: number): void {
  for (let word = 0; word < near.length; word += stride) {
    for (let bits = near[word]!; bits !== 0; bits &= bits - 1) {
      admit(counted, (word << 5) | (31 - Math.clz32(bits & -bits)), stride)
    }
  }
}
