import { inventoryProblem } from '#contracts/inventory/problems.ts'
import { type BatchResult, createBatcher } from '../../../platform/batcher.ts'
import { isConnectionError } from '../../../platform/db/database.ts'
import { allocate, type Plan } from '../allocation.ts'
import type { Reservation } from '../api.ts'
import { commitWhole } from '../commit-repository.ts'
import {
  freeOf,
  type HoldLine,
  type Level,
  type LevelChange,
  rowKey,
  rowName,
  sumByOffer,
} from '../model.ts'
import type { RecentHolds } from '../recent-holds.ts'
import { lockLevels } from '../repository.ts'
import {
  findReservations,
  lockLines,
  lockReservations,
  replaceAllocations,
  writeLines,
  writeStates,
} from '../reservations-repository.ts'
import { type InventoryDeps, inTransaction, moveLevels, stockEvents, triedAgain } from '../stock.ts'
import { freeExpiredHolds, nearnessFrom } from './reserve.ts'

const MAX_BATCH = 500

/** The lines of each reservation. */
export function linesByKey(lines: readonly HoldLine[]): Map<string, HoldLine[]> {
  return Map.groupBy(lines, (line) => line.key)
}

/** A reservation as it is now, from its lines. */
export function currentReservation(
  stored: Reservation,
  lines: readonly Pick<HoldLine, 'offerId' | 'warehouseId' | 'quantity'>[],
): Reservation {
  const quantities = new Map(lines.map((line) => [rowName(line), line.quantity]))
  return {
    key: stored.key,
    expiresAt: stored.expiresAt,
    ...(stored.explanation === undefined ? {} : { explanation: stored.explanation }),
    allocations: stored.allocations
      .map((line) => ({
        ...line,
        quantity: quantities.get(rowName(line)) ?? line.quantity,
      }))
      .filter((line) => line.quantity > 0),
  }
}

/**
 * Confirms holds that are still whole. The stock rows are not touched: what was
 * held is counted already, it only ceases to expire. A hold whose time is past, but which nobody has
 * freed, is whole.
 */
async function confirmWhole(
  deps: InventoryDeps,
  held: readonly Reservation[],
): Promise<Map<string, Reservation>> {
  const committed = await triedAgain(deps, () => commitWhole(deps.db, held))
  const lines = Map.groupBy(committed, ({ key }) => key)
  return new Map(
    held.flatMap((hold) => {
      const own = lines.get(hold.key)
      return own ? [[hold.key, currentReservation(hold, own)] as const] : []
    }),
  )
}

/** Takes again, and commits, a hold that lost stock when its time was past. */
async function takeAgain(deps: InventoryDeps, key: string): Promise<Reservation> {
  const warehouses = await deps.directory.read()
  return inTransaction(deps, async (tx) => {
    const known = (await findReservations(tx, [key])).get(key)
    const offerIds = new Set(known?.allocations.map((line) => line.offerId))
    const locked = await lockLevels(tx, [...offerIds])
    const stored = (await findReservations(tx, [key])).get(key)
    let lines = stored ? await lockLines(tx, [stored]) : []
    const state = (await lockReservations(tx, [key])).get(key)?.state
    if (!stored || state === undefined || state === 'released') {
      throw inventoryProblem('inventory.reservation_expired')
    }
    if (state === 'committed') return currentReservation(stored, lines)
    const near = nearnessFrom(stored.destination, warehouses, deps.locate)
    let levels: readonly Level[] = locked
    let plan = planAgain(levels, lines, near)
    if (!plan) {
      levels = await freeExpiredHolds(tx, locked, offerIds)
      // Its own lines may be among those that were freed.
      lines = await lockLines(tx, [stored])
      plan = planAgain(levels, lines, near)
    }
    if (!plan) throw inventoryProblem('inventory.reservation_expired')
    const after = await moveLevels(tx, levels, changesBetween(lines, plan))
    await writeLines(tx, linesOf(key, lines, plan))
    await replaceAllocations(tx, key, plan)
    await writeStates(tx, new Map([[key, 'committed']]))
    await deps.outbox.append(tx, await stockEvents(tx, locked, after))
    return currentReservation({ ...stored, ...plan, allocations: plan.parcels }, [])
  })
}

