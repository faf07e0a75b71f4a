import { inventoryUpdated, lowStock } from '#contracts/inventory/events.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../platform/clock.ts'
import { type Database, sqlState, type TransactionOptions } from '../../platform/db/database.ts'
import type { Tx } from '../../platform/db/statement.ts'
import type { NewEvent, Outbox } from '../../platform/events/outbox.ts'
import type { Ids } from '../../platform/ids.ts'
import type { Log } from '../../platform/log.ts'
import {
  applyChanges,
  isAtReorderPoint,
  type Level,
  type LevelChange,
  type Locate,
  type OfferTotal,
  sumChanges,
  totalsByOffer,
} from './model.ts'
import { changeLevels, markLow } from './repository.ts'
import type { WarehouseDirectory } from './warehouse-directory.ts'

/** What every process of this module works with. */
export type InventoryDeps = Readonly<{
  db: Database
  outbox: Outbox
  ids: Ids
  clock: Clock
  log: Log
  locate: Locate
  directory: WarehouseDirectory
}>

/** Refusals of PostgreSQL that a second try answers: deadlock, serialization, lock time, rival key. */
const TRANSIENT = new Set(['40P01', '40001', '55P03', '23505'])
const TRIES = 4
/** A counter cannot hold that many: the row as it was stays. */
const OUT_OF_RANGE = '22003'
const TOO_MANY = 'More units than a stock row can count'

/** One transaction of the module; afterwards the outbox's readers are woken. */
export async function inTransaction<T>(
  deps: Pick<InventoryDeps, 'db' | 'outbox' | 'log'>,
  work: (tx: Tx) => Promise<T>,
  options?: TransactionOptions<T>,
): Promise<T> {
  const result = await triedAgain(deps, () => deps.db.tx(work, options))
  deps.outbox.appended.strike()
  return result
}

/** Tries again what a rival was in the way of: a transaction, or a statement that is one by itself. */
export async function triedAgain<T>(
  { log }: Pick<InventoryDeps, 'log'>,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      const state = sqlState(error)
      if (state === OUT_OF_RANGE) throw generalProblem('validation_failed', { detail: TOO_MANY })
      if (attempt >= TRIES || state === undefined || !TRANSIENT.has(state)) throw error
      log.warn({ state, attempt }, 'stock transaction tried again')
    }
  }
}

/**
 * Writes changes of locked rows.
 * @param levels all rows of the offers, as locked.
 * @returns the levels afterwards.
 */
export async function moveLevels(
  tx: Tx,
  levels: readonly Level[],
  changes: readonly LevelChange[],
): Promise<Level[]> {
  const summed = sumChanges(changes)
  await changeLevels(tx, summed)
  return applyChanges(levels, summed)
}

/** Totals of the offers of which more or less is free than before, or for other reasons. */
export function changedTotals(before: readonly Level[], after: readonly Level[]): OfferTotal[] {
  const known = new Map(totalsByOffer(before).map((total) => [total.offerId, total]))
  return totalsByOffer(after).filter((total) => !isSameStock(total, known.get(total.offerId)))
}

function isSameStock(a: OfferTotal, b: OfferTotal | undefined): boolean {
  return (
    a.available === b?.available &&
    a.later?.quantity === b.later?.quantity &&
    a.later?.kind === b.later?.kind &&
    a.later?.availableOn === b.later?.availableOn
  )
}

/**
 * What a change of locked rows has to tell: one `inventory_updated` for each offer of which more or
 * less is free than before, and what `lowStockEvents` finds.
 */
export async function stockEvents(
  tx: Tx,
  before: readonly Level[],
  after: readonly Level[],
): Promise<NewEvent[]> {
  const updated = changedTotals(before, after).map((total) => ({
    spec: inventoryUpdated,
    aggregateId: total.offerId,
    payload: total,
  }))
  return [...updated, ...(await lowStockEvents(tx, after))]
}

/** One `low_stock` for each locked row that has fallen to its reorder point since it was above. */
export async function lowStockEvents(tx: Tx, after: readonly Level[]): Promise<NewEvent[]> {
  const crossing = after.filter((level) => isAtReorderPoint(level) !== level.isLow)
  if (crossing.length === 0) return []
  await markLow(tx, crossing)
  return crossing
    .filter((level) => !level.isLow)
    .map(({ offerId, warehouseId, quantity, reserved, incoming, reorderPoint }) => ({
      spec: lowStock,
      aggregateId: offerId,
      payload: { offerId, warehouseId, unreserved: quantity - reserved, incoming, reorderPoint },
    }))
}
