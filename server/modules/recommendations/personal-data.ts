import type { Database } from '../../platform/db/database.ts'
import { statement } from '../../platform/db/statement.ts'
import type { PersonalData } from '../../platform/module.ts'
import type { ViewRecorder } from './recorder.ts'

const selectViews = statement<{ viewedAt: string; productId: string }>(
  'recommendations.list_views_of',
  `select viewed_at as "viewedAt", product_id as "productId" from behaviour.product_views
   where visitor = $1 order by viewed_at desc`,
)
const eraseViews = statement<{ count: number }>(
  'recommendations.erase_views_of',
  `with gone as (update behaviour.product_views set visitor = null where visitor = $1 returning 1)
   select count(*)::int as count from gone`,
)

/** Views stay as counts of interest in a product; whose they were does not. `views` wait in memory. */
export function createPersonalData(db: Database, views: Pick<ViewRecorder, 'flush'>): PersonalData {
  return {
    async export({ accountId }) {
      await views.flush()
      return { views: await selectViews(db, [`customer:${accountId}`]) }
    },
    async erase({ accountId }) {
      await views.flush()
      const [row] = await eraseViews(db, [`customer:${accountId}`])
      const anonymised = row?.count ?? 0
      const reason = 'counts of interest, without the person'
      return [{ table: 'behaviour.product_views', deleted: 0, anonymised, reason }]
    },
  }
}
