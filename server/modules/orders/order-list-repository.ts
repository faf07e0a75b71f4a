import type { OrderNote } from '#contracts/orders/admin.ts'
import { type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import { shardOf } from '../../platform/ids.ts'
import type { OrderStatus } from './model.ts'

/** What is looked for; null: anything. Between two ids, because the time is in the id. */
export type OrderFilter = Readonly<{
  status: OrderStatus | null
  sellerId: string | null
  productId: string | null
  email: string | null
  /** Below this id. */
  before: string
  /** Not below this one. */
  from: string
  limit: number
}>

// `offset 0` keeps each of these a look at one order: as joins they would read all there are.
const WANTED = `($4::text is null or exists (select from orders.checkouts c
      where c.shard = k.shard and c.order_id = k.order_id and c.status = $4 offset 0))
    and ($5::text is null or exists (select from orders.seller_orders s
      where s.shard = k.shard and s.order_id = k.order_id and s.seller_id = $5 offset 0))
    and ($6::text is null or exists (select from orders.order_lines l
      where l.shard = k.shard and l.order_id = k.order_id and l.product_id = $6 offset 0))`

/** Each list walks down one index, the newest first, and looks into the rest of each order it meets. */
const byStatus = statement<{ id: string }>(
  'orders.find_by_status',
  `select k.order_id as id from orders.checkouts k
   where k.status = $4 and k.order_id < $1 and k.order_id >= $2 and ${WANTED}
   order by k.order_id desc limit $3`,
)
const bySeller = statement<{ id: string }>(
  'orders.find_by_seller',
  `select k.order_id as id from orders.seller_orders k
   where k.seller_id = $5 and k.order_id < $1 and k.order_id >= $2 and ${WANTED}
   order by k.order_id desc limit $3`,
)
const byProduct = statement<{ id: string }>(
  'orders.find_by_product',
  `select distinct k.order_id as id from orders.order_lines k
   where k.product_id = $6 and k.order_id < $1 and k.order_id >= $2 and ${WANTED}
   order by k.order_id desc limit $3`,
)
const byEmail = statement<{ id: string }>(
  'orders.find_by_email',
  `select k.order_id as id
   from (select shard, id as order_id from orders.orders
         where lower(email) = $7 and id < $1 and id >= $2) k
   where ${WANTED} order by k.order_id desc limit $3`,
)
// There is an index by status, and few statuses: the newest of each are the newest of all.
const newest = statement<{ id: string }>(
  'orders.find_newest',
  `select k.order_id as id
   from unnest(array['pending', 'on_hold', 'confirmed', 'partially_shipped', 'shipped', 'delivered',
     'cancelled', 'expired', 'completed']) as s(status)
   cross join lateral (select order_id from orders.checkouts c
     where c.status = s.status and c.order_id < $1 and c.order_id >= $2
     order by c.order_id desc limit $3) k
   order by 1 desc limit $3`,
)
const byNumber = statement<{ id: string }>(
  'orders.find_by_number',
  'select id from orders.orders where number = $1',
)

// Parts of paid orders, of several sellers at once.
const ofSellers = statement<{ id: string }>(
  'orders.find_of_sellers',
  `select distinct k.order_id as id
   from unnest($5::text[]) as m(seller_id)
   cross join lateral (select s.order_id from orders.seller_orders s
     where s.seller_id = m.seller_id and s.order_id < $1 and s.order_id >= $2
       and (s.lifecycle in ('open', 'on_hold', 'completed')
         or (s.lifecycle = 'cancelled' and s.opened_at is not null))
       and ($4::text is null or exists (select from orders.checkouts c
         where c.shard = s.shard and c.order_id = s.order_id and c.status = $4 offset 0))
     order by s.order_id desc limit $3) k
   order by 1 desc limit $3`,
)

/** Where most orders end; in every other state there are few of many. */
const COMMON: ReadonlySet<OrderStatus> = new Set(['delivered', 'completed'])

/** Ids of orders, the newest first, by the index that leaves the fewest to look at. */
export async function findOrderIds(on: Queryable, filter: OrderFilter): Promise<string[]> {
  const { before, from, limit, status, sellerId, productId, email } = filter
  const place = [before, from, limit]
  const wanted = [...place, status, sellerId, productId]
  const rows = await (() => {
    if (email !== null) return byEmail(on, [...wanted, email.toLowerCase()])
    if (status !== null && !COMMON.has(status)) return byStatus(on, wanted)
    if (productId !== null) return byProduct(on, wanted)
    if (sellerId !== null) return bySeller(on, wanted)
    return status === null ? newest(on, place) : byStatus(on, wanted)
  })()
  return rows.map(({ id }) => id)
}

/** @param number as it is written. */
export async function findIdsByNumber(on: Queryable, number: string): Promise<string[]> {
  return (await byNumber(on, [number])).map(({ id }) => id)
}

/** Ids of paid orders in which one of these sellers has a part, the newest first. */
export async function findIdsOfSellers(
  on: Queryable,
  input: Pick<OrderFilter, 'before' | 'from' | 'limit' | 'status'> &
    Readonly<{ sellerIds: readonly string[] }>,
): Promise<string[]> {
  const { before, from, limit, status, sellerIds } = input
  return (await ofSellers(on, [before, from, limit, status, sellerIds])).map(({ id }) => id)
}

const selectNotes = statement<OrderNote>(
  'orders.list_notes',
  `select id, author, text, created_at as at from orders.order_notes
   where shard = $1 and order_id = $2 order by id`,
)
const insertNote = statement(
  'orders.insert_note',
  `insert into orders.order_notes (shard, order_id, id, author, text, created_at)
   values ($1, $2, $3, $4, $5, $6)`,
)

export function listNotes(on: Queryable, orderId: string): Promise<OrderNote[]> {
  return selectNotes(on, [shardOf(orderId), orderId])
}

export async function insertOrderNote(tx: Tx, orderId: string, note: OrderNote): Promise<void> {
  const { id, author, text, at } = note
  await insertNote(tx, [shardOf(orderId), orderId, id, author, text, at])
}
