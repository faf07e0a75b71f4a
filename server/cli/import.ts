import { createHash } from 'node:crypto'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { readConfig } from '../config.ts'
import { type Command, CommandError, print } from './command.ts'
import { progressBar } from './progress.ts'
import { withModules } from './quiet-shop.ts'

const SHOWN_ERRORS = 20

export const importCommand: Command = {
  name: 'import',
  summary: 'Imports products, offers and stock from a file',
  usage: 'stoa import FILE [--format jsonl|csv] [--dry-run] [--key KEY]',
  help: [
    'FILE is JSONL or CSV, also gzipped; one product a line (docs/import.md). Products are created or changed by their',
    "seller's SKU. Wrong rows are reported with row and field; the good ones are imported.",
    '\n  --format    jsonl or csv; told by the name if not given',
    '  --dry-run   checks everything and writes nothing',
    '  --key       the same key goes on where an import was stopped; made from the file if not given',
  ].join('\n'),
  options: { format: { type: 'string' }, 'dry-run': { type: 'boolean' }, key: { type: 'string' } },
  async run(options, [name]) {
    if (name === undefined) throw new CommandError('Say which file: `stoa import FILE`.')
    const file = resolve(name)
    if (!existsSync(file) || !statSync(file).isFile())
      throw new CommandError(`There is no file ${file}.`)
    const format = options['format'] ?? (/\.csv(\.gz)?$/.test(file) ? 'csv' : 'jsonl')
    if (format !== 'jsonl' && format !== 'csv')
      throw new CommandError(`--format is jsonl or csv, not "${format}".`)
    const config = readConfig(process.env)
    return withModules(config, async (parts) => {
      const draw = progressBar(process.stdout)
      const report = await parts.catalog.importer.importProducts({
        file,
        format,
        key: (options['key'] as string | undefined) ?? `${basename(file)}-${await hashFile(file)}`,
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

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex').slice(0, 16)
}
