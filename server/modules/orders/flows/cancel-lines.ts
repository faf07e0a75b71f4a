import { money } from '#contracts/kit/money.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { orderLinesCancelled } from '#contracts/orders/events.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import type { NewEvent, Outbox } from '../../../platform/events/outbox.ts'
import { closeShippedParts } from '../dispatch-repository.ts'
import type { LineRecord, PlacedOrder } from '../model.ts'
import { type LineUnits, planGiveBack } from '../refund.ts'
import { countRefund, listRefunds, type RefundRecord } from '../refund-repository.ts'
import { cancelUnits, endCancelledParts } from '../repository.ts'
import { LEASE_MS } from '../settings.ts'
import { appendToTimeline } from '../store.ts'
import type { GiveBack } from './give-back.ts'
import { openRefund } from './open-refund.ts'

export type CancelLinesInput = Readonly<{
  key: string
  orderId: string
  by: 'customer' | 'operator'
  lines: readonly LineUnits[]
}>

type Deps = Readonly<{ db: Database; outbox: Outbox; clock: Clock; giveBack: GiveBack }>

/**
 * Cancels units of a paid order that were not shipped: they go on sale again, their share of what
 * was paid goes back, and a seller's shipping with the last of his units. The placed weights stay
 * (semantics 3.5), so that what is left costs what it did.
 */
export type CancelLines = Readonly<{
  /**
   * @returns false, with nothing done, if that is all there is: then the order itself is cancelled.
   * @throws not_found, invalid_transition
   */
  cancel(input: CancelLinesInput): Promise<boolean>
  /** The same in a transaction that is open. @returns what is to be given back then; null: all. */
  within(tx: Tx, input: CancelLinesInput): Promise<RefundRecord | null>
  /** What was to be given back under a key before; null if nothing was. */
  done(tx: Tx, input: Pick<CancelLinesInput, 'key' | 'orderId'>): Promise<RefundRecord | null>
}>

export function makeCancelLines({ db, outbox, clock, giveBack }: Deps): CancelLines {
  async function decide(tx: Tx, input: CancelLinesInput): Promise<RefundRecord | null> {
    const { orderId, by } = input
    const key = keyOf(input)
    const opened = await openRefund(tx, { orderId, key, event: 'cancel lines' })
    if (opened.done) return opened.done
    const { placed, earlier } = opened
    const wanted = wantedUnits(placed.lines, input.lines)
    if (isAll(placed.lines, wanted)) return null
    const planned = planGiveBack(
      placed,
      { lines: refundableUnits(wanted), shippingOf: sellersWithout(placed, wanted) },
      earlier,
    )
    const stock = stockOf(wanted)
    const reason = `cancelled by ${by === 'customer' ? 'the customer' : 'the shop'}`
    const own = { orderId, key, reason, cause: 'cancellation', stock, creditTo: null } as const
    const refund: RefundRecord = { ...planned, ...own, done: false }
    const at = clock.now()
    const now = at.toISOString()
    await cancelUnits(tx, orderId, input.lines)
    await countRefund(tx, refund, { now, dueAt: new Date(at.getTime() + LEASE_MS).toISOString() })
    await endCancelledParts(tx, orderId)
    await closeShippedParts(tx, orderId, now)
    const note = wanted.map(({ line, quantity }) => `${quantity} × ${line.name}`).join(', ')
    const version = await appendToTimeline(tx, orderId, { type: 'lines_cancelled', note, now })
    await outbox.append(tx, [told({ placed, by, wanted, amount: refund.amount, version })])
    return refund
  }

  return {
    async cancel(input) {
      const refund = await db.tx((tx) => decide(tx, input))
      outbox.appended.strike()
      if (refund === null) return false
      await giveBack.complete(refund)
      return true
    },
    within: decide,
    async done(tx, input) {
      const refunds = await listRefunds(tx, input.orderId)
      return refunds.find(({ key }) => key === keyOf(input)) ?? null
    },
  }
}

const keyOf = ({ key }: Pick<CancelLinesInput, 'key'>) => `cancel:${key}`

type Wanted = readonly Readonly<{ line: LineRecord; quantity: number }>[]

/** @throws not_found, invalid_transition if more is wanted than has not shipped */
function wantedUnits(lines: readonly LineRecord[], asked: readonly LineUnits[]): Wanted {
  return asked.map(({ lineId, quantity }) => {
    const line = lines.find(({ id }) => id === lineId)
    if (!line) throw generalProblem('not_found', { detail: `The order has no line ${lineId}` })
    if (quantity > line.allocated) {
      throw generalProblem('invalid_transition', {
        detail: `Of ${line.name} ${line.allocated} can still be cancelled`,
        data: { lineId, quantity, cancellable: line.allocated },
      })
    }
    return { line, quantity }
  })
}

/** Whether nothing would be left of an order of which nothing has shipped. */
function isAll(lines: readonly LineRecord[], wanted: Wanted): boolean {
  const units = wanted.reduce((sum, { quantity }) => sum + quantity, 0)
  const open = lines.reduce((sum, { allocated }) => sum + allocated, 0)
  return units === open && lines.every(({ shipped }) => shipped === 0)
}

/** A unit whose money went back before it was cancelled is not paid twice. */
function refundableUnits(wanted: Wanted): LineUnits[] {
  return wanted.flatMap(({ line, quantity }) => {
    const units = Math.min(quantity, line.ordered - line.refundedQty)
    return units > 0 ? [{ lineId: line.id, quantity: units }] : []
  })
}

/** Sellers of whose units none is left: their shipping goes back too. */
function sellersWithout({ lines, sellerOrders }: PlacedOrder, wanted: Wanted): string[] {
  const dropped = new Map(wanted.map(({ line, quantity }) => [line.id, quantity]))
  return sellerOrders
    .map(({ sellerId }) => sellerId)
    .filter((sellerId) =>
      lines
        .filter((line) => line.sellerId === sellerId)
        .every((line) => line.cancelled + (dropped.get(line.id) ?? 0) === line.ordered),
    )
}

function stockOf(wanted: Wanted): RefundRecord['stock'] {
  const sums = new Map<string, number>()
  for (const { line, quantity } of wanted) {
    sums.set(line.offerId, (sums.get(line.offerId) ?? 0) + quantity)
  }
  return [...sums].map(([offerId, quantity]) => ({ offerId, quantity }))
}

function told(input: {
  placed: PlacedOrder
  by: CancelLinesInput['by']
  wanted: Wanted
  amount: number
  version: number
}): NewEvent<typeof orderLinesCancelled> {
  const { placed, by, wanted, amount, version } = input
  const { id, number, currency } = placed.order
  return {
    spec: orderLinesCancelled,
    aggregateId: id,
    payload: {
      orderId: id,
      number,
      by,
      lines: wanted.map(({ line, quantity }) => ({
        lineId: line.id,
        offerId: line.offerId,
        productId: line.productId,
        sellerId: line.sellerId,
        quantity,
      })),
      amount: money(amount, currency),
      version,
    },
  }
}
