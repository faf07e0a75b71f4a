import type { Order } from '#contracts/orders/schemas.ts'
import type { Database } from '../../platform/db/database.ts'
import { statement } from '../../platform/db/statement.ts'
import { shardFor, shardOf } from '../../platform/ids.ts'
import type { PersonalData } from '../../platform/module.ts'
import type { OrdersApi } from './api.ts'
import { listGuestOrderIds } from './claims.ts'

const eraseOwn = statement<{ id: string }>(
  'orders.erase_own',
  `update orders.orders set email = '', shipping_address = jsonb_build_object(
       'name', '', 'line1', '', 'city', '', 'postalCode', '', 'country', shipping_address ->> 'country'),
     billing_address = jsonb_build_object(
       'name', '', 'line1', '', 'city', '', 'postalCode', '', 'country', billing_address ->> 'country')
   where shard = $1 and customer_id = $2 and email <> '' returning id`,
)
const eraseClaimed = statement<{ id: string }>(
  'orders.erase_claimed',
  `update orders.orders o set email = '', shipping_address = jsonb_build_object(
       'name', '', 'line1', '', 'city', '', 'postalCode', '', 'country', o.shipping_address ->> 'country'),
     billing_address = jsonb_build_object(
       'name', '', 'line1', '', 'city', '', 'postalCode', '', 'country', o.billing_address ->> 'country')
   from orders.claims c
   where c.customer_id = $1 and o.shard = c.shard and o.id = c.order_id and o.email <> ''
   returning o.id`,
)

// Operators write about people.
const eraseNotes = statement<{ id: string }>(
  'orders.erase_notes',
  `delete from orders.order_notes n using unnest($1::smallint[], $2::text[]) as k(shard, order_id)
   where n.shard = k.shard and n.order_id = k.order_id returning n.id`,
)
// Customers write why they send something back, and show it; the label is theirs.
const eraseReturns = statement<{ id: string }>(
  'orders.erase_returns',
  `update orders.returns r set note = null, photos = '[]', label_url = null
   from unnest($1::smallint[], $2::text[]) as k(shard, order_id)
   where r.shard = k.shard and r.order_id = k.order_id returning r.id`,
)

const PAGE = 100
const REASON = 'bookings are kept for as long as tax law says, without name and address'

/**
 * Orders are bookings: what was bought, when, for how much, to which country stays; who it was does
 * not. Parcels under way keep their labels with the carrier, not here.
 */
export function createPersonalData({
  db,
  listOfPerson,
}: Readonly<{ db: Database; listOfPerson: OrdersApi['listOfPerson'] }>): PersonalData {
  return {
    export: async (subject) => ({ orders: await listOfPerson(subject) }),
    async erase({ accountId }) {
      const own = await eraseOwn(db, [shardFor(accountId), accountId])
      const claimed = await eraseClaimed(db, [accountId])
      const ids = [...own, ...claimed].map(({ id }) => id)
      const keys = [ids.map(shardOf), ids]
      const notes = await eraseNotes(db, keys)
      const returns = await eraseReturns(db, keys)
      const anonymised = own.length + claimed.length
      return [
        { table: 'orders.orders', deleted: 0, anonymised, reason: REASON },
        { table: 'orders.order_notes', deleted: notes.length, anonymised: 0 },
        { table: 'orders.returns', deleted: 0, anonymised: returns.length, reason: REASON },
      ]
    },
  }
}

/** All orders of a person, page by page, then those placed as a guest. */
export function createListOfPerson({
  db,
  list,
  get,
}: Readonly<{ db: Database }> & Pick<OrdersApi, 'list' | 'get'>): OrdersApi['listOfPerson'] {
  return async ({ accountId: customerId, emails }) => {
    const orders: Order[] = []
    let cursor: string | null = null
    do {
      const page = await list({ customerId, cursor, limit: PAGE })
      orders.push(...page.items)
      cursor = page.nextCursor
    } while (cursor !== null)
    for (const email of emails) {
      for (const orderId of await listGuestOrderIds(db, email)) orders.push(await get({ orderId }))
    }
    return orders
  }
}
