import { transferChanged } from '#contracts/inventory/events.ts'
import type { NewTransfer, Transfer } from '#contracts/inventory/schemas.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import { expectVersion } from '../../../platform/http/etag.ts'
import { type Level, type LevelChange, type RowKey, rowKey, rowName } from '../model.ts'
import {
  type BinChange,
  changeBins,
  findCommands,
  insertCommands,
  insertMovements,
  type Movement,
} from '../repository.ts'
import { findRow, insufficient, lockWith, requireWarehouse } from '../rows.ts'
import { type InventoryDeps, inTransaction, moveLevels, stockEvents } from '../stock.ts'
import {
  findTransfer,
  insertTransfer,
  lockTransfer,
  type TransferLine,
  type TransferState,
  writeTransfer,
} from '../transfers-repository.ts'
import { freeExpiredHolds } from './reserve.ts'

/** What a step does to stock rows, beside the transfer's own lines. */
type Effect = Readonly<{
  state: TransferState
  lines: readonly TransferLine[]
  changes: readonly LevelChange[]
  bins: readonly BinChange[]
  kind: 'sent' | 'received'
  movements: readonly Omit<Movement, 'commandKey' | 'reason'>[]
}>

const nothing = { changes: [], bins: [], kind: 'received', movements: [] } as const

/** Goods that are on their way into a row, or not any more. */
function incoming(transfer: Transfer, offerId: string, units: number): BinChange {
  return { ...rowKey(offerId, transfer.toWarehouseId), damagedDelta: 0, incomingDelta: units }
}

/**
 * Plans goods to come to a warehouse. What is bought is on its way at once; what comes from another
 * warehouse is when it has left there.
 */
export async function createTransfer(
  deps: InventoryDeps,
  { key, transfer: plan }: Readonly<{ key: string; transfer: NewTransfer }>,
): Promise<Transfer> {
  const { fromWarehouseId, toWarehouseId } = plan
  if (fromWarehouseId === toWarehouseId) {
    throw generalProblem('validation_failed', { detail: 'A transfer goes to another warehouse' })
  }
  await requireWarehouse(deps, toWarehouseId)
  if (fromWarehouseId !== null) await requireWarehouse(deps, fromWarehouseId)
  const wanted = new Map<string, number>()
  for (const { offerId, quantity } of plan.lines)
    wanted.set(offerId, quantity + (wanted.get(offerId) ?? 0))
  const bought = fromWarehouseId === null
  const lines = [...wanted].map(([offerId, quantity]) => {
    return { offerId, quantity, shipped: bought ? quantity : 0, received: 0, lost: 0 }
  })
  const commandKey = `transfer:${key}`
  const id = deps.ids.make('trf')
  const state = bought ? 'shipped' : 'created'
  const { expectedOn, reference } = plan
  const draft = { id, fromWarehouseId, toWarehouseId, state, expectedOn, reference, lines } as const
  return inTransaction(deps, async (tx) => {
    const done = (await findCommands(tx, [commandKey])).get(commandKey) as string | undefined
    if (done !== undefined) return (await findTransfer(tx, done)) as Transfer
    await insertTransfer(tx, draft)
    const made = (await findTransfer(tx, id)) as Transfer
    const bins = lines.map((line) => incoming(made, line.offerId, line.shipped))
    if (bought) await applyEffect(deps, tx, made, { ...nothing, state, lines, bins }, commandKey)
    await insertCommands(tx, [{ key: commandKey, reply: id }])
    await deps.outbox.append(tx, [changedEvent(made)])
    return made
  })
}

function changedEvent({ id, state, version }: Transfer) {
  const payload = { transferId: id, state, version }
  return { spec: transferChanged, aggregateId: id, payload }
}

type Step = Readonly<{ key: string; transferId: string; expectedVersion: number | undefined }>

/** One step of a transfer, in one transaction; its repetition is answered as the first was. */
function takeStep(
  deps: InventoryDeps,
  { key, transferId, expectedVersion }: Step,
  name: string,
  decide: (transfer: Transfer) => Effect,
): Promise<Transfer> {
  const commandKey = `transfer:${transferId}:${name}:${key}`
  return inTransaction(deps, async (tx) => {
    const transfer = await lockTransfer(tx, transferId)
    if (!transfer) throw generalProblem('not_found')
    const done = await findCommands(tx, [commandKey])
    if (done.has(commandKey)) return done.get(commandKey) as Transfer
    expectVersion(expectedVersion, transfer.version)
    const effect = decide(transfer)
    await applyEffect(deps, tx, transfer, effect, commandKey)
    await writeTransfer(tx, transferId, effect.state, effect.lines)
    const after = (await findTransfer(tx, transferId)) as Transfer
    await insertCommands(tx, [{ key: commandKey, reply: after }])
    await deps.outbox.append(tx, [changedEvent(after)])
    return after
  })
}

/** Moves stock as a step says. @throws inventory.insufficient_stock */
async function applyEffect(
  deps: InventoryDeps,
  tx: Tx,
  { id }: Transfer,
  { changes, bins, kind, movements }: Effect,
  commandKey: string,
): Promise<void> {
  const rows = new Map<string, RowKey>()
  for (const { shard, offerId, warehouseId } of [...changes, ...bins])
    rows.set(`${offerId} ${warehouseId}`, { shard, offerId, warehouseId })
  const locked = await lockWith(tx, [...rows.values()])
  const levels = await coverSending(tx, locked, changes)
  const moved = await moveLevels(tx, levels, changes)
  await changeBins(tx, bins)
  await insertMovements(
    tx,
    kind,
    movements.map((movement) => ({ ...movement, reason: `transfer ${id}`, commandKey })),
  )
  await deps.outbox.append(tx, await stockEvents(tx, locked, withBins(moved, bins)))
}

