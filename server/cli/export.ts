import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { readConfig } from '../config.ts'
import { type Command, CommandError, print } from './command.ts'
import { progressBar } from './progress.ts'
import { withCatalogue } from './quiet-catalogue.ts'

export const exportCommand: Command = {
  name: 'export',
  summary: 'Writes products, offers and stock to a file that can be imported again',
  usage: 'stoa export FILE [--format jsonl|csv] [--seller CODE]',
  help: [
    'Products stand in order of their refs: the same catalogue gives the same bytes, on any shop. A name that ends',
    'in .gz is packed. FILE is replaced once the export is whole. Columns and members: docs/import.md.',
    '\n  --format   jsonl or csv; told by the name if not given',
    "  --seller   this seller's products alone, by the seller's code",
  ].join('\n'),
  options: { format: { type: 'string' }, seller: { type: 'string' } },
  async run(options, [name]) {
    if (name === undefined) throw new CommandError('Say which file: `stoa export FILE`.')
    const file = resolve(name)
    if (!existsSync(dirname(file))) throw new CommandError(`There is no folder ${dirname(file)}.`)
    if (existsSync(file) && !statSync(file).isFile())
      throw new CommandError(`${file} is there and is no file.`)
    const format = options['format'] ?? (/\.csv(\.gz)?$/.test(file) ? 'csv' : 'jsonl')
    if (format !== 'jsonl' && format !== 'csv')
      throw new CommandError(`--format is jsonl or csv, not "${format}".`)
    const seller = options['seller'] as string | undefined
    return withCatalogue(readConfig(process.env), async ({ importer }) => {
      const draw = progressBar(process.stdout)
      const { products } = await importer.exportProducts({
        file,
        format,
        ...(seller === undefined ? {} : { seller }),
        onProgress: (done, total) => draw('Export', done, total),
      })
      print(`${products.toLocaleString('en')} products written to ${file}`)
      return 0
    })
  },
}
