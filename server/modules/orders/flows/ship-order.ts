import type { Allocation } from '#contracts/inventory/schemas.ts'
import { generalProblem, Problem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import type { Log } from '../../../platform/log.ts'
import type { InventoryApi } from '../../inventory/index.ts'
import type { ShippingApi } from '../../shipping/index.ts'
import type { OrdersApi } from '../api.ts'
import { lockOrder } from '../checkout-repository.ts'
import { planDispatch, type WantedUnits } from '../dispatch.ts'
import {
  claimDueDispatches,
  type DispatchRecord,
  insertDispatched,
  listDispatches,
  markDispatched,
  takeBackDispatch,
} from '../dispatch-repository.ts'
import { isFullyShipped, type LineRecord, refuseTransition, TRANSITIONS } from '../model.ts'
import { findPlaced, listLines } from '../repository.ts'
import { LEASE_MS } from '../settings.ts'
import { appendToTimeline } from '../store.ts'
import { resumeDue } from './resume-due.ts'

type ShipInput = Parameters<OrdersApi['ship']>[0]

/** What stock holds for the order, and what of it does not lie there. */
type Holding = Readonly<{ allocations: readonly Allocation[]; awaited: readonly Allocation[] }>

/** What stock answers when it has decided, as opposed to when it cannot be asked. */
const REFUSALS: ReadonlySet<string> = new Set([
  'inventory.insufficient_stock',
  'invalid_transition',
])

type Deps = Readonly<{
  db: Database
  clock: Clock
  log: Log
  inventory: Pick<InventoryApi, 'getReservation' | 'ship'>
  shipping: Pick<ShippingApi, 'createShipments'>
}>

export type ShipOrder = Readonly<{
  /** Units leave. @throws not_found, invalid_transition, inventory.insufficient_stock */
  ship(input: ShipInput): Promise<void>
  /** Completes what a crash left between counting, stock and shipping. @returns how many. */
  resume(): Promise<number>
}>

/**
 * Units are counted as shipped first, under the order's lock, so that a cancellation and two
 * dispatches at once cannot take the same unit; stock and shipping follow by the same key. What
 * does not lie there yet is refused before it is counted.
 */
export function makeShipOrder(deps: Deps): ShipOrder {
  const { db, clock, inventory, shipping } = deps

  async function decide(
    tx: Tx,
    input: ShipInput,
    { allocations: reserved, awaited }: Holding,
  ): Promise<DispatchRecord> {
    const { orderId, key } = input
    const checkout = await lockOrder(tx, orderId)
    const earlier = await listDispatches(tx, orderId)
    const same = earlier.find((dispatch) => dispatch.key === key)
    if (same && same.lines.length > 0) return same
    if (checkout?.ending !== 'confirmed') {
      throw refuseTransition(checkout?.ending ?? 'pending', 'ship', [])
    }
    const placed = await findPlaced(tx, orderId)
    if (placed?.sellerOrders.some(({ lifecycle }) => lifecycle === 'on_hold')) {
      throw refuseTransition('on_hold', 'ship', Object.keys(TRANSITIONS.on_hold))
    }
    const lines = await listLines(tx, orderId)
    const wanted = chooseUnits(lines, input.lines)
    const gone = earlier.flatMap(({ allocations }) => allocations)
    const plan = planDispatch(wanted, { reserved, awaited, gone })
    const now = clock.now()
    const dispatch: DispatchRecord = {
      orderId,
      key,
      carrier: input.carrier,
      trackingNumber: input.trackingNumber,
      ...plan,
      estimatedDelivery: placed?.order.deliveryLatest ?? null,
      dueAt: new Date(now.getTime() + LEASE_MS).toISOString(),
      refusals: same?.refusals ?? 0,
    }
    await insertDispatched(tx, dispatch, now.toISOString())
    const type = isFullyShipped(await listLines(tx, orderId)) ? 'shipped' : 'partially_shipped'
    const note = `${input.carrier} ${input.trackingNumber}`
    await appendToTimeline(tx, orderId, { type, note, now: now.toISOString() })
    return dispatch
  }

  /**
   * Stock that vanished after it was looked at: nothing left, so nothing is counted, and whoever looks at the
   * order reads why. Stock stands by its refusal, so that no second try of the same dispatch can take units after this.
   */
  async function takeBack(dispatch: DispatchRecord, refusal: Problem): Promise<void> {
    const { orderId, lines } = dispatch
    const now = clock.now().toISOString()
    await db.tx(async (tx) => {
      await lockOrder(tx, orderId)
      if (!(await takeBackDispatch(tx, dispatch))) return
      const what = lines.map(({ quantity, name }) => `${quantity} × ${name}`).join(', ')
      const note = `not shipped after all: ${what}: ${refusal.message}`
      await appendToTimeline(tx, orderId, { type: 'shortage', note, now })
    })
  }

  /** @returns why nothing left after all */
  async function complete(dispatch: DispatchRecord): Promise<Problem | undefined> {
    const { orderId, key, lines, allocations, carrier, trackingNumber, refusals } = dispatch
    const shipmentKey = refusals === 0 ? `${orderId}:${key}` : `${orderId}:${key}:${refusals}`
    try {
      await inventory.ship({ key: orderId, shipmentKey, lines: allocations, final: true })
    } catch (error) {
      if (!(error instanceof Problem && REFUSALS.has(error.code))) throw error
      await takeBack(dispatch, error)
      return error
    }
    const groups = Map.groupBy(lines, (line) => `${line.sellerId} ${line.warehouseId}`)
    await shipping.createShipments({
      key: shipmentKey,
      orderId,
      carrier,
      trackingNumber,
      estimatedDelivery: dispatch.estimatedDelivery,
      parcels: [...groups.values()].map((own) => ({
        sellerId: own[0]!.sellerId,
        warehouseId: own[0]!.warehouseId,
        lines: own.map(({ lineId, sku, name, quantity }) => ({ lineId, sku, name, quantity })),
      })),
    })
    await markDispatched(db, dispatch)
    return undefined
  }

  return {
    async ship(input) {
      const placed = await findPlaced(db, input.orderId)
      if (!placed) throw generalProblem('not_found')
      const reservation = await inventory.getReservation({ key: input.orderId })
      const held = reservation ?? { allocations: [], awaited: [] }
      const dispatch = await db.tx((tx) => decide(tx, input, held))
      const refusal = dispatch.dueAt === null ? undefined : await complete(dispatch)
      if (refusal) throw refusal
    },
    resume: () =>
      resumeDue(deps, {
        claim: claimDueDispatches,
        complete,
        named: ({ orderId }) => ({ orderId }),
        later: 'shipping is resumed later',
      }),
  }
}

/** @throws not_found, invalid_transition if more is wanted than is still to ship */
function chooseUnits(lines: readonly LineRecord[], asked: ShipInput['lines']): WantedUnits[] {
  const units = asked
    ? asked.map(({ lineId, quantity }) => {
        const line = lines.find(({ id }) => id === lineId)
        if (!line) throw generalProblem('not_found', { detail: `There is no line ${lineId}` })
        return { line, quantity }
      })
    : lines.map((line) => ({ line, quantity: line.allocated }))
  const sums = new Map<string, WantedUnits>()
  for (const { line, quantity } of units) {
    sums.set(line.id, { line, quantity: (sums.get(line.id)?.quantity ?? 0) + quantity })
  }
  const wanted = [...sums.values()].filter(({ quantity }) => quantity > 0)
  const tooMany = wanted.some(({ line, quantity }) => quantity > line.allocated)
  if (wanted.length === 0 || tooMany) throw refuseTransition('shipped', 'ship', [])
  return wanted
}
