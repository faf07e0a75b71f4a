import { type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import { shardFor, shardOf } from '../../platform/ids.ts'

/** Holds a customer's lists as a whole, so that no two merges or deletions of them cross. */
const holdOwner = statement<{ list_count: number }>(
  'cart.hold_wishlist_owner',
  `insert into cart.wishlist_owners (shard, customer_id, list_count) values ($1, $2, 0)
   on conflict (shard, customer_id) do update set list_count = wishlist_owners.list_count
   returning list_count`,
)

/** @returns how many lists the customer has. */
export async function holdWishlists(tx: Tx, customerId: string): Promise<number> {
  const [row] = await holdOwner(tx, [shardFor(customerId), customerId])
  return row?.list_count ?? 0
}

const selectOwners = statement<{ customer_id: string }>(
  'cart.list_wishlist_owners',
  `select customer_id from cart.wishlist_owners where (shard, customer_id) > ($1, $2)
   order by shard, customer_id limit $3`,
)

/** @param after the last one of those before; null: from the first. */
export async function listWishlistOwners(
  on: Queryable,
  { after, limit }: Readonly<{ after: string | null; limit: number }>,
): Promise<string[]> {
  const from = after === null ? [-1, ''] : [shardFor(after), after]
  return (await selectOwners(on, [...from, limit])).map(({ customer_id }) => customer_id)
}

const insertPointer = statement(
  'cart.point_at_wishlist',
  `with pointed as (
     insert into cart.customer_wishlists (shard, customer_id, wishlist_id) values ($1, $2, $3)
     on conflict do nothing returning 1
   )
   update cart.wishlist_owners set list_count = list_count + (select count(*) from pointed)
   where shard = $1 and customer_id = $2`,
)

/** Counts a list among its customer's, who is held. */
export async function pointAtWishlist(
  tx: Tx,
  { customerId, wishlistId }: Readonly<{ customerId: string; wishlistId: string }>,
): Promise<void> {
  await insertPointer(tx, [shardFor(customerId), customerId, wishlistId])
}

const deletePointer = statement(
  'cart.forget_wishlist',
  `with gone as (
     delete from cart.customer_wishlists where shard = $1 and customer_id = $2 and wishlist_id = $3
     returning 1
   )
   update cart.wishlist_owners set list_count = list_count - (select count(*) from gone)
   where shard = $1 and customer_id = $2`,
)
const deleteList = statement<{ id: string }>(
  'cart.delete_wishlist',
  `delete from cart.wishlists
   where shard = $1 and id = $2 and (customer_id is null or $3::text is null or customer_id = $3)
   returning id`,
)

/** Deletes a list, a customer's with its pointer. @returns whether it was there for who asks. */
export async function deleteWishlist(
  tx: Tx,
  { wishlistId, asker }: Readonly<{ wishlistId: string; asker: string | null }>,
): Promise<boolean> {
  if (asker) {
    await holdWishlists(tx, asker)
    await deletePointer(tx, [shardFor(asker), asker, wishlistId])
  }
  return (await deleteList(tx, [shardOf(wishlistId), wishlistId, asker])).length > 0
}

export type HeldWishlist = Readonly<{
  id: string
  kind: 'wishes' | 'later'
  name: string
  customerId: string | null
}>

const lockLists = statement<{
  id: string
  kind: HeldWishlist['kind']
  name: string
  customer_id: string | null
}>(
  'cart.lock_wishlists',
  `select l.id, l.kind, l.name, l.customer_id
   from unnest($1::smallint[], $2::text[]) as w(shard, id)
   join cart.wishlists l on l.shard = w.shard and l.id = w.id
   order by l.id for update of l`,
)

/** Holds lists, in order of id. */
export async function lockWishlists(tx: Tx, ids: readonly string[]): Promise<HeldWishlist[]> {
  const rows = await lockLists(tx, [ids.map(shardOf), ids])
  return rows.map(({ customer_id, ...list }) => ({ ...list, customerId: customer_id }))
}

const ownList = statement(
  'cart.own_wishlist',
  'update cart.wishlists set customer_id = $3, updated_at = $4 where shard = $1 and id = $2',
)

export async function ownWishlist(
  tx: Tx,
  list: Readonly<{ id: string; customerId: string; at: string }>,
): Promise<void> {
  await ownList(tx, [shardOf(list.id), list.id, list.customerId, list.at])
}

const copyItems = statement(
  'cart.copy_wishes',
  `with copied as (
     insert into cart.wishlist_items
       (shard, wishlist_id, id, variant_id, offer_id, quantity, snapshot, added_at)
     select $3, $4, id, variant_id, offer_id, quantity, snapshot, added_at
     from cart.wishlist_items where shard = $1 and wishlist_id = $2
     order by variant_id
     on conflict do nothing
     returning 1
   )
   update cart.wishlists l
   set updated_at = $5, item_count = l.item_count + added,
     item_limit = greatest(l.item_limit, l.item_count + added)
   from (select count(*)::int as added from copied) c
   where l.shard = $3 and l.id = $4`,
)

/** Adds one list's things to another and deletes it. Both are held. */
export async function mergeWishlist(
  tx: Tx,
  { from, into, at }: Readonly<{ from: string; into: string; at: string }>,
): Promise<void> {
  await copyItems(tx, [shardOf(from), from, shardOf(into), into, at])
  await deleteList(tx, [shardOf(from), from, null])
}
