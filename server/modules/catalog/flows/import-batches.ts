import type { ImportRowError } from '#contracts/catalog/import.ts'
import { readCsvRows } from './import-csv.ts'
import { readLines } from './import-lines.ts'
import {
  type ImportEntry,
  type ImportRow,
  type ImportWorld,
  isEntry,
  readJsonRow,
} from './import-rows.ts'

/** Rows that are written together. */
export type ImportBatch = Readonly<{
  entries: readonly ImportEntry[]
  errors: readonly ImportRowError[]
  /** The file is done up to here once this batch is. */
  lastRow: number
  /** Refs and SKUs that the rows speak of. */
  names: ReadonlySet<string>
}>

const BATCH_ROWS = 500
/** Bounds the memory of a batch whatever its rows weigh. */
const BATCH_CHARACTERS = 2 * 2 ** 20

/** Batches of a file's rows after `after`. Rows that speak of one record never share a batch. */
export async function* readBatches(
  bytes: AsyncIterable<Buffer>,
  format: 'jsonl' | 'csv',
  world: ImportWorld,
  after: number,
): AsyncGenerator<ImportBatch> {
  const lines = readLines(bytes)
  const rows =
    format === 'csv' ? readCsvRows(lines, world, after) : readJsonRows(lines, world, after)
  let batch = createBatch()
  for await (const many of rows) {
    for (const row of many) {
      const names = isEntry(row) ? namesOf(row) : []
      if (batch.isFull() || batch.speaksOf(names)) {
        yield batch.close()
        batch = createBatch()
      }
      batch.add(row, names)
    }
  }
  if (!batch.isEmpty()) yield batch.close()
}

async function* readJsonRows(
  lines: AsyncIterable<readonly (Readonly<{ text: string }> | Readonly<{ fault: string }>)[]>,
  world: ImportWorld,
  after: number,
): AsyncGenerator<ImportRow[]> {
  let row = 0
  for await (const many of lines) {
    const rows: ImportRow[] = []
    for (const line of many) {
      row += 1
      if (row <= after) continue
      if ('fault' in line) rows.push({ row, errors: [{ row, field: '', message: line.fault }] })
      else if (line.text.trim() !== '') rows.push(readJsonRow(row, line.text, world))
    }
    yield rows
  }
}

/** The ref and the SKUs that a row speaks of. */
function namesOf({ product }: ImportEntry): string[] {
  const names = [`ref ${product.ref}`]
  for (const { offers } of product.variants) {
    for (const { seller, sku } of offers) names.push(`sku ${seller}\n${sku}`)
  }
  return names
}

function createBatch() {
  const entries: ImportEntry[] = []
  const errors: ImportRowError[] = []
  const names = new Set<string>()
  let lastRow = 0
  let characters = 0
  return {
    isEmpty: () => entries.length + errors.length === 0,
    isFull: () => entries.length + errors.length >= BATCH_ROWS || characters >= BATCH_CHARACTERS,
    speaksOf: (own: readonly string[]) => own.some((name) => names.has(name)),
    add(row: ImportRow, own: readonly string[]) {
      lastRow = row.lastRow ?? row.row
      if (!isEntry(row)) return void errors.push(...row.errors)
      entries.push(row)
      characters += row.size
      for (const name of own) names.add(name)
    },
    close: (): ImportBatch => ({ entries, errors, lastRow, names }),
  }
}
