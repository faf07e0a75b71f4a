import type { Database } from '../../platform/db/database.ts'
import type { OrderData, PersonalData } from '../../platform/module.ts'
import { eraseLetters } from './letters/repository.ts'
import { eraseToldPrices, listToldPrices } from './letters/told-prices.ts'
import { deleteSubscription, listOfAccount, listWatches } from './repository.ts'

/** Browsers that an account is told by, and prices that it was told: all are given, and all are forgotten. */
export function createPersonalData(db: Database): PersonalData {
  return {
    async export({ accountId }) {
      const subscriptions = []
      for (const id of await listOfAccount(db, accountId))
        subscriptions.push({ id, watches: await listWatches(db, id) })
      return { pushSubscriptions: subscriptions, toldPrices: await listToldPrices(db, accountId) }
    },
    async erase({ accountId }) {
      const all = await listOfAccount(db, accountId)
      for (const id of all) await db.tx((tx) => deleteSubscription(tx, id))
      const told = await eraseToldPrices(db, accountId)
      return [
        { table: 'notifications.subscriptions', deleted: all.length, anonymised: 0 },
        { table: 'notifications.told_prices', deleted: told, anonymised: 0 },
      ]
    },
  }
}

/** Letters that still wait tell nothing but the order's number; whoever is erased gets none of them. */
export function createOrderData(db: Database): OrderData {
  return {
    export: async () => ({}),
    async erase(orderIds) {
      const deleted = await eraseLetters(db, orderIds)
      return [{ table: 'notifications.letters', deleted, anonymised: 0 }]
    },
  }
}
