import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Outbox } from '../../platform/events/outbox.ts'
import type { Ids } from '../../platform/ids.ts'
import type { ModuleParts } from '../../platform/module.ts'
import type { Vault } from '../../platform/vault.ts'
import type { FraudApi } from './api.ts'
import { fraudConsumers } from './consumers.ts'
import { dropOld } from './history-repository.ts'
import { createLists } from './lists.ts'
import { createFraudMetrics } from './metrics.ts'
import { createPersonalData } from './personal-data.ts'
import { createPurchaseLimits } from './purchase-limits.ts'
import { createReviews } from './reviews.ts'
import { fraudBindings } from './routes.ts'
import { createRules } from './rules.ts'
import { createScreening } from './screening.ts'
import { createSubjects } from './subjects.ts'

export type FraudDeps = Readonly<{
  db: Database
  outbox: Outbox
  clock: Clock
  ids: Ids
  /** The key under which shoppers are hashed follows from its oldest key. */
  vault: Vault
}>

const DAY_MS = 24 * 60 * 60_000
const COUNTERS_KEPT_MS = 2 * DAY_MS
const HISTORY_KEPT_MS = 730 * DAY_MS

/** Fraud screening: rules, verdicts with their reasons, the operator's queue, purchase limits. */
export function createFraud(deps: FraudDeps): ModuleParts<FraudApi> {
  const { db, clock, vault } = deps
  const subjects = createSubjects(vault.derive('fraud.subjects'))
  const rules = createRules(deps)
  const reviews = createReviews(deps)
  const metrics = createFraudMetrics(reviews.countOpen)
  const lists = createLists(deps)
  const limits = createPurchaseLimits({ db, clock, subjects })
  return {
    api: {
      ...createScreening({ ...deps, subjects, rules, metrics }),
      claimPurchase: limits.claimPurchase,
    },
    routes: fraudBindings({ rules, reviews, lists, limits, subjects }),
    consumers: fraudConsumers({ clock }),
    tickers: [],
    jobs: [
      {
        name: 'fraud.drop_old',
        cron: '40 * * * *',
        async run() {
          const before = (ms: number) => new Date(clock.now().getTime() - ms).toISOString()
          await dropOld(db, {
            counters: before(COUNTERS_KEPT_MS),
            history: before(HISTORY_KEPT_MS),
          })
          await lists.dropExpired()
        },
      },
    ],
    personalData: createPersonalData({ db, subjects }),
    metrics: metrics.all,
  }
}
