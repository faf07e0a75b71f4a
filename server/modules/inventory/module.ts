import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Outbox } from '../../platform/events/outbox.ts'
import type { Ids } from '../../platform/ids.ts'
import type { Log } from '../../platform/log.ts'
import type { ModuleParts } from '../../platform/module.ts'
import { createStockKeeping } from './admin.ts'
import type { InventoryApi } from './api.ts'
import { auditStock } from './audit.ts'
import { createCommit } from './flows/commit.ts'
import { importLevels } from './flows/import-levels.ts'
import { takeBack } from './flows/keep-stock.ts'
import { createRelease } from './flows/release.ts'
import { createReserve } from './flows/reserve.ts'
import { adjustLevel, setLevel } from './flows/set-stock.ts'
import { createShip } from './flows/ship.ts'
import { createJobs, createPartitionsAhead, createTickers } from './jobs.ts'
import type { Locate } from './model.ts'
import { createRecentHolds } from './recent-holds.ts'
import { readQuantities } from './repository.ts'
import { createRoutes } from './routes.ts'
import { available, getReservation, importWarehouses, levels, warehouses } from './service.ts'
import { shipsFrom } from './ships-from.ts'
import type { InventoryDeps } from './stock.ts'
import { createWarehouseDirectory } from './warehouse-directory.ts'

/** Every method of the module, for a process that calls it over the wire. */
export const INVENTORY_METHODS = [
  'available',
  'shipsFrom',
  'reserve',
  'commit',
  'release',
  'ship',
  'getReservation',
  'levels',
  'levelsOf',
  'setLevel',
  'adjust',
  'takeBack',
  'importLevels',
  'importWarehouses',
  'warehouses',
  'audit',
] as const satisfies readonly (keyof InventoryApi)[]

/** @param options.locate where a postal code lies; without it warehouses are near by country. */
export function createInventory({
  db,
  outbox,
  ids,
  clock,
  log,
  locate = () => undefined,
}: Readonly<{
  db: Database
  outbox: Outbox
  ids: Ids
  clock: Clock
  log: Log
  locate?: Locate
}>): ModuleParts<InventoryApi> {
  const directory = createWarehouseDirectory({ db, clock })
  const deps: InventoryDeps = { db, outbox, ids, clock, log, locate, directory }
  const recent = createRecentHolds()
  const commit = createCommit(deps, recent)
  const api: InventoryApi = {
    available: ({ offerIds }) => available(deps, offerIds),
    shipsFrom: (input) => shipsFrom(deps, input),
    reserve: createReserve(deps, recent),
    commit: ({ key }) => commit(key),
    release: createRelease(deps),
    ship: createShip(deps),
    getReservation: ({ key }) => getReservation(deps, key),
    levels: ({ offerId }) => levels(deps, offerId),
    levelsOf: ({ offerIds }) => readQuantities(db, offerIds),
    setLevel: (input) => setLevel(deps, input),
    adjust: (input) => adjustLevel(deps, input),
    takeBack: (input) => takeBack(deps, input),
    importLevels: (input) => importLevels(deps, input),
    importWarehouses: (input) => importWarehouses(deps, input.warehouses),
    warehouses: () => warehouses(deps),
    audit: () => auditStock(db),
  }
  return {
    api,
    routes: createRoutes(api, createStockKeeping(deps, api)),
    consumers: [],
    tickers: createTickers(deps),
    jobs: createJobs(deps),
    async start() {
      await createPartitionsAhead(deps)
    },
  }
}
