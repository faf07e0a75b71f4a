import { money } from '#contracts/kit/money.ts'
import { generalProblem, Problem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import type { PaymentsApi } from '../../payments/index.ts'
import type { OrdersApi } from '../api.ts'
import { lockOrder } from '../checkout-repository.ts'
import { refuseTransition } from '../model.ts'
import { planRefund } from '../refund.ts'
import { countRefund, listRefunds, type RefundRecord, uncountRefund } from '../refund-repository.ts'
import { findPlaced } from '../repository.ts'
import { appendToTimeline } from '../store.ts'

type Input = Parameters<OrdersApi['refund']>[0]

type Deps = Readonly<{
  db: Database
  clock: Clock
  payments: Pick<PaymentsApi, 'refund'>
}>

/**
 * Gives back part of what was paid: units, the shipping, a free sum. It is counted under the
 * order's lock first, so that two at once never refund the same unit, then paid by the same key: a
 * repetition pays what a crash left.
 */
export function makeRefundOrder({ db, clock, payments }: Deps): (input: Input) => Promise<void> {
  async function decide(tx: Tx, input: Input): Promise<RefundRecord & { currency: string }> {
    const { orderId, key, reason } = input
    const checkout = await lockOrder(tx, orderId)
    const placed = checkout && (await findPlaced(tx, orderId))
    if (!placed) throw generalProblem('not_found')
    const { currency } = placed.order
    const earlier = await listRefunds(tx, orderId)
    const same = earlier.find((one) => one.key === key)
    if (same) return { ...same, currency }
    if (checkout.ending !== 'confirmed') {
      throw refuseTransition(checkout.ending ?? 'pending', 'refund', [])
    }
    const given = earlier.reduce((sum, { shipping }) => sum + shipping, 0)
    const refund: RefundRecord = { ...planRefund(placed, input, given), key, reason }
    const now = clock.now().toISOString()
    await countRefund(tx, orderId, refund, now)
    await appendToTimeline(tx, orderId, { type: 'refunded', note: reason, now })
    return { ...refund, currency }
  }

  return async (input) => {
    const { orderId } = input
    const refund = await db.tx((tx) => decide(tx, input))
    const { key, amount, currency, reason, splits } = refund
    try {
      await payments.refund({
        key: `refund:${key}`,
        orderId,
        amount: money(amount, currency),
        reason,
        ...(splits.length > 0 ? { splits } : {}),
      })
    } catch (error) {
      // Refused for good: nothing was given back, so that the units are there to be refunded.
      if (error instanceof Problem && error.code === 'payments.refund_too_large') {
        await db.tx((tx) => uncountRefund(tx, orderId, refund))
      }
      throw error
    }
  }
}
