import { inventoryProblem } from '#contracts/inventory/problems.ts'
import type { StockLevel, StockSettings } from '#contracts/inventory/schemas.ts'
import { expectVersion } from '../../../platform/http/etag.ts'
import { type Level, leastQuantity, type MovementKind, rowKey, rowName } from '../model.ts'
import {
  changeBins,
  findCommands,
  insertCommands,
  insertMovements,
  writeSettings,
} from '../repository.ts'
import {
  findRow,
  insufficient,
  lockWith,
  makeRoom,
  requireWarehouse,
  toStockLevel,
} from '../rows.ts'
import { type InventoryDeps, inTransaction, moveLevels, stockEvents } from '../stock.ts'

type RowCommand = Readonly<{ key: string; offerId: string; warehouseId: string }>

export type Disposition = RowCommand &
  Readonly<{
    kind: Extract<MovementKind, 'damaged' | 'repaired' | 'written_off'>
    quantity: number
    from: 'on_hand' | 'damaged'
    reason: string
  }>

/** How a disposition changes what can be sold and what is damaged. */
function effectOf({ kind, quantity, from }: Disposition) {
  if (kind === 'damaged') return { delta: -quantity, damagedDelta: quantity }
  if (kind === 'repaired') return { delta: quantity, damagedDelta: -quantity }
  return from === 'on_hand'
    ? { delta: -quantity, damagedDelta: 0 }
    : { delta: 0, damagedDelta: -quantity }
}

/**
 * Sets units aside as damaged, takes them back, or writes them off.
 * @throws inventory.insufficient_stock if fewer are there, or they are promised to orders.
 */
export function disposeStock(deps: InventoryDeps, input: Disposition): Promise<StockLevel> {
  const { key, offerId, warehouseId } = input
  const commandKey = `dispose:${offerId}:${warehouseId}:${key}`
  return moveBins(deps, { ...input, ...effectOf(input), commandKey })
}

/** Takes back into stock what had been shipped: what can be sold again, and what is damaged. */
export function takeBack(
  deps: InventoryDeps,
  input: RowCommand & Readonly<{ quantity: number; damaged: number; reason: string }>,
): Promise<StockLevel> {
  const { key, offerId, warehouseId, quantity: delta, damaged: damagedDelta, reason } = input
  const commandKey = `take_back:${offerId}:${warehouseId}:${key}`
  const kind = 'returned'
  return moveBins(deps, { commandKey, offerId, warehouseId, kind, delta, damagedDelta, reason })
}

/** Changes what is on hand and what is damaged of a row, once per command. */
async function moveBins(
  deps: InventoryDeps,
  command: Omit<RowCommand, 'key'> &
    Readonly<{
      commandKey: string
      kind: MovementKind
      delta: number
      damagedDelta: number
      reason: string
    }>,
): Promise<StockLevel> {
  const { commandKey, offerId, warehouseId, kind, delta, damagedDelta, reason } = command
  await requireWarehouse(deps, warehouseId)
  const row = rowKey(offerId, warehouseId)
  return inTransaction(deps, async (tx) => {
    const locked = await lockWith(tx, [row])
    const done = await findCommands(tx, [commandKey])
    if (done.has(commandKey)) return done.get(commandKey) as StockLevel
    const current = findRow(locked, row)
    if (current.damaged + damagedDelta < 0) {
      throw inventoryProblem('inventory.insufficient_stock', {
        detail: `${current.damaged} are damaged`,
        data: { lines: [{ offerId, requested: -damagedDelta, available: current.damaged }] },
      })
    }
    if (current.quantity + delta < 0) throw insufficient(current, -delta)
    const levels = await makeRoom(tx, locked, { row, quantity: current.quantity + delta })
    const moved = await moveLevels(tx, levels, [{ ...row, quantityDelta: delta, reservedDelta: 0 }])
    await changeBins(tx, [{ ...row, damagedDelta, incomingDelta: 0 }])
    await insertMovements(tx, kind, [{ ...row, delta, damagedDelta, reason, commandKey }])
    // The bins of a row are written, and its version rises, only where they change.
    const damaged = current.damaged + damagedDelta
    const after = damagedDelta === 0 ? moved : replaced(moved, { ...row, damaged })
    const reply = toStockLevel(findRow(after, row))
    await insertCommands(tx, [{ key: commandKey, reply }])
    await deps.outbox.append(tx, await stockEvents(tx, locked, after))
    return reply
  })
}

/** The levels with some fields of one row changed in the database as well: its version is one up. */
function replaced(
  levels: readonly Level[],
  change: Partial<Level> & Pick<Level, 'offerId' | 'warehouseId'>,
): Level[] {
  return levels.map((level) =>
    rowName(level) === rowName(change)
      ? { ...level, ...change, version: level.version + 1 }
      : level,
  )
}

/**
 * Sets what a row keeps back, when it is to be ordered anew, and what may be sold before it comes.
 * @throws precondition_failed if the caller saw other settings; inventory.insufficient_stock if
 * more back orders are promised than the new cap allows.
 */
export async function changeSettings(
  deps: InventoryDeps,
  {
    offerId,
    warehouseId,
    settings,
    expectedVersion,
  }: Omit<RowCommand, 'key'> &
    Readonly<{ settings: StockSettings; expectedVersion: number | undefined }>,
): Promise<StockLevel> {
  await requireWarehouse(deps, warehouseId)
  const row = rowKey(offerId, warehouseId)
  return inTransaction(deps, async (tx) => {
    const locked = await lockWith(tx, [row])
    const current = findRow(locked, row)
    expectVersion(expectedVersion, current.settingsVersion)
    const wanted = { ...row, ...settingsOf(current, settings) }
    let levels: readonly Level[] = locked
    if (current.quantity < leastQuantity({ ...current, ...wanted })) {
      const quantity = current.quantity - (current.backorderCap - wanted.backorderCap)
      levels = await makeRoom(tx, locked, { row, quantity })
    }
    const after = replaced(levels, { ...wanted, settingsVersion: current.settingsVersion + 1 })
    await writeSettings(tx, findRow(after, row))
    await deps.outbox.append(tx, await stockEvents(tx, locked, after))
    return toStockLevel(findRow(after, row))
  })
}

function settingsOf(current: Level, { safety, reorderPoint, later }: StockSettings) {
  return {
    safety: safety ?? current.safety,
    reorderPoint: reorderPoint ?? current.reorderPoint,
    later: later?.kind ?? current.later,
    backorderCap: later?.cap ?? current.backorderCap,
    availableOn: later ? later.availableOn : current.availableOn,
  }
}
