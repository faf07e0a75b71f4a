import { type Queryable, statement } from '../../platform/db/statement.ts'
import { shardFor, shardOf } from '../../platform/ids.ts'
import type { OfferSnapshot } from '../catalog/index.ts'

/** A list's place, and who asks: null is the server itself, '' a guest, else a customer's id. */
export type WishlistKey = Readonly<{ shard: number; wishlistId: string; asker: string | null }>

export type StoredWish = Readonly<{
  id: string
  variantId: string
  offerId: string
  quantity: number
  snapshot: OfferSnapshot
  addedAt: string
}>

export type WishlistHead = Readonly<{
  id: string
  kind: 'wishes' | 'later'
  name: string
  itemCount: number
  updatedAt: string
}>

export type StoredWishlist = WishlistHead &
  Readonly<{
    shareId: string | null
    /** The newest first. */
    items: readonly StoredWish[]
  }>

type HeadRow = Readonly<{
  id: string
  kind: WishlistHead['kind']
  name: string
  item_count: number
  updated_at: string
}>

function headOf({ id, kind, name, item_count, updated_at }: HeadRow): WishlistHead {
  return { id, kind, name, itemCount: item_count, updatedAt: updated_at }
}

const insertList = statement(
  'cart.insert_wishlist',
  `insert into cart.wishlists (shard, id, kind, name, customer_id, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $6)`,
)

export async function insertWishlist(
  on: Queryable,
  list: Readonly<{
    id: string
    kind: WishlistHead['kind']
    name: string
    customerId: string | null
    at: string
  }>,
): Promise<void> {
  const { id, kind, name, customerId, at } = list
  await insertList(on, [shardOf(id), id, kind, name, customerId, at])
}

const COLUMNS = `l.id, l.kind, l.name, l.item_count, l.updated_at, l.share_id,
     coalesce((select json_agg(json_build_object('id', i.id, 'variantId', i.variant_id,
         'offerId', i.offer_id, 'quantity', i.quantity, 'snapshot', i.snapshot,
         'addedAt', to_char(i.added_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
         order by i.added_at desc, i.id desc)
       from cart.wishlist_items i where i.shard = l.shard and i.wishlist_id = l.id), '[]') as items`

type ListRow = HeadRow & Readonly<{ share_id: string | null; items: StoredWish[] }>

const selectList = statement<ListRow>(
  'cart.find_wishlist',
  `select ${COLUMNS} from cart.wishlists l
   where l.shard = $1 and l.id = $2
     and (l.customer_id is null or $3::text is null or l.customer_id = $3)`,
)
const selectShared = statement<ListRow>(
  'cart.find_shared_wishlist',
  `select ${COLUMNS} from cart.wishlists l where l.shard = $1 and l.share_id = $2`,
)

const listOf = ({ share_id, items, ...row }: ListRow): StoredWishlist => ({
  ...headOf(row),
  shareId: share_id,
  items,
})

export async function findWishlist(
  on: Queryable,
  { shard, wishlistId, asker }: WishlistKey,
): Promise<StoredWishlist | undefined> {
  return (await selectList(on, [shard, wishlistId, asker])).map(listOf)[0]
}

export async function findSharedWishlist(
  on: Queryable,
  shareId: string,
): Promise<StoredWishlist | undefined> {
  return (await selectShared(on, [shardOf(shareId), shareId])).map(listOf)[0]
}

const selectIdsOfCustomer = statement<{ wishlist_id: string }>(
  'cart.list_wishlist_ids',
  'select wishlist_id from cart.customer_wishlists where shard = $1 and customer_id = $2',
)
const selectHeads = statement<HeadRow>(
  'cart.list_wishlists',
  `select l.id, l.kind, l.name, l.item_count, l.updated_at
   from unnest($1::smallint[], $2::text[]) as w(shard, id)
   join cart.wishlists l on l.shard = w.shard and l.id = w.id
   order by l.id`,
)

/** A customer's lists, the oldest first. */
export async function listWishlists(on: Queryable, customerId: string): Promise<WishlistHead[]> {
  const rows = await selectIdsOfCustomer(on, [shardFor(customerId), customerId])
  const ids = rows.map(({ wishlist_id }) => wishlist_id)
  return (await selectHeads(on, [ids.map(shardOf), ids])).map(headOf)
}

