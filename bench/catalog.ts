/**
 * Reading the catalogue: pages in the cache against bare node:http, pages in no cache, the operator's lists, and the
 * plans of all statements that ran. Of the demo catalogue, or of a shop's home that was made as large as wanted:
 * `STOA_HOME=/big stoa seed --products 1000000`, then `npm run bench catalog -- --home /big`.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureCold } from './catalog/cold.ts'
import { measureHot } from './catalog/hot.ts'
import { measureLists } from './catalog/lists.ts'
import { printPlans } from './catalog/plans.ts'
import { someProducts } from './catalog/sample.ts'
import { createWatch } from './catalog/watch.ts'
import { durableCatalog } from './support/durable-catalog.ts'
import { type Figure, report } from './support/report.ts'

const { values: flags } = parseArgs({
  options: {
    home: { type: 'string' },
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '64' },
    data: { type: 'string', default: join(import.meta.dirname, '../data') },
  },
})
const HOT_PRODUCTS = 1_000
const COLD_PRODUCTS = 2_000
const LIST_PLACES = 100

const watch = createWatch()
const shop = await durableCatalog({ dataFolder: flags.data, home: flags.home, watch: watch.wrap })
try {
  if (!flags.home) await shop.catalog.importer.loadDemo({ folder: join(flags.data, 'demo') })
  await shop.db.query({ text: 'set statement_timeout = 0; analyze catalog.products' })
  const { rows } = await shop.db.query({
    text: `select sum(greatest(reltuples, 0))::bigint as products from pg_class where oid = 'catalog.products'::regclass`,
  })
  const products = Number(rows[0].products)
  const some = (await someProducts(shop.db, HOT_PRODUCTS + COLD_PRODUCTS)).map(({ id }) => id)
  const load = {
    connections: Number(flags.connections),
    seconds: Number(flags.seconds),
    rounds: Number(flags.rounds),
  }
  const figures: Figure[] = [
    {
      name: 'products',
      value: products,
      unit: 'products',
      note: flags.home ? 'a home made before' : 'the demo catalogue',
    },
    ...(await measureHot(shop, { ...load, ids: some.slice(0, 1) })),
    ...(await measureHot(shop, { ...load, ids: some.slice(0, HOT_PRODUCTS) })),
    ...(await measureCold(shop, { ids: some.slice(HOT_PRODUCTS), watch })),
    ...(await measureLists(shop, { places: LIST_PLACES })),
  ]
  const scanning = await printPlans(shop.db, watch)
  figures.push({
    name: 'statements that read a big table through',
    value: scanning.length,
    unit: 'statements',
    note: scanning.join(' ') || `of ${watch.seen().size}`,
  })
  report('catalog', figures)
} finally {
  await shop.close()
}
