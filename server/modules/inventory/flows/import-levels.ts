import { hash } from 'node:crypto'
import { levelsImported } from '#contracts/inventory/events.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import { copyLevels } from '../copy-levels.ts'
import {
  compareText,
  type Level,
  type LevelChange,
  leastQuantity,
  newLevel,
  type OfferTotal,
  type RowKey,
  rowKey,
  rowName,
} from '../model.ts'
import { findCommands, insertCommands, insertMovements, lockLevels } from '../repository.ts'
import {
  changedTotals,
  type InventoryDeps,
  inTransaction,
  lowStockEvents,
  moveLevels,
} from '../stock.ts'
import { freeExpiredHolds } from './reserve.ts'

type ImportedLevel = Readonly<{ offerId: string; warehouseCode: string; quantity: number }>

type Target = RowKey & Readonly<{ quantity: number; warehouseCode: string }>

export type ImportResult = { unknownWarehouses: string[]; short: ImportedLevel[] }

/** Rows of one transaction: large enough to be fast, small enough that shoppers do not wait. */
const CHUNK = 5_000
const LEVELS_PER_EVENT = 1_000

/**
 * Sets levels in bulk, in chunks of one transaction each. A chunk is a command of its own, so that
 * an import that died is finished by its repetition, and a finished one does nothing again.
 * @param isNew nobody has told stock of these offers before: there are no rows to look for.
 */
export async function importLevels(
  deps: InventoryDeps,
  {
    key,
    levels,
    isNew = false,
  }: Readonly<{ key: string; levels: readonly ImportedLevel[]; isNew?: boolean }>,
): Promise<ImportResult> {
  const wrong = levels.find(
    ({ quantity }) => !Number.isSafeInteger(quantity) || quantity < 0 || quantity > 100_000_000,
  )
  if (wrong) {
    throw generalProblem('validation_failed', { detail: `${wrong.quantity} is not a quantity` })
  }
  const { targets, unknownWarehouses } = await resolve(deps, levels)
  const short: ImportedLevel[] = []
  for (let from = 0; from < targets.length; from += CHUNK) {
    const chunk = targets.slice(from, from + CHUNK)
    short.push(...(await importChunk(deps, `import:${digest(key, chunk)}`, chunk, isNew)))
  }
  return { unknownWarehouses, short }
}

/** Names a chunk by what is in it: the same key with other levels is not a repetition. */
function digest(key: string, targets: readonly Target[]): string {
  const rows = targets.map((target) => `${rowName(target)} ${target.quantity}`)
  return hash('sha256', `${key}\n${rows.join('\n')}\n`, 'base64url').slice(0, 22)
}

/** Looks up warehouses; of two levels of one row the last counts. Offers stay together. */
async function resolve(deps: InventoryDeps, levels: readonly ImportedLevel[]) {
  const codes = new Set(levels.map((level) => level.warehouseCode))
  let warehouses = byCode(await deps.directory.read())
  if ([...codes].some((code) => !warehouses.has(code))) {
    warehouses = byCode(await deps.directory.refresh())
  }
  const targets: Target[] = []
  for (const { offerId, warehouseCode, quantity } of levels) {
    const warehouse = warehouses.get(warehouseCode)
    if (!warehouse) continue
    const { shard, warehouseId } = warehouse
    targets.push({ shard, offerId, warehouseId, quantity, warehouseCode })
  }
  targets.sort(compareTargets)
  return {
    // Sorting leaves levels of one row in the order in which they came.
    targets: targets.filter((target, place) => {
      const next = targets[place + 1]
      return !next || compareTargets(target, next) !== 0
    }),
    unknownWarehouses: [...codes].filter((code) => !warehouses.has(code)).sort(),
  }
}

function compareTargets(a: Target, b: Target): number {
  return compareText(a.offerId, b.offerId) || compareText(a.warehouseId, b.warehouseId)
}

function byCode(warehouses: ReadonlyMap<string, Readonly<{ id: string; code: string }>>) {
  return new Map(
    [...warehouses.values()].map(({ id, code }) => {
      const { shard, warehouseId } = rowKey('', id)
      return [code, { shard, warehouseId }] as const
    }),
  )
}

