import { countNearHit, countNearOptions, type FacetCounts, strideFor } from '../facets/counter.ts'
import type { Segment } from '../segment/segment.ts'
import type { SearchFilters } from '../types.ts'
import { type Bits, combine, setsOf } from './bits.ts'
import { FAILED, FAILED_OPTIONS, PASSED } from './filters.ts'
import { type Judge, judge } from './judge.ts'

/** Whom a search without words visits in one segment. */
export type Browsing = Readonly<{
  segment: Segment
  judge: Judge
  filters: SearchFilters
  /** Null when no facets are counted. */
  counts: FacetCounts | null
  /** Gets the numbers of all that pass; room for every document. */
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
  const { segment, filters, judge, counts, facetExactLimit } = browsing
  const { passing, near } = scratchOf(segment)
  const sets = setsOf(segment, filters, judge.program)
  const nearCount = combine(sets, passing, near, lastWordOf(segment))
  const total = hasLiveFilter(judge)
    ? takePassing(browsing, passing)
    : takeLiving(browsing, passing)
  if (counts === null || nearCount === 0) return { total, sampled: false }
  const stride = strideFor(nearCount, facetExactLimit)
  countNear({ ...browsing, counts }, { near, stride, total })
  return { total, sampled: stride > 1 }
}

/** Bits past the last document are never set. */
function lastWordOf({ documents }: Segment): number {
  return (documents & 31) === 0 ? -1 : (1 << (documents & 31)) - 1
}

/** Whether the sets alone do not decide, even of what is not deleted. */
function hasLiveFilter({ program }: Judge): boolean {
  const { lasting, allGroups } = program
  const variantsDecide = (allGroups & (allGroups - 1)) !== 0
  return !lasting || variantsDecide
}

function takeLiving({ judge, hits }: Browsing, passing: Bits): number {
  const { deleted } = judge.program
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

/** Takes those that pass the filters on what changes in place as well; who fails one facet's counts there. */
function takePassing(browsing: Browsing, passing: Bits): number {
  const { hits, counts } = browsing
  const { program } = browsing.judge
  let total = 0
  let near = hits.length
  for (let word = 0; word < passing.length; word++) {
    for (let bits = passing[word]!; bits !== 0; bits &= bits - 1) {
      const document = (word << 5) | (31 - Math.clz32(bits & -bits))
      const verdict = judge(browsing.judge, document)
      if (verdict === PASSED) hits[total++] = document
      else if (verdict === FAILED_OPTIONS) hits[--near] = document
      else if (verdict !== FAILED && counts !== null) {
        countNearHit(counts, program, document, { failed: verdict, weight: 1 })
      }
    }
  }
  if (counts !== null) countNearOptions(counts, program, hits.subarray(near), 1)
  return total
}

type Counted = Browsing & Readonly<{ counts: FacetCounts }>

/** Counts those who fail just one set, or every so-manieth of them. */
function countNear(
  { counts, hits, judge: by }: Counted,
  { near, stride, total }: Readonly<{ near: Bits; stride: number; total: number }>,
): void {
  let end = total
  const sampled = total + sample(near, stride, hits.subarray(total))
  for (let i = total; i < sampled; i++) {
    const document = hits[i]!
    const verdict = judge(by, document)
    if (verdict === FAILED_OPTIONS) hits[end++] = document
    else if (verdict !== FAILED) {
      countNearHit(counts, by.program, document, { failed: verdict, weight: stride })
    }
  }
  countNearOptions(counts, by.program, hits.subarray(total, end), stride)
}

/** Writes the members of a set whose numbers `stride` divides. @returns how many they are */
function sample(set: Bits, stride: number, to: Uint32Array): number {
  let size = 0
  if (stride > 1) {
    for (let document = 0; document < set.length << 5; document += stride) {
      if ((set[document >>> 5]! >>> (document & 31)) & 1) to[size++] = document
    }
    return size
  }
  for (let word = 0; word < set.length; word++) {
    for (let bits = set[word]!; bits !== 0; bits &= bits - 1) {
      to[size++] = (word << 5) | (31 - Math.clz32(bits & -bits))
    }
  }
  return size
}