// Every write holds the list's row first, so that writes to one list come one after the other.
const HELD = `held as materialized (
  select id, kind from cart.wishlists
  where shard = $1 and id = $2 and (customer_id is null or $3::text is null or customer_id = $3)
  for update)`

const updateList = statement<{ name: string; share_id: string | null }>(
  'cart.update_wishlist',
  `with ${HELD}
   update cart.wishlists l set name = coalesce($4, l.name), updated_at = $7,
     share_id = case when $5::boolean is null then l.share_id
       when $5 then coalesce(l.share_id, $6) end
   from held where l.shard = $1 and l.id = $2
   returning l.name, l.share_id`,
)

export type WishlistChange = Readonly<{
  name: string | null
  isShared: boolean | null
  /** The key that it gets if it is shared and has none. */
  shareId: string
  at: string
}>

export async function updateWishlist(
  on: Queryable,
  { shard, wishlistId, asker }: WishlistKey,
  { name, isShared, shareId, at }: WishlistChange,
): Promise<Readonly<{ name: string; shareId: string | null }> | undefined> {
  const values = [shard, wishlistId, asker, name, isShared, shareId, at]
  const [row] = await updateList(on, values)
  return row && { name: row.name, shareId: row.share_id }
}

const putItem = statement<{ item_id: string; item_count: number }>(
  'cart.put_wish',
  `with ${HELD}, put as (
     insert into cart.wishlist_items
       (shard, wishlist_id, id, variant_id, offer_id, quantity, snapshot, added_at)
     select $1, $2, $4, $5, $6, $7, $8, $9 from held
     on conflict (shard, wishlist_id, variant_id) do update set
       quantity = case (select kind from held) when 'later' then excluded.quantity
         else wishlist_items.quantity end,
       offer_id = case (select kind from held) when 'later' then excluded.offer_id
         else wishlist_items.offer_id end
     returning id, xmax = 0 as is_new
   )
   update cart.wishlists l set updated_at = $9, item_count = l.item_count + put.is_new::int
   from put where l.shard = $1 and l.id = $2
   returning put.id as item_id, l.item_count`,
)

export type NewWish = Readonly<{ id: string; offer: OfferSnapshot; quantity: number; at: string }>

/** Puts an offer's variant on a list, where it is once; what is put aside again has the new quantity. */
export async function putWish(
  on: Queryable,
  { shard, wishlistId, asker }: WishlistKey,
  { id, offer, quantity, at }: NewWish,
): Promise<Readonly<{ itemId: string; itemCount: number }> | undefined> {
  const [row] = await putItem(on, [
    shard,
    wishlistId,
    asker,
    id,
    offer.variantId,
    offer.offerId,
    quantity,
    JSON.stringify(offer),
    at,
  ])
  return row && { itemId: row.item_id, itemCount: row.item_count }
}

const deleteItem = statement<{ item_count: number }>(
  'cart.delete_wish',
  `with ${HELD}, gone as (
     delete from cart.wishlist_items i using held
     where i.shard = $1 and i.wishlist_id = $2 and i.id = $4
     returning 1
   )
   update cart.wishlists l set updated_at = $5, item_count = l.item_count - (select count(*) from gone)
   from held where l.shard = $1 and l.id = $2
   returning l.item_count`,
)

/** @returns how many are left; undefined if there is no such list for who asks. */
export async function deleteWish(
  on: Queryable,
  { shard, wishlistId, asker }: WishlistKey,
  item: Readonly<{ id: string; at: string }>,
): Promise<number | undefined> {
  const [row] = await deleteItem(on, [shard, wishlistId, asker, item.id, item.at])
  return row?.item_count
}

const sweepLists = statement<{ count: number }>(
  'cart.sweep_wishlists',
  `with gone as (
     delete from cart.wishlists where ctid = any (array(
       select ctid from cart.wishlists where updated_at < $1 and customer_id is null limit 1000))
     returning 1
   ) select count(*)::int as count from gone`,
)

/** Forgets guests' lists that were left before a time, some at once. @returns how many. */
export async function sweepWishlists(on: Queryable, before: string): Promise<number> {
  return (await sweepLists(on, [before]))[0]?.count ?? 0
}
