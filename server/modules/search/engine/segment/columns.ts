/**
 * A segment is one block of shared memory: a fixed header with a directory, then flat columns. What
 * lies in memory is what lies on disk. The directory is JSON, so that a reader of another version
 * can say what it does not understand.
 */
const SEGMENT_FORMAT = 5
const MAGIC = 'STOASEG\n'
const DIRECTORY_OFFSET = 16
const HEADER_BYTES = 4096

/** Every column of a segment and its element type. See README.md for what each holds. */
const COLUMN_TYPES = {
  idOffsets: 'u32',
  idBytes: 'u8',
  idOrder: 'u32',
  idRank: 'u32',
  termOffsets: 'u32',
  termBytes: 'u8',
  termPluralShare: 'u8',
  postingStart: 'u32',
  postingDocument: 'u16',
  postingImpact: 'u8',
  chunkStart: 'u32',
  chunkNumber: 'u16',
  chunkEnd: 'u32',
  nameStart: 'u32',
  nameTerms: 'u32',
  brandOffsets: 'u32',
  brandBytes: 'u8',
  brand: 'u32',
  brandStart: 'u32',
  brandDocuments: 'u32',
  categoryOffsets: 'u32',
  categoryBytes: 'u8',
  categoryNameOffsets: 'u32',
  categoryNameBytes: 'u8',
  pathStart: 'u32',
  pathCategories: 'u32',
  path: 'u32',
  pathDocumentStart: 'u32',
  sellerOffsets: 'u32',
  sellerBytes: 'u8',
  sellerSetStart: 'u32',
  sellerSetMembers: 'u32',
  sellerSet: 'u32',
  optionOffsets: 'u32',
  optionBytes: 'u8',
  optionName: 'u32',
  optionStart: 'u32',
  optionDocuments: 'u32',
  attributeOffsets: 'u32',
  attributeBytes: 'u8',
  variantStart: 'u32',
  variantStream: 'u32',
  createdAtMs: 'f64',
  fuzzyStart: 'u32',
  fuzzyTerm: 'u32',
  fuzzyMask: 'u32',
} as const

const ARRAYS = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f64: Float64Array } as const

type ArrayTypes = { u8: Uint8Array; u16: Uint16Array; u32: Uint32Array; f64: Float64Array }
type ColumnTypes = typeof COLUMN_TYPES
type ColumnConstructor = new (
  buffer: SharedArrayBuffer,
  offset: number,
  length: number,
) => ArrayTypes[keyof ArrayTypes]
export type ColumnName = keyof ColumnTypes
export type Columns = Readonly<{ [K in ColumnName]: ArrayTypes[ColumnTypes[K]] }>
type Directory = Readonly<{
  documents: number
  columns: Readonly<Record<string, readonly [offset: number, length: number]>>
}>

/** How many elements each column holds at most. */
export type ColumnLengths = Readonly<Record<ColumnName, number>>

const NAMES = Object.keys(COLUMN_TYPES) as readonly ColumnName[]

function viewColumns(buffer: SharedArrayBuffer, directory: Directory): Columns {
  const columns: Partial<Record<ColumnName, unknown>> = {}
  for (const name of NAMES) {
    const place = directory.columns[name]
    if (place === undefined) {
      throw new Error(`A segment lacks the column ${name}`)
    }
    const Column: ColumnConstructor = ARRAYS[COLUMN_TYPES[name]]
    columns[name] = new Column(buffer, place[0], place[1])
  }
  return columns as Columns
}

/** Reserves room for every column; `seal` writes the directory once the true lengths are known. */
export function allocateColumns(
  documents: number,
  lengths: ColumnLengths,
): Readonly<{
  buffer: SharedArrayBuffer
  columns: Columns
  seal: (used?: Partial<ColumnLengths>) => void
}> {
  let offset = HEADER_BYTES
  const places: Record<string, [number, number]> = {}
  for (const name of NAMES) {
    places[name] = [offset, lengths[name]]
    offset += Math.ceil((lengths[name] * ARRAYS[COLUMN_TYPES[name]].BYTES_PER_ELEMENT) / 8) * 8
  }
  const buffer = new SharedArrayBuffer(offset)
  const columns = viewColumns(buffer, { documents, columns: places })
  const seal = (used: Partial<ColumnLengths> = {}): void => {
    for (const name of NAMES) {
      places[name]![1] = used[name] ?? lengths[name]
    }
    writeHeader(buffer, { documents, columns: places })
  }
  return { buffer, columns, seal }
}

function writeHeader(buffer: SharedArrayBuffer, directory: Directory): void {
  const text = Buffer.from(JSON.stringify(directory))
  if (text.length > HEADER_BYTES - DIRECTORY_OFFSET) {
    throw new Error('A segment directory does not fit its header')
  }
  const header = Buffer.from(buffer, 0, HEADER_BYTES)
  header.write(MAGIC, 0, 'latin1')
  header.writeUInt32LE(SEGMENT_FORMAT, 8)
  header.writeUInt32LE(text.length, 12)
  text.copy(header, DIRECTORY_OFFSET)
}

/** @throws Error when the bytes are no segment of this format. */
export function openColumns(
  buffer: SharedArrayBuffer,
): Readonly<{ documents: number; columns: Columns }> {
  const header = Buffer.from(buffer, 0, Math.min(HEADER_BYTES, buffer.byteLength))
  if (header.length < HEADER_BYTES || header.toString('latin1', 0, 8) !== MAGIC) {
    throw new Error('Not a search segment')
  }
  const format = header.readUInt32LE(8)
  if (format !== SEGMENT_FORMAT) {
    throw new Error(`A search segment of format ${format}; this build reads ${SEGMENT_FORMAT}`)
  }
  const end = DIRECTORY_OFFSET + header.readUInt32LE(12)
  const directory = JSON.parse(header.toString('utf8', DIRECTORY_OFFSET, end)) as Directory
  return { documents: directory.documents, columns: viewColumns(buffer, directory) }
}
