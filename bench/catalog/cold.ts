import type { DurableCatalog } from '../support/durable-catalog.ts'
import { type Figure, percentile } from '../support/report.ts'
import { serveCatalog } from './served.ts'
import type { Watch } from './watch.ts'

/** Product pages that no cache has, one after another, and the statements that each took. */
export async function measureCold(
  shop: DurableCatalog,
  { ids, watch }: Readonly<{ ids: readonly string[]; watch: Watch }>,
): Promise<Figure[]> {
  const served = await serveCatalog(shop, shop.build())
  const [first, ...rest] = ids
  // Connections, prepared statements and the small tables are there once anything was asked for.
  await served.ask(`/api/v1/products/${first}`)
  const times: number[] = []
  const trips: number[] = []
  const floor: number[] = []
  for (const id of rest) {
    const began = performance.now()
    await shop.db.query({ name: 'bench.nothing', text: 'select 1', values: [] })
    floor.push(performance.now() - began)
    const before = watch.count()
    times.push((await served.ask(`/api/v1/products/${id}`)).ms)
    trips.push(watch.count() - before)
  }
  await served.close()
  const p50 = percentile(times, 0.5)
  return [
    {
      name: 'cold page, 1 connection, p50',
      value: p50,
      unit: 'ms',
      ratio: p50 / percentile(floor, 0.5),
      ratioTo: '`select 1`',
      note: `${rest.length.toLocaleString('en')} random products`,
    },
    { name: 'cold page, 1 connection, p99', value: percentile(times, 0.99), unit: 'ms' },
    {
      name: 'cold page, round trips to the database',
      value: percentile(trips, 0.5),
      unit: 'statements',
      spread: [Math.min(...trips), Math.max(...trips)],
    },
  ]
}
