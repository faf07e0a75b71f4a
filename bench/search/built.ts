import type { SearchIndex } from '../../server/modules/search/port.ts'
import type { Figure } from '../support/report.ts'
import type { Shop } from './shop.ts'

/** As many as a shop's builder reads at once, when nobody searches and when somebody does. */
const PAGE = 1_000
export const PAGE_BESIDE_SEARCHES = 100
const START = { position: 0, eventId: '' }

/** Fills an index as a shop's builder does: a page is indexed while the next is made. */
export async function fill(
  index: SearchIndex,
  { shop, products, page = PAGE }: Readonly<{ shop: Shop; products: number; page?: number }>,
): Promise<void> {
  let applied: Promise<unknown> = Promise.resolve()
  for (let from = 0; from < products; from += page) {
    const documents = shop.documents(from, Math.min(products, from + page))
    await applied
    const last = documents.at(-1)?.id ?? ''
    const progress = { cursor: START, after: last, done: from + documents.length }
    applied = index.apply({ documents, gone: [], asOf: 0, progress })
  }
  await applied
  await index.finish(START)
}

/** Builds an index, and tells how fast and in how much memory. */
export async function measureBuild(
  name: string,
  index: SearchIndex,
  size: Readonly<{ shop: Shop; products: number }>,
): Promise<Figure[]> {
  const startedAt = performance.now()
  const before = process.cpuUsage()
  const residentBefore = process.memoryUsage.rss()
  let peak = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 200)
  await fill(index, size)
  clearInterval(watch)
  const seconds = (performance.now() - startedAt) / 1_000
  const { user, system } = process.cpuUsage(before)
  const { bytes } = await index.figures()
  return [
    {
      name: `${name}, indexed, merged and kept`,
      value: size.products / seconds,
      unit: 'products/s',
      note: `${seconds.toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of processors with making the products`,
    },
    {
      name: `${name}, memory of the index`,
      value: bytes / 1e6,
      unit: 'MB',
      note: `${Math.round(bytes / size.products)} bytes a product; ${Math.round((peak - residentBefore) / 1e6)} MB resident at most while building, besides ${Math.round(residentBefore / 1e6)} MB before`,
    },
  ]
}
