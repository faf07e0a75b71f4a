import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** What the file is read from: its path, or its bytes. */
export type ImportSource = Readonly<{ file: string } | { stream: AsyncIterable<Uint8Array> }>

/** One line without its line feed (a carriage return stays), or why it cannot be read. */
export type Line = Readonly<{ text: string } | { fault: string }>

/** Longer lines are refused, and passed over without being kept. */
const MAX_LINE_BYTES = 8 * 2 ** 20

const NEWLINE = 10
const GZIP = [0x1f, 0x8b]

/** Opens a file or stream; gzip is seen by its first bytes. @param onBytes told what was read. */
export async function openBytes(
  source: ImportSource,
  onBytes: (count: number) => void,
): Promise<AsyncIterable<Buffer>> {
  const [head, bytes] =
    'file' in source
      ? [await readHead(source.file), createReadStream(source.file, { highWaterMark: 256 * 1024 })]
      : await peek(source.stream)
  const counted = Readable.from(count(bytes, onBytes), { objectMode: false })
  if (head[0] !== GZIP[0] || head[1] !== GZIP[1]) return counted
  const gunzip = createGunzip({ chunkSize: 256 * 1024 })
  counted.on('error', (error) => gunzip.destroy(error))
  return counted.pipe(gunzip)
}

async function* count(
  bytes: AsyncIterable<Uint8Array>,
  onBytes: (count: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    onBytes(chunk.length)
    yield chunk
  }
}

async function readHead(file: string): Promise<Uint8Array> {
  const handle = await open(file)
  try {
    return (await handle.read({ buffer: Buffer.alloc(2), length: 2 })).buffer
  } finally {
    await handle.close()
  }
}

async function peek(
  stream: AsyncIterable<Uint8Array>,
): Promise<[Uint8Array, AsyncIterable<Uint8Array>]> {
  const iterator = stream[Symbol.asyncIterator]()
  const first = await iterator.next()
  const head: Uint8Array = first.done ? new Uint8Array() : first.value
  async function* whole(): AsyncGenerator<Uint8Array> {
    if (first.done) return
    yield head
    yield* { [Symbol.asyncIterator]: () => iterator }
  }
  return [head, whole()]
}

/**
 * Splits bytes into lines, many at a time. Never holds more than one line of `MAX_LINE_BYTES` and
 * one chunk.
 * @param skip as many lines at the beginning are passed over without being read
 */
export async function* readLines(bytes: AsyncIterable<Buffer>, skip = 0): AsyncGenerator<Line[]> {
  let held: Buffer[] = []
  let heldBytes = 0
  let first = skip === 0
  let left = skip
  const take = (last: Buffer): Line => {
    const tooLong = heldBytes + last.length > MAX_LINE_BYTES
    const line = held.length === 0 ? last : Buffer.concat([...held, last])
    held = []
    heldBytes = 0
    const withoutMark = first && line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf
    first = false
    if (tooLong) return { fault: `is longer than ${MAX_LINE_BYTES / 2 ** 20} MiB` }
    return decode(withoutMark ? line.subarray(3) : line)
  }
  for await (const chunk of bytes) {
    const lines: Line[] = []
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      if (left > 0) left -= 1
      else lines.push(take(chunk.subarray(from, end)))
      from = end + 1
    }
    if (left > 0) continue
    const rest = chunk.subarray(from)
    heldBytes += rest.length
    // Of a line that is too long only its length is kept.
    if (heldBytes > MAX_LINE_BYTES) held = []
    else if (rest.length > 0) held.push(Buffer.from(rest))
    if (lines.length > 0) yield lines
  }
  if (heldBytes > 0) yield [take(Buffer.alloc(0))]
}

function decode(bytes: Buffer): Line {
  if (!isUtf8(bytes)) return { fault: 'is not UTF-8' }
  const text = bytes.toString('utf8')
  return text.includes('\0') ? { fault: 'has a NUL character; is it UTF-16?' } : { text }
}
