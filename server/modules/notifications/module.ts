import type { ModuleParts } from '../../platform/module.ts'
import { sealedColumn } from '../../platform/sealed-columns.ts'
import type { NotificationsApi } from './api.ts'
import { notificationsConsumers } from './consumers.ts'
import { createDelivery } from './delivery.ts'
import type { NotificationsDeps } from './deps.ts'
import { createPersonalData } from './personal-data.ts'
import { createPriceChecks } from './prices.ts'
import { deleteSubscription, listUnused } from './repository.ts'
import { notificationsBindings } from './routes.ts'
import { createNotificationsService, pushKeys, sealPlace } from './service.ts'

const KEPT_MS = 365 * 86_400_000

const sealedEndpoints = sealedColumn({
  table: 'notifications.subscriptions',
  column: 'sealed',
  isSharded: true,
  id: 'id',
  placeOf: sealPlace,
})

/** News for browsers that asked for it: of their orders, and of prices that fall. */
export function createNotifications(deps: NotificationsDeps): ModuleParts<NotificationsApi> {
  const { db, clock } = deps
  const keys = pushKeys(deps.vault)
  const api = createNotificationsService(deps, keys)
  return {
    api,
    routes: notificationsBindings(api),
    consumers: notificationsConsumers(deps),
    tickers: [createPriceChecks(deps), createDelivery(deps, keys)],
    jobs: [
      {
        name: 'notifications.forget_unused',
        cron: '50 4 * * *',
        async run(_payload, { signal }) {
          const before = new Date(clock.now().getTime() - KEPT_MS).toISOString()
          for (;;) {
            const unused = await listUnused(db, before)
            if (unused.length === 0 || signal.aborted) return
            for (const id of unused) await db.tx((tx) => deleteSubscription(tx, id))
          }
        },
      },
    ],
    personalData: createPersonalData(db),
    sealed: [sealedEndpoints],
  }
}
