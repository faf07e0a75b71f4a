import type { ImportRowError } from '#contracts/catalog/import.ts'
import { readMerchantRows } from '../foreign/google-merchant.ts'
import type { ForeignSettings } from '../foreign/settings.ts'
import { readShopifyRows } from '../foreign/shopify.ts'
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
  /** Refs, SKUs and slugs that the rows speak of. */
  names: ReadonlySet<string>
}>

const BATCH_ROWS = 1_000
/** Bounds the memory of a batch whatever its rows weigh. */
const BATCH_CHARACTERS = 2 * 2 ** 20

/** What a file is; files of other shops need settings besides. */
export type ImportFormat =
  | Readonly<{ format: 'jsonl' | 'csv' }>
  | Readonly<{ format: 'shopify' | 'google-merchant'; settings: ForeignSettings }>

/** Batches of a file's rows after `after`. Rows that speak of one record never share a batch. */
export async function* readBatches(
  bytes: AsyncIterable<Buffer>,
  format: ImportFormat,
  world: ImportWorld,
  after: number,
): AsyncGenerator<ImportBatch> {
  const rows = readRows(bytes, format, world, after)
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

function readRows(
  bytes: AsyncIterable<Buffer>,
  format: ImportFormat,
  world: ImportWorld,
  after: number,
): AsyncIterable<readonly ImportRow[]> {
  switch (format.format) {
    case 'jsonl':
      return readJsonRows(readLines(bytes, after), world, after)
    case 'csv':
      return readCsvRows(readLines(bytes), world, after)
    case 'shopify':
      return readShopifyRows(readLines(bytes), { world, after, settings: format.settings })
    case 'google-merchant':
      return readMerchantRows(bytes, { world, after, settings: format.settings })
  }
}

/** @param lines those after row `after` */
async function* readJsonRows(
  lines: AsyncIterable<readonly (Readonly<{ text: string }> | Readonly<{ fault: string }>)[]>,
  world: ImportWorld,
  after: number,
): AsyncGenerator<ImportRow[]> {
  let row = after
  for await (const many of lines) {
    const rows: ImportRow[] = []
    for (const line of many) {
      row += 1
      if ('fault' in line) rows.push({ row, errors: [{ row, field: '', message: line.fault }] })
      else if (line.text.trim() !== '') rows.push(readJsonRow(row, line.text, world))
    }
    yield rows
  }
}

/** The ref, SKUs and slugs that a row speaks of. */
function namesOf({ product }: ImportEntry): string[] {
  const names = [`ref ${product.ref}`]
  if (product.slug !== undefined) names.push(`slug ${product.slug}`)
  for (const slug of product.pastSlugs ?? []) names.push(`slug ${slug}`)
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
      errors.push(...(row.faults ?? []))
      characters += row.size
      for (const name of own) names.add(name)
    },
    close: (): ImportBatch => ({ entries, errors, lastRow, names }),
  }
}
