import { catalogProblem } from '#contracts/catalog/problems.ts'
import { type CsvRecord, openCsv } from '../flows/csv-records.ts'
import type { RecordFault } from '../flows/import-groups.ts'
import type { Line } from '../flows/import-lines.ts'
import { decodeEntities } from './html.ts'

/** One item of a feed: its values by attribute, of which some may come several times. */
export type FeedItem = Readonly<{
  row: number
  size: number
  values: ReadonlyMap<string, readonly string[]>
}>

/** An item that has not ended after so much was never meant to be one. */
const ITEM_CHARACTERS_MAX = 2 ** 20

/**
 * Items of a tab-separated feed; the header names attributes.
 * @throws catalog.import_failed if it has no `id`.
 */
export async function* readTextItems(
  lines: AsyncIterable<readonly Line[]>,
): AsyncGenerator<(FeedItem | RecordFault)[]> {
  const { cells, records } = await openCsv(lines)
  const names = cells.map(attributeName)
  if (!names.includes('id'))
    throw catalogProblem('catalog.import_failed', {
      detail: 'This is no feed of Google Merchant: column id is missing',
    })
  const toItem = (record: CsvRecord): FeedItem | RecordFault => {
    if ('fault' in record) return record
    const values = new Map<string, string[]>()
    for (const [place, name] of names.entries()) add(values, name, record.cells[place] ?? '')
    return { row: record.row, size: record.size, values }
  }
  for await (const many of records) yield many.map(toItem)
}

/**
 * Items of an RSS or Atom feed. Reads no more of it at once than one item and one chunk: what lies
 * outside of items is passed over, and a broken item costs itself alone.
 * @throws catalog.import_failed if it is not UTF-8.
 */
export async function* readXmlItems(
  bytes: AsyncIterable<Buffer>,
): AsyncGenerator<(FeedItem | RecordFault)[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  let row = 0
  for await (const chunk of bytes) {
    text += decode(decoder, chunk)
    const items: (FeedItem | RecordFault)[] = []
    for (;;) {
      const start = /<(item|entry)(?=[\s>])/.exec(text)
      if (!start) {
        // Only the beginning of a tag may be kept: nothing else can become an item.
        text = /<[^<>]{0,5}$/.exec(text)?.[0] ?? ''
        break
      }
      const closing = `</${start[1]}>`
      const end = text.indexOf(closing, start.index)
      const isLong = (end < 0 ? text.length : end) - start.index > ITEM_CHARACTERS_MAX
      if (end < 0 && !isLong) break
      row += 1
      if (isLong) {
        items.push({ row, size: 0, fault: 'is longer than 1 MiB, or does not end' })
        text = text.slice(start.index + start[0].length)
        continue
      }
      items.push(readItem(row, text.slice(text.indexOf('>', start.index) + 1, end)))
      text = text.slice(end + closing.length)
    }
    yield items
  }
  if (/<(item|entry)(?=[\s>])/.test(text))
    yield [{ row: row + 1, size: 0, fault: 'does not end: the file is cut off' }]
}

function decode(decoder: TextDecoder, chunk: Buffer): string {
  try {
    return decoder.decode(chunk, { stream: true })
  } catch {
    throw catalogProblem('catalog.import_failed', { detail: 'The feed is not UTF-8' })
  }
}

const TOKEN = /<!\[CDATA\[([\s\S]*?)\]\]>|<!--[\s\S]*?-->|<(\/?)([\w:.-]+)[^<>]*?(\/?)>|([^<]+)|</g

/** Elements right below the item are its attributes; what lies deeper belongs to none. */
function readItem(row: number, xml: string): FeedItem | RecordFault {
  const values = new Map<string, string[]>()
  const open: string[] = []
  let value = ''
  for (const [whole, data, slash, name, selfClosed, text] of xml.matchAll(TOKEN)) {
    if (data !== undefined) value += open.length === 1 ? data : ''
    else if (text !== undefined) value += open.length === 1 ? decodeEntities(text) : ''
    else if (whole.startsWith('<!--') || selfClosed === '/') continue
    else if (name === undefined) return { row, size: 0, fault: 'is not well-formed XML' }
    else if (slash === '') {
      open.push(name)
      if (open.length === 1) value = ''
    } else {
      if (open.pop() !== name)
        return { row, size: 0, fault: `is not well-formed XML: </${name}> closes nothing` }
      if (open.length === 0) add(values, attributeName(name), value)
    }
  }
  if (open.length > 0) return { row, size: 0, fault: `is not well-formed XML: ${open[0]} is open` }
  return { row, size: xml.length, values }
}

function add(values: Map<string, string[]>, name: string, text: string): void {
  const value = text.trim()
  if (value === '') return
  const known = values.get(name)
  if (known) known.push(value)
  else values.set(name, [value])
}

/** `g:image_link`, `Image Link` and `image_link` are one. */
function attributeName(name: string): string {
  return name.trim().toLowerCase().replace(/^g:/, '').replaceAll(' ', '_')
}
