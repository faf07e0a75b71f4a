import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Outbox } from '../../platform/events/outbox.ts'
import type { Ids } from '../../platform/ids.ts'
import type { Log } from '../../platform/log.ts'
import type { ModuleParts } from '../../platform/module.ts'
import type { InventoryApi } from '../inventory/index.ts'
import type { PricingApi } from '../pricing/index.ts'
import type { CatalogApi } from './api.ts'
import { createCategoryTree } from './category-tree.ts'
import { createStockProjection } from './consumers.ts'
import { createDocumentCache } from './document-cache.ts'
import { createDocumentLoader } from './documents.ts'
import { changeOffer } from './flows/change-offer.ts'
import { type CatalogImporter, createImporter } from './flows/importer.ts'
import { forgetChanged } from './invalidation.ts'
import { recountCategories } from './repository.ts'
import { createRoutes } from './routes.ts'
import { createService } from './service.ts'
import { createTail } from './tail.ts'

export type CatalogDeps = Readonly<{
  db: Database
  outbox: Outbox
  ids: Ids
  clock: Clock
  log: Log
  inventory: InventoryApi
  pricing: PricingApi
  /** Bytes of product pages kept in the process; 64 MiB unless told. */
  cacheBytes?: number
}>

const CACHE_BYTES = 64 * 2 ** 20
const RECOUNT_MS = 15 * 60_000

/** The catalogue: what is sold, its pages' data, and the way in for files of it. */
export function createCatalog(
  deps: CatalogDeps,
): ModuleParts<CatalogApi> & Readonly<{ importer: CatalogImporter }> {
  const { db, outbox, clock, log, pricing } = deps
  const categories = createCategoryTree({ db, clock })
  const documents = createDocumentCache({
    clock,
    maxBytes: deps.cacheBytes ?? CACHE_BYTES,
    load: createDocumentLoader({ db, clock, pricing, categories }),
  })
  const api = createService({ db, clock, pricing, categories, documents })
  const tail = createTail({
    outbox,
    clock,
    log,
    onEvents: (events) => forgetChanged(events, { documents, categories }),
  })
  return {
    api,
    importer: createImporter({ ...deps, categories }),
    routes: createRoutes({
      api,
      documents,
      categories,
      pricing,
      clock,
      change: (change) => changeOffer({ db, outbox, pricing }, change),
    }),
    consumers: [createStockProjection(outbox)],
    tickers: [
      {
        name: 'catalog.recount_categories',
        everyMs: RECOUNT_MS,
        async run() {
          await recountCategories(db)
          return 0
        },
      },
    ],
    jobs: [],
    start: () => tail.start(),
    stop: () => tail.stop(),
  }
}
