import { MAX_WISHLISTS } from '#contracts/cart/wishlists.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import {
  type HeldWishlist,
  holdWishlists,
  lockWishlists,
  mergeWishlist,
  ownWishlist,
  pointAtWishlist,
} from '../wishlist-owner-repository.ts'
import { listWishlists } from '../wishlist-repository.ts'

/**
 * Makes a guest's lists the customer's at sign-in, as carts are: re-owned, or added to the
 * customer's list of the same kind and name, or to the first where there are as many as may be.
 * Under the customer's row and all lists, in order of id; again finds nothing more to do.
 */
export function createAdoption({
  db,
  clock,
}: Readonly<{ db: Database; clock: Clock }>): (
  input: Readonly<{ customerId: string; wishlistIds: readonly string[] }>,
) => Promise<void> {
  return ({ customerId, wishlistIds }) =>
    db.tx(async (tx) => {
      const at = clock.now().toISOString()
      await holdWishlists(tx, customerId)
      const ownIds = (await listWishlists(tx, customerId)).map(({ id }) => id)
      const held = await lockWishlists(tx, [...new Set([...ownIds, ...wishlistIds])])
      const own = held.filter((list) => list.customerId === customerId)
      for (const guest of held.filter((list) => list.customerId === null)) {
        const target = targetOf(guest, own)
        if (target) {
          await mergeWishlist(tx, { from: guest.id, into: target.id, at })
          continue
        }
        await ownWishlist(tx, { id: guest.id, customerId, at })
        await pointAtWishlist(tx, { customerId, wishlistId: guest.id })
        own.push(guest)
      }
    })
}

/** The customer's list that a guest's is added to; undefined: it becomes one of them. */
function targetOf(guest: HeldWishlist, own: readonly HeldWishlist[]): HeldWishlist | undefined {
  const isSame = ({ kind, name }: HeldWishlist) =>
    kind === guest.kind && (kind === 'later' || name === guest.name)
  return own.find(isSame) ?? (own.length >= MAX_WISHLISTS ? own[0] : undefined)
}
