import { Gauge } from 'prom-client'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { visitorOf } from '../../platform/http/visitor.ts'
import type { Log } from '../../platform/log.ts'
import type { ModuleParts } from '../../platform/module.ts'
import type { RecommendationsApi } from './api.ts'
import { createPersonalData } from './personal-data.ts'
import { createViewRecorder } from './recorder.ts'
import { dropDaysBefore } from './repository.ts'

export type RecommendationsDeps = Readonly<{ db: Database; clock: Clock; log: Log }>

const KEPT_DAYS = 180
const DAY_MS = 86_400_000

/** What shoppers do, kept for recommending. */
export function createRecommendations({
  db,
  clock,
  log,
}: RecommendationsDeps): ModuleParts<RecommendationsApi> {
  const views = createViewRecorder({ db, clock, log })
  const told = new Gauge({
    name: 'stoa_product_views',
    help: 'Views of products by what became of them in this process',
    labelNames: ['state'],
    registers: [],
    collect() {
      for (const [state, count] of Object.entries(views.counts())) this.set({ state }, count)
    },
  })
  return {
    api: {
      recordView: ({ productId, actor, headers, at }) =>
        views.record({ productId, visitor: visitorOf(actor, headers), at }),
      viewCounts: views.counts,
    },
    personalData: createPersonalData(db, views),
    routes: [],
    consumers: [],
    tickers: [],
    jobs: [
      {
        name: 'recommendations.drop_old_views',
        cron: '25 3 * * *',
        async run() {
          await dropDaysBefore(db, new Date(clock.now().getTime() - KEPT_DAYS * DAY_MS))
        },
      },
    ],
    metrics: [told],
    start: async () => views.start(),
    stop: () => views.stop(),
  }
}