async function importChunk(
  deps: InventoryDeps,
  commandKey: string,
  targets: readonly Target[],
  isNew: boolean,
): Promise<ImportedLevel[]> {
  let looks = !isNew
  return inTransaction(deps, async (tx) => {
    const done = await findCommands(tx, [commandKey])
    if (done.has(commandKey)) return done.get(commandKey) as ImportedLevel[]
    const before = looks ? await lockLevels(tx, offersOf(targets)) : []
    // If the caller was wrong, the rows' keys refuse the chunk, and it is done again with a look.
    looks = true
    const missing = without(targets, before)
    if (missing.length > 0) await copyLevels(tx, missing, commandKey)
    const { short, totals, low } =
      before.length === 0
        ? { short: [], totals: firstTotals(missing), low: [] }
        : await changeKnown(tx, { before, targets, missing, commandKey })
    await insertCommands(tx, [{ key: commandKey, reply: short }])
    await deps.outbox.append(tx, [...importedEvents(commandKey, totals), ...low])
    return short
  })
}

function offersOf(targets: readonly Target[]): string[] {
  return [...new Set(targets.map((target) => target.offerId))]
}

type Known = Readonly<{
  /** All rows of the offers that were there, as locked. */
  before: readonly Level[]
  targets: readonly Target[]
  /** Those that were made. */
  missing: readonly Target[]
  commandKey: string
}>

async function changeKnown(tx: Tx, { before, targets, missing, commandKey }: Known) {
  const levels = await freeIfShort(tx, before, targets)
  const { changes, short } = planChanges(levels, targets)
  const after = await moveLevels(tx, levels, changes)
  await insertMovements(
    tx,
    'imported',
    changes.map((change) => ({
      ...change,
      delta: change.quantityDelta,
      reason: 'import',
      commandKey,
    })),
  )
  const created = missing.map((target) => newLevel(target, target.quantity))
  const totals = changedTotals(before, [...after, ...created])
  return { short, totals, low: await lowStockEvents(tx, after) }
}

/** Totals of offers that had no rows, whose targets stand together: what `newLevel` would add up to. */
function firstTotals(targets: readonly Target[]): OfferTotal[] {
  const totals: { offerId: string; available: number; version: number }[] = []
  let last: (typeof totals)[number] | undefined
  for (const { offerId, quantity } of targets) {
    if (last?.offerId !== offerId) {
      last = { offerId, available: 0, version: 0 }
      totals.push(last)
    }
    last.available += quantity
    last.version += 1
  }
  return totals
}

/** The targets that have no row yet. */
function without(targets: readonly Target[], levels: readonly Level[]): readonly Target[] {
  if (levels.length === 0) return targets
  const known = new Set(levels.map(rowName))
  return targets.filter((target) => !known.has(rowName(target)))
}

/** Expired holds do not keep a level up. */
async function freeIfShort(
  tx: Tx,
  levels: readonly Level[],
  targets: readonly Target[],
): Promise<readonly Level[]> {
  const wanted = new Map(targets.map((target) => [rowName(target), target.quantity]))
  const offerIds = levels
    .filter((level) => (wanted.get(rowName(level)) ?? level.quantity) < leastQuantity(level))
    .map((level) => level.offerId)
  return offerIds.length === 0 ? levels : freeExpiredHolds(tx, levels, new Set(offerIds))
}

function planChanges(levels: readonly Level[], targets: readonly Target[]) {
  const byRow = new Map(levels.map((level) => [rowName(level), level]))
  const changes: LevelChange[] = []
  const short: ImportedLevel[] = []
  if (levels.length === 0) return { changes, short }
  for (const target of targets) {
    const level = byRow.get(rowName(target))
    if (!level) continue
    const { shard, offerId, warehouseId, warehouseCode } = target
    const quantity = Math.max(target.quantity, leastQuantity(level))
    if (quantity > target.quantity) short.push({ offerId, warehouseCode, quantity })
    if (quantity === level.quantity) continue
    const quantityDelta = quantity - level.quantity
    changes.push({ shard, offerId, warehouseId, quantityDelta, reservedDelta: 0 })
  }
  return { changes, short }
}

function importedEvents(commandKey: string, totals: readonly OfferTotal[]) {
  const events = []
  for (let from = 0; from < totals.length; from += LEVELS_PER_EVENT) {
    events.push({
      spec: levelsImported,
      aggregateId: commandKey,
      payload: { levels: totals.slice(from, from + LEVELS_PER_EVENT) },
    })
  }
  return events
}
