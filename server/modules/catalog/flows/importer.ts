import { type ExportOptions, exportProducts } from './export-products.ts'
import type { ImporterDeps } from './import-deps.ts'
import { importCategories, importSellers } from './import-directory.ts'
import {
  type ImportOptions,
  type ImportProgress,
  type ImportReport,
  importProducts,
} from './import-products.ts'
import { type DemoReport, loadDemo } from './load-demo.ts'
import { type SeedOptions, seedProducts } from './seed-products.ts'

/** The way in and out for files; for the command line and jobs. */
export type CatalogImporter = Readonly<{
  /** @throws catalog.import_failed if the key belongs to another file. */
  importProducts(options: ImportOptions): Promise<ImportReport>
  /** Creates or changes categories by code. @returns how many changed. */
  importCategories(rows: readonly unknown[]): Promise<number>
  /** Creates or changes sellers by code. @returns how many changed. */
  importSellers(rows: readonly unknown[]): Promise<number>
  /**
   * Writes a file that imports to the same catalogue.
   * @throws not_found if there is no such seller.
   */
  exportProducts(
    input: ExportOptions & Readonly<{ file: string }>,
  ): Promise<Readonly<{ products: number }>>
  /** Loads the demo set; what is loaded already is passed over. */
  loadDemo(input: {
    folder: string
    onProgress?: (file: string, progress: ImportProgress) => void
  }): Promise<DemoReport>
  /** Makes up products with the statistics of the demo's and imports them. */
  seedProducts(
    input: SeedOptions & Readonly<{ onProgress?: (progress: ImportProgress) => void }>,
  ): Promise<ImportReport>
}>

export function createImporter(deps: ImporterDeps): CatalogImporter {
  return {
    importProducts: (options) => importProducts(deps, options),
    importCategories: (rows) => importCategories(deps, rows),
    importSellers: (rows) => importSellers(deps, rows),
    exportProducts: (options) => exportProducts(deps, options),
    loadDemo: (input) => loadDemo(deps, input),
    seedProducts: (input) => seedProducts(deps, input),
  }
}
