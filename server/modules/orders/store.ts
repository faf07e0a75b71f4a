import { type Batcher, createBatcher } from '../../platform/batcher.ts'
import type { Clock } from '../../platform/clock.ts'
import { type Database, isConnectionError, isUniqueViolation } from '../../platform/db/database.ts'
import type { Tx } from '../../platform/db/statement.ts'
import type { Outbox } from '../../platform/events/outbox.ts'
import { shardOf } from '../../platform/ids.ts'
import {
  type CheckoutKey,
  confirmLocked,
  endLocked,
  finishAll,
  insertNewCheckouts,
  listCheckouts,
  lockOrder,
  lockUndecided,
  nextVersion,
} from './checkout-repository.ts'
import { cancelledEvent, confirmedEvent, createdEvent } from './events.ts'
import {
  type CancelReason,
  type CheckoutRecord,
  type CheckoutState,
  nextLifecycle,
  type OrderRecord,
  type PlacedOrder,
  refuseTransition,
} from './model.ts'
import {
  endParts,
  holdPartsOf,
  insertPlaced,
  insertTimeline,
  listLines,
  openPartsOf,
} from './repository.ts'
import { LEASE_MS } from './settings.ts'

/**
 * An order's transitions, each in one transaction with its history and its event. Those of every
 * checkout are micro-batched: one statement a table for all orders that came meanwhile.
 */
export type OrderStore = Readonly<{
  find: Batcher<CheckoutKey, Readonly<{ own: CheckoutRecord | null; rival: CheckoutRecord | null }>>
  /** Writes a new order. @returns false if it is there, or its cart has another under way. */
  place: Batcher<Placing, boolean>
  /** Moves an undecided order to confirmed. @returns when; null if it was decided before. */
  confirm: Batcher<Confirming, string | null>
  /** Marks that nothing is left to do for an order in this state. */
  finish: Batcher<Readonly<{ orderId: string; state: CheckoutState }>, void>
  /**
   * Cancels or expires an order; what it holds is given back afterwards.
   * @returns whether this command ended it, now or before.
   * @throws invalid_transition if it has gone too far for this reason.
   */
  end(placed: PlacedOrder, command: EndCommand): Promise<boolean>
}>

/** An order that is paid; held, its parts wait for an operator before anything ships. */
export type Confirming = Readonly<{ placed: PlacedOrder; hold: boolean }>

/** A new order, how it is to be paid, and how long that may take. */
export type Placing = Readonly<{
  placed: PlacedOrder
  sealedPayment: string | null
  windowMs: number
}>

export type EndCommand = Readonly<{
  reason: CancelReason
  /** The caller's own; the path's own decisions have none. */
  key?: string
}>

type Deps = Readonly<{
  db: Database
  outbox: Outbox
  clock: Clock
}>

const BATCH = { maxBatch: 250, concurrency: 2, fatal: isConnectionError } as const

export function createOrderStore(deps: Deps): OrderStore {
  const { db } = deps
  return {
    find: createBatcher({
      ...BATCH,
      run: async (keys) => (await listCheckouts(db, keys)).map((value) => ({ value })),
    }),
    place: createBatcher({ ...BATCH, run: (placings) => placeAll(deps, placings) }),
    confirm: createBatcher({ ...BATCH, run: (batch) => confirmAll(deps, batch) }),
    finish: createBatcher({
      ...BATCH,
      async run(done) {
        await finishAll(db, done, deps.clock.now().toISOString())
        return done.map(() => ({ value: undefined }))
      },
    }),
    end: (placed, command) => endOrder(deps, placed, command),
  }
}

function sortByShard(placed: readonly PlacedOrder[]): PlacedOrder[] {
  return placed.toSorted((a, b) =>
    a.order.shard === b.order.shard
      ? a.order.id < b.order.id
        ? -1
        : 1
      : a.order.shard - b.order.shard,
  )
}

/**
 * Writes new orders, all or none: nothing has to be asked before. One that may not be written fails
 * its batch, which the batcher then halves until that one stands alone.
 */
async function placeAll({ db, outbox, clock }: Deps, placings: readonly Placing[]) {
  const now = clock.now()
  const after = (ms: number) => new Date(now.getTime() + ms).toISOString()
  const times = { now: now.toISOString(), dueAt: after(LEASE_MS) }
  const placed = placings.map((placing) => placing.placed)
  const keys = placings.map(({ placed: { order }, sealedPayment, windowMs }) => {
    const { id: orderId, cartId } = order
    return { orderId, cartId, sealedPayment, windowEndsAt: after(windowMs) }
  })
  const timeline = placed.map(({ order }) => ({ orderId: order.id, n: 1, type: 'placed' }))
  const write = (tx: Tx) =>
    Promise.all([
      insertNewCheckouts(tx, keys, times),
      insertPlaced(tx, placed),
      insertTimeline(tx, timeline, times.now),
      outbox.append(
        tx,
        placed.map((one) => createdEvent(one, 1)),
      ),
    ])
  try {
    await db.tx(async () => {}, { pipelined: true, last: write })
  } catch (error) {
    // The order is there, or its cart has another one.
    if (placings.length > 1 || !isUniqueViolation(error)) throw error
    return [{ value: false }]
  }
  outbox.appended.strike()
  return placings.map(() => ({ value: true }))
}

