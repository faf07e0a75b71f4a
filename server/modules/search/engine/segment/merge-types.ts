import type { Segment } from './segment.ts'

/** Marks a document that has no place in the merged segment. */
export const GONE = 0xffffffff

/** Postings are sorted as `document << 8 | impact` in 32 bits. */
export const MAX_DOCUMENTS = 1 << 24

/** A segment and which of its documents were deleted when the merge began. */
export type MergeSource = Readonly<{ segment: Segment; deleted: Uint8Array }>

export type MergeResult = Readonly<{
  buffer: SharedArrayBuffer
  /** For each source, the new number of each of its documents, or `GONE`. */
  places: readonly Uint32Array[]
}>

/** The documents of the merged segment: which source each comes from, and where it was there. */
export type Order = Readonly<{
  documents: number
  places: Uint32Array[]
  source: Uint8Array
  from: Uint32Array
}>
