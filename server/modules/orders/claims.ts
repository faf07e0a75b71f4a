import type { Database } from '../../platform/db/database.ts'
import { type Queryable, statement } from '../../platform/db/statement.ts'
import { shardOf } from '../../platform/ids.ts'
import type { OrdersApi } from './api.ts'
import type { OrderRecord } from './model.ts'

const insertClaims = statement<{ order_id: string }>(
  'orders.insert_claims',
  `insert into orders.claims (shard, order_id, customer_id, claimed_at)
   select o.shard, o.id, $2, now() from orders.orders o
   where lower(o.email) = $1 and o.customer_id is null
   order by o.shard, o.id
   on conflict do nothing returning order_id`,
)
const selectClaim = statement<{ customer_id: string }>(
  'orders.find_claim',
  'select customer_id from orders.claims where shard = $1 and order_id = $2',
)

const selectGuests = statement<{ id: string }>(
  'orders.list_guest_orders',
  `select o.id from orders.orders o
   where lower(o.email) = $1 and o.customer_id is null
     and not exists (select from orders.claims c where c.shard = o.shard and c.order_id = o.id)
   order by o.id`,
)

/** Orders of guests with an address, which nobody has claimed. */
export async function listGuestOrderIds(on: Queryable, email: string): Promise<string[]> {
  return (await selectGuests(on, [email.toLowerCase()])).map(({ id }) => id)
}

/** Gives guests' orders to the customer who has proven their address. */
export function createClaims({ db }: Readonly<{ db: Database }>): OrdersApi['claimGuestOrders'] {
  return async ({ customerId, email }) => {
    const claimed = await insertClaims(db, [email.toLowerCase(), customerId])
    return { count: claimed.length }
  }
}

/** The customer whose order it is, or who has claimed it; null for a guest's. */
export async function findOwner(
  on: Queryable,
  { id, customerId }: Pick<OrderRecord, 'id' | 'customerId'>,
): Promise<string | null> {
  if (customerId !== null) return customerId
  const [claim] = await selectClaim(on, [shardOf(id), id])
  return claim?.customer_id ?? null
}
