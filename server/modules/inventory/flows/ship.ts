import { inventoryProblem } from '#contracts/inventory/problems.ts'
import type { Allocation } from '#contracts/inventory/schemas.ts'
import { generalProblem, Problem } from '#contracts/kit/problem.ts'
import { type BatchResult, createBatcher } from '../../../platform/batcher.ts'
import { isConnectionError } from '../../../platform/db/database.ts'
import {
  type HoldLine,
  type LevelChange,
  type ReservationState,
  rowKey,
  rowName,
} from '../model.ts'
import {
  findCommands,
  insertCommands,
  insertMovements,
  lockLevels,
  type Movement,
} from '../repository.ts'
import {
  findReservations,
  lockLines,
  lockReservations,
  writeLines,
} from '../reservations-repository.ts'
import { type InventoryDeps, inTransaction, moveLevels, stockEvents } from '../stock.ts'
import { lineName, takeTurns } from '../turns.ts'

export type ShipRequest = Readonly<{
  key: string
  shipmentKey: string
  lines: readonly Allocation[]
  /** A refusal is kept: who asks again by the same shipmentKey hears it again. */
  final?: boolean
}>

/** What a final command was refused with, as its reply is kept. */
type Refused = Readonly<{ refused: Pick<Problem, 'code' | 'status' | 'title' | 'options'> }>

const MAX_BATCH = 500

/** What a batch has packed so far; later parcels see what earlier ones took. */
type Packing = {
  /** Lines by reservation and stock row. */
  lines: Map<string, HoldLine>
  /** What is on hand, by stock row. */
  onHand: Map<string, number>
  /** Of rows that owe more than lies there: what of it is a line's by its turn. */
  turns: Map<string, number>
  written: Map<string, HoldLine>
  changes: LevelChange[]
  movements: Movement[]
  /** Commands that were done, with their replies. */
  done: Map<string, unknown>
  commands: Readonly<{ key: string; reply?: unknown }>[]
}

function commandOf(request: ShipRequest): string {
  return `ship:${request.shipmentKey}`
}

/** Units of one stock row added up. */
function sumByRow(lines: readonly Allocation[]): Allocation[] {
  const sums = new Map<string, Allocation>()
  for (const line of lines) {
    const sum = sums.get(rowName(line))
    sums.set(rowName(line), { ...line, quantity: line.quantity + (sum?.quantity ?? 0) })
  }
  return [...sums.values()]
}

/** Packs one parcel. @throws if it holds less than is asked; nothing has changed then. */
function pack(packing: Packing, request: ShipRequest): void {
  const units = sumByRow(request.lines)
  for (const unit of units) {
    const open = packing.lines.get(lineName(request.key, unit))?.open ?? 0
    if (open < unit.quantity) {
      throw generalProblem('invalid_transition', {
        detail: `${unit.quantity} of ${unit.offerId} are to be shipped, ${open} are held`,
      })
    }
    const lying = packing.onHand.get(rowName(unit)) ?? 0
    const onHand = Math.min(lying, packing.turns.get(lineName(request.key, unit)) ?? lying)
    if (onHand < unit.quantity) {
      const { offerId, quantity: requested } = unit
      throw inventoryProblem('inventory.insufficient_stock', {
        data: { lines: [{ offerId, requested, available: onHand }] },
      })
    }
  }
  const commandKey = commandOf(request)
  for (const { offerId, warehouseId, quantity } of units) {
    const row = rowKey(offerId, warehouseId)
    const name = lineName(request.key, row)
    const line = packing.lines.get(name) as HoldLine
    const left = { ...line, open: line.open - quantity, shipped: line.shipped + quantity }
    packing.lines.set(name, left)
    packing.written.set(name, left)
    const turn = packing.turns.get(name)
    if (turn !== undefined) packing.turns.set(name, turn - quantity)
    packing.onHand.set(rowName(row), (packing.onHand.get(rowName(row)) ?? 0) - quantity)
    packing.changes.push({ ...row, quantityDelta: -quantity, reservedDelta: -quantity })
    packing.movements.push({ ...row, delta: -quantity, reason: request.key, commandKey })
  }
  note(packing, commandKey, null)
}

function note(packing: Packing, key: string, reply: Refused | null): void {
  packing.done.set(key, reply)
  packing.commands.push({ key, reply })
}

/** Packs each parcel that is not shipped yet and whose reservation is committed. */
function packAll(
  packing: Packing,
  requests: readonly ShipRequest[],
  states: ReadonlyMap<string, Readonly<{ state: ReservationState }>>,
): BatchResult<void>[] {
  return requests.map((request) => {
    const key = commandOf(request)
    if (packing.done.has(key)) return answerAgain(packing.done.get(key) as Refused | null)
    const state = states.get(request.key)?.state ?? 'unknown'
    try {
      if (state !== 'committed')
        throw generalProblem('invalid_transition', { detail: `The reservation is ${state}` })
      pack(packing, request)
      return { value: undefined }
    } catch (error) {
      if (request.final && error instanceof Problem) {
        const { code, status, title, options } = error
        note(packing, key, { refused: { code, status, title, options } })
      }
      return { error }
    }
  })
}

function answerAgain(reply: Refused | null): BatchResult<void> {
  if (reply === null) return { value: undefined }
  const { code, status, title, options } = reply.refused
  return { error: new Problem(code, status, title, options) }
}

async function shipBatch(
  deps: InventoryDeps,
  requests: readonly ShipRequest[],
): Promise<BatchResult<void>[]> {
  const keys = [...new Set(requests.map((request) => request.key))]
  const known = await findReservations(deps.db, keys)
  const offerIds = [...known.values()].flatMap((r) => r.allocations.map((line) => line.offerId))
  return inTransaction(deps, async (tx) => {
    const locked = await lockLevels(tx, [...new Set(offerIds)])
    const found = await findReservations(tx, keys)
    const lines = await lockLines(tx, [...found.values()])
    const states = await lockReservations(tx, keys)
    const done = await findCommands(tx, [...new Set(requests.map(commandOf))])
    const packing: Packing = {
      lines: new Map(lines.map((line) => [lineName(line.key, line), line])),
      onHand: new Map(locked.map((level) => [rowName(level), level.quantity])),
      turns: await takeTurns(tx, locked),
      written: new Map(),
      changes: [],
      movements: [],
      done: new Map(done),
      commands: [],
    }
    const results = packAll(packing, requests, states)
    const after = await moveLevels(tx, locked, packing.changes)
    await writeLines(tx, [...packing.written.values()])
    await insertMovements(tx, 'shipped', packing.movements)
    await insertCommands(tx, packing.commands)
    await deps.outbox.append(tx, await stockEvents(tx, locked, after))
    return results
  })
}

/** Ships in micro-batches. */
export function createShip(deps: InventoryDeps): (request: ShipRequest) => Promise<void> {
  const submit = createBatcher({
    maxBatch: MAX_BATCH,
    fatal: isConnectionError,
    run: (requests: readonly ShipRequest[]) => shipBatch(deps, requests),
  })
  return async (request) => {
    if (request.lines.some((line) => !Number.isSafeInteger(line.quantity) || line.quantity < 1)) {
      throw generalProblem('validation_failed', { detail: 'A shipped quantity is 1 or more' })
    }
    return submit(request)
  }
}
