import type { DurableCatalog } from '../support/durable-catalog.ts'
import { type Figure, percentile } from '../support/report.ts'
import { type SomeProduct, someProducts } from './sample.ts'
import { serveCatalog } from './served.ts'

const OPERATOR = { kind: 'operator', id: 'bench' } as const

/** Pages read on from a random place of each list. */
const STEPS = 5

type List = Readonly<{ name: string; query(some: SomeProduct): Record<string, string> }>

/** A cursor as the lists make them: a place anywhere in the list, as if it had been paged to. */
const at = (...place: readonly (string | number)[]) =>
  Buffer.from(JSON.stringify(place)).toString('base64url')

const LISTS: readonly List[] = [
  { name: 'all products', query: ({ shard, id }) => ({ cursor: at(shard, id, '') }) },
  {
    name: 'of a category',
    query: ({ shard, id, category_id: categoryId }) => ({
      categoryId,
      status: 'active',
      cursor: at(shard, id, categoryId),
    }),
  },
  {
    name: 'of a seller',
    query: ({ shard, id, seller_id: sellerId }) => ({ sellerId, cursor: at(shard, id, '') }),
  },
  { name: 'of a brand', query: ({ brand }) => ({ brand: brand ?? 'none' }) },
  {
    name: 'of a seller and a brand',
    query: ({ seller_id: sellerId, brand }) => ({ sellerId, brand: brand ?? 'none' }),
  },
  { name: 'changed since', query: ({ updated_at: updatedSince }) => ({ updatedSince }) },
  { name: 'drafts', query: () => ({ status: 'draft' }) },
  { name: 'by SKU', query: ({ sku }) => ({ sku }) },
]

/** The operator's lists by keyset, from places all over the catalogue. */
export async function measureLists(
  shop: DurableCatalog,
  { places }: Readonly<{ places: number }>,
): Promise<Figure[]> {
  const served = await serveCatalog(shop, shop.build(), OPERATOR)
  const rows = await someProducts(shop.db, places)
  const figures: Figure[] = []
  for (const list of LISTS) {
    const times: number[] = []
    for (const some of rows) times.push(...(await follow(served.ask, list.query(some))))
    figures.push({
      name: `operators' list, ${list.name}, p95`,
      value: percentile(times, 0.95),
      unit: 'ms',
      spread: [Math.min(...times), Math.max(...times)],
      note: `${times.length} pages of 50`,
    })
  }
  await served.close()
  return figures
}

type Ask = Awaited<ReturnType<typeof serveCatalog>>['ask']

async function follow(ask: Ask, query: Record<string, string>): Promise<number[]> {
  const times: number[] = []
  let cursor = query['cursor']
  for (let step = 0; step < STEPS; step += 1) {
    const words = new URLSearchParams({ ...query, limit: '50', ...(cursor ? { cursor } : {}) })
    const { ms, body } = await ask(`/api/v1/admin/products?${words}`)
    times.push(ms)
    const { nextCursor } = body as { nextCursor: string | null }
    if (nextCursor === null) break
    cursor = nextCursor
  }
  return times
}
