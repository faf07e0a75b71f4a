import type { Database } from '../../platform/db/database.ts'
import { type Queryable, statement } from '../../platform/db/statement.ts'
import { shardFor } from '../../platform/ids.ts'
import type { DataSubject, Erased, PersonalData } from '../../platform/module.ts'
import { SCREENING, type ScreeningRecord, toScreening } from './screening-repository.ts'
import type { Subjects } from './subjects.ts'

const listOfBuyers = statement<ScreeningRecord>(
  'fraud.list_screenings_of_buyers',
  `select ${SCREENING} from fraud.screenings where buyer = any ($1::text[]) order by order_id`,
)

const exportHistory = statement(
  'fraud.list_history_of_buyers',
  `select s.currency, s.orders, s.amount, s.updated_at as "updatedAt"
   from unnest($1::smallint[], $2::text[]) as k(shard, subject)
   join fraud.spendings s using (shard, subject)`,
)

// A screening is kept to defend against claims; without its subjects it tells of nobody.
const forgetScreenings = statement<{ done: boolean }>(
  'fraud.forget_screenings',
  `update fraud.screenings set buyer = '', subjects = '{}' where buyer = any ($1::text[])
   returning true as done`,
)

const keyed = 'using unnest($1::smallint[], $2::text[]) as k(shard, subject)'
const same = 'where t.shard = k.shard and t.subject = k.subject returning true as done'

const ERASED = (['counters', 'spendings', 'marks', 'purchase_counts'] as const).map((table) => ({
  table: `fraud.${table}`,
  erase: statement<{ done: boolean }>(
    `fraud.erase_${table}`,
    `delete from fraud.${table} t ${keyed} ${same}`,
  ),
}))

/** What the screening keeps of a person. Entries of the deny list stay: they protect others. */
export function createPersonalData({
  db,
  subjects,
}: Readonly<{ db: Database; subjects: Subjects }>): PersonalData {
  function keysOf({ accountId, emails }: DataSubject): string[] {
    const all = [
      subjects.of('customer', accountId),
      ...emails.map((email) => subjects.of('email', email)),
    ]
    return all.flatMap((subject) => (subject === null ? [] : [subject.key]))
  }

  async function eraseKeyed(on: Queryable, keys: readonly string[]): Promise<Erased[]> {
    const erased: Erased[] = []
    for (const { table, erase } of ERASED) {
      const rows = await erase(on, [keys.map(shardFor), keys])
      erased.push({ table, deleted: rows.length, anonymised: 0 })
    }
    return erased
  }

  return {
    async export(subject) {
      const keys = keysOf(subject)
      const screenings = await listOfBuyers(db, [keys])
      return {
        screenings: screenings.map(toScreening),
        spendings: await exportHistory(db, [keys.map(shardFor), keys]),
      }
    },
    erase(subject) {
      const keys = keysOf(subject)
      return db.tx(async (tx) => {
        const erased = await eraseKeyed(tx, keys)
        const anonymised = (await forgetScreenings(tx, [keys])).length
        const reason = 'Decisions on orders are kept to defend against claims'
        return [...erased, { table: 'fraud.screenings', deleted: 0, anonymised, reason }]
      })
    },
  }
}
