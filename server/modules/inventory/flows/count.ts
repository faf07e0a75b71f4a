import { shortageFound } from '#contracts/inventory/events.ts'
import { inventoryProblem } from '#contracts/inventory/problems.ts'
import type { StockLevel } from '#contracts/inventory/schemas.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import type { NewEvent } from '../../../platform/events/outbox.ts'
import { compareText, type HoldLine, type Level, leastQuantity, rowKey } from '../model.ts'
import { findCommands, insertCommands, insertMovements } from '../repository.ts'
import { lockReservations, writeLines } from '../reservations-repository.ts'
import { findRow, insufficient, lockWith, requireWarehouse, toStockLevel } from '../rows.ts'
import { lockOpenLines, lockShortLine } from '../shortages-repository.ts'
import { type InventoryDeps, inTransaction, moveLevels, stockEvents } from '../stock.ts'
import { freeExpiredHolds } from './reserve.ts'

/**
 * Corrects what is on hand to what was counted. What is promised beyond that is taken back from
 * the newest promises: live holds first, which their payment may take again from elsewhere, then
 * commitments, which become shortages for people to settle. Source: semantics 7.
 * @throws inventory.stock_changed if the caller saw another quantity.
 */
export async function countStock(
  deps: InventoryDeps,
  input: Readonly<{
    key: string
    offerId: string
    warehouseId: string
    counted: number
    expected: number
    reason: string
  }>,
): Promise<StockLevel> {
  const { key, offerId, warehouseId, counted, expected, reason } = input
  await requireWarehouse(deps, warehouseId)
  const row = rowKey(offerId, warehouseId)
  const commandKey = `count:${offerId}:${warehouseId}:${key}`
  return inTransaction(deps, async (tx) => {
    const locked = await lockWith(tx, [row])
    const done = await findCommands(tx, [commandKey])
    if (done.has(commandKey)) return done.get(commandKey) as StockLevel
    const current = findRow(locked, row)
    if (current.quantity !== expected) {
      throw inventoryProblem('inventory.stock_changed', { data: { quantity: current.quantity } })
    }
    let levels: readonly Level[] = locked
    let taken: Taken = { units: 0, found: [] }
    if (counted < leastQuantity(current)) {
      levels = await freeExpiredHolds(tx, locked, new Set([offerId]))
      const over = leastQuantity(findRow(levels, row)) - counted
      if (over > 0) taken = await takeBack(tx, findRow(levels, row), over)
    }
    const delta = counted - current.quantity
    const change = { ...row, quantityDelta: delta, reservedDelta: -taken.units }
    const after = await moveLevels(tx, levels, [change])
    await insertMovements(tx, 'count_correction', [{ ...row, delta, reason, commandKey }])
    const reply = toStockLevel(findRow(after, row))
    await insertCommands(tx, [{ key: commandKey, reply }])
    await deps.outbox.append(tx, [...taken.found, ...(await stockEvents(tx, locked, after))])
    return reply
  })
}

type Taken = Readonly<{ units: number; found: readonly NewEvent[] }>

/** Takes units back from the newest promises of a locked row; holds are freed whole. */
async function takeBack(tx: Tx, level: Level, over: number): Promise<Taken> {
  const lines = await lockOpenLines(tx, level)
  const reservations = await lockReservations(
    tx,
    lines.map((line) => line.key),
  )
  const age = ({ key }: HoldLine) => reservations.get(key)?.createdAt ?? ''
  const newestFirst = lines.toSorted(
    (a, b) =>
      Number(b.expiring) - Number(a.expiring) ||
      compareText(age(b), age(a)) ||
      compareText(b.key, a.key),
  )
  const written: HoldLine[] = []
  const found: NewEvent[] = []
  let units = 0
  for (const line of newestFirst) {
    if (units >= over) break
    if (line.expiring) {
      written.push({ ...line, open: 0, expiring: false })
      units += line.open
      continue
    }
    const quantity = Math.min(line.open, over - units)
    written.push({ ...line, open: line.open - quantity, short: line.short + quantity })
    units += quantity
    const { key, offerId, warehouseId } = line
    const payload = { key, offerId, warehouseId, quantity }
    found.push({ spec: shortageFound, aggregateId: key, payload })
  }
  await writeLines(tx, written)
  return { units, found }
}

/**
 * Promises an order its missing units again.
 * @throws not_found if nothing of it is missing; inventory.insufficient_stock.
 */
export async function fillShortage(
  deps: InventoryDeps,
  {
    offerId,
    warehouseId,
    reservation,
  }: Readonly<{ offerId: string; warehouseId: string; reservation: string }>,
): Promise<StockLevel> {
  const row = rowKey(offerId, warehouseId)
  return inTransaction(deps, async (tx) => {
    const locked = await lockWith(tx, [row])
    const line = await lockShortLine(tx, row, reservation)
    if (!line) throw generalProblem('not_found', { detail: 'Nothing of it is missing there' })
    const levels = await freeExpiredHolds(tx, locked, new Set([offerId]))
    const level = findRow(levels, row)
    if (level.quantity - level.reserved < line.short) throw insufficient(level, line.short)
    await writeLines(tx, [{ ...line, open: line.open + line.short, short: 0 }])
    const change = { ...row, quantityDelta: 0, reservedDelta: line.short }
    const after = await moveLevels(tx, levels, [change])
    await deps.outbox.append(tx, await stockEvents(tx, locked, after))
    return toStockLevel(findRow(after, row))
  })
}
