import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { inventoryProblem } from '#contracts/inventory/problems.ts'
import type { UploadResult } from '#contracts/inventory/schemas.ts'
import { isIdOf } from '../../platform/ids.ts'
import type { InventoryApi } from './api.ts'

type Row = Readonly<{ offerId: string; warehouseCode: string; quantity: number }>

const COLUMNS = ['offerId', 'warehouseCode', 'quantity'] as const
/** Written together: one command of `importLevels`. */
const BATCH = 5_000
const ERRORS_TOLD = 1_000
const LINE_LENGTH = 10_000
const MOST = 100_000_000

/**
 * Sets levels from a file as it comes in: CSV with a header, or a JSON object a line. What is wrong
 * with a row is told by its number (1 is the first one after the header) and costs that row alone.
 * @param key the command's key: the same file again changes nothing.
 * @throws inventory.unreadable_upload if the header lacks a column, or there is none.
 */
export async function uploadLevels(
  { importLevels, warehouses }: Pick<InventoryApi, 'importLevels' | 'warehouses'>,
  { key, bytes }: Readonly<{ key: string; bytes: AsyncIterable<Uint8Array> }>,
): Promise<UploadResult> {
  const codes = new Set(
    (await warehouses()).filter(({ isActive }) => isActive).map(({ code }) => code),
  )
  const tally = { rows: 0, written: 0, short: 0, errorCount: 0 }
  const errors: UploadResult['errors'] = []
  let batch: Row[] = []
  const flush = async () => {
    if (batch.length === 0) return
    const { short = [] } = await importLevels({ key, levels: batch })
    tally.written += batch.length
    tally.short += short.length
    batch = []
  }
  for await (const read of readRows(bytes)) {
    tally.rows += 1
    const fault = typeof read === 'string' ? read : faultOf(read, codes)
    if (fault === undefined) {
      batch.push(read as Row)
      if (batch.length === BATCH) await flush()
      continue
    }
    tally.errorCount += 1
    if (errors.length < ERRORS_TOLD) errors.push({ row: tally.rows, message: fault })
  }
  await flush()
  return { ...tally, errors }
}

/** What is wrong with a row, if anything is. */
function faultOf(row: Partial<Record<keyof Row, unknown>>, codes: ReadonlySet<string>) {
  const { offerId, warehouseCode, quantity } = row
  if (typeof offerId !== 'string' || !isIdOf('off', offerId)) return 'offerId is no id of an offer'
  if (typeof warehouseCode !== 'string' || !codes.has(warehouseCode))
    return `there is no warehouse ${String(warehouseCode).slice(0, 40)}`
  const isQuantity = typeof quantity === 'number' && Number.isSafeInteger(quantity)
  if (!isQuantity || quantity < 0 || quantity > MOST) {
    return `quantity is not a whole number from 0 to ${MOST}`
  }
  return undefined
}

/** Rows as they are read, or what is wrong with them. */
async function* readRows(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Partial<Record<keyof Row, unknown>> | string> {
  const lines = createInterface({ input: Readable.from(bytes), crlfDelay: Infinity })
  let toRow: ((line: string) => Partial<Record<keyof Row, unknown>> | string) | undefined
  for await (const raw of lines) {
    const line = toRow ? raw : raw.replace(/^\uFEFF/, '')
    if (line.trim() === '') continue
    if (line.length > LINE_LENGTH) {
      if (!toRow) throw unreadable('The first line is far too long')
      yield 'the line is far too long'
    } else if (toRow) yield toRow(line)
    else if (line.startsWith('{')) {
      toRow = fromJson
      yield toRow(line)
    } else toRow = fromCsv(line)
  }
  if (!toRow) throw unreadable('The file is empty')
}

function fromJson(line: string): Partial<Record<keyof Row, unknown>> | string {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? value : 'is no JSON object'
  } catch {
    return 'is no JSON'
  }
}

/** Reads lines as the header says; cells of these columns hold no delimiters, quoted or not. */
function fromCsv(header: string) {
  const delimiter = [',', ';', '\t'].find((mark) => header.includes(mark)) ?? ','
  const cellsOf = (line: string) =>
    line.split(delimiter).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
  const names = cellsOf(header).map((name) => name.toLowerCase().replaceAll(/[_ ]/g, ''))
  const places = COLUMNS.map((column) => names.indexOf(column.toLowerCase()))
  const missing = COLUMNS.filter((_, nth) => places[nth] === -1)
  if (missing.length > 0) throw unreadable(`The header lacks ${missing.join(', ')}`)
  return (line: string) => {
    const cells = cellsOf(line)
    if (cells.length !== names.length) return `has ${cells.length} cells, not ${names.length}`
    const [offerId, warehouseCode, quantity = ''] = places.map((place) => cells[place])
    return {
      offerId,
      warehouseCode,
      quantity: /^\d{1,15}$/.test(quantity) ? Number(quantity) : NaN,
    }
  }
}

function unreadable(detail: string) {
  return inventoryProblem('inventory.unreadable_upload', { detail })
}
