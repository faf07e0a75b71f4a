/**
 * The embedded engine of search at several sizes: questions, suggestions, threads, HTTP, indexing, loading, a rebuild
 * beside, memory. Products are grown from the demo catalogue (bench/search/shop.ts), without a database.
 * `npm run bench search -- --products 100000,1000000` (10M: `--products 10000000`, in 8 GB and half an hour).
 */
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  loadSearchEngine,
  PRODUCT_SYNONYMS,
  type SearchQuery,
} from '../server/modules/search/engine/index.ts'
import { createThreadStore } from '../server/modules/search/index-store.ts'
import { systemClock as clock } from '../server/platform/clock.ts'
import { silentLog as log } from '../server/platform/log.ts'
import { readDemo } from './relevance/demo.ts'
import { readJudgements } from './relevance/icecat.ts'
import { measureBuild } from './search/built.ts'
import { HARSH_KINDS, makeQueries } from './search/harsh.ts'
import { measureQueries, measureSuggestions } from './search/measure.ts'
import { measureHttp, serveSearch } from './search/served.ts'
import { growShop, makeVisits, type Shop, VISITS } from './search/shop.ts'
import { measureRebuild, measureThreads } from './search/threads.ts'
import { durableCatalog } from './support/durable-catalog.ts'
import { type Figure, report } from './support/report.ts'

const { values: flags } = parseArgs({
  options: {
    products: { type: 'string', default: '100000' },
    queries: { type: 'string', default: '1500' },
    seconds: { type: 'string', default: '3' },
    data: { type: 'string', default: join(import.meta.dirname, '../data') },
  },
})

const ms = Number(flags.seconds) * 1_000
const shop = growShop(readDemo(join(flags.data, 'demo')).documents)
const asked = [...readJudgements(join(flags.data, 'judgements/icecat_dev.csv.gz')).keys()]

function nameOf(products: number): string {
  return products >= 1e6 ? `${products / 1e6}M` : `${products / 1e3}k`
}

async function measureSize(shop: Shop, products: number): Promise<Figure[]> {
  const name = nameOf(products)
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'stoa-bench-search-'))
  const visits = makeVisits(Number(flags.queries), { shop, products, asked })
  try {
    return [
      ...(await measureMaking(name, folder, products)),
      ...measureEngine(name, folder, products, visits),
      ...(await measureReaders(name, { folder, products, visits })),
      ...(await measureServed(name, folder, visits)),
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function measureMaking(name: string, folder: string, products: number): Promise<Figure[]> {
  const store = createThreadStore({ folder, clock, log, readers: 1 })
  const index = await store.create(async () => false)
  const figures = await measureBuild(name, index, { shop, products })
  await store.adopt(index)
  await index.close()
  await store.close()
  return figures
}

/** A shop that was just started has answered so many others before long. */
const VISITS_BEFORE = 2_000

/** The engine alone, on this thread. */
function measureEngine(
  name: string,
  folder: string,
  products: number,
  visits: readonly SearchQuery[],
): Figure[] {
  const before = makeVisits(VISITS_BEFORE, { shop, products, asked, seed: 2 })
  const copy = join(folder, 'copy-0')
  const kept = readdirSync(copy).find((each) => each.startsWith('index-')) as string
  const startedAt = performance.now()
  const engine = loadSearchEngine(join(copy, kept), { synonyms: PRODUCT_SYNONYMS })
  const seconds = (performance.now() - startedAt) / 1_000
  const harsh = HARSH_KINDS.flatMap((kind) =>
    makeQueries(kind, Math.ceil(visits.length / HARSH_KINDS.length), { shop, products }),
  )
  return [
    { name: `${name}, loaded from disk`, value: seconds, unit: 's' },
    ...measureQueries(`${name}, visits`, engine, visits, before),
    ...measureQueries(`${name}, harsh`, engine, harsh),
    ...measureSuggestions(name, engine, visits),
  ]
}

async function measureReaders(
  name: string,
  {
    folder,
    products,
    visits,
  }: Readonly<{
    folder: string
    products: number
    visits: readonly SearchQuery[]
  }>,
): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const readers of [1, 2]) {
    const store = createThreadStore({ folder, clock, log, readers })
    const index = await store.open()
    if (!index) throw new Error('The index that was built cannot be opened')
    figures.push(...(await measureThreads(name, index, { queries: visits, ms, readers })))
    if (readers === 1) {
      const beside = { index, store, queries: visits, shop, products, ms }
      figures.push(...(await measureRebuild(name, beside)))
    }
    await index.close()
    await store.close()
  }
  return figures
}

async function measureServed(
  name: string,
  folder: string,
  queries: readonly SearchQuery[],
): Promise<Figure[]> {
  const durable = await durableCatalog({ dataFolder: flags.data })
  const figures: Figure[] = []
  try {
    for (const cachedResults of [0, 2_000]) {
      const served = await serveSearch(durable, { shop, folder, cachedResults })
      const of = cachedResults === 0 ? name : `${name}, with the cache of results`
      await measureHttp(of, served, { queries, connections: 1, ms: ms / 4 })
      for (const connections of [1, 16]) {
        figures.push(...(await measureHttp(of, served, { queries, connections, ms })))
      }
      await served.close()
    }
  } finally {
    await durable.close()
  }
  return figures
}

const figures: Figure[] = []
for (const products of flags.products.split(',').map(Number)) {
  figures.push(...(await measureSize(shop, products)))
}
process.stdout.write(
  `\nVisits: ${VISITS}.\nHarsh: words of names drawn at random, so that most questions fit few products or very many; half of them filtered.\n`,
)
report('search', figures)
