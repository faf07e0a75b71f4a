import { money } from '#contracts/kit/money.ts'
import { Problem } from '#contracts/kit/problem.ts'
import { returnRefunded } from '#contracts/orders/events.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import type { Outbox } from '../../../platform/events/outbox.ts'
import type { Log } from '../../../platform/log.ts'
import type { InventoryApi } from '../../inventory/index.ts'
import type { PaymentsApi } from '../../payments/index.ts'
import { lockOrder } from '../checkout-repository.ts'
import { sumOf } from '../refund.ts'
import {
  claimDueRefunds,
  markRefundDone,
  parkUntilPaid,
  type RefundRecord,
  uncountRefund,
} from '../refund-repository.ts'
import { getPlaced } from '../repository.ts'
import { resumeDue } from './resume-due.ts'

type Deps = Readonly<{
  db: Database
  outbox: Outbox
  clock: Clock
  log: Log
  inventory: Pick<InventoryApi, 'release'>
  payments: Pick<PaymentsApi, 'refund' | 'getByOrder'>
}>

export type GiveBack = Readonly<{
  /**
   * Puts stock and money of a counted refund where they belong; again does nothing.
   * @throws payments.refund_too_large, for one that an operator wished and that was not counted.
   */
  complete(refund: RefundRecord): Promise<void>
  /** Completes what a crash left. @returns how many. */
  resume(): Promise<number>
}>

/** The id of a return is in the key of its refund. */
export const refundKeyOfReturn = (returnId: string) => `return:${returnId}`

/** Refunds are counted under the order's lock first; this is what follows, all by the same key. */
export function makeGiveBack(deps: Deps): GiveBack {
  const { db, outbox, log, inventory, payments } = deps

  async function releaseStock({ orderId, key, stock }: RefundRecord): Promise<void> {
    if (stock.length === 0) return
    try {
      await inventory.release({ key: orderId, reason: 'cancelled', lines: stock, releaseKey: key })
    } catch (error) {
      // The whole order ended meanwhile, and its stock with it.
      const checkout = await db.tx((tx) => lockOrder(tx, orderId))
      const isRefused = error instanceof Problem && error.code === 'invalid_transition'
      if (!isRefused || checkout?.ending === 'confirmed') throw error
    }
  }

  async function markDone(refund: RefundRecord, currency: string): Promise<void> {
    const { orderId, key, cause, amount } = refund
    await db.tx(async (tx) => {
      const isNews = await markRefundDone(tx, refund)
      if (!isNews || cause !== 'return' || amount === 0) return
      const returnId = key.slice(refundKeyOfReturn('').length)
      const payload = { returnId, orderId, amount: money(amount, currency) }
      await outbox.append(tx, [{ spec: returnRefunded, aggregateId: orderId, payload }])
    })
    outbox.appended.strike()
  }

  async function pay(refund: RefundRecord, currency: string): Promise<void> {
    const { orderId, key, amount, reason, splits, creditTo } = refund
    if (amount === 0) return
    await payments.refund({
      key: `refund:${key}`,
      orderId,
      amount: money(amount, currency),
      reason,
      // A free sum is nobody's in particular: then the whole is shared in proportion.
      ...(sumOf(splits) === amount ? { splits } : {}),
      ...(creditTo === null ? {} : { creditTo }),
    })
  }

  /** There is not that much to give back: not yet, or not any more. */
  async function putOff(refund: RefundRecord, currency: string, error: Problem): Promise<void> {
    const { orderId, cause } = refund
    if (cause === 'operator') {
      await db.tx((tx) => uncountRefund(tx, refund))
      throw error
    }
    const payment = await payments.getByOrder({ orderId })
    if (payment?.state === 'authorized') return parkUntilPaid(db, refund)
    log.warn({ orderId, key: refund.key }, 'the money of a refund had gone back before')
    await markDone(refund, currency)
  }

  async function complete(refund: RefundRecord): Promise<void> {
    if (refund.done) return
    const { currency } = (await getPlaced(db, refund.orderId)).order
    await releaseStock(refund)
    try {
      await pay(refund, currency)
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'payments.refund_too_large') throw error
      return putOff(refund, currency, error)
    }
    await markDone(refund, currency)
  }

  return {
    complete,
    resume: () =>
      resumeDue(deps, {
        claim: claimDueRefunds,
        complete,
        named: ({ orderId }) => ({ orderId }),
        later: 'a refund is resumed later',
      }),
  }
}
