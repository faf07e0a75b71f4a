import { createLiveColumns, deriveLive, type LiveColumns, marketOf } from '../segment/live.ts'

type Head = Readonly<{ format: number; documents: number; markets: readonly string[] }>

const FORMAT = 1
const HEAD_BYTES = 8

/** The columns in a fixed order, each with the bytes it takes. */
function columnsOf(live: LiveColumns, markets: readonly string[]): ArrayBufferView[] {
  return [
    live.deleted,
    live.flags,
    live.rating,
    live.reviewCount,
    live.popularity,
    live.prior,
    ...markets.flatMap((key) => {
      const { price, bucket, flags } = marketOf(live, key)
      return [price, bucket, flags]
    }),
  ]
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}

/** The parts of a file that holds a segment's changeable columns. */
export function encodeLive(live: LiveColumns): Uint8Array[] {
  const markets = [...live.markets.keys()]
  const head: Head = { format: FORMAT, documents: live.documents, markets }
  const text = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(HEAD_BYTES)
  length.writeUInt32LE(text.length)
  return [length, text, ...columnsOf(live, markets).map(bytesOf)]
}

/** @throws Error when the bytes are of another format */
export function decodeLive(buffer: SharedArrayBuffer): LiveColumns {
  const length = Buffer.from(buffer, 0, HEAD_BYTES).readUInt32LE()
  const head = JSON.parse(Buffer.from(buffer, HEAD_BYTES, length).toString('utf8')) as Head
  if (head.format !== FORMAT) {
    throw new Error(`Search columns of format ${head.format}; this build reads ${FORMAT}`)
  }
  const live = createLiveColumns(head.documents)
  let at = HEAD_BYTES + length
  for (const column of columnsOf(live, head.markets)) {
    bytesOf(column).set(new Uint8Array(buffer, at, column.byteLength))
    at += column.byteLength
  }
  deriveLive(live)
  return live
}
