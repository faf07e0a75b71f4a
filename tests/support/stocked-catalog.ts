import { join } from 'node:path'
import { createCatalog } from '../../server/modules/catalog/index.ts'
import { createInventory } from '../../server/modules/inventory/index.ts'
import { createPricing } from '../../server/modules/pricing/index.ts'
import { systemClock as clock } from '../../server/platform/clock.ts'
import { silentLog as log } from '../../server/platform/log.ts'
import { fakeMedia } from './catalog.ts'
import { testPlatform } from './platform.ts'

/** The catalogue with the real inventory and prices of the demo's markets, empty. */
export async function stockedCatalog({ seed = 1 } = {}) {
  const platform = await testPlatform({ seed })
  const { db, ids, outbox } = platform
  const base = { db, ids, outbox, clock, log }
  const referenceFolder = join(import.meta.dirname, '../../data/reference')
  const pricing = createPricing({ ...base, referenceFolder })
  await pricing.start?.()
  const inventory = createInventory(base)
  await inventory.start?.()
  const catalog = createCatalog({
    ...base,
    inventory: inventory.api,
    pricing: pricing.api,
    media: fakeMedia(),
  })
  return { platform, catalog, importer: catalog.importer, inventory: inventory.api }
}
