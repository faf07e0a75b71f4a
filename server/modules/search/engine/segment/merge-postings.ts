import type { Columns } from './columns.ts'
import { GONE, type MergeSource, type Order } from './merge-types.ts'
import { CHUNK_BITS } from './segment.ts'

/** Which terms of which sources make up each merged term, as runs of `source`, `term`. */
function invertPlaces(places: readonly Uint32Array[], count: number) {
  const start = new Uint32Array(count + 1)
  for (const place of places) {
    for (let i = 0; i < place.length; i++) {
      start[place[i]! + 1]!++
    }
  }
  for (let i = 1; i <= count; i++) {
    start[i]! += start[i - 1]!
  }
  const next = start.slice()
  const source = new Uint8Array(start[count]!)
  const term = new Uint32Array(start[count]!)
  places.forEach((place, s) => {
    for (let i = 0; i < place.length; i++) {
      const at = next[place[i]!]!++
      source[at] = s
      term[at] = i
    }
  })
  return { start, source, term }
}

/** Merges the postings of all terms; tells how many there are. */
export function mergePostings(
  sources: readonly MergeSource[],
  order: Order,
  input: Readonly<{ terms: number; places: readonly Uint32Array[]; columns: Columns }>,
): Readonly<{ postings: number; chunkEntries: number }> {
  const { columns } = input
  const inverted = invertPlaces(input.places, input.terms)
  const scratch = new Uint32Array(order.documents)
  let postings = 0
  let chunkEntries = 0
  for (let term = 0; term < input.terms; term++) {
    let size = 0
    let sorted = true
    let plural = 0
    for (let i = inverted.start[term]!; i < inverted.start[term + 1]!; i++) {
      const source = inverted.source[i]!
      const from = inverted.term[i]!
      plural = Math.max(plural, sources[source]!.segment.columns.termPluralShare[from]!)
      const before = size
      size = gatherPostings(sources[source]!, from, order.places[source]!, scratch, size)
      sorted &&= before === 0 || size === before || scratch[before]! > scratch[before - 1]!
    }
    const found = scratch.subarray(0, size)
    if (!sorted) {
      found.sort()
    }
    columns.termPluralShare[term] = plural
    for (let i = 0; i < size; i++) {
      const document = found[i]! >>> 8
      const chunk = document >>> CHUNK_BITS
      if (i === 0 || chunk !== columns.chunkNumber[chunkEntries - 1]) {
        columns.chunkNumber[chunkEntries++] = chunk
      }
      columns.postingDocument[postings] = document & 0xffff
      columns.postingImpact[postings] = found[i]! & 0xff
      columns.chunkEnd[chunkEntries - 1] = ++postings
    }
    columns.postingStart[term + 1] = postings
    columns.chunkStart[term + 1] = chunkEntries
  }
  return { postings, chunkEntries }
}

function gatherPostings(
  source: MergeSource,
  term: number,
  places: Uint32Array,
  scratch: Uint32Array,
  from: number,
): number {
  const { postingStart, postingDocument, postingImpact } = source.segment.columns
  const { chunkStart, chunkNumber, chunkEnd } = source.segment.columns
  let size = from
  let at = postingStart[term]!
  for (let entry = chunkStart[term]!; entry < chunkStart[term + 1]!; entry++) {
    const base = chunkNumber[entry]! << CHUNK_BITS
    for (; at < chunkEnd[entry]!; at++) {
      const place = places[base + postingDocument[at]!]!
      if (place !== GONE) {
        scratch[size++] = (place << 8) | postingImpact[at]!
      }
    }
  }
  return size
}

/** A term is in no more chunks than it has postings, nor than there are chunks. */
export function mostChunkEntries(source: MergeSource, order: Order): number {
  const chunks = Math.ceil(order.documents / (1 << CHUNK_BITS))
  const { postingStart } = source.segment.columns
  let most = 0
  for (let term = 0; term + 1 < postingStart.length; term++) {
    most += Math.min(chunks, postingStart[term + 1]! - postingStart[term]!)
  }
  return most
}
