import { Counter, type Metric } from 'prom-client'
import { noSharedCache, type SharedCache } from '../../../platform/cache/shared-cache.ts'
import type { Chance } from '../../../platform/chance.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import { databaseIdentity } from '../../../platform/db/identity.ts'
import type { Outbox } from '../../../platform/events/outbox.ts'
import { createTail } from '../../../platform/events/tail.ts'
import type { Log } from '../../../platform/log.ts'
import type { PricingApi } from '../../pricing/index.ts'
import type { CategoryTree } from '../category-tree.ts'
import { type Outdated, outdatedBy } from '../invalidation.ts'
import { createLiveHub, type LiveHub } from '../live/hub.ts'
import { createDocumentCache, type DocumentCache } from './document-cache.ts'
import { createPostgresStore, type DocumentStore } from './document-store.ts'
import { createDocumentLoader } from './documents.ts'
import { createMongoStore } from './mongo-store.ts'
import { shareDocuments } from './shared-documents.ts'

export type LayersDeps = Readonly<{
  db: Database
  outbox: Outbox
  clock: Clock
  log: Log
  pricing: PricingApi
  categories: CategoryTree
  cacheBytes: number
  engines: CatalogEngines
}>

/** Engines by configuration between the process's cache and PostgreSQL. */
export type CatalogEngines = Readonly<{
  sharedCache?: SharedCache
  mongo?: Readonly<{ url: string; chance: Chance }>
}>

export type Layers = Readonly<{
  documents: DocumentCache
  live: LiveHub
  /** Calls back after pages' documents have become void. */
  onOutdated(listener: (outdated: Outdated) => void): void
  start(): Promise<void>
  stop(): Promise<void>
  readonly metrics: readonly Metric[]
}>

/**
 * How a page's document is found: the process's cache, the cache that all processes share, the
 * document store, PostgreSQL. One tail of the event stream tells all of them what is void; any of
 * the two in the middle may be missing, slow or gone.
 */
export function createLayers(deps: LayersDeps): Layers {
  const { db, outbox, clock, log, pricing, categories } = deps
  const shared = deps.engines.sharedCache ?? noSharedCache
  const hits = new Counter({
    name: 'stoa_catalog_documents_total',
    help: "Pages' documents by the layer that had them",
    labelNames: ['layer'],
    registers: [],
  })
  const layers = {
    process: hits.labels('process'),
    shared: hits.labels('shared'),
    store: hits.labels('store'),
  }
  // A layer that has given nothing yet says 0.
  for (const layer of Object.values(layers)) layer.inc(0)
  const listeners: ((outdated: Outdated) => void)[] = []
  const position = () => tail.position()
  const store = createStore(deps, position)
  const load = createDocumentLoader({ store, clock, pricing, categories })
  const documents = createDocumentCache({
    clock,
    maxBytes: deps.cacheBytes,
    onHit: () => layers.process.inc(),
    load: shareDocuments({
      cache: shared,
      clock,
      position,
      onHit: () => layers.shared.inc(),
      async load(key) {
        layers.store.inc()
        return load(key)
      },
    }),
  })
  const tail = createTail({
    outbox,
    clock,
    log,
    onEvents(events, extent) {
      const outdated = outdatedBy(events)
      const { productIds, categories: inCategories } = outdated
      if (inCategories) categories.drop()
      if (productIds === 'all') documents.clear()
      else if (productIds.length > 0) documents.drop(productIds)
      live.changed(productIds, extent.upTo)
      shared.drop({ ...extent, groups: productIds })
      store.drop({ ...extent, productIds })
      for (const listener of listeners) listener(outdated)
    },
  })
  const live = createLiveHub({ documents, clock, log, position })
  return {
    documents,
    live,
    onOutdated: (listener) => void listeners.push(listener),
    metrics: [hits, ...shared.metrics, ...store.metrics, ...live.metrics],
    async start() {
      const namespace = await databaseIdentity(db)
      await tail.start()
      live.start()
      shared.start({ namespace, position, onMoved: tail.wake })
      store.start({ namespace, position })
    },
    async stop() {
      await live.stop()
      await tail.stop()
      await shared.stop()
      await store.stop()
    },
  }
}

function createStore(
  { db, clock, log, engines: { mongo } }: LayersDeps,
  position: () => number,
): DocumentStore {
  const postgres = createPostgresStore({ db, position })
  return mongo ? createMongoStore({ ...mongo, next: postgres, clock, log }) : postgres
}
