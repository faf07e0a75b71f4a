import { type Columns, openColumns } from './columns.ts'
import { createLiveColumns, type LiveColumns } from './live.ts'
import { compareToKey, type StringTable } from './strings.ts'

/** Documents of one chunk share the high bits of their number; a posting stores the low 16. */
export const CHUNK_BITS = 16
export const CHUNK_SIZE = 1 << CHUNK_BITS

/**
 * An immutable part of the index with its changeable columns. Documents are in order of category path,
 * brand and id, so that those that are found together lie together in memory.
 */
export type Segment = Readonly<{
  buffer: SharedArrayBuffer
  documents: number
  chunks: number
  columns: Columns
  live: LiveColumns
  ids: StringTable
  terms: StringTable
  brands: StringTable
  categories: StringTable
  categoryNames: StringTable
  sellers: StringTable
  /** Each `name NUL value`, so that the options of one attribute stand together. */
  options: StringTable
  attributes: StringTable
}>

/** @throws Error when the bytes are no segment of this format. */
export function openSegment(buffer: SharedArrayBuffer, live?: LiveColumns): Segment {
  const { documents, columns } = openColumns(buffer)
  return {
    buffer,
    documents,
    chunks: Math.ceil(documents / CHUNK_SIZE),
    columns,
    live: live ?? createLiveColumns(documents),
    ids: { offsets: columns.idOffsets, bytes: columns.idBytes },
    terms: { offsets: columns.termOffsets, bytes: columns.termBytes },
    brands: { offsets: columns.brandOffsets, bytes: columns.brandBytes },
    categories: { offsets: columns.categoryOffsets, bytes: columns.categoryBytes },
    categoryNames: { offsets: columns.categoryNameOffsets, bytes: columns.categoryNameBytes },
    sellers: { offsets: columns.sellerOffsets, bytes: columns.sellerBytes },
    options: { offsets: columns.optionOffsets, bytes: columns.optionBytes },
    attributes: { offsets: columns.attributeOffsets, bytes: columns.attributeBytes },
  }
}

/** How many documents of a segment have a lower id. */
export function rankOfId({ ids, columns, documents }: Segment, id: Uint8Array): number {
  let low = 0
  let high = documents
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareToKey(ids, columns.idOrder[middle]!, id) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** The number of the document with this id, deleted or not, or -1. */
export function placeOfId(segment: Segment, id: Uint8Array): number {
  const rank = rankOfId(segment, id)
  if (rank === segment.documents) return -1
  const document = segment.columns.idOrder[rank]!
  return compareToKey(segment.ids, document, id) === 0 ? document : -1
}

/** The number of the living document with this id, or -1. */
export function findDocument(segment: Segment, id: Uint8Array): number {
  const document = placeOfId(segment, id)
  return document >= 0 && segment.live.deleted[document] === 0 ? document : -1
}

/** In how many documents a term is; deleted ones count until the next merge. */
export function documentFrequency(segment: Segment, term: number): number {
  return segment.columns.postingStart[term + 1]! - segment.columns.postingStart[term]!
}