/** A plan for all that the lines are for, counting what they still hold as free; if there is one. */
function planAgain(
  levels: readonly Level[],
  lines: readonly HoldLine[],
  near: Parameters<typeof allocate>[2],
): Plan | undefined {
  const demand = sumByOffer(lines).filter((line) => line.quantity > 0)
  const own = new Map(lines.map((line) => [rowName(line), line.open]))
  const supplies = levels.map((level) => ({
    ...level,
    free: freeOf({ ...level, reserved: level.reserved - (own.get(rowName(level)) ?? 0) }),
  }))
  const suffices = demand.every(
    ({ offerId, quantity }) =>
      supplies.reduce((sum, row) => sum + (row.offerId === offerId ? row.free : 0), 0) >= quantity,
  )
  return suffices ? allocate(demand, supplies, near) : undefined
}

function changesBetween(lines: readonly HoldLine[], plan: Plan): LevelChange[] {
  return [
    ...lines.map((line) => ({ ...line, quantityDelta: 0, reservedDelta: -line.open })),
    ...plan.parcels.map((parcel) => ({
      ...rowKey(parcel.offerId, parcel.warehouseId),
      quantityDelta: 0,
      reservedDelta: parcel.quantity,
    })),
  ]
}

function linesOf(key: string, lines: readonly HoldLine[], plan: Plan): HoldLine[] {
  const taken = plan.parcels.map((parcel) => ({
    ...rowKey(parcel.offerId, parcel.warehouseId),
    key,
    quantity: parcel.quantity,
    open: parcel.quantity,
    shipped: 0,
    short: 0,
    expiring: false,
  }))
  const names = new Set(taken.map(rowName))
  const left = lines
    .filter((line) => !names.has(rowName(line)))
    .map((line) => ({ ...line, quantity: 0, open: 0, expiring: false }))
  return [...taken, ...left]
}

/** What is held under these keys, as far as this process remembers or the rows say. */
async function findHeld(
  { db }: InventoryDeps,
  recent: RecentHolds,
  keys: readonly string[],
): Promise<Reservation[]> {
  const known = new Map(keys.map((key) => [key, recent.take(key)]))
  const unknown = keys.filter((key) => !known.get(key))
  const found = unknown.length === 0 ? [] : [...(await findReservations(db, unknown)).values()]
  return [
    ...[...known.values()].filter((hold) => hold !== undefined),
    ...found.filter((reservation) => reservation.state === 'held'),
  ]
}

async function commitBatch(
  deps: InventoryDeps,
  recent: RecentHolds,
  keys: readonly string[],
): Promise<BatchResult<Reservation>[]> {
  const held = await findHeld(deps, recent, [...new Set(keys)])
  const confirmed =
    held.length > 0 ? await confirmWhole(deps, held) : new Map<string, Reservation>()
  const answers = new Map<string, Promise<BatchResult<Reservation>>>()
  const answer = async (key: string): Promise<BatchResult<Reservation>> => {
    const value = confirmed.get(key)
    if (value) return { value }
    return takeAgain(deps, key).then(
      (again) => ({ value: again }),
      (error: unknown) => ({ error }),
    )
  }
  const results: BatchResult<Reservation>[] = []
  for (const key of keys) {
    const result = answers.get(key) ?? answer(key)
    answers.set(key, result)
    results.push(await result)
  }
  return results
}

/** Commits in micro-batches; the holds that were lost are then taken again one by one. */
export function createCommit(
  deps: InventoryDeps,
  recent: RecentHolds,
): (key: string) => Promise<Reservation> {
  return createBatcher({
    maxBatch: MAX_BATCH,
    concurrency: 2,
    fatal: isConnectionError,
    run: (keys: readonly string[]) => commitBatch(deps, recent, keys),
  })
}
