import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { ImportProduct } from '#contracts/catalog/import.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { only } from '../../../platform/db/statement.ts'
import { csvHeader, csvRows } from './export-csv.ts'
import { countExport, listForExport, toImportRows } from './export-rows.ts'
import type { ImporterDeps } from './import-deps.ts'
import { listSellerIds } from './import-directory.ts'

export type ExportOptions = Readonly<{
  format: 'jsonl' | 'csv'
  /** Code of the seller whose products are wanted; all if not given. */
  seller?: string
  /** Refs looked at, of how many there are. */
  onProgress?: (done: number, total: number) => void
}>

export type ExportDeps = Pick<ImporterDeps, 'db' | 'inventory'>

/** Products of a page: one round trip for them, one for their stock. */
const PAGE_PRODUCTS = 250

/**
 * The catalogue as text in the import's formats, a page at a time, in the order of the refs. The
 * same catalogue gives the same text. The next page is read while the last one is taken.
 * @throws not_found if there is no such seller.
 */
async function* exportText(
  deps: ExportDeps,
  { format, seller, onProgress }: ExportOptions,
): AsyncGenerator<Readonly<{ text: string; products: number }>> {
  const sellerId = seller === undefined ? null : await findSeller(deps, seller)
  const warehouses = format === 'csv' ? await warehouseCodes(deps) : []
  const total = only(await countExport(deps.db)).products
  if (format === 'csv') yield { text: csvHeader(warehouses), products: 0 }
  const print = (row: ImportProduct) =>
    format === 'csv' ? csvRows(row, warehouses) : `${JSON.stringify(row)}\n`
  let done = 0
  let next = readPage(deps, '', sellerId)
  for (;;) {
    const page = await next
    if (page.lastRef === undefined) return
    next = readPage(deps, page.lastRef, sellerId)
    // Whoever takes the page hears of a failure; until then it is nobody's.
    next.catch(() => {})
    done += page.looked
    yield { text: page.rows.map(print).join(''), products: page.rows.length }
    onProgress?.(done, Math.max(total, done))
  }
}

/**
 * Writes the catalogue to a file, packed if its name ends in `.gz`. The name is there once the
 * file is whole. @returns how many products it has.
 */
export async function exportProducts(
  deps: ExportDeps,
  { file, ...options }: ExportOptions & Readonly<{ file: string }>,
): Promise<Readonly<{ products: number }>> {
  const part = `${file}.part`
  let products = 0
  async function* texts() {
    for await (const page of exportText(deps, options)) {
      products += page.products
      yield page.text
    }
  }
  const out = createWriteStream(part)
  try {
    await once(out, 'open')
    if (file.endsWith('.gz')) await pipeline(texts, createGzip({ level: 6 }), out)
    else await pipeline(texts, out)
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  return { products }
}

async function readPage({ db, inventory }: ExportDeps, after: string, sellerId: string | null) {
  const found = await listForExport(db, [after, PAGE_PRODUCTS, sellerId])
  const wanted = found.filter((product) => product.seller !== null)
  const rows = await toImportRows(inventory, wanted)
  return { rows, looked: found.length, lastRef: found.at(-1)?.ref }
}

async function findSeller({ db }: ExportDeps, code: string): Promise<string> {
  const found = (await listSellerIds(db)).find((seller) => seller.code === code)
  if (found) return found.id
  throw generalProblem('not_found', { detail: `There is no seller ${code}` })
}

async function warehouseCodes({ inventory }: ExportDeps): Promise<string[]> {
  return (await inventory.warehouses()).map(({ code }) => code).sort()
}
