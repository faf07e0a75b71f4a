import { reviewDecided } from '#contracts/fraud/events.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Tx } from '../../platform/db/statement.ts'
import { type Consumer, isEvent } from '../../platform/events/consumer.ts'
import type { Outbox } from '../../platform/events/outbox.ts'
import { lockOrder } from './checkout-repository.ts'
import { orderStatus, type PlacedOrder, refuseTransition } from './model.ts'
import { findPlaced, holdOpenPartsOf, releasePartsOf } from './repository.ts'
import { appendToTimeline, endWithin } from './store.ts'

type Deps = Readonly<{ outbox: Outbox; clock: Clock }>

/** Orders that were held go on, or end, as an operator has decided. */
export function reviewConsumer({ outbox, clock }: Deps): Consumer {
  return {
    name: 'orders.follow_reviews',
    events: [reviewDecided],
    async handle(tx, events) {
      const decided = events.flatMap((event) =>
        isEvent(reviewDecided, event) ? [event.payload] : [],
      )
      for (const { orderId, outcome } of decided.toSorted((a, b) =>
        a.orderId < b.orderId ? -1 : 1,
      )) {
        if (outcome === 'approved') await releaseHeld(tx, orderId, clock)
        else await reject(tx, orderId, { outbox, clock })
      }
    },
    afterCommit: () => outbox.appended.strike(),
  }
}

/**
 * OPEN --hold--> ON_HOLD; nothing happens to an order that is held.
 * @throws invalid_transition if it is not paid, or has ended, or nothing is left to ship
 */
export async function holdOpen(
  tx: Tx,
  { orderId, note }: Readonly<{ orderId: string; note?: string | undefined }>,
  clock: Clock,
): Promise<void> {
  const now = clock.now().toISOString()
  const placed = await lockPlaced(tx, orderId)
  if (isHeld(placed)) return
  if (!(await holdOpenPartsOf(tx, orderId))) {
    throw refuseTransition(orderStatus(placed.sellerOrders, placed.lines), 'hold', [])
  }
  await appendToTimeline(tx, orderId, { type: 'held', ...(note ? { note } : {}), now })
}

/** @throws not_found */
async function lockPlaced(tx: Tx, orderId: string): Promise<PlacedOrder> {
  const checkout = await lockOrder(tx, orderId)
  const placed = checkout && (await findPlaced(tx, orderId))
  if (!placed) throw generalProblem('not_found')
  return placed
}

export function isHeld({ sellerOrders }: Pick<PlacedOrder, 'sellerOrders'>): boolean {
  return sellerOrders.some(({ lifecycle }) => lifecycle === 'on_hold')
}

/** ON_HOLD --release--> OPEN (semantics 1a). Nothing happens to an order that is not held. */
export async function releaseHeld(tx: Tx, orderId: string, clock: Clock): Promise<void> {
  const now = clock.now().toISOString()
  await lockOrder(tx, orderId)
  if (!(await releasePartsOf(tx, orderId, now))) return
  await appendToTimeline(tx, orderId, { type: 'released', now })
}

/** ON_HOLD --reject--> CANCELLED; a worker gives stock and money back. */
async function reject(tx: Tx, orderId: string, deps: Deps): Promise<void> {
  const placed = await findPlaced(tx, orderId)
  const now = deps.clock.now().toISOString()
  if (placed) await endWithin(deps, tx, placed.order, { reason: 'fraud', dueAt: now })
}
