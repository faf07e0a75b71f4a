import type { Line } from './import-lines.ts'

/** One record of a CSV file (RFC 4180), or why it is none. `row` counts records from 1. */
export type CsvRecord = Readonly<{ row: number; size: number }> &
  Readonly<{ cells: readonly string[] } | { fault: string }>

export type CsvReader = Readonly<{
  /** Records that these lines complete. @param isEnd whether no more lines come. */
  read(lines: readonly Line[], isEnd: boolean): CsvRecord[]
}>

/** A quote that is open for longer than this was never meant to be. */
const RECORD_LINES_MAX = 2_000
const RECORD_CHARACTERS_MAX = 2 ** 20

/**
 * Reads records of `columns` cells. What breaks a record costs its first line alone: the lines
 * that an open quote would have swallowed are read again as records of their own.
 */
export function createCsvReader(columns: number, delimiter: string): CsvReader {
  let pending: Line[] = []
  let row = 0

  function read(lines: readonly Line[], isEnd: boolean): CsvRecord[] {
    const queue = pending.length > 0 ? [...pending, ...lines] : lines
    const records: CsvRecord[] = []
    let from = 0
    while (from < queue.length) {
      const extent = measure(queue, from, isEnd)
      if (extent === 'incomplete') break
      row += 1
      if (typeof extent === 'string') {
        records.push({ row, size: 0, fault: extent })
        from += 1
        continue
      }
      const cells = extent.text === '' ? [] : splitCells(extent.text, delimiter)
      const fault = cells === undefined ? 'has a quote in the wrong place' : countFault(cells)
      if (cells && !fault) {
        if (cells.length > 0) records.push({ row, size: extent.text.length, cells })
        from = extent.end
      } else {
        records.push({ row, size: 0, fault: fault ?? '' })
        from += 1
      }
    }
    pending = queue.slice(from)
    return records
  }

  function countFault(cells: readonly string[]): string | undefined {
    if (cells.length === columns || cells.length === 0) return undefined
    return `has ${cells.length} cells where the header has ${columns}`
  }

  return { read }
}

/** The lines of the record that begins at `from`; or why it is none. */
function measure(
  queue: readonly Line[],
  from: number,
  isEnd: boolean,
): string | Readonly<{ text: string; end: number }> {
  let text = ''
  let isOpen = false
  for (let end = from; end < queue.length; end += 1) {
    const line = queue[end] as Line
    if ('fault' in line) return end === from ? line.fault : NOT_CLOSED
    if (end - from > RECORD_LINES_MAX || text.length > RECORD_CHARACTERS_MAX) return NOT_CLOSED
    text = end === from ? line.text : `${text}\n${line.text}`
    if (hasOddQuotes(line.text)) isOpen = !isOpen
    // Within a quote a carriage return belongs to the cell; here it ends the record.
    if (!isOpen) return { text: text.replace(/\r$/, ''), end: end + 1 }
  }
  return isEnd ? NOT_CLOSED : 'incomplete'
}

const NOT_CLOSED = 'has a quote that is not closed'

function hasOddQuotes(text: string): boolean {
  let odd = false
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) odd = !odd
  return odd
}

/** @returns undefined if a quote stands where none may. */
export function splitCells(text: string, delimiter: string): string[] | undefined {
  if (!text.includes('"')) return text.split(delimiter)
  const cells: string[] = []
  let at = 0
  for (;;) {
    if (text[at] === '"') {
      const end = closingQuote(text, at)
      if (end < 0) return undefined
      cells.push(text.slice(at + 1, end).replaceAll('""', '"'))
      at = end + 1
      if (at < text.length && text[at] !== delimiter) return undefined
    } else {
      const next = text.indexOf(delimiter, at)
      const end = next < 0 ? text.length : next
      const cell = text.slice(at, end)
      if (cell.includes('"')) return undefined
      cells.push(cell)
      at = end
    }
    if (at >= text.length) return cells
    at += 1
    if (at === text.length) return [...cells, '']
  }
}

function closingQuote(text: string, opening: number): number {
  for (let at = text.indexOf('"', opening + 1); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at
  }
  return -1
}
