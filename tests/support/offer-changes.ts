import type { Client } from '../../packages/client/src/index.ts'
import { unwrap } from './shopper.ts'

type Change<Name extends string> = Readonly<{ offerId: string } & Record<Name, number>>

/** Sets what is on hand, as an operator, so that so much can be sold. */
export async function setAvailable(
  operator: Client,
  { offerId, quantity }: Change<'quantity'>,
): Promise<void> {
  const { items: levels } = unwrap(await operator.getStock({ params: { offerId } }))
  for (const [nth, level] of levels.entries()) {
    const target = level.reserved + (nth === 0 ? quantity : 0)
    const params = { offerId, warehouseId: level.warehouseId }
    const body = { quantity: target, expected: level.quantity, reason: 'test' }
    unwrap(await operator.setStock({ params, body }))
  }
}

/** Sets an offer's price in US cents, as an operator, and ends its sale. */
export async function setPrice(
  operator: Client,
  { offerId, amount }: Change<'amount'>,
): Promise<void> {
  const body = { price: { amount, currency: 'USD' }, salePrice: null }
  unwrap(await operator.changeOffer({ params: { offerId }, body }))
}
