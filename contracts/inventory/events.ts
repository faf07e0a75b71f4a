import { z } from 'zod'
import { event } from '../kit/event.ts'
import { LaterStock } from './schemas.ts'

/** What can be sold of an offer over all warehouses, after a change. */
const Level = {
  offerId: z.string(),
  available: z.int(),
  version: z.int().describe('Never falls; of two tellings the higher one holds'),
  later: LaterStock.extend({ quantity: z.int() })
    .optional()
    .describe('How much of what is available does not lie there yet'),
}

/** Levels after a change. `available` sums the offer's warehouses. */
export const inventoryUpdated = event({
  type: 'inventory.inventory_updated.v1',
  aggregate: 'offer',
  summary: 'What is available of an offer has changed',
  payload: z.strictObject(Level),
})

export const inventoryReserved = event({
  type: 'inventory.inventory_reserved.v1',
  aggregate: 'reservation',
  summary: 'Stock is held for an order',
  payload: z.strictObject({
    key: z.string(),
    allocations: z.array(
      z.strictObject({ offerId: z.string(), warehouseId: z.string(), quantity: z.int() }),
    ),
    expiresAt: z.string(),
  }),
})

export const inventoryReleased = event({
  type: 'inventory.inventory_released.v1',
  aggregate: 'reservation',
  summary: 'Held stock is free again',
  payload: z.strictObject({
    key: z.string(),
    reason: z.enum(['released', 'expired', 'cancelled']),
  }),
})

/** Told instead of many `inventory_updated` when an import changes levels in bulk. */
export const levelsImported = event({
  type: 'inventory.levels_imported.v1',
  aggregate: 'import',
  summary: 'What is available of many offers has changed at once',
  payload: z.strictObject({
    levels: z.array(z.strictObject(Level)).max(1000),
  }),
})

/** Told once when a row falls to its reorder point; again only after it has risen above. */
export const lowStock = event({
  type: 'inventory.low_stock.v1',
  aggregate: 'offer',
  summary: 'A warehouse has no more of an offer than its reorder point',
  payload: z.strictObject({
    offerId: z.string(),
    warehouseId: z.string(),
    unreserved: z.int(),
    incoming: z.int(),
    reorderPoint: z.int(),
  }),
})

export const shortageFound = event({
  type: 'inventory.shortage_found.v1',
  aggregate: 'reservation',
  summary: 'A count found less than was promised: this order cannot be filled as it stands',
  payload: z.strictObject({
    key: z.string(),
    offerId: z.string(),
    warehouseId: z.string(),
    quantity: z.int(),
  }),
})

export const transferChanged = event({
  type: 'inventory.transfer_changed.v1',
  aggregate: 'transfer',
  summary: 'Goods were sent to a warehouse, have arrived there, or will not come',
  payload: z.strictObject({ transferId: z.string(), state: z.string(), version: z.int() }),
})

export const inventoryEvents = [
  inventoryUpdated,
  inventoryReserved,
  inventoryReleased,
  levelsImported,
  lowStock,
  shortageFound,
  transferChanged,
] as const
