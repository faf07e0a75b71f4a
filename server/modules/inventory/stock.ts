import { inventoryUpdated } from '#contracts/inventory/events.ts'
import type { Clock } from '../../platform/clock.ts'
import { type Database, sqlState } from '../../platform/db/database.ts'
import type { Tx } from '../../platform/db/statement.ts'
import type { NewEvent, Outbox } from '../../platform/events/outbox.ts'
import type { Ids } from '../../platform/ids.ts'
import type { Log } from '../../platform/log.ts'
import {
  applyChanges,
  type Level,
  type LevelChange,
  type Locate,
  type OfferTotal,
  sumChanges,
  totalsByOffer,
} from './model.ts'
import { changeLevels } from './repository.ts'
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

/**
 * One transaction of the module, tried again when a rival was in the way; afterwards the outbox's
 * readers are woken.
 */
export async function inTransaction<T>(
  { db, outbox, log }: Pick<InventoryDeps, 'db' | 'outbox' | 'log'>,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = await db.tx(work)
      outbox.appended.strike()
      return result
    } catch (error) {
      const state = sqlState(error)
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

/** Totals of the offers of which more or less is free than before. */
export function changedTotals(before: readonly Level[], after: readonly Level[]): OfferTotal[] {
  const known = new Map(totalsByOffer(before).map((total) => [total.offerId, total.available]))
  return totalsByOffer(after).filter((total) => known.get(total.offerId) !== total.available)
}

/** One `inventory_updated` for each offer of which more or less is free than before. */
export function updatedEvents(before: readonly Level[], after: readonly Level[]): NewEvent[] {
  return changedTotals(before, after).map((total) => ({
    spec: inventoryUpdated,
    aggregateId: total.offerId,
    payload: total,
  }))
}
