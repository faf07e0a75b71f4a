import type { Database } from '../../platform/db/database.ts'
import type { WishesApi, WishlistApi } from './wishlist-api.ts'
import { listWishlistOwners } from './wishlist-owner-repository.ts'

/** All that is wished for, by whom: for telling of lower prices. */
export function createWishes(
  { db }: Readonly<{ db: Database }>,
  wishlists: Pick<WishlistApi, 'list' | 'get'>,
): WishesApi {
  return {
    listWishers: (input) => listWishlistOwners(db, input),
    async wishesOf({ customerId, ...market }) {
      const heads = await wishlists.list({ customerId })
      const byVariant = new Map<string, Awaited<ReturnType<WishesApi['wishesOf']>>[number]>()
      for (const { id, kind, itemCount } of heads) {
        if (kind !== 'wishes' || itemCount === 0) continue
        const { items } = await wishlists.get({ customerId, wishlistId: id, ...market })
        for (const item of items) byVariant.set(item.variantId, item)
      }
      return [...byVariant.values()]
    },
  }
}
