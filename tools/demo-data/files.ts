import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'

export type CsvRow = Readonly<Record<string, string>>

/** Text of a gzip file under the source folder. */
export function readText(source: string, path: string): string {
  return gunzipSync(readFileSync(join(source, path))).toString('utf8')
}

export function readCsv(source: string, path: string): readonly CsvRow[] {
  const options = { columns: true, bom: true, skip_empty_lines: true } as const
  return parse(readText(source, path), options) as CsvRow[]
}

export function readJsonLines<T>(source: string, path: string): readonly T[] {
  const lines = readText(source, path).split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as T)
}

/**
 * Gzip whose bytes depend on the content alone: Node writes no name and no time into the header.
 */
export function compress(text: string): Buffer {
  const packed = gzipSync(text, { level: 9 })
  packed.writeUInt32LE(0, 4)
  packed.writeUInt8(255, 9)
  return packed
}

/**
 * Writes `text` under the output folder, compressed when the name ends in `.gz`; returns the size
 * in bytes.
 */
export function writeOutput(out: string, path: string, text: string): number {
  const target = join(out, path)
  mkdirSync(dirname(target), { recursive: true })
  const bytes = path.endsWith('.gz') ? compress(text) : Buffer.from(text)
  writeFileSync(target, bytes)
  return bytes.length
}

export function toJsonLines(rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
}

/** One RFC 4180 table with a header; fields are quoted only where they must be. */
export function toCsv(columns: readonly string[], rows: readonly CsvRow[]): string {
  const quote = (value: string) =>
    /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
  const lines = rows.map((row) => columns.map((column) => quote(row[column] ?? '')).join(','))
  return `${[columns.join(','), ...lines].join('\n')}\n`
}
