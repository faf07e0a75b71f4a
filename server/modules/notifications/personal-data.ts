import type { Database } from '../../platform/db/database.ts'
import type { PersonalData } from '../../platform/module.ts'
import { deleteSubscription, listOfAccount, listWatches } from './repository.ts'

/** Browsers that an account is told by: all are given, and all are forgotten. */
export function createPersonalData(db: Database): PersonalData {
  return {
    async export({ accountId }) {
      const subscriptions = []
      for (const id of await listOfAccount(db, accountId))
        subscriptions.push({ id, watches: await listWatches(db, id) })
      return { pushSubscriptions: subscriptions }
    },
    async erase({ accountId }) {
      const all = await listOfAccount(db, accountId)
      for (const id of all) await db.tx((tx) => deleteSubscription(tx, id))
      return [{ table: 'notifications.subscriptions', deleted: all.length, anonymised: 0 }]
    },
  }
}
