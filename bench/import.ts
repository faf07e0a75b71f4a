/**
 * The import, as `stoa import` runs it, on a durable server: the whole demo, or a file of `--products N`
 * made-up ones, which is written beforehand. A whole product is its row, variants, offers, prices, stock by
 * warehouse, ledger, directories and events. Rates depend on who else uses the machine; CPU time a
 * product hardly does: its sum, divided by the cores, is what a quiet machine can do. The memory curve
 * is of the process that imports, which does nothing else.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { FRUGAL } from '../bin/heap.mjs'
import { writeSeed } from '../server/modules/catalog/index.ts'
import { systemClock as clock } from '../server/platform/clock.ts'
import { destroyEmbeddedPostgres } from '../server/platform/embedded-postgres/index.ts'
import { durableCatalog } from './support/durable-catalog.ts'
import { type Figure, report } from './support/report.ts'

const { values: flags } = parseArgs({
  options: {
    products: { type: 'string', default: '0' },
    data: { type: 'string', default: join(import.meta.dirname, '../data') },
    // Where `prepare` left the file and the directories that its rows speak of.
    home: { type: 'string' },
  },
})
const CURVE_POINTS = 20

type Sample = Readonly<{ products: number; mebibytes: number }>

/** CPU seconds that PostgreSQL has used, its ended processes included; undefined off Linux. */
function postgresSeconds(folder: string): number | undefined {
  try {
    const postmaster = readFileSync(join(folder, 'cluster', 'postmaster.pid'), 'utf8').split(
      '\n',
    )[0]
    const ticks = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => readStat(pid))
      .filter((stat) => stat !== undefined)
      .filter(({ pid, parent }) => pid === postmaster || parent === postmaster)
    // Of ended children the postmaster alone counts, under its own "children" fields.
    return ticks.reduce(
      (sum, stat) => sum + stat.own + (stat.pid === postmaster ? stat.ended : 0),
      0,
    )
  } catch {
    return undefined
  }
}

function readStat(pid: string) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const seconds = (from: number) => (Number(fields[from]) + Number(fields[from + 1])) / 100
    return { pid, parent: fields[1], own: seconds(11), ended: seconds(13) }
  } catch {
    return undefined
  }
}

/** As many points as are shown, evenly over the products. */
function thin(samples: readonly Sample[]): Sample[] {
  const step = Math.max(1, Math.floor(samples.length / CURVE_POINTS))
  return samples.filter((_, place) => place % step === step - 1)
}

function draw(samples: readonly Sample[]): void {
  const peak = Math.max(...samples.map(({ mebibytes }) => mebibytes))
  for (const { products, mebibytes } of thin(samples)) {
    const bar = '█'.repeat(Math.round((mebibytes / peak) * 50))
    const cells = [products.toLocaleString('en').padStart(11), `${Math.round(mebibytes)} MiB`]
    process.stdout.write(`${cells.join('  ')}  ${bar}\n`)
  }
}

function figuresOf(
  samples: readonly Sample[],
  { products, errors }: Readonly<{ products: number; errors: number }>,
  spent: Readonly<{ seconds: number; own: number; database: number }>,
): Figure[] {
  const sizes = samples.map(({ mebibytes }) => mebibytes)
  const half = sizes.slice(Math.floor(sizes.length / 2))
  const growth = (half.at(-1) ?? 0) - (half[0] ?? 0)
  const each = (seconds: number) => (seconds * 1e6) / products
  const rate = products / spent.seconds
  return [
    { name: 'whole products', value: rate, unit: 'products/s', note: `${errors} errors` },
    { name: 'all of them', value: spent.seconds, unit: 's', note: `${products} products` },
    { name: 'this process', value: each(spent.own), unit: 'µs CPU/product' },
    { name: 'PostgreSQL', value: each(spent.database), unit: 'µs CPU/product' },
    { name: 'both', value: each(spent.own + spent.database), unit: 'µs CPU/product' },
    { name: 'peak resident', value: Math.max(...sizes), unit: 'MiB' },
    { name: 'growth of the second half', value: growth, unit: 'MiB' },
  ]
}

const fileIn = (home: string) => join(home, 'bench.jsonl')

/** Makes the file and a shop that knows what its rows speak of, in a process that is not measured. */
async function prepare(home: string): Promise<void> {
  const folder = join(flags.data, 'demo')
  const shop = await durableCatalog({ dataFolder: flags.data, home })
  try {
    await shop.catalog.importer.seedProducts({ folder, products: 1, seed: 2 })
  } finally {
    await shop.close()
  }
  await writeSeed({ folder, products: Number(flags.products), seed: 1, file: fileIn(home) })
}

async function measure(): Promise<void> {
  const { home } = flags
  const shop = await durableCatalog({ dataFolder: flags.data, home })
  try {
    const samples: Sample[] = []
    let filesBefore = 0
    const onProgress = ({ products }: Readonly<{ products: number }>) => {
      const last = samples.at(-1)?.products ?? 0
      // Each file of the demo counts from nothing.
      if (filesBefore + products < last) filesBefore = last
      const mebibytes = process.memoryUsage.rss() / 2 ** 20
      samples.push({ products: filesBefore + products, mebibytes })
    }
    const { importer } = shop.catalog
    const began = clock.monotonicMs()
    const cpu = process.cpuUsage()
    const databaseBefore = postgresSeconds(shop.folder) ?? Number.NaN
    const done =
      home !== undefined
        ? await importer.importProducts({
            file: fileIn(home),
            format: 'jsonl',
            key: 'bench',
            onProgress,
          })
        : await importer.loadDemo({
            folder: join(flags.data, 'demo'),
            onProgress: (_, progress) => onProgress(progress),
          })
    const seconds = (clock.monotonicMs() - began) / 1_000
    const { user, system } = process.cpuUsage(cpu)
    const database = (postgresSeconds(shop.folder) ?? Number.NaN) - databaseBefore
    draw(samples)
    report('import', figuresOf(samples, done, { seconds, own: (user + system) / 1e6, database }))
  } finally {
    await shop.close()
  }
}

/** Measures in a process of its own, with the flags that the command has. */
async function run(): Promise<number> {
  const home =
    Number(flags.products) > 0 ? mkdtempSync(join(tmpdir(), 'stoa-bench-import-')) : undefined
  try {
    if (home !== undefined) await prepare(home)
    const words = [...FRUGAL, import.meta.filename, '--data', flags.data]
    if (home !== undefined) words.push('--home', home)
    return spawnSync(process.execPath, words, { stdio: 'inherit' }).status ?? 1
  } finally {
    if (home !== undefined) {
      await destroyEmbeddedPostgres(join(home, 'postgres'))
      rmSync(home, { recursive: true })
    }
  }
}

if (process.execArgv.includes(FRUGAL[0] as string)) await measure()
else process.exitCode = await run()
