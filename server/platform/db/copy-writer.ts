export type CopyValue = string | number | boolean | null | undefined

/** Takes a table's rows cell by cell: no list or object is made for one of them. */
export type CopyCells = Readonly<{
  cell(value: CopyValue): void
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
const BACKSLASH = 92
const LETTER_N = 78
const LETTER_F = 102
const LETTER_T = 116

/** Longer texts are cheaper to hand to the runtime than to copy letter by letter. */
const SHORT = 48

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
  let chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES)
  /** Where the open message begins, and where the next byte is written. */
  let start = 0
  let end = 0
  let isEmpty = true

  function nextChunk(bytes: number): void {
    full.push(chunk.subarray(0, end))
    chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, bytes))
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

  /** @returns whether it could: the text is short, and plain letters alone. */
  function writePlain(text: string): boolean {
    const { length } = text
    if (length > SHORT) return false
    take(length + 1)
    for (let place = 0; place < length; place += 1) {
      const code = text.charCodeAt(place)
      if (code > 127 || code === BACKSLASH || (code <= RETURN && code >= TAB)) return false
      chunk[end + place] = code
    }
    end += length
    return true
  }

  function writeAny(text: string): void {
    const escaped = /[\\\t\n\r]/.test(text)
      ? text.replace(/[\\\t\n\r]/g, (letter) => ESCAPES[letter] as string)
      : text
    take(escaped.length * 3 + 1)
    end += chunk.write(escaped, end)
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
    } else {
      const text = typeof value === 'string' ? value : String(value)
      if (!writePlain(text)) writeAny(text)
    }
    chunk[end] = TAB
    end += 1
  }

  /** What would part the row's last cell from another ends the row. */
  function endRow(): void {
    chunk[end - 1] = NEWLINE
    isEmpty = false
  }

  const cells: CopyCells = { cell, endRow }
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
