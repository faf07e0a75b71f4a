/** What commands on single stock rows have in common. */
import { inventoryProblem } from '#contracts/inventory/problems.ts'
import type { StockLevel, Warehouse } from '#contracts/inventory/schemas.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Tx } from '../../platform/db/statement.ts'
import { freeExpiredHolds } from './flows/reserve.ts'
import { freeOf, type Level, leastQuantity, type RowKey, rowName } from './model.ts'
import { insertLevels, lockLevels } from './repository.ts'
import type { InventoryDeps } from './stock.ts'

export function toStockLevel(level: Level): StockLevel {
  const { later, availableOn } = level
  return {
    offerId: level.offerId,
    warehouseId: level.warehouseId,
    quantity: level.quantity,
    reserved: level.reserved,
    available: freeOf(level),
    damaged: level.damaged,
    incoming: level.incoming,
    safety: level.safety,
    reorderPoint: level.reorderPoint,
    backorderCap: level.backorderCap,
    later: later === 'none' ? null : { kind: later, availableOn },
    isLow: level.isLow,
    version: level.version,
    settingsVersion: level.settingsVersion,
  }
}

/** @throws not_found if there is no such warehouse, or none that takes stock. */
export async function requireWarehouse(
  { directory }: Pick<InventoryDeps, 'directory'>,
  warehouseId: string,
): Promise<Warehouse> {
  const found =
    (await directory.read()).get(warehouseId) ?? (await directory.refresh()).get(warehouseId)
  if (found?.isActive) return found
  throw generalProblem('not_found', { detail: `No warehouse ${warehouseId}` })
}

/** Locks all rows of the rows' offers; a row that is not there yet is made, with nothing on hand. */
export async function lockWith(tx: Tx, rows: readonly RowKey[]): Promise<Level[]> {
  const offerIds = [...new Set(rows.map((row) => row.offerId))]
  const levels = await lockLevels(tx, offerIds)
  const known = new Set(levels.map(rowName))
  const missing = rows.filter((row) => !known.has(rowName(row)))
  if (missing.length === 0) return levels
  await insertLevels(
    tx,
    missing.map((row) => ({ ...row, quantity: 0 })),
  )
  return lockLevels(tx, offerIds)
}

export function findRow(levels: readonly Level[], row: RowKey): Level {
  const level = levels.find((other) => rowName(other) === rowName(row))
  if (!level) throw new Error(`The stock row ${rowName(row)} is gone`)
  return level
}

/**
 * Frees expired holds if the quantity would not cover what is promised.
 * @throws inventory.insufficient_stock if it does not cover it even then.
 */
export async function makeRoom(
  tx: Tx,
  locked: readonly Level[],
  { row, quantity }: Readonly<{ row: RowKey; quantity: number }>,
): Promise<readonly Level[]> {
  if (quantity >= leastQuantity(findRow(locked, row))) return locked
  const levels = await freeExpiredHolds(tx, locked, new Set([row.offerId]))
  const level = findRow(levels, row)
  if (quantity >= leastQuantity(level)) return levels
  throw insufficient(level, level.quantity - quantity)
}

export function insufficient(level: Level, requested: number) {
  const available = Math.max(0, level.quantity - leastQuantity(level))
  return inventoryProblem('inventory.insufficient_stock', {
    detail: `${level.reserved} are promised to orders`,
    data: { lines: [{ offerId: level.offerId, requested, available }] },
  })
}
