import type { FastifyInstance } from 'fastify'
import {
  createInventory,
  INVENTORY_METHODS,
  type InventoryApi,
} from '../modules/inventory/index.ts'
import { remote, serveRpc } from '../platform/rpc/index.ts'
import { moduleBase, type SmallDeps } from './deps.ts'

const DEADLINE_MS = 5_000
/** Work on many rows; a shopper waits for none of it. */
const DEADLINES_MS = {
  importLevels: 120_000,
  importWarehouses: 30_000,
  levelsOf: 30_000,
  audit: 600_000,
} satisfies Partial<Record<(typeof INVENTORY_METHODS)[number], number>>

type Local = ReturnType<typeof createInventory>

/**
 * The inventory: of this process, or of another one that its address names.
 * @param locate where a postal code lies; without it warehouses are near by country
 */
export function linkInventory(
  deps: SmallDeps,
  locate?: Parameters<typeof createInventory>[0]['locate'],
): Readonly<{ local: Local | null; api: InventoryApi; serve(app: FastifyInstance): void }> {
  const { config, clock, chance, log } = deps
  const secret = config.RPC_SECRET
  if (config.STOA_MODULES.includes('inventory')) {
    const local = createInventory({ ...moduleBase(deps), ...(locate ? { locate } : {}) })
    const serve = (app: FastifyInstance) => {
      if (secret) serveRpc(app, 'inventory', local.api, { secret })
    }
    return { local, api: local.api, serve }
  }
  const api = remote<InventoryApi>('inventory', INVENTORY_METHODS, {
    url: config.INVENTORY_URL as string,
    secret: secret as string,
    deadlineMs: DEADLINE_MS,
    deadlinesMs: DEADLINES_MS,
    clock,
    chance,
    log,
  })
  return { local: null, api, serve: () => {} }
}
