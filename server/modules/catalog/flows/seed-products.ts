import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { ImportProduct } from '#contracts/catalog/import.ts'
import { generateProduct } from '../seed/generate.ts'
import { createSeedModel, type SeedModel } from '../seed/model.ts'
import type { ImporterDeps } from './import-deps.ts'
import { openBytes, readLines } from './import-lines.ts'
import { type ImportProgress, type ImportReport, importProducts } from './import-products.ts'
import { analyze, loadDirectories, productFiles } from './load-demo.ts'

export type SeedOptions = Readonly<{
  /** The demo's folder, whose products are learned from. */
  folder: string
  products: number
  seed: number
}>

const CHUNK_PRODUCTS = 200

/**
 * Makes up products with the statistics of the demo's and imports them as a file of them would be,
 * without the file. Goes on where it was stopped.
 */
export async function seedProducts(
  deps: ImporterDeps,
  {
    onProgress,
    ...options
  }: SeedOptions & Readonly<{ onProgress?: (progress: ImportProgress) => void }>,
): Promise<ImportReport> {
  const { folder, seed, products } = options
  await loadDirectories(deps, folder)
  const report = await importProducts(deps, {
    stream: seedBytes(await learn(folder), options),
    format: 'jsonl',
    fetchImages: false,
    key: `seed:${seed}:${products}`,
    ...(onProgress ? { onProgress } : {}),
  })
  await analyze(deps.db)
  return report
}

/** Writes the same products to a file of JSONL, packed if its name ends in `.gz`. */
export async function writeSeed({
  file,
  onProgress,
  ...options
}: SeedOptions &
  Readonly<{ file: string; onProgress?: (products: number) => void }>): Promise<void> {
  const bytes = seedBytes(await learn(options.folder), options, onProgress)
  const out = createWriteStream(file)
  if (file.endsWith('.gz')) await pipeline(bytes, createGzip(), out)
  else await pipeline(bytes, out)
}

async function learn(folder: string): Promise<SeedModel> {
  const model = createSeedModel()
  for (const name of await productFiles(folder)) {
    const bytes = await openBytes({ file: join(folder, name) }, () => {})
    for await (const lines of readLines(bytes)) {
      for (const line of lines) {
        if ('text' in line && line.text.trim() !== '')
          model.add(JSON.parse(line.text) as ImportProduct)
      }
    }
  }
  return model.close()
}

async function* seedBytes(
  model: SeedModel,
  { products, seed }: SeedOptions,
  onProgress?: (products: number) => void,
): AsyncGenerator<Buffer> {
  for (let from = 0; from < products; from += CHUNK_PRODUCTS) {
    const to = Math.min(products, from + CHUNK_PRODUCTS)
    let text = ''
    for (let number = from; number < to; number += 1)
      text += `${JSON.stringify(generateProduct(model, seed, number))}\n`
    yield Buffer.from(text)
    onProgress?.(to)
  }
}
