import { IMPACT_UNIT } from '../segment/scoring.ts'
import { CHUNK_SIZE, type Segment } from '../segment/segment.ts'
import { findTerm } from '../segment/terms.ts'
import type { Clause } from './plan.ts'

/** A clause whose words were looked up in one segment. */
export type SegmentClause = Readonly<{
  /** A bit of its own, to tell which clauses are met. */
  bit: number
  optional: boolean
  /** Score of a full impact. */
  factor: number
  alternatives: readonly Readonly<{ terms: readonly number[]; weight: number }>[]
}>

/** Looks a query's words up in one segment; ways that no document of it can meet are left out. */
export function resolveClauses(clauses: readonly Clause[], segment: Segment): SegmentClause[] {
  return clauses.map((clause, index) => ({
    bit: 1 << index,
    optional: clause.optional,
    factor: clause.inverseFrequency / IMPACT_UNIT,
    alternatives: clause.alternatives
      .map(({ terms, weight }) => ({
        terms: terms.map((term) => findTerm(segment, term)),
        weight,
      }))
      .filter(({ terms }) => terms.every((term) => term >= 0)),
  }))
}

type Range = { start: number; end: number }

/** Where a term's postings of one chunk are. */
function rangeOf(segment: Segment, term: number, chunk: number, range: Range): void {
  const { chunkStart, chunkNumber, chunkEnd, postingStart } = segment.columns
  const first = chunkStart[term]!
  let low = first
  let high = chunkStart[term + 1]!
  while (low < high) {
    const middle = (low + high) >>> 1
    if (chunkNumber[middle]! < chunk) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  if (low < chunkStart[term + 1]! && chunkNumber[low] === chunk) {
    range.start = low === first ? postingStart[term]! : chunkEnd[low - 1]!
    range.end = chunkEnd[low]!
  } else {
    range.start = 0
    range.end = 0
  }
}

/** The first posting in `[start, end)` whose document is not before `target`, by galloping. */
export function seek(documents: Uint16Array, start: number, end: number, target: number): number {
  let step = 1
  let low = start
  while (low + step < end && documents[low + step]! < target) {
    low += step
    step <<= 1
  }
  let high = Math.min(end, low + step + 1)
  while (low < high) {
    const middle = (low + high) >>> 1
    if (documents[middle]! < target) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return low
}

/** Room where the postings of words that are met together are put. */
export type PairRoom = Readonly<{ pairDocuments: Uint16Array; pairImpacts: Uint8Array }>

/** A run of postings: either of a term, or of a pair of terms put together in working memory. */
type Postings = Readonly<{
  documents: Uint16Array
  impacts: Uint8Array
  start: number
  end: number
  weight: number
}>

export function postingsOf(
  room: PairRoom,
  segment: Segment,
  alternative: SegmentClause['alternatives'][number],
  chunk: number,
): Postings {
  const { postingDocument, postingImpact } = segment.columns
  const range: Range = { start: 0, end: 0 }
  rangeOf(segment, alternative.terms[0]!, chunk, range)
  const { weight } = alternative
  if (alternative.terms.length === 1) {
    return {
      documents: postingDocument,
      impacts: postingImpact,
      start: range.start,
      end: range.end,
      weight,
    }
  }
  let count = 0
  for (let i = range.start; i < range.end; i++) {
    room.pairDocuments[count] = postingDocument[i]!
    room.pairImpacts[count++] = postingImpact[i]!
  }
  for (const term of alternative.terms.slice(1)) {
    rangeOf(segment, term, chunk, range)
    count = keepCommon(room, segment, range, count)
  }
  const { pairDocuments, pairImpacts } = room
  return { documents: pairDocuments, impacts: pairImpacts, start: 0, end: count, weight }
}

function keepCommon(room: PairRoom, segment: Segment, range: Range, count: number): number {
  const { postingDocument, postingImpact } = segment.columns
  let kept = 0
  let at = range.start
  for (let i = 0; i < count && at < range.end; i++) {
    const document = room.pairDocuments[i]!
    at = seek(postingDocument, at, range.end, document)
    if (at < range.end && postingDocument[at] === document) {
      const impact = Math.min(room.pairImpacts[i]!, postingImpact[at]!)
      room.pairDocuments[kept] = document
      room.pairImpacts[kept++] = impact
    }
  }
  return kept
}

/** At most how many documents of a chunk meet a clause. */
export function sizeOf(segment: Segment, clause: SegmentClause, chunk: number): number {
  const range: Range = { start: 0, end: 0 }
  let size = 0
  for (const { terms } of clause.alternatives) {
    let least = CHUNK_SIZE
    for (const term of terms) {
      rangeOf(segment, term, chunk, range)
      least = Math.min(least, range.end - range.start)
    }
    size += least
  }
  return size
}
