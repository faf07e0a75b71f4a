import { inventoryProblem } from '#contracts/inventory/problems.ts'
import type { StockLevel } from '#contracts/inventory/schemas.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { type MovementKind, rowKey } from '../model.ts'
import { findCommands, insertCommands, insertMovements } from '../repository.ts'
import { findRow, lockWith, makeRoom, requireWarehouse, toStockLevel } from '../rows.ts'
import { type InventoryDeps, inTransaction, moveLevels, stockEvents } from '../stock.ts'

type StockCommand = Readonly<{
  /** The command's key, its kind before it. */
  commandKey: string
  offerId: string
  warehouseId: string
  kind: MovementKind
  reason: string
  /** What shall be on hand, from what is. @throws Problem */
  target(quantity: number): number
}>

const MAX_QUANTITY = 2_000_000_000

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
  await requireWarehouse(deps, warehouseId)
  const row = rowKey(offerId, warehouseId)
  return inTransaction(deps, async (tx) => {
    const locked = await lockWith(tx, [row])
    const done = await findCommands(tx, [commandKey])
    if (done.has(commandKey)) return done.get(commandKey) as StockLevel
    const current = findRow(locked, row)
    const quantity = command.target(current.quantity)
    if (!Number.isSafeInteger(quantity) || quantity > MAX_QUANTITY) {
      throw generalProblem('validation_failed', { detail: `${quantity} is not a stock quantity` })
    }
    const levels = await makeRoom(tx, locked, { row, quantity })
    const delta = quantity - current.quantity
    const after = await moveLevels(tx, levels, [{ ...row, quantityDelta: delta, reservedDelta: 0 }])
    await insertMovements(tx, command.kind, [{ ...row, delta, reason: command.reason, commandKey }])
    const reply = toStockLevel(findRow(after, row))
    await insertCommands(tx, [{ key: commandKey, reply }])
    await deps.outbox.append(tx, await stockEvents(tx, locked, after))
    return reply
  })
}
