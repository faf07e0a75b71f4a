import { referenceFolder } from './composition/catalogue.ts'
import type { CompositionDeps } from './composition/deps.ts'
import { linkInventory } from './composition/inventory.ts'
import { createShopModules } from './composition/shop-modules.ts'
import { createShipping } from './modules/shipping/index.ts'
import type { ModuleParts } from './platform/module.ts'

export type Modules = ReturnType<typeof createModules>

/** Builds the modules that this process runs, in order of their dependencies. */
export function createModules(deps: CompositionDeps) {
  const { config, db, ids, outbox, clock, log } = deps
  const shipping = createShipping({
    db,
    ids,
    outbox,
    clock,
    log,
    referenceFolder: referenceFolder(config),
    demoCarrier: config.STOA_DEMO,
    shipsFrom: (input) => inventory.shipsFrom(input),
  })
  const { local, api: inventory, serve: serveRpc } = linkInventory(deps, shipping.locate)
  const own: ModuleParts<unknown>[] = local ? [local] : []
  const onlyInventory = local !== null && config.STOA_MODULES.length === 1
  if (onlyInventory) return { parts: own, inventory, serveRpc, shop: null }
  const shop = createShopModules(deps, { shipping, inventory })
  const parts: ModuleParts<unknown>[] = [...own, ...Object.values(shop)]
  return { parts, inventory, serveRpc, shop }
}
