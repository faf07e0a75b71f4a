import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Queryable } from '../../platform/db/statement.ts'
import type { Outbox } from '../../platform/events/outbox.ts'
import type { Ids } from '../../platform/ids.ts'
import type { Log } from '../../platform/log.ts'
import type { JobHandler, ModuleParts } from '../../platform/module.ts'
import type { CatalogApi } from '../catalog/index.ts'
import type { PricingApi } from '../pricing/index.ts'
import { adminBindings } from './admin-routes.ts'
import type { SearchApi } from './api.ts'
import type { SearchResult as Found } from './engine/index.ts'
import { createThreadStore } from './index-store.ts'
import { createKeeper } from './keeper.ts'
import { createAdministration } from './merchandising/administration.ts'
import { keepMerchandise } from './merchandising/keeper.ts'
import { createPersonalData } from './personal-data.ts'
import type { IndexStore } from './port.ts'
import { popularQueries, sumDays } from './query-log/days.ts'
import { createEventLog } from './query-log/events.ts'
import { turnMonths } from './query-log/months.ts'
import { attribute, createOrderFollower, forgetOrders } from './query-log/orders.ts'
import { createQueryLog } from './query-log/searches.ts'
import { createResultCache } from './result-cache.ts'
import { searchBindings } from './routes.ts'
import { createSearcher } from './searcher.ts'
import { createService } from './service.ts'
import { createSource } from './source.ts'
import { createSuggester } from './suggester.ts'
import { createTitles, type Titles } from './titles.ts'

export type SearchDeps = Readonly<{
  db: Database
  /** Where reports read; the database itself unless told. */
  reports?: Queryable
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
  /** How many of those threads answer searches. */
  readers?: number
  /** How many answers are kept for who asks the same. */
  cachedResults?: number
}>

const CACHED_RESULTS = 2_000
const TITLES_MS = 500
const SWEEP_MS = 5_000
const LOG_MS = 1_000
const LABELS_MS = 60_000
const ATTRIBUTE_MS = 30_000
const MERCHANDISE_MS = 500
/** Clicks come within days, orders are mostly paid within a week. */
const SUMMED_DAYS = 8

/** Search: an index beside the database, and what answers while there is none. */
export function createSearch(deps: SearchDeps): ModuleParts<SearchApi> {
  const { db, reports = db, outbox, clock, log, catalog, pricing, folder } = deps
  const source = createSource({ catalog, pricing })
  const titles = createTitles({ db, outbox, catalog })
  const queryLog = createQueryLog({ db, clock, log })
  const events = createEventLog({ db, log })
  const merchandise = keepMerchandise(db)
  const administration = createAdministration({ ...deps, onChanged: merchandise.follow })
  const store =
    deps.store ??
    createThreadStore({
      folder,
      clock,
      log,
      ...(deps.readers !== undefined && { readers: deps.readers }),
    })
  const keeper = createKeeper({
    store,
    outbox,
    source,
    clock,
    log,
    popularQueries: () =>
      popularQueries({ db, clock }).catch((error: unknown) => {
        log.warn({ error: String(error) }, 'completions do without what shoppers ask for')
        return []
      }),
  })
  const cache = createResultCache<Found>({ clock, most: deps.cachedResults ?? CACHED_RESULTS })
  const attributeLabels = rememberLabels(titles, clock)
  const parts = {
    ...deps,
    reports,
    keeper,
    source,
    titles,
    queryLog,
    cache,
    attributeLabels,
    merchandise,
  }
  const search = createSearcher(parts)
  const api = createService({
    ...parts,
    search,
    suggest: createSuggester(parts),
  })
  return {
    api,
    routes: [
      ...searchBindings({ api, pricing, events }),
      ...adminBindings({ ...parts, search, administration }),
    ],
    personalData: createPersonalData(db, events),
    consumers: [createOrderFollower()],
    tickers: [
      {
        name: 'search.keep_titles',
        everyMs: TITLES_MS,
        followsEvents: true,
        run: titles.follow,
      },
      { name: 'search.log_queries', everyMs: LOG_MS, run: queryLog.flush },
      { name: 'search.log_events', everyMs: LOG_MS, run: events.flush },
      { name: 'search.attribute_orders', everyMs: ATTRIBUTE_MS, run: () => attribute(db) },
      { name: 'search.follow_merchandise', everyMs: MERCHANDISE_MS, run: merchandise.follow },
      {
        name: 'search.compare_a_page',
        everyMs: SWEEP_MS,
        async run() {
          await keeper.sweepOn()
          return 0
        },
      },
    ],
    jobs: createJobs(deps),
    metrics: store.metrics ?? [],
    async start() {
      await merchandise.follow()
      await keeper.start()
    },
    async stop() {
      await keeper.stop()
      await Promise.all([queryLog.flush(), events.flush()]).catch((error: unknown) => {
        log.warn({ error: String(error) }, 'the last searches are not logged')
      })
    },
  }
}

function createJobs(deps: SearchDeps): JobHandler[] {
  return [
    { name: 'search.sum_queries', cron: '*/10 * * * *', run: () => sumDays(deps, 2) },
    { name: 'search.sum_last_days', cron: '5 3 * * *', run: () => sumDays(deps, SUMMED_DAYS) },
    {
      name: 'search.turn_months',
      cron: '25 2 * * *',
      async run() {
        await turnMonths(deps, { table: 'queries', time: 'asked_at', months: 13 })
        await turnMonths(deps, { table: 'query_events', time: 'happened_at', months: 3 })
        await forgetOrders(deps.db, deps.clock)
      },
    },
  ]
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
