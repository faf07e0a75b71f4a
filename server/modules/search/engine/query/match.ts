import { CHUNK_SIZE, type Segment } from '../segment/segment.ts'
import { postingsOf, type SegmentClause, seek, sizeOf } from './postings.ts'

/** Documents of one chunk, in order, as low 16 bits; valid until the next call. */
export type Matches = Readonly<{
  documents: Uint16Array
  scores: Float32Array
  count: () => number
}>

export type Matcher = Readonly<{
  matches: Matches
  /** All clauses that are not optional must be met. */
  matchAll: (segment: Segment, clauses: readonly SegmentClause[], chunk: number) => void
  /** Any clause may be met. */
  matchAny: (segment: Segment, clauses: readonly SegmentClause[], chunk: number) => void
}>

/** A matcher owns its working memory (1.3 MB) and is used by one query at a time. */
export function createMatcher(): Matcher {
  const state: State = {
    documents: new Uint16Array(CHUNK_SIZE),
    scores: new Float32Array(CHUNK_SIZE),
    count: 0,
    found: new Float32Array(CHUNK_SIZE),
    pairDocuments: new Uint16Array(CHUNK_SIZE),
    pairImpacts: new Uint8Array(CHUNK_SIZE),
    denseScore: new Float32Array(CHUNK_SIZE),
    denseMask: new Uint16Array(CHUNK_SIZE),
    denseClause: new Float32Array(CHUNK_SIZE),
    laidOut: new Float32Array(CHUNK_SIZE),
    touched: new Uint32Array(CHUNK_SIZE >>> 5),
    order: [],
    sizes: [],
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
  /** A clause laid out over the chunk; all 0 between uses. */
  readonly laidOut: Float32Array
  /** One bit for each document with a mask. */
  readonly touched: Uint32Array
  /** The required clauses, those with the fewest postings in the chunk first, and how many these are. */
  readonly order: SegmentClause[]
  readonly sizes: number[]
}

function matchAll(
  state: State,
  segment: Segment,
  clauses: readonly SegmentClause[],
  chunk: number,
): void {
  state.count = 0
  if (!orderRequired(state, segment, clauses, chunk)) return
  const { order, sizes } = state
  startWith(state, segment, order[0]!, chunk)
  for (let i = 1; i < order.length; i++) {
    intersect(state, segment, { clause: order[i]!, size: sizes[i]! }, chunk)
  }
  for (const clause of clauses) {
    if (clause.optional) {
      intersect(state, segment, { clause, size: sizeOf(segment, clause, chunk) }, chunk)
    }
  }
}

/** Orders the required clauses by their postings in the chunk. @returns false when one has none, or none is */
function orderRequired(
  { order, sizes }: State,
  segment: Segment,
  clauses: readonly SegmentClause[],
  chunk: number,
): boolean {
  order.length = 0
  sizes.length = 0
  for (const clause of clauses) {
    if (clause.optional) continue
    const size = sizeOf(segment, clause, chunk)
    if (size === 0) return false
    let at = order.length
    for (; at > 0 && sizes[at - 1]! > size; at--) {
      order[at] = order[at - 1]!
      sizes[at] = sizes[at - 1]!
    }
    order[at] = clause
    sizes[at] = size
  }
  return order.length > 0
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
function intersect(
  state: State,
  segment: Segment,
  { clause, size }: Readonly<{ clause: SegmentClause; size: number }>,
  chunk: number,
): void {
  const { documents, scores, found } = state
  if (isDenseCheaper(state, clause, size)) {
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
function isDenseCheaper({ count }: State, { alternatives }: SegmentClause, size: number): boolean {
  return count > 256 && size < 12 * alternatives.length * count
}

function findDense(state: State, segment: Segment, clause: SegmentClause, chunk: number): void {
  const { laidOut, documents, found } = state
  let laid = 0
  for (const alternative of clause.alternatives) {
    const postings = postingsOf(state, segment, alternative, chunk)
    const { impacts, start, end, weight } = postings
    for (let i = start; i < end; i++) {
      const document = postings.documents[i]!
      const score = impacts[i]! * weight
      if (score > laidOut[document]!) {
        laidOut[document] = score
      }
    }
    laid += end - start
  }
  for (let i = 0; i < state.count; i++) {
    found[i] = laidOut[documents[i]!]!
  }
  clear(state, segment, clause, { chunk, laid })
}

/** Fewer than these are taken back one by one; to clear the whole chunk costs as much as that. */
const MOST_TAKEN_BACK = 8_192

/** Takes back what a clause laid out. */
function clear(
  state: State,
  segment: Segment,
  clause: SegmentClause,
  { chunk, laid }: Readonly<{ chunk: number; laid: number }>,
): void {
  const { laidOut } = state
  if (laid >= MOST_TAKEN_BACK) {
    laidOut.fill(0)
    return
  }
  for (const alternative of clause.alternatives) {
    const { documents, start, end } = postingsOf(state, segment, alternative, chunk)
    for (let i = start; i < end; i++) laidOut[documents[i]!] = 0
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
