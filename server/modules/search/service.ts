import type { Outbox } from '../../platform/events/outbox.ts'
import type { SearchApi, SearchStats } from './api.ts'
import type { SearchResult as Found } from './engine/index.ts'
import type { Keeper } from './keeper.ts'
import type { QueryLog } from './query-log/searches.ts'
import type { ResultCache } from './result-cache.ts'

type Deps = Readonly<{
  search: SearchApi['search']
  suggest: SearchApi['suggest']
  keeper: Keeper
  cache: ResultCache<Found>
  queryLog: QueryLog
  outbox: Outbox
}>

/** What the module is asked, and what the operator is told of it. */
export function createService(deps: Deps): SearchApi {
  const { keeper, cache, queryLog } = deps
  const counts = { searches: 0, degraded: 0 }

  async function stats(): Promise<SearchStats> {
    const index = keeper.index()
    // An engine that fails just now is told of as one that does not serve.
    const figures = await index?.figures().catch(() => null)
    const head = await deps.outbox.head()
    return {
      documents: figures?.documents ?? 0,
      segments: figures?.segments ?? 0,
      deleted: figures?.deleted ?? 0,
      bytes: figures?.bytes ?? 0,
      eventsBehind: head - (index?.cursor()?.position ?? 0),
      mended: keeper.mended(),
      building: keeper.building(),
      built: keeper.built(),
      serving: index !== null && figures !== null,
      searches: counts.searches,
      degradedSearches: counts.degraded,
      cacheHits: cache.hits(),
      forgottenQueries: queryLog.forgotten(),
    }
  }

  return {
    async search(input) {
      const result = await deps.search(input)
      counts.searches += 1
      if (result.degraded) counts.degraded += 1
      return result
    },
    suggest: deps.suggest,
    stats,
    rebuild: async ({ onProgress }) => ({ documents: await keeper.rebuild(onProgress) }),
    verify: keeper.verify,
  }
}
