export type CopyValue = string | number | boolean | null | undefined

/** Takes a table's rows cell by cell: no list or object is made for one of them. */
export type CopyCells = Readonly<{
  cell(value: CopyValue): void
  /** A cell of letters that are surely plain, such as an id of ours: nobody looks at them. */
  word(text: string): void
  /** After the last cell of each row. */
  endRow(): void
}>

const CHUNK_BYTES = 128 * 1024
const HEADER_BYTES = 5
const COPY_DATA = 0x64
const COPY_DONE = 0x63

const TAB = 9
const NEWLINE = 10
const RETURN = 13
const ZERO = 48
const BACKSLASH = 92
const LETTER_N = 78
const LETTER_F = 102
const LETTER_T = 116

/** Longer texts are cheaper to hand to the runtime than to copy letter by letter. */
const SHORT = 16

/** What the runtime's `write` calls in the end, without its look at encodings and lengths. */
type QuickBuffer = Buffer &
  Readonly<{
    utf8Write(text: string, at: number): number
    latin1Write(text: string, at: number): number
  }>

const createChunk = (bytes: number) => Buffer.allocUnsafeSlow(bytes) as QuickBuffer

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
}

/**
 * Writes rows in COPY's text format straight into messages of PostgreSQL's protocol. Millions of
 * cells pass here: nothing is made for one of them.
 */
export function createCopyWriter() {
  const full: Buffer[] = []
  let chunk = createChunk(CHUNK_BYTES)
  /** Where the open message begins, and where the next byte is written. */
  let start = 0
  let end = 0
  let isEmpty = true

  function nextChunk(bytes: number): void {
    full.push(chunk.subarray(0, end))
    chunk = createChunk(Math.max(CHUNK_BYTES, bytes))
    end = 0
  }

  function openMessage(): void {
    start = end
    chunk[start] = COPY_DATA
    end += HEADER_BYTES
  }

  /** The open message gets its length, which counts itself and not the message's letter. */
  function closeMessage(): void {
    chunk.writeUInt32BE(end - start - 1, start + 1)
  }

  /** Makes room, for the message that ends the table too. A message may end anywhere in a row. */
  function take(bytes: number): void {
    if (chunk.length - end >= bytes + HEADER_BYTES) return
    closeMessage()
    nextChunk(bytes + 2 * HEADER_BYTES)
    openMessage()
  }

  /** @returns whether it could: the text is plain letters alone. */
  function writeShort(text: string): boolean {
    const { length } = text
    take(length + 1)
    for (let place = 0; place < length; place += 1) {
      const code = text.charCodeAt(place)
      if (code > 127 || code === BACKSLASH || (code <= RETURN && code >= TAB)) return false
      chunk[end + place] = code
    }
    end += length
    return true
  }

  /** Written as it is, then looked at: bytes are quicker to go through than letters. */
  function writeLong(text: string): boolean {
    take(text.length * 3 + 1)
    const after = end + chunk.utf8Write(text, end)
    for (let place = end; place < after; place += 1) {
      const byte = chunk[place] as number
      if (byte <= RETURN || byte === BACKSLASH) return false
    }
    end = after
    return true
  }

  function writeEscaped(text: string): void {
    const escaped = text.replace(/[\\\t\n\r]/g, (letter) => ESCAPES[letter] as string)
    take(escaped.length * 3 + 1)
    end += chunk.utf8Write(escaped, end)
  }

  function writeText(text: string): void {
    const isWritten = text.length > SHORT ? writeLong(text) : writeShort(text)
    if (!isWritten) writeEscaped(text)
  }

  /** Whole numbers up to nine digits, which nearly all are, need not become text. */
  function writeNumber(value: number): void {
    if (!(value >= 0 && value < 1e9 && Number.isInteger(value))) {
      writeText(String(value))
      return
    }
    take(11)
    let digits = 1
    for (let bound = 10; value >= bound; bound *= 10) digits += 1
    let rest = value
    for (let place = end + digits - 1; place >= end; place -= 1) {
      const next = Math.floor(rest / 10)
      chunk[place] = ZERO + rest - next * 10
      rest = next
    }
    end += digits
  }

  function word(text: string): void {
    take(text.length + 1)
    end += chunk.latin1Write(text, end)
    chunk[end] = TAB
    end += 1
  }

  function cell(value: CopyValue): void {
    if (value === null || value === undefined) {
      take(3)
      chunk[end] = BACKSLASH
      chunk[end + 1] = LETTER_N
      end += 2
    } else if (typeof value === 'boolean') {
      take(2)
      chunk[end] = value ? LETTER_T : LETTER_F
      end += 1
    } else if (typeof value === 'number') writeNumber(value)
    else writeText(value)
    chunk[end] = TAB
    end += 1
  }

  /** What would part the row's last cell from another ends the row. */
  function endRow(): void {
    chunk[end - 1] = NEWLINE
    isEmpty = false
  }

  const cells: CopyCells = { cell, word, endRow }
  return {
    /** All rows of one table. @returns whether there was any; without one nothing is written. */
    table(write: (to: CopyCells) => void): boolean {
      if (chunk.length - end < 2 * HEADER_BYTES) nextChunk(CHUNK_BYTES)
      const before = end
      openMessage()
      isEmpty = true
      write(cells)
      if (isEmpty) {
        end = before
        return false
      }
      closeMessage()
      chunk[end] = COPY_DONE
      chunk.writeUInt32BE(HEADER_BYTES - 1, end + 1)
      end += HEADER_BYTES
      return true
    },
    /** The messages written so far. */
    close(): Buffer[] {
      return [...full, chunk.subarray(0, end)]
    },
  }
}
