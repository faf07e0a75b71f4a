import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  createSearchEngine,
  loadSearchEngine,
  PRODUCT_SYNONYMS,
  type SearchEngine,
} from '../server/modules/search/engine/index.ts'
import { readCatalogue } from './relevance/icecat.ts'
import {
  makeBatch,
  makeProduct,
  makeQueries,
  type QueryKind,
  vocabularyOf,
} from './search-engine-data.ts'

const { values: flags } = parseArgs({
  options: {
    products: { type: 'string', default: '100000' },
    queries: { type: 'string', default: '1000' },
    batch: { type: 'string', default: '20000' },
    catalogue: { type: 'string', default: 'data/catalog/icecat_products.jsonl.gz' },
  },
})

const products = Number(flags.products)
const vocabulary = vocabularyOf(readCatalogue(flags.catalogue))
const KINDS: readonly QueryKind[] = ['title', 'broad', 'typo', 'asYouType', 'browse']
const OPTIONS = { synonyms: PRODUCT_SYNONYMS }

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`
}

function timed<T>(work: () => T): Readonly<{ result: T; ms: number }> {
  const start = performance.now()
  const result = work()
  return { result, ms: performance.now() - start }
}

function percentile(sorted: readonly number[], share: number): string {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return value.toFixed(2)
}

type Measured = Readonly<{ times: readonly number[]; cpuSeconds: number }>

function measure<T>(cases: readonly T[], work: (each: T) => unknown): Measured {
  const before = process.cpuUsage()
  const times = cases.map((each) => timed(() => work(each)).ms)
  const { user, system } = process.cpuUsage(before)
  return { times, cpuSeconds: (user + system) / 1e6 }
}

/** Queries per second of processor time hold on a busy machine too; the times do not. */
function report(name: string, { times, cpuSeconds }: Measured): void {
  const sorted = times.toSorted((a, b) => a - b)
  const perSecond = (times.length / cpuSeconds).toFixed(0).padStart(9)
  const cells = [0.5, 0.95, 0.99].map((share) => percentile(sorted, share).padStart(7))
  print(`| ${[name.padEnd(12), perSecond, ...cells].join(' | ')} |`)
}

/** Generating the products is left out of the time. */
function build(): SearchEngine {
  const engine = createSearchEngine(OPTIONS)
  const batch = Number(flags.batch)
  let indexingMs = 0
  let peak = 0
  for (let from = 0; from < products; from += batch) {
    const changes = makeBatch(from, Math.min(products, from + batch), vocabulary)
    indexingMs += timed(() => engine.apply(changes, String(from))).ms
    peak = Math.max(peak, process.memoryUsage().rss)
  }
  const merge = timed(() => engine.merge())
  peak = Math.max(peak, process.memoryUsage().rss)
  const seconds = (indexingMs + merge.ms) / 1_000
  print(
    `${products} products indexed at ${(products / seconds).toFixed(0)}/s: ${(indexingMs / 1_000).toFixed(1)} s, ` +
      `merged in ${(merge.ms / 1_000).toFixed(1)} s; index ${megabytes(engine.figures().bytes)}, peak ${megabytes(peak)} resident`,
  )
  return engine
}

function measureQueries(engine: SearchEngine): void {
  print('| queries      | /s a core |  p50 ms |  p95 ms |  p99 ms |')
  print('|--------------|-----------|---------|---------|---------|')
  const count = Number(flags.queries)
  for (const kind of KINDS) {
    const queries = makeQueries(kind, count, { products, vocabulary })
    queries.slice(0, 100).forEach(engine.search)
    report(kind, measure(queries, engine.search))
  }
  engine.refreshSuggestions([])
  const prefixes = makeQueries('asYouType', count, { products, vocabulary })
  report(
    'suggest',
    measure(prefixes, ({ text }) => engine.suggest(text!)),
  )
}

function measureUpdates(engine: SearchEngine): void {
  const patches = Array.from({ length: 1_000 }, (_, i) => ({
    kind: 'patch' as const,
    id: makeProduct((i * 7_919) % products, vocabulary).id,
    patch: { prices: [{ market: 'US', currency: 'USD', amount: i }], inStock: i % 2 === 0 },
  }))
  const patched = timed(() => engine.apply(patches)).ms
  const upserted = Array.from({ length: 20 }, (_, i) => {
    const changes = makeBatch(i * 500, i * 500 + 500, vocabulary)
    return timed(() => engine.apply(changes)).ms
  })
  print(
    `1,000 prices and stocks in place: ${patched.toFixed(1)} ms; 500 changed products: ` +
      `${percentile(
        upserted.toSorted((a, b) => a - b),
        0.5,
      )} ms at p50, ${Math.max(...upserted).toFixed(0)} ms at most`,
  )
}

function measureDisk(engine: SearchEngine): void {
  const folder = mkdtempSync(join(tmpdir(), 'search-bench-'))
  try {
    const save = timed(() => engine.save(folder)).ms
    const load = timed(() => loadSearchEngine(folder, OPTIONS))
    print(
      `saved in ${(save / 1_000).toFixed(2)} s, loaded ${load.result.figures().documents} products in ${(load.ms / 1_000).toFixed(2)} s`,
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const engine = build()
measureQueries(engine)
measureDisk(engine)
measureUpdates(engine)
