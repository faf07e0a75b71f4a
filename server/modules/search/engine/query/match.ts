import { IMPACT_UNIT } from '../segment/scoring.ts'
import { CHUNK_SIZE, type Segment } from '../segment/segment.ts'
import { findString } from '../segment/strings.ts'
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

const encoder = new TextEncoder()

/** Looks a query's words up in one segment; ways that no document of it can meet are left out. */
export function resolveClauses(clauses: readonly Clause[], segment: Segment): SegmentClause[] {
  return clauses.map((clause, index) => ({
    bit: 1 << index,
    optional: clause.optional,
    factor: clause.inverseFrequency / IMPACT_UNIT,
    alternatives: clause.alternatives
      .map(({ terms, weight }) => ({
        terms: terms.map((term) => findString(segment.terms, encoder.encode(term))),
        weight,
      }))
      .filter(({ terms }) => terms.every((term) => term >= 0)),
  }))
}

/** Documents of one chunk, in order, as low 16 bits; valid until the next call. */
export type Matches = Readonly<{
  documents: Uint16Array
  scores: Float32Array
  count: () => number
}>

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
function seek(documents: Uint16Array, start: number, end: number, target: number): number {
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

export type Matcher = Readonly<{
  matches: Matches
  /** All clauses that are not optional must be met. */
  matchAll: (segment: Segment, clauses: readonly SegmentClause[], chunk: number) => void
  /** Any clause may be met. */
  matchAny: (segment: Segment, clauses: readonly SegmentClause[], chunk: number) => void
}>

/** A matcher owns its working memory (1.3 MB) and is used by one query at a time. */
export function createMatcher(): Matcher {
  const state = {
    documents: new Uint16Array(CHUNK_SIZE),
    scores: new Float32Array(CHUNK_SIZE),
    count: 0,
    found: new Float32Array(CHUNK_SIZE),
    pairDocuments: new Uint16Array(CHUNK_SIZE),
    pairImpacts: new Uint8Array(CHUNK_SIZE),
    denseScore: new Float32Array(CHUNK_SIZE),
    denseMask: new Uint16Array(CHUNK_SIZE),
    denseClause: new Float32Array(CHUNK_SIZE),
    touched: new Uint32Array(CHUNK_SIZE >>> 5),
  }
  const { documents, scores } = state
  return {
    matches: { documents, scores, count: () => state.count },
    matchAll: (segment, clauses, chunk) => {
      matchAll(state, segment, clauses, chunk)
    },
    matchAny: (segment, clauses, chunk) => {
      accumulate(state, segment, clauses, chunk)
      collectDense(state)
    },
  }
}

type State = {
  readonly documents: Uint16Array
  readonly scores: Float32Array
  count: number
  readonly found: Float32Array
  readonly pairDocuments: Uint16Array
  readonly pairImpacts: Uint8Array
  readonly denseScore: Float32Array
  readonly denseMask: Uint16Array
  readonly denseClause: Float32Array
  /** One bit for each document with a mask. */
  readonly touched: Uint32Array
}

/** A run of postings: either of a term, or of a pair of terms put together in working memory. */
type Postings = Readonly<{
  documents: Uint16Array
  impacts: Uint8Array
  start: number
  end: number
  weight: number
}>

function postingsOf(
  state: State,
  segment: Segment,
  alternative: SegmentClause['alternatives'][number],
  chunk: number,
): Postings {
  const { postingDocument, postingImpact } = segment.columns
  const range: Range = { start: 0, end: 0 }
  rangeOf(segment, alternative.terms[0]!, chunk, range)
  const { weight } = alternative
  if (alternative.terms.length === 1) {
    return { documents: postingDocument, impacts: postingImpact, ...range, weight }
  }
  let count = 0
  for (let i = range.start; i < range.end; i++) {
    state.pairDocuments[count] = postingDocument[i]!
    state.pairImpacts[count++] = postingImpact[i]!
  }
  for (const term of alternative.terms.slice(1)) {
    rangeOf(segment, term, chunk, range)
    count = keepCommon(state, segment, range, count)
  }
  const { pairDocuments, pairImpacts } = state
  return { documents: pairDocuments, impacts: pairImpacts, start: 0, end: count, weight }
}

function keepCommon(state: State, segment: Segment, range: Range, count: number): number {
  const { postingDocument, postingImpact } = segment.columns
  let kept = 0
  let at = range.start
  for (let i = 0; i < count && at < range.end; i++) {
    const document = state.pairDocuments[i]!
    at = seek(postingDocument, at, range.end, document)
    if (at < range.end && postingDocument[at] === document) {
      const impact = Math.min(state.pairImpacts[i]!, postingImpact[at]!)
      state.pairDocuments[kept] = document
      state.pairImpacts[kept++] = impact
    }
  }
  return kept
}

function sizeOf(segment: Segment, clause: SegmentClause, chunk: number): number {
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

function matchAll(
  state: State,
  segment: Segment,
  clauses: readonly SegmentClause[],
  chunk: number,
): void {
  state.count = 0
  const required = clauses
    .filter((clause) => !clause.optional)
    .map((clause) => ({ clause, size: sizeOf(segment, clause, chunk) }))
    .sort((a, b) => a.size - b.size)
  const lead = required[0]
  if (lead === undefined || lead.size === 0) {
    return
  }
  startWith(state, segment, lead.clause, chunk)
  for (const { clause } of required.slice(1)) {
    intersect(state, segment, clause, chunk)
  }
  for (const clause of clauses) {
    if (clause.optional) {
      intersect(state, segment, clause, chunk)
    }
  }
}

function startWith(state: State, segment: Segment, clause: SegmentClause, chunk: number): void {
  const { alternatives, factor } = clause
  if (alternatives.length > 1) {
    accumulate(state, segment, [clause], chunk)
    collectDense(state)
    return
  }
  const { documents, impacts, start, end, weight } = postingsOf(
    state,
    segment,
    alternatives[0]!,
    chunk,
  )
  for (let i = start; i < end; i++) {
    state.documents[i - start] = documents[i]!
    state.scores[i - start] = impacts[i]! * factor * weight
  }
  state.count = end - start
}

/** Keeps the documents that meet the clause and adds its score; drops none if it is optional. */
function intersect(state: State, segment: Segment, clause: SegmentClause, chunk: number): void {
  const { documents, scores, found } = state
  if (isDenseCheaper(state, segment, clause, chunk)) {
    findDense(state, segment, clause, chunk)
  } else {
    findByGalloping(state, segment, clause, chunk)
  }
  let kept = 0
  for (let i = 0; i < state.count; i++) {
    if (found[i]! > 0 || clause.optional) {
      documents[kept] = documents[i]!
      scores[kept++] = scores[i]! + found[i]! * clause.factor
    }
  }
  state.count = kept
}

/**
 * Laying a clause out over the chunk costs a step for each of its postings; galloping costs many
 * steps for each document so far and each way to meet the word.
 */
function isDenseCheaper(
  state: State,
  segment: Segment,
  clause: SegmentClause,
  chunk: number,
): boolean {
  const steps = 12 * clause.alternatives.length * state.count
  return state.count > 256 && sizeOf(segment, clause, chunk) < steps
}

function findDense(state: State, segment: Segment, clause: SegmentClause, chunk: number): void {
  const { denseClause, documents, found } = state
  denseClause.fill(0)
  for (const alternative of clause.alternatives) {
    const postings = postingsOf(state, segment, alternative, chunk)
    const { impacts, start, end, weight } = postings
    for (let i = start; i < end; i++) {
      const document = postings.documents[i]!
      const score = impacts[i]! * weight
      if (score > denseClause[document]!) {
        denseClause[document] = score
      }
    }
  }
  for (let i = 0; i < state.count; i++) {
    found[i] = denseClause[documents[i]!]!
  }
}

/** Fills `found` with the clause's impact in each document so far. */
function findByGalloping(
  state: State,
  segment: Segment,
  clause: SegmentClause,
  chunk: number,
): void {
  const { documents, found } = state
  found.fill(0, 0, state.count)
  for (const alternative of clause.alternatives) {
    const postings = postingsOf(state, segment, alternative, chunk)
    const { impacts, end, weight } = postings
    let at = postings.start
    for (let i = 0; i < state.count && at < end; i++) {
      const document = documents[i]!
      at = seek(postings.documents, at, end, document)
      if (at < end && postings.documents[at] === document) {
        const score = impacts[at]! * weight
        if (score > found[i]!) {
          found[i] = score
        }
      }
    }
  }
}

/** Adds up the scores of all clauses in dense arrays over the chunk. */
function accumulate(
  state: State,
  segment: Segment,
  clauses: readonly SegmentClause[],
  chunk: number,
): void {
  const { denseScore, denseMask, denseClause, touched } = state
  for (const { alternatives, factor, bit } of clauses) {
    for (const alternative of alternatives) {
      const postings = postingsOf(state, segment, alternative, chunk)
      const { documents, impacts, start, end } = postings
      const weight = postings.weight * factor
      for (let i = start; i < end; i++) {
        const document = documents[i]!
        const score = impacts[i]! * weight
        if ((denseMask[document]! & bit) === 0) {
          denseMask[document]! |= bit
          touched[document >>> 5]! |= 1 << (document & 31)
          denseScore[document]! += score
          denseClause[document] = score
        } else if (score > denseClause[document]!) {
          denseScore[document]! += score - denseClause[document]!
          denseClause[document] = score
        }
      }
    }
  }
}

function collectDense(state: State): void {
  const { denseScore, denseMask, documents, scores, touched } = state
  let count = 0
  for (let word = 0; word < touched.length; word++) {
    for (let bits = touched[word]!; bits !== 0; bits &= bits - 1) {
      const document = (word << 5) | (31 - Math.clz32(bits & -bits))
      documents[count] = document
      scores[count++] = denseScore[document]!
      denseMask[document] = 0
      denseScore[document] = 0
    }
    touched[word] = 0
  }
  state.count = count
}
