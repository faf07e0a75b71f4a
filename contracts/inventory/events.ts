import { z } from 'zod'
import { event } from '../kit/event.ts'

/** Levels after a change. `available` sums the offer's warehouses. */
export const inventoryUpdated = event({
  type: 'inventory.inventory_updated.v1',
  aggregate: 'offer',
  summary: 'What is available of an offer has changed',
  payload: z.strictObject({
    offerId: z.string(),
    available: z.int(),
    version: z.int(),
  }),
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
    levels: z
      .array(z.strictObject({ offerId: z.string(), available: z.int(), version: z.int() }))
      .max(1000),
  }),
})

export const inventoryEvents = [
  inventoryUpdated,
  inventoryReserved,
  inventoryReleased,
  levelsImported,
] as const
