import {
  closeSync,
  createReadStream,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs'
import type { Readable } from 'node:stream'
import type { Log } from './log.ts'

const RETRY_MS = 250
const READ_BYTES = 1 << 20
const NEWLINE = 0x0a

/**
 * The bank's own record: one line a change, only ever appended. A change is told to nobody before
 * its line is on the disk; lines that arrive while the last flush runs share the next one.
 */
export type Journal = Readonly<{
  /** Resolves once the line, and every line before it, is on the disk. */
  append: (line: string, reference: string | undefined) => Promise<void>
  /** Resolves once all that was appended so far is on the disk. */
  settled: () => Promise<void>
  /** Lines that could not be written wait; while they do, new work is refused. */
  isFailing: () => boolean
  linesOf: (reference: string) => string[]
  stream: () => Readable
  close: () => Promise<void>
}>

type Batch = { lines: string[]; done: Promise<void>; resolve: () => void }
type Span = Readonly<{ offset: number; length: number }>

function openBatch(): Batch {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { lines: [], done: promise, resolve }
}

/**
 * Gives every whole line of the file to `onLine`, and cuts off a last line without its end: a
 * process killed in the middle of a write had not yet answered for it.
 */
function reload(fd: number, onLine: (line: string, span: Span) => void): number {
  const chunk = Buffer.allocUnsafe(READ_BYTES)
  let rest: Buffer = Buffer.alloc(0)
  let offset = 0
  for (let position = 0; ; ) {
    const count = readSync(fd, chunk, 0, READ_BYTES, position)
    if (count === 0) break
    position += count
    const block = Buffer.concat([rest, chunk.subarray(0, count)])
    let start = 0
    for (let end = block.indexOf(NEWLINE); end >= 0; end = block.indexOf(NEWLINE, start)) {
      const length = end - start
      onLine(block.toString('utf8', start, end), { offset: offset + start, length })
      start = end + 1
    }
    offset += start
    rest = block.subarray(start)
  }
  if (rest.length > 0) {
    ftruncateSync(fd, offset)
    fdatasyncSync(fd)
  }
  return offset
}

type Write = (fd: number, bytes: Buffer, offset: number) => number

type Flusher = Readonly<{
  add: (line: string) => Promise<void>
  settled: () => Promise<void>
  isFailing: () => boolean
  writtenBytes: () => number
  close: () => Promise<void>
}>

/** One flush at a time; what arrives meanwhile goes into the next. */
function createFlusher(options: Readonly<{ fd: number; log: Log; write: Write }>): Flusher {
  const { fd, log, write } = options
  let writtenBytes = fstatSync(fd).size
  let pending = openBatch()
  let flushing: Promise<void> = Promise.resolve()
  let isScheduled = false
  let failing = false
  let closing = false

  function cutBack(): void {
    try {
      ftruncateSync(fd, writtenBytes)
    } catch (error) {
      log.error('the journal cannot be cut back', error)
    }
  }

  async function flush(batch: Batch): Promise<void> {
    const bytes = Buffer.from(batch.lines.join(''), 'utf8')
    for (;;) {
      try {
        for (let done = 0; done < bytes.length; ) done += write(fd, bytes, done)
        await sync(fd)
        writtenBytes += bytes.length
        failing = false
        return batch.resolve()
      } catch (error) {
        // A full disk may have taken half a line: back to the last good end, and again.
        if (!failing) log.error('the journal cannot be written', error)
        failing = true
        cutBack()
        if (closing) return
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
  }

  function schedule(): void {
    if (isScheduled) return
    isScheduled = true
    // A turn of the event loop first: requests read in the same turn share the write.
    flushing = flushing.then(nextTurn).then(() => {
      isScheduled = false
      const batch = pending
      pending = openBatch()
      return flush(batch)
    })
  }

  return {
    add(line) {
      pending.lines.push(line, '\n')
      schedule()
      return pending.done
    },
    settled: () => flushing,
    isFailing: () => failing,
    writtenBytes: () => writtenBytes,
    close() {
      closing = true
      return flushing
    },
  }
}

export function openJournal(
  options: Readonly<{
    file: string
    log: Log
    /** Called for each line that an earlier process left; answers the reference it belongs to. */
    onLine: (line: string) => string | undefined
    /** Takes some of the bytes from `offset` on and answers how many; a test's disk may be full. */
    write?: Write
  }>,
): Journal {
  const { file, log, write = writeSync } = options
  const fd = openSync(file, 'a+', 0o600)
  const index = new Map<string, Span[]>()

  function remember(reference: string | undefined, span: Span): void {
    if (reference === undefined) return
    const spans = index.get(reference)
    if (spans === undefined) index.set(reference, [span])
    else spans.push(span)
  }

  let nextOffset = reload(fd, (line, span) => remember(options.onLine(line), span))
  const flusher = createFlusher({ fd, log, write })
  return {
    append(line, reference) {
      const length = Buffer.byteLength(line)
      remember(reference, { offset: nextOffset, length })
      nextOffset += length + 1
      return flusher.add(line)
    },
    settled: flusher.settled,
    isFailing: flusher.isFailing,
    linesOf(reference) {
      const end = flusher.writtenBytes()
      const spans = (index.get(reference) ?? []).filter((span) => span.offset < end)
      return spans.map(({ offset, length }) => {
        const bytes = Buffer.allocUnsafe(length)
        readSync(fd, bytes, 0, length, offset)
        return bytes.toString('utf8')
      })
    },
    stream: () => createReadStream(file, { end: Math.max(flusher.writtenBytes() - 1, 0) }),
    async close() {
      await flusher.close()
      closeSync(fd)
    },
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function sync(fd: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fdatasync(fd, (error) => (error === null ? resolve() : reject(error)))
  })
}
