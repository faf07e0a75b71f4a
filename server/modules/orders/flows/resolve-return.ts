import type { Money } from '#contracts/kit/money.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import type { PlacedOrder } from '../model.ts'
import { planGiveBack } from '../refund.ts'
import { countRefund, listRefunds, type RefundRecord } from '../refund-repository.ts'
import {
  lineOf,
  type ReturnRecord,
  type ReturnResolution,
  refuseReturn,
  takenUnits,
} from '../return-model.ts'
import { listReturnsOfOrder } from '../return-repository.ts'
import { LEASE_MS } from '../settings.ts'
import type { FinishReturn } from './finish-return.ts'
import { type GiveBack, refundKeyOfReturn } from './give-back.ts'
import { creditOwnerOf } from './refund-order.ts'
import type { ReturnCommand, ReturnGoods } from './return-goods.ts'

export type ResolveInput = ReturnCommand &
  Readonly<{
    resolution: ReturnResolution
    /** Also what the way there cost. */
    refundShipping: boolean
    /** Taken off the refund. */
    deduction?: Money | undefined
    /** The parcel of an exchange. */
    carrier?: string | undefined
    trackingNumber?: string | undefined
  }>

/**
 * Gives for what was taken: money, store credit, the same goods again, or nothing if nothing was taken.
 * @throws not_found, invalid_transition, orders.return_not_possible, orders.refund_not_possible,
 * inventory.insufficient_stock
 */
export type ResolveReturn = (input: ResolveInput) => Promise<ReturnRecord>

type Deps = Readonly<{
  db: Database
  clock: Clock
  goods: ReturnGoods
  finish: FinishReturn
  giveBack: GiveBack
}>

export function makeResolveReturn({ db, clock, goods, finish, giveBack }: Deps): ResolveReturn {
  /** Held before it is promised; a hold that nobody makes use of runs out by itself. */
  async function holdExchange({ orderId, returnId }: ResolveInput): Promise<void> {
    const found = (await listReturnsOfOrder(db, orderId)).find(({ id }) => id === returnId)
    if (found?.state !== 'inspected') return
    checkResolution(found, 'exchange')
    await finish.reserveExchange(found)
  }

  return async (input) => {
    const { orderId, resolution } = input
    if (resolution === 'exchange') await holdExchange(input)
    const record = await goods.move(input, 'resolve', async ({ tx, placed, record: found }) => {
      checkResolution(found, resolution)
      const now = clock.now()
      const dueAt = new Date(now.getTime() + LEASE_MS).toISOString()
      if (GIVES_MONEY.has(resolution)) {
        const isCredit = resolution === 'store_credit'
        const creditTo = isCredit ? await creditOwnerOf(tx, placed) : null
        const planned = refundOf(found, placed, input, await listRefunds(tx, orderId))
        const refund = { ...planned, creditTo }
        await countRefund(tx, refund, { now: now.toISOString(), dueAt })
      }
      return { record: resolvedAs(found, input, dueAt) }
    })
    const refunds = record.refundKey === null ? [] : await listRefunds(db, orderId)
    const refund = refunds.find(({ key }) => key === record.refundKey)
    if (refund) await giveBack.complete(refund)
    await finish.complete(record)
    return record
  }
}

/** By money, or by credit that is as good as money here. */
const GIVES_MONEY: ReadonlySet<ReturnResolution> = new Set(['refund', 'store_credit'])

/** @throws orders.return_not_possible */
function checkResolution({ lines }: ReturnRecord, resolution: ReturnResolution): void {
  const isTaken = takenUnits(lines).length > 0
  if (isTaken && resolution === 'rejected') throw refuseReturn('What was taken is to be given for')
  if (!isTaken && resolution !== 'rejected') throw refuseReturn('Nothing of it was taken')
}

function resolvedAs(
  { id, dueAt, stockedAt }: ReturnRecord,
  { resolution, carrier, trackingNumber }: ResolveInput,
  nextDueAt: string,
): Partial<ReturnRecord> {
  const isExchange = resolution === 'exchange'
  return {
    resolution,
    refundKey: GIVES_MONEY.has(resolution) ? refundKeyOfReturn(id) : null,
    exchangeCarrier: isExchange ? (carrier ?? null) : null,
    exchangeTrackingNumber: isExchange ? (trackingNumber ?? null) : null,
    dueAt: isExchange || stockedAt === null ? nextDueAt : dueAt,
  }
}

/** @throws orders.refund_not_possible, orders.return_not_possible */
function refundOf(
  { id, orderId, lines, labelFee }: ReturnRecord,
  placed: PlacedOrder,
  { refundShipping, deduction }: ResolveInput,
  earlier: readonly RefundRecord[],
): Omit<RefundRecord, 'creditTo'> {
  if (deduction && deduction.currency !== placed.order.currency) {
    throw refuseReturn(`The order is in ${placed.order.currency}`)
  }
  const taken = takenUnits(lines)
  // A unit whose money went back before it came back is not paid twice.
  const units = taken.flatMap(({ lineId, quantity }) => {
    const { ordered, refundedQty } = lineOf(placed, lineId)
    const left = Math.min(quantity, ordered - refundedQty)
    return left > 0 ? [{ lineId, quantity: left }] : []
  })
  const sellers = taken.map(({ lineId }) => lineOf(placed, lineId).sellerId)
  const planned = planGiveBack(
    placed,
    { lines: units, shippingOf: refundShipping ? [...new Set(sellers)] : [] },
    earlier,
    labelFee + (deduction?.amount ?? 0),
  )
  const key = refundKeyOfReturn(id)
  const own = { orderId, key, reason: `return ${id}`, cause: 'return' } as const
  return { ...planned, ...own, stock: [], done: false }
}
