import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import type { Outbox } from '../../../platform/events/outbox.ts'
import type { Ids } from '../../../platform/ids.ts'
import type { Log } from '../../../platform/log.ts'
import type { InventoryApi } from '../../inventory/index.ts'
import type { MediaApi } from '../../media/index.ts'
import type { PricingApi } from '../../pricing/index.ts'
import type { CategoryTree } from '../category-tree.ts'

/** What imports and exports work with. */
export type ImporterDeps = Readonly<{
  db: Database
  outbox: Outbox
  ids: Ids
  clock: Clock
  log: Log
  inventory: InventoryApi
  pricing: PricingApi
  media: MediaApi
  categories: CategoryTree
}>