/** What leaves a warehouse must lie there unpromised; expired holds stand in nobody's way. */
async function coverSending(
  tx: Tx,
  locked: readonly Level[],
  changes: readonly LevelChange[],
): Promise<readonly Level[]> {
  const sending = changes.filter((change) => change.quantityDelta < 0)
  const lacks = (levels: readonly Level[]) =>
    sending.filter((change) => {
      const level = findRow(levels, change)
      return level.quantity - level.reserved + change.quantityDelta < 0
    })
  const short = lacks(locked)
  if (short.length === 0) return locked
  const levels = await freeExpiredHolds(tx, locked, new Set(short.map((row) => row.offerId)))
  const [missing] = lacks(levels)
  if (missing) throw insufficient(findRow(levels, missing), -missing.quantityDelta)
  return levels
}

function withBins(levels: readonly Level[], bins: readonly BinChange[]): Level[] {
  const byRow = new Map(bins.map((bin) => [rowName(bin), bin]))
  return levels.map((level) => {
    const bin = byRow.get(rowName(level))
    if (!bin || (bin.damagedDelta === 0 && bin.incomingDelta === 0)) return level
    return {
      ...level,
      damaged: level.damaged + bin.damagedDelta,
      incoming: level.incoming + bin.incomingDelta,
      version: level.version + 1,
    }
  })
}

function requireState(transfer: Transfer, states: readonly TransferState[], step: string): void {
  if (states.includes(transfer.state)) return
  throw generalProblem('invalid_transition', {
    detail: `A transfer that is ${transfer.state} cannot be ${step}`,
  })
}

/** The goods leave: all of them at once. */
export function shipTransfer(deps: InventoryDeps, step: Step): Promise<Transfer> {
  return takeStep(deps, step, 'ship', (transfer) => {
    requireState(transfer, ['created'], 'shipped')
    const source = transfer.fromWarehouseId as string
    const sent = transfer.lines.map(({ offerId, quantity }) => {
      return { ...rowKey(offerId, source), quantity }
    })
    return {
      state: 'shipped',
      lines: transfer.lines.map((line) => ({ ...line, shipped: line.quantity })),
      changes: sent.map((row) => ({ ...row, quantityDelta: -row.quantity, reservedDelta: 0 })),
      bins: transfer.lines.map((line) => incoming(transfer, line.offerId, line.quantity)),
      kind: 'sent',
      movements: sent.map((row) => ({ ...row, delta: -row.quantity })),
    }
  })
}

export type ArrivedUnits = Readonly<{ offerId: string; quantity: number; damaged: number }>

function sumArrived(arrived: readonly ArrivedUnits[]): ArrivedUnits[] {
  const sums = new Map<string, ArrivedUnits>()
  for (const { offerId, quantity, damaged } of arrived) {
    const sum = sums.get(offerId) ?? { quantity: 0, damaged: 0 }
    sums.set(offerId, {
      offerId,
      quantity: quantity + sum.quantity,
      damaged: damaged + sum.damaged,
    })
  }
  return [...sums.values()]
}

/** Goods arrive, all or some; when nothing more is to come the transfer is closed. */
export function receiveTransfer(
  deps: InventoryDeps,
  { arrived, ...step }: Step & Readonly<{ arrived: readonly ArrivedUnits[] }>,
): Promise<Transfer> {
  return takeStep(deps, step, 'receive', (transfer) => {
    requireState(transfer, ['shipped', 'received'], 'received')
    const lines = new Map(transfer.lines.map((line) => [line.offerId, line]))
    const units = sumArrived(arrived).map(({ offerId, quantity, damaged }) => {
      const line = lines.get(offerId)
      const open = line ? line.shipped - line.received - line.lost : 0
      if (!line || quantity > open || damaged > quantity) {
        throw generalProblem('invalid_transition', {
          detail: `${quantity} of ${offerId} cannot arrive, ${open} are on their way`,
        })
      }
      lines.set(offerId, { ...line, received: line.received + quantity })
      const row = rowKey(offerId, transfer.toWarehouseId)
      return { ...row, delta: quantity - damaged, damagedDelta: damaged }
    })
    const after = [...lines.values()]
    const isAll = after.every((line) => line.received + line.lost === line.shipped)
    return {
      state: isAll ? 'closed' : 'received',
      lines: after,
      changes: units.map((row) => ({ ...row, quantityDelta: row.delta, reservedDelta: 0 })),
      bins: units.map((row) => ({ ...row, incomingDelta: -row.delta - row.damagedDelta })),
      kind: 'received',
      movements: units,
    }
  })
}

/** Nothing more will come: what is missing is lost. */
export function closeTransfer(deps: InventoryDeps, step: Step): Promise<Transfer> {
  return takeStep(deps, step, 'close', (transfer) => {
    requireState(transfer, ['shipped', 'received'], 'closed')
    const missing = (line: TransferLine) => line.shipped - line.received - line.lost
    return {
      ...nothing,
      state: 'closed',
      lines: transfer.lines.map((line) => ({ ...line, lost: line.lost + missing(line) })),
      bins: transfer.lines.map((line) => incoming(transfer, line.offerId, -missing(line))),
    }
  })
}

/** Drops a transfer that has not left. */
export function cancelTransfer(deps: InventoryDeps, step: Step): Promise<Transfer> {
  return takeStep(deps, step, 'cancel', (transfer) => {
    requireState(transfer, ['created'], 'cancelled')
    return { ...nothing, state: 'cancelled', lines: transfer.lines }
  })
}
