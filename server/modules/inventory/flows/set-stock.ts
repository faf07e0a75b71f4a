import { inventoryProblem } from '#contracts/inventory/problems.ts'
import type { StockLevel } from '#contracts/inventory/schemas.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import { freeOf, type Level, leastQuantity, type RowKey, rowKey, rowName } from '../model.ts'
import {
  findCommands,
  insertCommands,
  insertLevels,
  insertMovements,
  lockLevels,
} from '../repository.ts'
import { type InventoryDeps, inTransaction, moveLevels, updatedEvents } from '../stock.ts'
import { freeExpiredHolds } from './reserve.ts'

type StockCommand = Readonly<{
  /** The command's key, its kind before it. */
  commandKey: string
  offerId: string
  warehouseId: string
  kind: 'set' | 'adjusted'
  reason: string
  /** What shall be on hand, from what is. @throws Problem */
  target(quantity: number): number
}>

const MAX_QUANTITY = 2_000_000_000

export function toStockLevel(level: Level): StockLevel {
  return {
    offerId: level.offerId,
    warehouseId: level.warehouseId,
    quantity: level.quantity,
    reserved: level.reserved,
    available: freeOf(level),
    version: level.version,
  }
}

/** Sets what is on hand, if it is what the caller saw. */
export function setLevel(
  deps: InventoryDeps,
  input: Readonly<{
    key: string
    offerId: string
    warehouseId: string
    quantity: number
    expected: number
    reason: string
  }>,
): Promise<StockLevel> {
  const { key, offerId, warehouseId, quantity, expected, reason } = input
  return changeStock(deps, {
    commandKey: `set:${offerId}:${warehouseId}:${key}`,
    offerId,
    warehouseId,
    kind: 'set',
    reason,
    target(current) {
      if (current !== expected) {
        throw inventoryProblem('inventory.stock_changed', { data: { quantity: current } })
      }
      return quantity
    },
  })
}

/** Adds to, or takes from, what is on hand. */
export function adjustLevel(
  deps: InventoryDeps,
  input: Readonly<{
    key: string
    offerId: string
    warehouseId: string
    delta: number
    reason: string
  }>,
): Promise<StockLevel> {
  const { key, offerId, warehouseId, delta, reason } = input
  return changeStock(deps, {
    commandKey: `adjust:${offerId}:${warehouseId}:${key}`,
    offerId,
    warehouseId,
    kind: 'adjusted',
    reason,
    target: (current) => current + delta,
  })
}

async function changeStock(deps: InventoryDeps, command: StockCommand): Promise<StockLevel> {
  const { commandKey, offerId, warehouseId } = command
  const known = await deps.directory.read()
  if (!known.has(warehouseId) && !(await deps.directory.refresh()).has(warehouseId)) {
    throw generalProblem('not_found', { detail: `No warehouse ${warehouseId}` })
  }
  const row = rowKey(offerId, warehouseId)
  return inTransaction(deps, async (tx) => {
    const locked = await lockWith(tx, row)
    const done = await findCommands(tx, [commandKey])
    if (done.has(commandKey)) return done.get(commandKey) as StockLevel
    const current = find(locked, row)
    const quantity = command.target(current.quantity)
    if (!Number.isSafeInteger(quantity) || quantity > MAX_QUANTITY) {
      throw generalProblem('validation_failed', { detail: `${quantity} is not a stock quantity` })
    }
    const levels = await makeRoom(tx, locked, { row, quantity })
    const delta = quantity - current.quantity
    const after = await moveLevels(tx, levels, [{ ...row, quantityDelta: delta, reservedDelta: 0 }])
    await insertMovements(tx, command.kind, [{ ...row, delta, reason: command.reason, commandKey }])
    const reply = toStockLevel(find(after, row))
    await insertCommands(tx, [{ key: commandKey, reply }])
    await deps.outbox.append(tx, updatedEvents(locked, after))
    return reply
  })
}

/** Locks the offer's rows; a row that is not there yet is made, with nothing on hand. */
async function lockWith(tx: Tx, row: RowKey): Promise<Level[]> {
  const levels = await lockLevels(tx, [row.offerId])
  if (levels.some((level) => rowName(level) === rowName(row))) return levels
  await insertLevels(tx, [{ ...row, quantity: 0 }])
  return lockLevels(tx, [row.offerId])
}

function find(levels: readonly Level[], row: RowKey): Level {
  const level = levels.find((other) => rowName(other) === rowName(row))
  if (!level) throw new Error(`The stock row ${rowName(row)} is gone`)
  return level
}

/**
 * Frees expired holds if the quantity would not cover what is promised.
 * @throws inventory.insufficient_stock if it does not cover it even then.
 */
async function makeRoom(
  tx: Tx,
  locked: readonly Level[],
  { row, quantity }: Readonly<{ row: RowKey; quantity: number }>,
): Promise<readonly Level[]> {
  if (quantity >= leastQuantity(find(locked, row))) return locked
  const levels = await freeExpiredHolds(tx, locked, new Set([row.offerId]))
  const level = find(levels, row)
  if (quantity >= leastQuantity(level)) return levels
  throw inventoryProblem('inventory.insufficient_stock', {
    detail: `${level.reserved} are promised to orders`,
    data: {
      lines: [
        {
          offerId: row.offerId,
          requested: level.quantity - quantity,
          available: level.quantity - leastQuantity(level),
        },
      ],
    },
  })
}
