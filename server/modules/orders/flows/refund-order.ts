import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import type { OrdersApi } from '../api.ts'
import { findOwner } from '../claims.ts'
import type { PlacedOrder } from '../model.ts'
import { planRefund, refuseRefund } from '../refund.ts'
import { countRefund, type RefundRecord } from '../refund-repository.ts'
import { LEASE_MS } from '../settings.ts'
import { appendToTimeline } from '../store.ts'
import type { GiveBack } from './give-back.ts'
import { openRefund } from './open-refund.ts'

type Input = Parameters<OrdersApi['refund']>[0]

type Deps = Readonly<{ db: Database; clock: Clock; giveBack: GiveBack }>

/**
 * Gives back part of what was paid: units, the shipping, a free sum. It is counted under the
 * order's lock first, so that two at once never refund the same unit, then paid by the same key.
 */
export function makeRefundOrder({ db, clock, giveBack }: Deps): (input: Input) => Promise<void> {
  async function decide(tx: Tx, input: Input): Promise<RefundRecord> {
    const { orderId, key, reason, to = 'original' } = input
    const opened = await openRefund(tx, { orderId, key, event: 'refund' })
    if (opened.done) return opened.done
    const planned = planRefund(opened.placed, input, opened.earlier)
    const creditTo = to === 'store_credit' ? await creditOwnerOf(tx, opened.placed) : null
    const own = { orderId, key, reason, cause: 'operator', stock: [], creditTo } as const
    const refund: RefundRecord = { ...planned, ...own, done: false }
    const at = clock.now()
    const now = at.toISOString()
    const dueAt = new Date(at.getTime() + LEASE_MS).toISOString()
    await countRefund(tx, refund, { now, dueAt })
    await appendToTimeline(tx, orderId, { type: 'refunded', note: reason, now })
    return refund
  }

  return async (input) => giveBack.complete(await db.tx((tx) => decide(tx, input)))
}

/** @throws orders.refund_not_possible for a guest's order */
export async function creditOwnerOf(tx: Tx, placed: PlacedOrder): Promise<string> {
  const owner = await findOwner(tx, placed.order)
  if (owner === null) throw refuseRefund('A guest has no store credit')
  return owner
}
