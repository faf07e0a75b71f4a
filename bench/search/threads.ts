import type { SearchQuery } from '../../server/modules/search/engine/index.ts'
import type { IndexStore, SearchIndex } from '../../server/modules/search/port.ts'
import { type Figure, percentile } from '../support/report.ts'
import { fill, PAGE_BESIDE_SEARCHES } from './built.ts'
import { latencies } from './measure.ts'
import type { Shop } from './shop.ts'

/** Asks one query after the other, as many at a time, until the signal. */
async function ask(
  index: SearchIndex,
  queries: readonly SearchQuery[],
  { atOnce, until }: Readonly<{ atOnce: number; until: AbortSignal }>,
): Promise<number[]> {
  const times: number[] = []
  let next = 0
  const one = async () => {
    while (!until.aborted) {
      const query = queries[next++ % queries.length] as SearchQuery
      const startedAt = performance.now()
      await index.search(query)
      times.push(performance.now() - startedAt)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
  return times
}

/** All questions that several reading threads answer at once. */
export async function measureThreads(
  name: string,
  index: SearchIndex,
  {
    queries,
    ms,
    readers,
  }: Readonly<{ queries: readonly SearchQuery[]; ms: number; readers: number }>,
): Promise<Figure[]> {
  await ask(index, queries, { atOnce: readers, until: AbortSignal.timeout(ms / 4) })
  const times = await ask(index, queries, { atOnce: 2 * readers, until: AbortSignal.timeout(ms) })
  return [
    {
      name: `${name}, ${readers} reading thread${readers === 1 ? '' : 's'}`,
      value: (times.length * 1_000) / ms,
      unit: 'queries/s',
      note: latencies(times),
    },
  ]
}

/** The same questions while the index is quiet, and while another one is built beside it. */
export async function measureRebuild(
  name: string,
  {
    index,
    store,
    queries,
    shop,
    products,
    ms,
  }: Readonly<{
    index: SearchIndex
    store: IndexStore
    queries: readonly SearchQuery[]
    shop: Shop
    products: number
    ms: number
  }>,
): Promise<Figure[]> {
  const quiet = await ask(index, queries, { atOnce: 1, until: AbortSignal.timeout(ms) })
  const next = await store.create(async () => false)
  const over = new AbortController()
  const [busy] = await Promise.all([
    ask(index, queries, {
      atOnce: 1,
      until: AbortSignal.any([over.signal, AbortSignal.timeout(10 * ms)]),
    }),
    fill(next, {
      shop,
      products: Math.min(products, 20 * ms),
      page: PAGE_BESIDE_SEARCHES,
    }).finally(() => over.abort()),
  ])
  await next.close()
  const [before, beside] = [quiet, busy].map((times) => percentile(times, 0.99)) as [number, number]
  return [
    {
      name: `${name}, p99 while rebuilding`,
      value: beside,
      unit: 'ms',
      ratio: beside / before,
      ratioTo: 'p99 without',
      note: latencies(busy),
    },
  ]
}
