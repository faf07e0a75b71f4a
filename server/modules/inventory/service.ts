import type { StockLevel, Warehouse } from '#contracts/inventory/schemas.ts'
import type { ImportedWarehouse, InventoryApi } from './api.ts'
import { currentReservation } from './flows/commit.ts'
import { totalsByOffer } from './model.ts'
import { readLevels } from './repository.ts'
import { findReservations, readLines } from './reservations-repository.ts'
import { toStockLevel } from './rows.ts'
import type { InventoryDeps } from './stock.ts'
import { awaitedUnits } from './turns.ts'
import { upsertWarehouses } from './warehouses-repository.ts'

/** What can be sold of each offer; one that lies nowhere has 0. */
export async function available(
  { db }: InventoryDeps,
  offerIds: readonly string[],
): Promise<{ offerId: string; available: number }[]> {
  if (offerIds.length === 0) return []
  const totals = totalsByOffer(await readLevels(db, [...new Set(offerIds)]))
  const byOffer = new Map(totals.map((total) => [total.offerId, total.available]))
  return offerIds.map((offerId) => ({ offerId, available: byOffer.get(offerId) ?? 0 }))
}

export async function levels({ db }: InventoryDeps, offerId: string): Promise<StockLevel[]> {
  return (await readLevels(db, [offerId])).map(toStockLevel)
}

export async function getReservation(
  { db }: InventoryDeps,
  key: string,
): ReturnType<InventoryApi['getReservation']> {
  const stored = (await findReservations(db, [key])).get(key)
  if (!stored) return null
  const offerIds = new Set(stored.allocations.map(({ offerId }) => offerId))
  const [lines, levels] = await Promise.all([readLines(db, stored), readLevels(db, [...offerIds])])
  const state = stored.overdue ? 'expired' : stored.state
  return {
    ...currentReservation(stored, lines),
    state,
    awaited: state === 'committed' ? await awaitedUnits(db, lines, levels) : [],
  }
}

/** Creates or changes warehouses by code; a known code keeps its id. */
export async function importWarehouses(
  { db, ids, directory }: InventoryDeps,
  warehouses: readonly ImportedWarehouse[],
): Promise<void> {
  const byCode = new Map(warehouses.map((warehouse) => [warehouse.code, warehouse]))
  if (byCode.size === 0) return
  await upsertWarehouses(
    db,
    [...byCode.values()].map((warehouse) => ({ ...warehouse, id: ids.make('wh') })),
  )
  await directory.refresh()
}

export async function warehouses({ directory }: InventoryDeps): Promise<Warehouse[]> {
  return [...(await directory.refresh()).values()]
}
