import type { Database } from '../../platform/db/database.ts'
import { statement } from '../../platform/db/statement.ts'
import { shardFor, shardOf } from '../../platform/ids.ts'
import type { PersonalData } from '../../platform/module.ts'
import { findCart } from './repository.ts'
import { findWishlist, listWishlists } from './wishlist-repository.ts'

const selectPointer = statement<{ cart_id: string }>(
  'cart.find_pointer',
  'select cart_id from cart.customer_carts where shard = $1 and customer_id = $2',
)
const selectOwned = statement<{ id: string }>(
  'cart.list_carts_of_customer',
  'select id from cart.carts where customer_id = $1 order by id',
)
const deletePointer = statement(
  'cart.erase_pointer',
  'delete from cart.customer_carts where shard = $1 and customer_id = $2',
)
const deleteCarts = statement<{ id: string }>(
  'cart.erase_carts',
  'delete from cart.carts where customer_id = $1 returning id',
)

const deleteListPointers = statement(
  'cart.erase_wishlist_pointers',
  'delete from cart.customer_wishlists where shard = $1 and customer_id = $2',
)
const deleteOwner = statement(
  'cart.erase_wishlist_owner',
  'delete from cart.wishlist_owners where shard = $1 and customer_id = $2',
)
const deleteLists = statement<{ id: string }>(
  'cart.erase_wishlists',
  `delete from cart.wishlists l using unnest($1::smallint[], $2::text[]) as w(shard, id)
   where l.shard = w.shard and l.id = w.id and l.customer_id = $3 returning l.id`,
)

/** Carts and lists are a person's wishes: all of them are given, and all are deleted. */
export function createPersonalData(db: Database): PersonalData {
  return {
    async export({ accountId }) {
      const owned = await selectOwned(db, [accountId])
      const keys = owned.map(({ id }) => ({ shard: shardOf(id), cartId: id, asker: null }))
      const carts = await Promise.all(keys.map((key) => findCart(db, key)))
      const [current] = await selectPointer(db, [shardFor(accountId), accountId])
      const wishlists = await Promise.all(
        (await listWishlists(db, accountId)).map(({ id }) =>
          findWishlist(db, { shard: shardOf(id), wishlistId: id, asker: null }),
        ),
      )
      return { carts, currentCartId: current?.cart_id ?? null, wishlists }
    },
    async erase({ accountId }) {
      await deletePointer(db, [shardFor(accountId), accountId])
      const gone = await deleteCarts(db, [accountId])
      const ids = (await listWishlists(db, accountId)).map(({ id }) => id)
      const lists = await deleteLists(db, [ids.map(shardOf), ids, accountId])
      const owner = [shardFor(accountId), accountId]
      await deleteListPointers(db, owner)
      await deleteOwner(db, owner)
      return [
        { table: 'cart.carts', deleted: gone.length, anonymised: 0 },
        { table: 'cart.wishlists', deleted: lists.length, anonymised: 0 },
      ]
    },
  }
}
