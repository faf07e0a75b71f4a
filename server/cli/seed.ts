import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Config, readConfig } from '../config.ts'
import { writeSeed } from '../modules/catalog/index.ts'
import { type Command, CommandError, print, wholeNumber } from './command.ts'
import { progressBar } from './progress.ts'
import { withCatalogue } from './quiet-catalogue.ts'

export const seed: Command = {
  name: 'seed',
  summary: 'Makes up any number of products with the statistics of the demo catalogue',
  usage: 'stoa seed --products N [--seed S] [--out FILE] [--load]',
  help: [
    'Adds N made-up products to what the shop has: names, brands, attributes, prices, stock, variants and offers are',
    'distributed as in the real data, demand by Zipf. The same N and S give the same products; more products begin',
    'with the same ones. What was stopped goes on when it is called again. For tests of speed; each says it is made up.',
    '\n  --products  how many',
    '  --seed      a whole number; another one gives other products [1]',
    '  --out       writes them to a file of JSONL (packed if it ends in .gz) instead of loading them',
    '  --load      with --out: loads them too',
  ].join('\n'),
  options: {
    products: { type: 'string' },
    seed: { type: 'string' },
    out: { type: 'string' },
    load: { type: 'boolean' },
  },
  async run(options) {
    const products = wholeNumber(options['products'], 'products', 0)
    if (products === 0)
      throw new CommandError('Say how many: `stoa seed --products 100000`.', 'See --help.')
    const config = readConfig(process.env)
    const folder = join(config.dataFolder, 'demo')
    if (!existsSync(folder))
      throw new CommandError(
        `There is no demo catalogue in ${folder}.`,
        'Set STOA_DATA to the folder that has it.',
      )
    const wanted = { folder, products, seed: wholeNumber(options['seed'], 'seed', 1) }
    if (options['out'] !== undefined) await write(wanted, resolve(options['out'] as string))
    return options['out'] === undefined || options['load'] === true ? load(config, wanted) : 0
  },
}

type Wanted = Readonly<{ folder: string; products: number; seed: number }>

async function write(wanted: Wanted, file: string): Promise<void> {
  if (!existsSync(dirname(file))) throw new CommandError(`There is no folder ${dirname(file)}.`)
  const draw = progressBar(process.stdout)
  const onProgress = (done: number) => draw('Written', done, wanted.products)
  await writeSeed({ ...wanted, file, onProgress })
  print(`${wanted.products.toLocaleString('en')} products written to ${file}`)
}

async function load(config: Config, wanted: Wanted): Promise<number> {
  return withCatalogue(config, async ({ importer }) => {
    const draw = progressBar(process.stdout)
    const report = await importer.seedProducts({
      ...wanted,
      onProgress: ({ rows }) => draw('Loaded', rows, wanted.products),
    })
    print(
      `${report.products.toLocaleString('en')} products, ${report.changed.toLocaleString('en')} changed, ${report.errors} errors`,
    )
    return report.errors > 0 ? 2 : 0
  })
}