async function confirmAll({ db, outbox, clock }: Deps, confirming: readonly Confirming[]) {
  const now = clock.now()
  const batch = confirming.map(({ placed }) => placed)
  const held = new Set(confirming.flatMap(({ placed, hold }) => (hold ? [placed.order.id] : [])))
  const times = {
    now: now.toISOString(),
    dueAt: new Date(now.getTime() + LEASE_MS).toISOString(),
  }
  const byId = new Map(batch.map((placed) => [placed.order.id, placed]))
  const write = async (tx: Tx) => {
    const ids = sortByShard(batch).map(({ order }) => order.id)
    const undecided = await lockUndecided(tx, [...new Set(ids)])
    const confirmed = [...undecided.keys()].sort((a, b) => shardOf(a) - shardOf(b))
    const waiting = confirmed.filter((orderId) => held.has(orderId))
    await confirmLocked(tx, waiting, times)
    await holdPartsOf(tx, waiting)
    for (const orderId of waiting) {
      await appendToTimeline(tx, orderId, { type: 'held', now: times.now })
    }
    return { undecided, confirmed }
  }
  const tell = (tx: Tx, { undecided, confirmed }: Awaited<ReturnType<typeof write>>) => {
    const open = confirmed.filter((orderId) => !held.has(orderId))
    const versionOf = (orderId: string) => (undecided.get(orderId) ?? 0) + 1
    const timeline = confirmed.map((orderId) => ({
      orderId,
      n: versionOf(orderId),
      type: 'confirmed',
    }))
    const events = confirmed.map((orderId) =>
      confirmedEvent(byId.get(orderId) as PlacedOrder, versionOf(orderId)),
    )
    return Promise.all([
      confirmLocked(tx, open, times),
      openPartsOf(tx, open, times.now),
      insertTimeline(tx, timeline, times.now),
      outbox.append(tx, events),
    ])
  }
  const { undecided: fresh } = await db.tx(write, { pipelined: 'with begin', last: tell })
  outbox.appended.strike()
  return batch.map(({ order }) => ({ value: fresh.delete(order.id) ? times.now : null }))
}

const BEFORE_PAYMENT = new Set<CancelReason>(['payment_failed', 'expired', 'out_of_stock'])

async function endOrder(deps: Deps, { order }: PlacedOrder, command: EndCommand): Promise<boolean> {
  const dueAt = new Date(deps.clock.now().getTime() + LEASE_MS).toISOString()
  const ended = await deps.db.tx((tx) => endWithin(deps, tx, order, { ...command, dueAt }))
  deps.outbox.appended.strike()
  return ended
}

/**
 * Ends an order in a transaction that is open; a worker unwinds it from `dueAt` on.
 * @returns whether this command ended it, now or before.
 * @throws invalid_transition if it has gone too far for this reason.
 */
export async function endWithin(
  { outbox, clock }: Pick<Deps, 'outbox' | 'clock'>,
  tx: Tx,
  order: OrderRecord,
  { reason, key, dueAt }: EndCommand & Readonly<{ dueAt: string }>,
): Promise<boolean> {
  const now = clock.now().toISOString()
  const ending = reason === 'expired' ? 'expired' : 'cancelled'
  const checkout = await lockOrder(tx, order.id)
  if (!checkout) throw new Error(`${order.id} has no checkout`)
  if (checkout.ending === 'cancelled' || checkout.ending === 'expired') {
    return key !== undefined && checkout.endKey === key
  }
  if (checkout.ending === 'confirmed') {
    if (BEFORE_PAYMENT.has(reason)) return false
    nextLifecycle('open', 'cancel')
    const lines = await listLines(tx, order.id)
    if (lines.some(({ shipped }) => shipped > 0)) {
      const hasOpenUnits = lines.some(({ allocated }) => allocated > 0)
      throw hasOpenUnits
        ? refuseTransition('partially_shipped', 'cancel', ['cancel_lines'])
        : refuseTransition('shipped', 'cancel', [])
    }
  }
  const command = { ending, reason, key: key ?? null, now, dueAt } as const
  const version = await endLocked(tx, order.id, command)
  await endParts(tx, { orderId: order.id, lifecycle: ending })
  await insertTimeline(tx, [{ orderId: order.id, n: version, type: ending, note: reason }], now)
  await outbox.append(tx, [cancelledEvent(order, { reason, version })])
  return true
}

/** Adds a line to a locked order's timeline, and counts its version. @returns the version. */
export async function appendToTimeline(
  tx: Tx,
  orderId: string,
  entry: Readonly<{ type: string; note?: string; now: string }>,
): Promise<number> {
  const n = await nextVersion(tx, orderId, entry.now)
  const { type, note, now } = entry
  await insertTimeline(tx, [{ orderId, n, type, ...(note ? { note } : {}) }], now)
  return n
}
