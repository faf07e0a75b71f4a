import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ImportWarehouse } from '#contracts/catalog/import.ts'
import type { ImporterDeps } from './import-deps.ts'
import { check, importCategories, importSellers, listSellerIds } from './import-directory.ts'
import { openBytes, readLines } from './import-lines.ts'
import { type ImportProgress, importProducts } from './import-products.ts'

export type DemoReport = Readonly<{
  categories: number
  sellers: number
  warehouses: number
  rows: number
  products: number
  errors: number
}>

/**
 * Loads the demo's files by the importers that any file goes through. Each file's key is its
 * content: the same file is loaded once, goes on where it was stopped, and a new edition of it
 * changes what has changed.
 */
export async function loadDemo(
  deps: ImporterDeps,
  {
    folder,
    onProgress,
  }: Readonly<{ folder: string; onProgress?: (file: string, progress: ImportProgress) => void }>,
): Promise<DemoReport> {
  const directories = await loadDirectories(deps, folder)
  const totals = { rows: 0, products: 0, errors: 0 }
  for (const name of await productFiles(folder)) {
    const file = join(folder, name)
    const report = await importProducts(deps, {
      file,
      format: 'jsonl',
      // Thousands, of hosts that have not been asked.
      fetchImages: false,
      key: `demo:${await hashFile(file)}`,
      ...(onProgress ? { onProgress: (progress) => onProgress(name, progress) } : {}),
    })
    totals.rows += report.rows
    totals.products += report.products
    totals.errors += report.errors
  }
  await analyze(deps.db)
  return { ...totals, ...directories }
}

/** Loads the demo's categories, sellers and warehouses, which rows of products speak of. */
export async function loadDirectories(
  deps: ImporterDeps,
  folder: string,
): Promise<Pick<DemoReport, 'categories' | 'sellers' | 'warehouses'>> {
  const categories = await readRows(join(folder, 'categories.jsonl.gz'))
  await importCategories(deps, categories)
  const sellers = await readRows(join(folder, 'sellers.jsonl.gz'))
  await importSellers(deps, sellers)
  const warehouses = await readRows(join(folder, 'warehouses.jsonl.gz'))
  const sellerIds = new Map((await listSellerIds(deps.db)).map(({ code, id }) => [code, id]))
  await deps.inventory.importWarehouses({
    warehouses: warehouses.map((row, place) => {
      const { seller, ...warehouse } = check(ImportWarehouse, row, place)
      return { ...warehouse, sellerId: seller === null ? null : (sellerIds.get(seller) ?? null) }
    }),
  })
  return {
    categories: categories.length,
    sellers: sellers.length,
    warehouses: warehouses.length,
  }
}

/** Names of the demo's files of products, in the order in which they are read. */
export async function productFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder)
  return names.filter((name) => /^products.*\.jsonl(\.gz)?$/.test(name)).sort()
}

/** Tables that have grown from nothing: without new statistics, plans made for none would stay. */
export async function analyze(db: ImporterDeps['db']): Promise<void> {
  await db.tx(async (tx) => {
    await tx.query({ text: 'set local statement_timeout = 0' })
    await tx.query({ text: 'analyze' })
  })
}

async function readRows(file: string): Promise<unknown[]> {
  const rows: unknown[] = []
  for await (const lines of readLines(await openBytes({ file }, () => {}))) {
    for (const line of lines) {
      if ('text' in line && line.text.trim() !== '') rows.push(JSON.parse(line.text))
    }
  }
  return rows
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('hex').slice(0, 32)
}
