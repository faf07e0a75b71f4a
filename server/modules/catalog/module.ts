import type { Chance } from '../../platform/chance.ts'
import type { ModuleParts } from '../../platform/module.ts'
import { createAdminRoutes } from './admin/routes.ts'
import type { CatalogApi } from './api.ts'
import { createCategoryTree } from './category-tree.ts'
import { createStockProjection } from './consumers.ts'
import { type CatalogEngines, createLayers, type Layers } from './documents/layers.ts'
import { changeOffer } from './flows/change-offer.ts'
import { createImageFetcher } from './flows/fetch-images.ts'
import type { ImporterDeps } from './flows/import-deps.ts'
import { type CatalogImporter, createImporter } from './flows/importer.ts'
import { createPictureSweep } from './pictures-in-use.ts'
import { recountCategories } from './repository.ts'
import { createRoutes, type OnView } from './routes.ts'
import { createSaleTicker } from './sale-edges.ts'
import { createService } from './service.ts'
import { createSitemapJob, createSitemapRoutes } from './sitemap.ts'
import { createTransfers } from './transfers/index.ts'

type Options = Readonly<{
  /** Bytes of product pages kept in the process; 64 MiB unless told. */
  cacheBytes?: number
  /** Redis and MongoDB, where the configuration names them. */
  engines?: CatalogEngines
  onView?: OnView
  /** Where files of imports and exports by API are kept; without it there are none. */
  transfers?: Readonly<{ folder: string; chance: Chance }>
  /** Whether pictures that are named by address are fetched; true unless told. */
  fetchImages?: boolean
}>

export type CatalogDeps = Omit<ImporterDeps, 'categories'> & Options

/** What the composition root alone may use. */
export type CatalogExtras = Readonly<{
  importer: CatalogImporter
  /** Calls back, in this process, whenever products look otherwise from now on. */
  onOutdated: Layers['onOutdated']
}>

const CACHE_BYTES = 64 * 2 ** 20
const RECOUNT_MS = 15 * 60_000

/** The catalogue: what is sold, its pages' data, and the way in for files of it. */
export function createCatalog(deps: CatalogDeps): ModuleParts<CatalogApi> & CatalogExtras {
  const { db, outbox, clock, pricing } = deps
  const categories = createCategoryTree({ db, clock })
  const layers = createLayers({
    ...deps,
    categories,
    cacheBytes: deps.cacheBytes ?? CACHE_BYTES,
    engines: deps.engines ?? {},
  })
  const { documents } = layers
  const api = createService({ db, clock, pricing, categories, documents })
  const importer = createImporter({ ...deps, categories })
  const transfers = deps.transfers && createTransfers({ ...deps, ...deps.transfers, importer })
  return {
    api,
    importer,
    onOutdated: layers.onOutdated,
    routes: [
      ...createRoutes({
        api,
        documents,
        live: layers.live,
        categories,
        pricing,
        clock,
        change: (change) => changeOffer(deps, change),
        onView: deps.onView,
      }),
      ...createSitemapRoutes(db),
      ...createAdminRoutes({ ...deps, categories }),
      ...(transfers?.routes ?? []),
    ],
    consumers: [createStockProjection(outbox)],
    tickers: [
      ...(transfers?.tickers ?? []),
      ...(deps.fetchImages === false ? [] : [createImageFetcher(deps)]),
      createSaleTicker(deps),
      {
        name: 'catalog.recount_categories',
        everyMs: RECOUNT_MS,
        async run() {
          await recountCategories(db)
          return 0
        },
      },
    ],
    jobs: [createSitemapJob(db), createPictureSweep(deps), ...(transfers?.jobs ?? [])],
    metrics: layers.metrics,
    start: layers.start,
    drain: layers.live.drain,
    async stop() {
      await transfers?.stop()
      await layers.stop()
    },
  }
}
