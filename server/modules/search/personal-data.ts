import type { Database } from '../../platform/db/database.ts'
import { statement } from '../../platform/db/statement.ts'
import type { PersonalData } from '../../platform/module.ts'
import type { EventLog } from './query-log/events.ts'

const selectEvents = statement<{ happenedAt: string; kind: string; productId: string }>(
  'search.list_events_of',
  `select happened_at as "happenedAt", kind, product_id as "productId" from search.query_events
   where visitor = $1 order by happened_at desc`,
)
const eraseEvents = statement<{ count: number }>(
  'search.erase_events_of',
  `with gone as (update search.query_events set visitor = null where visitor = $1 returning 1)
   select count(*)::int as count from gone`,
)
const eraseOrders = statement<{ count: number }>(
  'search.erase_orders_of',
  `with gone as (update search.orders set visitor = null where visitor = $1 returning 1)
   select count(*)::int as count from gone`,
)

/**
 * What came of searches stays as sums; whose they were does not. The words asked for name nobody.
 * @param waiting events that are not written yet.
 */
export function createPersonalData(db: Database, waiting: Pick<EventLog, 'flush'>): PersonalData {
  const reason = 'sums of what searches led to, without the person'
  return {
    async export({ accountId }) {
      await writeAll()
      return { events: await selectEvents(db, [`customer:${accountId}`]) }
    },
    async erase({ accountId }) {
      await writeAll()
      const visitor = `customer:${accountId}`
      const [events] = await eraseEvents(db, [visitor])
      const [orders] = await eraseOrders(db, [visitor])
      return [
        { table: 'search.query_events', deleted: 0, anonymised: events?.count ?? 0, reason },
        { table: 'search.orders', deleted: 0, anonymised: orders?.count ?? 0, reason },
      ]
    },
  }
  async function writeAll(): Promise<void> {
    while ((await waiting.flush()) > 0);
  }
}
