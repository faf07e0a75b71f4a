import { MAX_QUANTITY } from '#contracts/cart/schemas.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import { shardFor, shardOf } from '../../../platform/ids.ts'
import {
  type CartPlace,
  lockCarts,
  lockCustomerCart,
  mergeInto,
  ownCart,
  pointCustomerAt,
} from '../merge-repository.ts'

/**
 * Makes a guest's cart the customer's (semantics 9), once for each guest cart: under the customer's
 * pointer and both carts, in order of id.
 * @returns the id of the cart that the customer has now.
 * @throws not_found
 */
export function createMerge({
  db,
  clock,
}: Readonly<{ db: Database; clock: Clock }>): (
  input: Readonly<{ guestCartId: string; customerId: string }>,
) => Promise<string> {
  return ({ guestCartId, customerId }) =>
    db.tx(async (tx) => {
      const at = clock.now().toISOString()
      const customer = { shard: shardFor(customerId), id: customerId, at }
      const current = placeOf(await lockCustomerCart(tx, customer, guestCartId))
      const carts = await lockCarts(tx, [placeOf(guestCartId), ...notSame(current, guestCartId)])
      const guest = carts.find(({ id }) => id === guestCartId)
      const target = carts.find(({ id }) => id === current.id)
      if (!guest || (guest.customerId !== null && guest.customerId !== customerId))
        throw generalProblem('not_found')
      if (guest.status === 'merged') return mergedTarget(tx, guest.mergedInto, customerId)
      if (guest.status === 'ordered') return current.id
      if (guest.customerId === customerId) return guest.id
      await ownCart(tx, guest, customer)
      if (!target || target.id === guest.id || target.status !== 'open') {
        await pointCustomerAt(tx, customer, guest.id)
        return guest.id
      }
      await mergeInto(tx, { guest, target, at, maxQuantity: MAX_QUANTITY })
      return target.id
    })
}

function placeOf(cartId: string): CartPlace {
  return { shard: shardOf(cartId), id: cartId }
}

function notSame(place: CartPlace, cartId: string): CartPlace[] {
  return place.id === cartId ? [] : [place]
}

/** Where a cart went that was merged before; another customer's cart is not told of. */
async function mergedTarget(
  tx: Tx,
  mergedInto: string | null,
  customerId: string,
): Promise<string> {
  const [target] = mergedInto === null ? [] : await lockCarts(tx, [placeOf(mergedInto)])
  if (target?.customerId !== customerId) throw generalProblem('not_found')
  return target.id
}
