import type { Database } from '../../platform/db/database.ts'
import { statement } from '../../platform/db/statement.ts'
import type { PersonalData } from '../../platform/module.ts'

const selectUses = statement<{ promotionId: string; used: number }>(
  'pricing.list_uses_of',
  `select promotion_id as "promotionId", used from pricing.customer_uses
   where customer = any ($1) order by promotion_id`,
)
const eraseUses = statement<{ promotion_id: string }>(
  'pricing.erase_uses_of',
  'delete from pricing.customer_uses where customer = any ($1) returning promotion_id',
)
const eraseRedemptions = statement<{ key: string }>(
  'pricing.erase_redemptions_of',
  'update pricing.redemptions set customer = null where customer = any ($1) returning key',
)

/** Uses of promotions are counted by customer, or by a guest's address. */
export function createPersonalData(db: Database): PersonalData {
  return {
    export: async ({ accountId, emails }) => ({
      promotions: await selectUses(db, [[accountId, ...emails]]),
    }),
    async erase({ accountId, emails }) {
      const names = [accountId, ...emails]
      const uses = await eraseUses(db, [names])
      const redemptions = await eraseRedemptions(db, [names])
      const reason = 'discounts are part of the bookings'
      return [
        { table: 'pricing.customer_uses', deleted: uses.length, anonymised: 0 },
        { table: 'pricing.redemptions', deleted: 0, anonymised: redemptions.length, reason },
      ]
    },
  }
}
