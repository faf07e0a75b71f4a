import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Outbox } from '../../platform/events/outbox.ts'
import type { Ids } from '../../platform/ids.ts'
import type { Log } from '../../platform/log.ts'
import type { ModuleParts } from '../../platform/module.ts'
import type { CatalogApi } from '../catalog/index.ts'
import type { PricingApi } from '../pricing/index.ts'
import type { SearchApi } from './api.ts'
import type { SearchResult as Found } from './engine/index.ts'
import { createThreadStore } from './index-store.ts'
import { createKeeper } from './keeper.ts'
import type { IndexStore } from './port.ts'
import { createQueryLog } from './query-log.ts'
import { createResultCache } from './result-cache.ts'
import { searchBindings } from './routes.ts'
import { createSearcher } from './searcher.ts'
import { createService } from './service.ts'
import { createSource } from './source.ts'
import { createSuggester } from './suggester.ts'
import { createTitles, type Titles } from './titles.ts'

export type SearchDeps = Readonly<{
  db: Database
  outbox: Outbox
  ids: Ids
  clock: Clock
  log: Log
  catalog: CatalogApi
  pricing: PricingApi
  /** Where the index is kept between runs. */
  folder: string
  /** Where indexes live; threads of this process unless told. */
  store?: IndexStore
}>

const CACHED_RESULTS = 2_000
const TITLES_MS = 500
const SWEEP_MS = 5_000
const LOG_MS = 1_000
const LABELS_MS = 60_000

/** Search: an index beside the database, and what answers while there is none. */
export function createSearch(deps: SearchDeps): ModuleParts<SearchApi> {
  const { db, outbox, clock, log, catalog, pricing, folder } = deps
  const source = createSource({ catalog, pricing })
  const titles = createTitles({ db, outbox, catalog })
  const queryLog = createQueryLog({ db, clock })
  const keeper = createKeeper({
    store: deps.store ?? createThreadStore({ folder, clock, log }),
    outbox,
    source,
    clock,
    log,
    popularQueries: () =>
      queryLog.popular().catch((error: unknown) => {
        log.warn({ error: String(error) }, 'completions do without what shoppers ask for')
        return []
      }),
  })
  const cache = createResultCache<Found>({ clock, most: CACHED_RESULTS })
  const attributeLabels = rememberLabels(titles, clock)
  const parts = { ...deps, keeper, source, titles, queryLog, cache, attributeLabels }
  const api = createService({
    ...parts,
    search: createSearcher(parts),
    suggest: createSuggester(parts),
  })
  return {
    api,
    routes: searchBindings({ api, pricing }),
    consumers: [],
    tickers: [
      { name: 'search.keep_titles', everyMs: TITLES_MS, run: titles.follow },
      { name: 'search.log_queries', everyMs: LOG_MS, run: queryLog.flush },
      {
        name: 'search.compare_a_page',
        everyMs: SWEEP_MS,
        async run() {
          await keeper.sweepOn()
          return 0
        },
      },
    ],
    jobs: [{ name: 'search.turn_months', cron: '25 2 * * *', run: queryLog.turnMonths }],
    start: keeper.start,
    async stop() {
      await keeper.stop()
      await queryLog.flush().catch((error: unknown) => {
        log.warn({ error: String(error) }, 'the last searches are not logged')
      })
    },
  }
}

/** The labels change rarely: they are read once a minute. */
function rememberLabels(titles: Titles, clock: Clock) {
  let labels: Promise<ReadonlyMap<string, string>> | undefined
  let readAt = 0
  return () => {
    if (labels && clock.monotonicMs() - readAt < LABELS_MS) return labels
    readAt = clock.monotonicMs()
    const reading = titles.labels()
    labels = reading
    reading.catch(() => {
      if (labels === reading) labels = undefined
    })
    return reading
  }
}
