import { inventoryReleased } from '#contracts/inventory/events.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { type BatchResult, createBatcher } from '../../../platform/batcher.ts'
import { isConnectionError } from '../../../platform/db/database.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import { canonicalJson } from '../../../platform/idempotency.ts'
import type { OfferQuantity } from '../api.ts'
import { type HoldLine, type LevelChange, type ReservationState, sumByOffer } from '../model.ts'
import { findCommands, insertCommands, lockLevels } from '../repository.ts'
import {
  findOverdue,
  findReservations,
  lockLines,
  lockReservations,
  type StoredReservation,
  writeLines,
  writeStates,
} from '../reservations-repository.ts'
import { type InventoryDeps, inTransaction, moveLevels, stockEvents } from '../stock.ts'
import { linesByKey } from './commit.ts'

export type ReleaseRequest = Readonly<{
  key: string
  reason: 'released' | 'cancelled'
  lines?: readonly OfferQuantity[]
  releaseKey?: string
}>

type Freeing = Readonly<{
  key: string
  reason: 'released' | 'cancelled' | 'expired'
  /** A part only: how much of which offers, and the command's key. */
  part?: Readonly<{ lines: readonly OfferQuantity[]; commandKey: string }>
}>

const MAX_BATCH = 500

/** What a batch has decided so far; later items see what earlier ones did. */
type Ledger = {
  lines: Map<string, HoldLine[]>
  states: Map<string, ReservationState>
  /** Holds whose time is past, swept or not. */
  expired: ReadonlySet<string>
  written: Map<string, ReservationState>
  changes: LevelChange[]
  commands: string[]
  done: Set<string>
}

/**
 * Takes all that is still open of a reservation out of its lines.
 * @returns whether it held anything until now; a released one cannot be committed any more.
 */
function freeAll(ledger: Ledger, { key, reason }: Freeing): boolean {
  const state = ledger.states.get(key)
  if (state === 'released' || (reason === 'expired' && state !== 'held')) return false
  const lines = ledger.lines.get(key) ?? []
  for (const line of lines) {
    ledger.changes.push({ ...line, quantityDelta: 0, reservedDelta: -line.open })
  }
  ledger.lines.set(
    key,
    lines.map((line) => ({ ...line, open: 0, short: 0, expiring: false })),
  )
  const next = reason === 'expired' ? 'expired' : 'released'
  ledger.states.set(key, next)
  ledger.written.set(key, next)
  return state !== 'expired'
}

/** Takes a part out, what is missing anyway and the farthest parcels first. @throws invalid_transition; nothing has changed then. */
function freePart(ledger: Ledger, key: string, part: NonNullable<Freeing['part']>): void {
  if (ledger.done.has(part.commandKey)) return
  const state = ledger.expired.has(key) ? 'expired' : ledger.states.get(key)
  if (state !== 'held' && state !== 'committed') {
    throw generalProblem('invalid_transition', { detail: `The reservation is ${state}` })
  }
  const lines = [...(ledger.lines.get(key) ?? [])]
  const changes: LevelChange[] = []
  for (const { offerId, quantity } of sumByOffer(part.lines)) {
    let left = quantity
    for (let place = lines.length - 1; place >= 0 && left > 0; place -= 1) {
      const line = lines[place] as HoldLine
      if (line.offerId !== offerId) continue
      const missing = Math.min(left, line.short)
      const units = Math.min(left - missing, line.open)
      const gone = missing + units
      const { short, open, quantity } = line
      lines[place] = {
        ...line,
        short: short - missing,
        open: open - units,
        quantity: quantity - gone,
      }
      changes.push({ ...line, quantityDelta: 0, reservedDelta: -units })
      left -= gone
    }
    if (left > 0) {
      throw generalProblem('invalid_transition', { detail: `Less of ${offerId} is held than that` })
    }
  }
  ledger.lines.set(key, lines)
  ledger.changes.push(...changes)
  ledger.done.add(part.commandKey)
  ledger.commands.push(part.commandKey)
}

