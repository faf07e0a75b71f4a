import { catalogProblem } from '#contracts/catalog/problems.ts'
import type { RecordFault } from './import-groups.ts'
import type { Line } from './import-lines.ts'

/** One record of a CSV file (RFC 4180). `row` counts records from 1, the header not among them. */
export type CsvRow = Readonly<{ row: number; size: number; cells: readonly string[] }>

/** A record, or why it is none. */
export type CsvRecord = CsvRow | RecordFault

type CsvReader = Readonly<{
  /** Records that these lines complete. @param isEnd whether no more lines come. */
  read(lines: readonly Line[], isEnd: boolean): CsvRecord[]
}>

/** A quote that is open for longer than this was never meant to be. */
const RECORD_LINES_MAX = 2_000
const RECORD_CHARACTERS_MAX = 2 ** 20

/**
 * Opens a CSV: its header's cells, and the records below it. The delimiter is the one that the
 * header is divided by: comma, semicolon or tab.
 * @throws catalog.import_failed if the header cannot be read.
 */
export async function openCsv(
  lines: AsyncIterable<readonly Line[]>,
): Promise<Readonly<{ cells: readonly string[]; records: AsyncIterable<readonly CsvRecord[]> }>> {
  const iterator = lines[Symbol.asyncIterator]()
  const start = await iterator.next()
  const [first, ...rest] = start.done ? [] : start.value
  if (first && 'fault' in first) throw unusable(`The header ${first.fault}`)
  const text = (first?.text ?? '').replace(/\r$/, '')
  const delimiter = findDelimiter(text)
  const cells = splitCells(text, delimiter)
  if (!cells) throw unusable('The header has a misplaced quote')
  const reader = createCsvReader(cells.length, delimiter)
  async function* records() {
    yield reader.read(rest, false)
    for await (const many of { [Symbol.asyncIterator]: () => iterator })
      yield reader.read(many, false)
    yield reader.read([], true)
  }
  return { cells, records: records() }
}

function unusable(detail: string) {
  return catalogProblem('catalog.import_failed', { detail })
}

/** The delimiter that the header's line is divided by. */
function findDelimiter(header: string): string {
  const counts = [',', ';', '\t'].map((mark) => [mark, header.split(mark).length] as const)
  return counts.toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? ','
}

/**
 * Reads records of `columns` cells. What breaks a record costs its first line alone: the lines
 * that an open quote would have swallowed are read again as records of their own.
 */
function createCsvReader(columns: number, delimiter: string): CsvReader {
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
