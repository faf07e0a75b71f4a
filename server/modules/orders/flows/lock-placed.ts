import { generalProblem } from '#contracts/kit/problem.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import { lockOrder } from '../checkout-repository.ts'
import type { CheckoutRecord, PlacedOrder } from '../model.ts'
import { findPlaced } from '../repository.ts'

/** An order as it is under its lock: nobody else changes it before the transaction ends. @throws not_found */
export async function lockPlaced(
  tx: Tx,
  orderId: string,
): Promise<Readonly<{ checkout: CheckoutRecord; placed: PlacedOrder }>> {
  const checkout = await lockOrder(tx, orderId)
  const placed = checkout && (await findPlaced(tx, orderId))
  if (!placed) throw generalProblem('not_found')
  return { checkout, placed }
}
