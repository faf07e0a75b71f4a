import { generalProblem } from '#contracts/kit/problem.ts'
import { returnEvents } from '#contracts/orders/events.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import type { Outbox } from '../../../platform/events/outbox.ts'
import { type Ids, shardOf } from '../../../platform/ids.ts'
import { findOwner } from '../claims.ts'
import { listDispatches, listParcels } from '../dispatch-repository.ts'
import { type PlacedOrder, refuseTransition } from '../model.ts'
import {
  checkReturnable,
  checkWindow,
  lineOf,
  nextReturnState,
  payerOf,
  type ReturnChange,
  type ReturnEvent,
  type ReturnReason,
  type ReturnRecord,
  type ReturnState,
  type ReturnStep,
  refuseReturn,
} from '../return-model.ts'
import {
  countReturnedUnits,
  insertNewReturn,
  listReturnsOfOrder,
  updateLockedReturn,
} from '../return-repository.ts'
import { appendToTimeline } from '../store.ts'
import { lockPlaced } from './lock-placed.ts'

export type ReturnRequest = Readonly<{
  key: string
  orderId: string
  by: 'customer' | 'operator'
  lines: readonly Readonly<{ lineId: string; quantity: number; reason: ReturnReason }>[]
  wanted: ReturnRecord['wanted']
  note?: string | undefined
  photos: readonly string[]
}>

export type ReturnCommand = Readonly<{
  key: string
  orderId: string
  returnId: string
  by: ReturnStep['by']
  note?: string | undefined
}>

type Decide = (
  input: Readonly<{ tx: Tx; placed: PlacedOrder; record: ReturnRecord; now: Date }>,
) => ReturnChange | Promise<ReturnChange>

type Deps = Readonly<{
  db: Database
  outbox: Outbox
  ids: Ids
  clock: Clock
  returnWindowMs: number
}>

export type ReturnGoods = Readonly<{
  /** @throws not_found, invalid_transition, orders.return_not_possible */
  request(input: ReturnRequest): Promise<string>
  /**
   * The one way in which a return moves: under its order's lock, with its history, the timeline
   * and its event. The same key again does nothing.
   * @throws not_found, invalid_transition; what `decide` throws
   */
  move(command: ReturnCommand, event: ReturnEvent, decide: Decide): Promise<ReturnRecord>
}>

export function makeReturnGoods(deps: Deps): ReturnGoods {
  const { db, outbox, clock } = deps
  return {
    async request(input) {
      const id = await db.tx((tx) => requestWithin(tx, deps, input))
      outbox.appended.strike()
      return id
    },
    async move(command, event, decide) {
      const record = await db.tx(async (tx) => {
        const { placed, returns } = await lockReturns(tx, command.orderId)
        const found = returns.find(({ id }) => id === command.returnId)
        if (!found) throw generalProblem('not_found')
        if (found.steps.some(({ key }) => key === command.key)) return found
        const state = nextReturnState(found.state, event)
        const now = clock.now()
        const change = await decide({ tx, placed, record: found, now })
        const at = now.toISOString()
        const step = stepOf(command, event, at)
        const next = { ...found, ...change.record, state, steps: [...found.steps, step] }
        await updateLockedReturn(tx, next, at)
        if (change.units) await countReturnedUnits(tx, command.orderId, change.units)
        await tell(tx, outbox, { placed, record: next, note: command.note, at })
        return { ...next, version: found.version + 1 }
      })
      outbox.appended.strike()
      return record
    },
  }
}

function stepOf({ key, by, note }: ReturnCommand, event: ReturnStep['event'], at: string) {
  return { event, key, at, by, ...(note === undefined ? {} : { note }) }
}

/** @throws not_found */
async function lockReturns(tx: Tx, orderId: string) {
  const { checkout, placed } = await lockPlaced(tx, orderId)
  return { checkout, placed, returns: await listReturnsOfOrder(tx, orderId) }
}

async function requestWithin(tx: Tx, deps: Deps, input: ReturnRequest): Promise<string> {
  const { key, orderId, by, note } = input
  const { checkout, placed, returns } = await lockReturns(tx, orderId)
  const same = returns.find(({ steps }) => steps[0]?.key === key)
  if (same) return same.id
  if (checkout.ending !== 'confirmed') {
    throw refuseTransition(checkout.ending ?? 'pending', 'return', [])
  }
  if (input.wanted === 'store_credit' && (await findOwner(tx, placed.order)) === null)
    throw refuseReturn('A guest has no store credit')
  const now = deps.clock.now()
  const parcels = await listParcels(tx, orderId)
  const sent = (await listDispatches(tx, orderId)).flatMap(({ lines }) => lines)
  const lines = input.lines.map(({ lineId, quantity, reason }) => {
    const line = lineOf(placed, lineId)
    checkReturnable(line, quantity)
    // An operator may be more generous than the policy.
    if (by === 'customer') checkWindow(line, parcels, { now, windowMs: deps.returnWindowMs })
    const warehouseId = sent.find((one) => one.lineId === lineId)?.warehouseId
    if (warehouseId === undefined) throw refuseReturn(`${line.name} was not sent`)
    const none = { received: 0, restocked: 0, damaged: 0, sentBack: 0 }
    return { lineId, offerId: line.offerId, warehouseId, quantity, reason, ...none }
  })
  const at = now.toISOString()
  const id = deps.ids.make('ret', shardOf(orderId))
  const command = { key, orderId, returnId: id, by, note }
  const record: ReturnRecord = {
    ...NEW_RETURN,
    orderId,
    id,
    wanted: input.wanted,
    shippingPaidBy: payerOf(lines.map(({ reason }) => reason)),
    note: note ?? null,
    photos: input.photos,
    steps: [stepOf(command, 'request', at)],
    createdAt: at,
    lines,
  }
  await insertNewReturn(tx, record)
  await countReturnedUnits(
    tx,
    orderId,
    lines.map(({ lineId, quantity }) => ({
      lineId,
      requested: quantity,
      returned: 0,
      restocked: 0,
    })),
  )
  await tell(tx, deps.outbox, { placed, record, note, at })
  return id
}

const NEW_RETURN = {
  state: 'requested',
  resolution: null,
  labelFee: 0,
  carrier: null,
  trackingNumber: null,
  labelUrl: null,
  refundKey: null,
  exchangeCarrier: null,
  exchangeTrackingNumber: null,
  stockedAt: null,
  version: 1,
  expiresAt: null,
  dueAt: null,
} as const

/** The order's timeline and the event, for the state that a return has come to. */
async function tell(
  tx: Tx,
  outbox: Outbox,
  input: Readonly<{
    placed: PlacedOrder
    record: Pick<ReturnRecord, 'id' | 'orderId' | 'lines'> & Readonly<{ state: ReturnState }>
    note: string | undefined
    at: string
  }>,
): Promise<void> {
  const { placed, record, note, at: now } = input
  const { id: returnId, orderId, state, lines } = record
  const type = `return_${state}`
  const version = await appendToTimeline(tx, orderId, { type, note: note ?? returnId, now })
  const payload = {
    returnId,
    orderId,
    number: placed.order.number,
    lines: lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
    version,
  }
  await outbox.append(tx, [{ spec: returnEvents[state], aggregateId: orderId, payload }])
}
