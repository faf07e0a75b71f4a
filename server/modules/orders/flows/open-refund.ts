import type { Tx } from '../../../platform/db/statement.ts'
import { type PlacedOrder, refuseTransition } from '../model.ts'
import { listRefunds, type RefundRecord } from '../refund-repository.ts'
import { lockPlaced } from './lock-placed.ts'

type Asked = Readonly<{
  orderId: string
  key: string
  /** What is to be done, for the refusal. */
  event: string
}>

/** A confirmed order under its lock, with what went back before; or what this key did already. */
type Opened =
  | Readonly<{ done: RefundRecord }>
  | Readonly<{ done?: never; placed: PlacedOrder; earlier: readonly RefundRecord[] }>

/**
 * Begins to give back part of an order, under its lock: two at once never give back the same unit.
 * @throws not_found, invalid_transition
 */
export async function openRefund(tx: Tx, { orderId, key, event }: Asked): Promise<Opened> {
  const { checkout, placed } = await lockPlaced(tx, orderId)
  const earlier = await listRefunds(tx, orderId)
  const done = earlier.find((one) => one.key === key)
  if (done) return { done }
  if (checkout.ending !== 'confirmed')
    throw refuseTransition(checkout.ending ?? 'pending', event, [])
  return { placed, earlier }
}
