import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type CopyStreamQuery, from as copyFrom } from 'pg-copy-streams'
import type { Tx } from './statement.ts'

export type CopyValue = string | number | boolean | null | undefined

/** Characters handed over at once. */
const CHUNK_LENGTH = 256 * 1024

/**
 * Copies rows into a table in the open transaction: the quickest way in for many.
 * @param target such as `staged_offers (id, sku)`; from this program alone, never from outside.
 */
export async function copyRows(
  tx: Tx,
  target: string,
  rows: Iterable<readonly CopyValue[]>,
): Promise<void> {
  // The driver takes a stream where it takes a query, and gives it back.
  const query = copyFrom(`copy ${target} from stdin`) as unknown as { text: string }
  const stream = tx.query(query) as unknown as CopyStreamQuery
  await pipeline(Readable.from(chunks(rows)), stream)
}

function* chunks(rows: Iterable<readonly CopyValue[]>): Generator<string> {
  let chunk = ''
  for (const row of rows) {
    chunk += copyLine(row)
    if (chunk.length < CHUNK_LENGTH) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
}

/** One row in COPY's text format. */
export function copyLine(row: readonly CopyValue[]): string {
  let line = copyCell(row[0])
  for (let place = 1; place < row.length; place += 1) line += `\t${copyCell(row[place])}`
  return `${line}\n`
}

function copyCell(value: CopyValue): string {
  if (value === null || value === undefined) return '\\N'
  if (typeof value !== 'string') return String(value)
  return /[\\\t\n\r]/.test(value)
    ? value.replace(/[\\\t\n\r]/g, (letter) => ESCAPES[letter] as string)
    : value
}
