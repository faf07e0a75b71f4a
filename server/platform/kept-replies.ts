import type { Database } from './db/database.ts'
import { statement } from './db/statement.ts'
import type { PersonalData } from './module.ts'

const selectKept = statement<{ call: string; at: string }>(
  'platform.kept_replies_of',
  `select scope as call, created_at as at from platform.idempotency_keys
   where scope >= $1 and scope < $2 order by scope, key`,
)
const eraseKept = statement<{ key: string }>(
  'platform.erase_kept_replies_of',
  'delete from platform.idempotency_keys where scope >= $1 and scope < $2 returning key',
)

/** Scopes of a customer's calls: they begin with the actor's name and a space. */
const scopesOf = (accountId: string) => [`customer:${accountId} `, `customer:${accountId}!`]

/** Answers that are kept for some hours, so that a call that is repeated is answered the same. */
export function createKeptReplies(db: Database): PersonalData {
  return {
    export: async ({ accountId }) => ({ keptReplies: await selectKept(db, scopesOf(accountId)) }),
    async erase({ accountId }) {
      const gone = await eraseKept(db, scopesOf(accountId))
      return [{ table: 'platform.idempotency_keys', deleted: gone.length, anonymised: 0 }]
    },
  }
}
