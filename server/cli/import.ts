import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { readConfig } from '../config.ts'
import type { ImportFormat } from '../modules/catalog/index.ts'
import { type Command, CommandError, print, wholeNumber } from './command.ts'
import { progressBar } from './progress.ts'
import { withCatalogue } from './quiet-catalogue.ts'

const SHOWN_ERRORS = 20

export const importCommand: Command = {
  name: 'import',
  summary: 'Imports products, offers and stock from a file',
  usage: 'stoa import FILE [--format FORMAT] [--seller CODE] [--dry-run] [--key KEY]',
  help: [
    'FILE is also read packed (gzip). JSONL and CSV have one product or one offer a line; shopify is the CSV that Shopify',
    'exports, google-merchant a feed as TSV or XML. All columns: docs/import.md. Products are created or changed by their',
    "seller's SKU. Wrong rows are reported with row and field; the good ones are imported.",
    '\n  --format        jsonl, csv, shopify or google-merchant; told by the name if not given',
    '  --dry-run       checks everything and writes nothing',
    '  --key           the same key goes on where an import was stopped; made from the file if not given',
    '\nFor shopify and google-merchant:',
    '  --seller        code of the seller whose products these are',
    '  --category-map  JSON file: the names of categories in FILE, and our codes for them',
    '  --category      code of the category of products whose own is not known; without it they are refused',
    '  --currency      of prices that name none [USD]',
    '  --warehouse     code of the warehouse where the stock lies; without it no stock is imported',
    '  --in-stock      pieces that a product has of which a feed only says that it is in stock',
  ].join('\n'),
  options: {
    format: { type: 'string' },
    'dry-run': { type: 'boolean' },
    key: { type: 'string' },
    seller: { type: 'string' },
    'category-map': { type: 'string' },
    category: { type: 'string' },
    currency: { type: 'string' },
    warehouse: { type: 'string' },
    'in-stock': { type: 'string' },
  },
  async run(options, [name]) {
    if (name === undefined) throw new CommandError('Say which file: `stoa import FILE`.')
    const file = resolve(name)
    if (!existsSync(file) || !statSync(file).isFile())
      throw new CommandError(`There is no file ${file}.`)
    const format = formatOf(file, options)
    const config = readConfig(process.env)
    return withCatalogue(config, async ({ importer }) => {
      const draw = progressBar(process.stdout)
      const report = await importer.importProducts({
        file,
        ...format,
        key: (options['key'] as string | undefined) ?? (await keyOf(file, format)),
        dryRun: options['dry-run'] === true,
        onProgress: (progress) => draw('Import', progress.bytesRead, progress.bytesTotal ?? 0),
      })
      for (const error of report.firstErrors.slice(0, SHOWN_ERRORS))
        print(`  row ${error.row}: ${error.field} ${error.message}`)
      if (report.errors > SHOWN_ERRORS) print(`  … and ${report.errors - SHOWN_ERRORS} more`)
      print(
        `${report.rows.toLocaleString('en')} rows: ${report.products.toLocaleString('en')} products, ${report.changed.toLocaleString('en')} changed, ${report.errors} errors${options['dry-run'] ? ' (dry run: nothing was written)' : ''}`,
      )
      return report.errors > 0 ? 2 : 0
    })
  },
}

type Options = Parameters<Command['run']>[0]

/** @throws CommandError for a format that there is not, or whose settings are missing. */
function formatOf(file: string, options: Options): ImportFormat {
  const format = options['format'] ?? (/\.csv(\.gz)?$/.test(file) ? 'csv' : 'jsonl')
  if (format === 'jsonl' || format === 'csv') return { format }
  if (format !== 'shopify' && format !== 'google-merchant')
    throw new CommandError(`--format is jsonl, csv, shopify or google-merchant, not "${format}".`)
  const { seller, category, currency, warehouse } = options as Record<string, string | undefined>
  if (seller === undefined)
    throw new CommandError(`--format ${format} needs --seller: whose products are these?`)
  return {
    format,
    settings: {
      seller,
      ...(category === undefined ? {} : { category }),
      ...(currency === undefined ? {} : { currency }),
      ...(warehouse === undefined ? {} : { warehouse }),
      ...(options['in-stock'] === undefined
        ? {}
        : { inStock: wholeNumber(options['in-stock'], 'in-stock', 0) }),
      ...(options['category-map'] === undefined
        ? {}
        : { categories: readCategoryMap(resolve(options['category-map'] as string)) }),
    },
  }
}

function readCategoryMap(file: string): Record<string, string> {
  const hint = 'It is a JSON object: {"Their name": "our code", …}.'
  let map: unknown
  try {
    map = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new CommandError(`${file} cannot be read: ${(error as Error).message}.`, hint)
  }
  const isMap =
    typeof map === 'object' &&
    map !== null &&
    Object.values(map).every((code) => typeof code === 'string')
  if (!isMap) throw new CommandError(`${file} is no map of categories.`, hint)
  return map as Record<string, string>
}

/** The same file, read in the same way, has the same key. */
async function keyOf(file: string, format: ImportFormat): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  if ('settings' in format) hash.update(JSON.stringify(format))
  return `${basename(file)}-${hash.digest('hex').slice(0, 16)}`
}