/** Lines of a reservation as they were allocated: the nearest parcel of each offer first. */
function inAllocatedOrder(stored: StoredReservation, lines: readonly HoldLine[]): HoldLine[] {
  const place = (line: HoldLine) =>
    stored.allocations.findIndex(
      (other) => other.offerId === line.offerId && other.warehouseId === line.warehouseId,
    )
  return lines.toSorted((a, b) => place(a) - place(b))
}

async function lockLedger(
  tx: Tx,
  found: ReadonlyMap<string, StoredReservation>,
  items: readonly Freeing[],
): Promise<Ledger> {
  const lines = linesByKey(await lockLines(tx, [...found.values()]))
  const states = await lockReservations(tx, [...found.keys()])
  const partKeys = items.flatMap((item) => item.part?.commandKey ?? [])
  return {
    lines: new Map(
      [...found].map(([key, stored]) => [key, inAllocatedOrder(stored, lines.get(key) ?? [])]),
    ),
    states: new Map([...states].map(([key, { state }]) => [key, state])),
    expired: new Set(
      [...states.values()].filter((r) => r.overdue || r.state === 'expired').map((r) => r.key),
    ),
    written: new Map(),
    changes: [],
    commands: [],
    done: new Set((await findCommands(tx, [...new Set(partKeys)])).keys()),
  }
}

async function freeBatch(
  deps: InventoryDeps,
  items: readonly Freeing[],
): Promise<BatchResult<void>[]> {
  const keys = [...new Set(items.map((item) => item.key))]
  const known = await findReservations(deps.db, keys)
  const offerIds = [...known.values()].flatMap((r) => r.allocations.map((line) => line.offerId))
  if (offerIds.length === 0) return items.map(() => ({ value: undefined }))
  return inTransaction(deps, async (tx) => {
    const locked = await lockLevels(tx, [...new Set(offerIds)])
    const found = await findReservations(tx, keys)
    const ledger = await lockLedger(tx, found, items)
    const before = ledger.lines
    ledger.lines = new Map(before)
    const freed: Freeing[] = []
    const results = items.map((item): BatchResult<void> => {
      if (!found.has(item.key)) return { value: undefined }
      try {
        if (item.part) freePart(ledger, item.key, item.part)
        else if (freeAll(ledger, item)) freed.push(item)
        return { value: undefined }
      } catch (error) {
        return { error }
      }
    })
    const after = await moveLevels(tx, locked, ledger.changes)
    await writeLines(
      tx,
      [...ledger.lines].flatMap(([key, lines]) => (before.get(key) === lines ? [] : lines)),
    )
    await writeStates(tx, ledger.written)
    await insertCommands(
      tx,
      ledger.commands.map((key) => ({ key })),
    )
    const released = freed.map(({ key, reason }) => ({
      spec: inventoryReleased,
      aggregateId: key,
      payload: { key, reason },
    }))
    await deps.outbox.append(tx, [...released, ...(await stockEvents(tx, locked, after))])
    return results
  })
}

/** Releases in micro-batches. */
export function createRelease(deps: InventoryDeps): (request: ReleaseRequest) => Promise<void> {
  const submit = createBatcher({
    maxBatch: MAX_BATCH,
    fatal: isConnectionError,
    run: (items: readonly Freeing[]) => freeBatch(deps, items),
  })
  return async ({ key, reason, lines, releaseKey }) => {
    if (!lines) return submit({ key, reason })
    if (lines.length === 0) return
    if (lines.some((line) => !Number.isSafeInteger(line.quantity) || line.quantity < 1)) {
      throw generalProblem('validation_failed', { detail: 'A released quantity is 1 or more' })
    }
    const commandKey = `release:${key}:${releaseKey ?? canonicalJson(sumByOffer(lines))}`
    return submit({ key, reason, part: { lines, commandKey } })
  }
}

const SWEPT_AT_ONCE = 1_000

/** One round of the sweeper. @returns how many holds it looked at. */
export async function expireOverdue(deps: InventoryDeps): Promise<number> {
  const keys = await findOverdue(deps.db, SWEPT_AT_ONCE)
  await freeBatch(
    deps,
    keys.map((key) => ({ key, reason: 'expired' as const })),
  )
  return keys.length
}
