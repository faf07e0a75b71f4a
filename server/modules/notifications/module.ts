import type { ModuleParts } from '../../platform/module.ts'
import { sealedColumn } from '../../platform/sealed-columns.ts'
import type { NotificationsApi } from './api.ts'
import { notificationsConsumers } from './consumers.ts'
import { createDelivery } from './delivery.ts'
import type { NotificationsDeps } from './deps.ts'
import { letterConsumer } from './letters/consumer.ts'
import { createPost } from './letters/post.ts'
import { createPriceRound } from './letters/price-round.ts'
import { sweepLetters } from './letters/repository.ts'
import { sweepToldPrices } from './letters/told-prices.ts'
import { createUnsubscribing } from './letters/unsubscribing.ts'
import { createOrderData, createPersonalData } from './personal-data.ts'
import { createPriceChecks } from './prices.ts'
import { deleteSubscription, listUnused } from './repository.ts'
import { notificationsBindings } from './routes.ts'
import { createNotificationsService, pushKeys, sealPlace } from './service.ts'

const KEPT_MS = 365 * 86_400_000
const KEPT_LETTERS_MS = 90 * 86_400_000

const sealedEndpoints = sealedColumn({
  table: 'notifications.subscriptions',
  column: 'sealed',
  isSharded: true,
  id: 'id',
  placeOf: sealPlace,
})

/** News: letters to buyers, and notices for browsers that asked for them; of prices that fall, with consent. */
export function createNotifications(deps: NotificationsDeps): ModuleParts<NotificationsApi> {
  const { db, clock } = deps
  const keys = pushKeys(deps.vault)
  const links = createUnsubscribing(deps)
  const api = createNotificationsService(deps, { keys, links })
  const before = (ms: number) => new Date(clock.now().getTime() - ms).toISOString()
  return {
    api,
    routes: notificationsBindings(api),
    consumers: [...notificationsConsumers(deps), letterConsumer(deps)],
    tickers: [createPriceChecks(deps), createDelivery(deps, keys), createPost(deps)],
    jobs: [
      createPriceRound(deps, links),
      {
        name: 'notifications.forget_unused',
        cron: '50 4 * * *',
        async run(_payload, { signal }) {
          await sweepLetters(db, before(KEPT_LETTERS_MS))
          await sweepToldPrices(db, before(KEPT_MS))
          for (;;) {
            const unused = await listUnused(db, before(KEPT_MS))
            if (unused.length === 0 || signal.aborted) return
            for (const id of unused) await db.tx((tx) => deleteSubscription(tx, id))
          }
        },
      },
    ],
    personalData: createPersonalData(db),
    orderData: createOrderData(db),
    sealed: [sealedEndpoints],
  }
}
