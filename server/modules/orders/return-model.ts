import { generalProblem } from '#contracts/kit/problem.ts'
import { ordersProblem } from '#contracts/orders/problems.ts'
import type {
  RETURN_REASONS,
  RETURN_RESOLUTIONS,
  RETURN_STATES,
} from '#contracts/orders/returns.ts'
import type { OfferQuantity } from '../inventory/index.ts'
import type { ParcelRecord } from './dispatch-repository.ts'
import type { LineRecord, PlacedOrder } from './model.ts'
import type { LineUnits } from './refund.ts'

export type ReturnState = (typeof RETURN_STATES)[number]
export type ReturnReason = (typeof RETURN_REASONS)[number]
export type ReturnResolution = (typeof RETURN_RESOLUTIONS)[number]
export type ReturnEvent =
  | 'approve'
  | 'decline'
  | 'label'
  | 'send'
  | 'receive'
  | 'inspect'
  | 'resolve'
  | 'cancel'
  | 'expire'

/**
 * The only transitions there are (semantics 1g). Scans of carriers get lost, and shoppers bring
 * goods themselves: so goods may be received from any state in which they may be on their way.
 */
export const RETURN_TRANSITIONS: Readonly<
  Record<ReturnState, Readonly<Partial<Record<ReturnEvent, ReturnState>>>>
> = {
  requested: { approve: 'approved', decline: 'declined', cancel: 'cancelled' },
  approved: {
    label: 'label_issued',
    send: 'in_transit',
    receive: 'received',
    cancel: 'cancelled',
    expire: 'expired',
  },
  label_issued: {
    send: 'in_transit',
    receive: 'received',
    cancel: 'cancelled',
    expire: 'expired',
  },
  in_transit: { receive: 'received' },
  received: { inspect: 'inspected' },
  inspected: { resolve: 'resolved' },
  declined: {},
  resolved: {},
  cancelled: {},
  expired: {},
}

/** @throws invalid_transition, with the state and the events that it allows */
export function nextReturnState(from: ReturnState, event: ReturnEvent): ReturnState {
  const next = RETURN_TRANSITIONS[from][event]
  if (next) return next
  throw generalProblem('invalid_transition', {
    detail: `A return that is ${from.replaceAll('_', ' ')} does not allow: ${event}`,
    data: { state: from, event, allowed: Object.keys(RETURN_TRANSITIONS[from]) },
  })
}

export type ReturnStep = Readonly<{
  event: ReturnEvent | 'request'
  key: string
  at: string
  by: 'customer' | 'operator' | 'shop'
  note?: string
}>

export type ReturnLine = Readonly<{
  lineId: string
  offerId: string
  /** Where it was sent from, and goes back to. */
  warehouseId: string
  quantity: number
  reason: ReturnReason
  received: number
  restocked: number
  damaged: number
  sentBack: number
}>

export type ReturnRecord = Readonly<{
  orderId: string
  id: string
  state: ReturnState
  resolution: ReturnResolution | null
  wanted: 'refund' | 'exchange' | 'store_credit'
  shippingPaidBy: 'shop' | 'customer'
  labelFee: number
  carrier: string | null
  trackingNumber: string | null
  labelUrl: string | null
  note: string | null
  photos: readonly string[]
  refundKey: string | null
  exchangeCarrier: string | null
  exchangeTrackingNumber: string | null
  stockedAt: string | null
  version: number
  steps: readonly ReturnStep[]
  expiresAt: string | null
  dueAt: string | null
  createdAt: string
  lines: readonly ReturnLine[]
}>

/** Where the fault is the shop's, it pays for the way back. */
const FAULTS: ReadonlySet<ReturnReason> = new Set([
  'not_as_described',
  'defective',
  'damaged_in_transit',
  'wrong_item',
])

export function payerOf(reasons: readonly ReturnReason[]): 'shop' | 'customer' {
  return reasons.some((reason) => FAULTS.has(reason)) ? 'shop' : 'customer'
}

export function refuseReturn(detail: string) {
  return ordersProblem('orders.return_not_possible', { detail })
}

/** @throws not_found */
export function lineOf({ lines }: Pick<PlacedOrder, 'lines'>, lineId: string): LineRecord {
  const line = lines.find(({ id }) => id === lineId)
  if (!line) throw generalProblem('not_found', { detail: `The order has no line ${lineId}` })
  return line
}

/** @throws orders.return_not_possible if fewer units were delivered and are not on their way back */
export function checkReturnable(line: LineRecord, quantity: number): void {
  const returnable = line.delivered - line.returned - line.returnRequested
  if (quantity > returnable) throw refuseReturn(`Of ${line.name} ${returnable} can be returned`)
}

