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
/** The same customer by what else they were known. */
const selectNames = statement<{ name: string }>(
  'pricing.list_names_of',
  `select distinct unnest(customer || further_names) as name from pricing.redemptions
   where customer = any ($1) or (further_names && $1 and further_names <> '{}')`,
)
const eraseRedemptions = statement<{ key: string }>(
  'pricing.erase_redemptions_of',
  `update pricing.redemptions set customer = null, further_names = '{}'
   where customer = any ($1) or (further_names && $1 and further_names <> '{}') returning key`,
)

/** Under what names uses are counted that are this person's. */
async function namesOf(
  db: Database,
  { accountId, emails }: Readonly<{ accountId: string; emails: readonly string[] }>,
): Promise<string[]> {
  const told = [accountId, ...emails]
  const found = await selectNames(db, [told])
  return [...new Set([...told, ...found.map(({ name }) => name)])]
}

/** Uses of promotions are counted by account and by address. */
export function createPersonalData(db: Database): PersonalData {
  return {
    export: async (person) => ({
      promotions: await selectUses(db, [[person.accountId, ...person.emails]]),
    }),
    async erase(person) {
      const names = await namesOf(db, person)
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