/**
 * @param windowMs how long after the last of its parcels came a line can be returned
 * @throws orders.return_not_possible
 */
export function checkWindow(
  line: LineRecord,
  parcels: readonly ParcelRecord[],
  { now, windowMs }: Readonly<{ now: Date; windowMs: number }>,
): void {
  const arrived = parcels
    .filter(
      ({ status, lines }) => status === 'delivered' && lines.some((one) => one.lineId === line.id),
    )
    .map(({ updatedAt }) => Date.parse(updatedAt))
  const until = new Date(Math.max(0, ...arrived) + windowMs)
  if (now.getTime() <= until.getTime()) return
  throw refuseReturn(`${line.name} could be returned until ${until.toISOString().slice(0, 10)}`)
}

/** What was taken of a return, of each line. */
export function takenUnits(lines: readonly ReturnLine[]): LineUnits[] {
  return lines.flatMap(({ lineId, restocked, damaged }) =>
    restocked + damaged > 0 ? [{ lineId, quantity: restocked + damaged }] : [],
  )
}

/** The same as offers: what an exchange takes out of stock. */
export function takenOffers(lines: readonly ReturnLine[]): OfferQuantity[] {
  const sums = new Map<string, number>()
  for (const { offerId, restocked, damaged } of lines) {
    sums.set(offerId, (sums.get(offerId) ?? 0) + restocked + damaged)
  }
  return [...sums].flatMap(([offerId, quantity]) => (quantity > 0 ? [{ offerId, quantity }] : []))
}

/** How the units of a line move between its counters of returns. */
export type ReturnedUnits = Readonly<{
  lineId: string
  requested: number
  returned: number
  restocked: number
}>

/** What becomes of a return by an event, and of its order's units. */
export type ReturnChange = Readonly<{
  record?: Partial<ReturnRecord>
  units?: readonly ReturnedUnits[]
}>

/** Units that will not come after all can be returned anew. */
export function unrequestedUnits(lines: readonly ReturnLine[]): ReturnedUnits[] {
  return lines.map(({ lineId, quantity }) => {
    return { lineId, requested: -quantity, returned: 0, restocked: 0 }
  })
}

/**
 * What came back; a line that is not named did not come, and all of it did if none is named.
 * @throws orders.return_not_possible
 */
export function receiveUnits(
  { lines }: ReturnRecord,
  came: readonly LineUnits[] | undefined,
  warehouseId: string | undefined,
): ReturnChange {
  checkNamed(lines, came ?? [])
  const received = lines.map((line) => {
    const units = came ? came.find(({ lineId }) => lineId === line.lineId)?.quantity : line.quantity
    return { ...line, received: units ?? 0, warehouseId: warehouseId ?? line.warehouseId }
  })
  if (received.some(({ received: units, quantity }) => units > quantity)) {
    throw refuseReturn('More came than was asked for')
  }
  if (received.every(({ received: units }) => units === 0)) throw refuseReturn('Nothing came')
  return {
    record: { lines: received, expiresAt: null },
    units: received.map(({ lineId, quantity, received: units }) => {
      return { lineId, requested: -quantity, returned: units, restocked: 0 }
    }),
  }
}

/**
 * What is sold again, kept apart as damaged, or sent back to the customer, whose it stays.
 * @throws orders.return_not_possible if it is not said of each received unit
 */
export function inspectUnits(
  { lines }: ReturnRecord,
  found: readonly Readonly<Pick<ReturnLine, 'lineId' | 'restocked' | 'damaged' | 'sentBack'>>[],
  dueAt: string,
): ReturnChange {
  checkNamed(lines, found)
  const inspected = lines.map((line) => ({
    ...line,
    ...found.find(({ lineId }) => lineId === line.lineId),
  }))
  const wrong = inspected.find((one) => {
    return one.restocked + one.damaged + one.sentBack !== one.received
  })
  if (wrong) throw refuseReturn(`Of ${wrong.lineId} ${wrong.received} units came`)
  return {
    record: { lines: inspected, dueAt },
    units: inspected.map(({ lineId, restocked, sentBack }) => {
      return { lineId, requested: 0, returned: -sentBack, restocked }
    }),
  }
}

function checkNamed(
  lines: readonly ReturnLine[],
  named: readonly Readonly<{ lineId: string }>[],
): void {
  const unknown = named.find(({ lineId }) => lines.every((line) => line.lineId !== lineId))
  if (unknown) throw refuseReturn(`The return has no line ${unknown.lineId}`)
}
