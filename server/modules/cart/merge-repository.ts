import type { Database } from '../../platform/db/database.ts'
import { type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import { shardFor, shardOf } from '../../platform/ids.ts'
import { insertCart } from './repository.ts'

/** A cart that is held by the transaction. */
export type HeldCart = Readonly<{
  shard: number
  id: string
  status: 'open' | 'ordered' | 'merged'
  customerId: string | null
  mergedInto: string | null
}>

/** The cart of a place; both parts, because every query names its shard. */
export type CartPlace = Readonly<{ shard: number; id: string }>

const claimPointer = statement(
  'cart.claim_customer_cart',
  `insert into cart.customer_carts (shard, customer_id, cart_id) values ($1, $2, $3)
   on conflict do nothing`,
)
const lockPointer = statement<{ cart_id: string }>(
  'cart.lock_customer_cart',
  'select cart_id from cart.customer_carts where shard = $1 and customer_id = $2 for update',
)

/** Holds the customer's pointer, made to point at `cartId` if there was none. @returns where it points. */
export async function lockCustomerCart(
  tx: Tx,
  customer: Readonly<{ shard: number; id: string }>,
  cartId: string,
): Promise<string> {
  await claimPointer(tx, [customer.shard, customer.id, cartId])
  const [row] = await lockPointer(tx, [customer.shard, customer.id])
  if (!row) throw new Error(`The cart of ${customer.id} is nowhere`)
  return row.cart_id
}

const movePointer = statement(
  'cart.move_customer_cart',
  'update cart.customer_carts set cart_id = $3 where shard = $1 and customer_id = $2',
)

export async function pointCustomerAt(
  tx: Tx,
  customer: Readonly<{ shard: number; id: string }>,
  cartId: string,
): Promise<void> {
  await movePointer(tx, [customer.shard, customer.id, cartId])
}

const selectCustomerCart = statement<{ cart_id: string }>(
  'cart.find_customer_cart',
  'select cart_id from cart.customer_carts where shard = $1 and customer_id = $2',
)
const selectIsOpen = statement<{ id: string }>(
  'cart.find_open_cart',
  `select id from cart.carts where shard = $1 and id = $2 and customer_id = $3 and status = 'open'`,
)

/** The open cart that a customer has now; null if there is none. */
export async function findCustomerCart(on: Queryable, customerId: string): Promise<string | null> {
  const [row] = await selectCustomerCart(on, [shardFor(customerId), customerId])
  if (!row) return null
  const [open] = await selectIsOpen(on, [shardOf(row.cart_id), row.cart_id, customerId])
  return open?.id ?? null
}

/** A new cart of a customer, who has this one from now on. */
export async function insertCustomerCart(
  db: Database,
  cart: Parameters<typeof insertCart>[1] & Readonly<{ customerId: string }>,
): Promise<void> {
  const customer = { shard: shardFor(cart.customerId), id: cart.customerId, at: cart.at }
  await db.tx(async (tx) => {
    await lockCustomerCart(tx, customer, cart.id)
    await insertCart(tx, cart)
    await ownCart(tx, cart, customer)
    await pointCustomerAt(tx, customer, cart.id)
  })
}

const lockCartRows = statement<{
  shard: number
  id: string
  status: HeldCart['status']
  customer_id: string | null
  merged_into: string | null
}>(
  'cart.lock_carts',
  `select c.shard, c.id, c.status, c.customer_id, c.merged_into
   from unnest($1::smallint[], $2::text[]) as w(shard, id)
   join cart.carts c on c.shard = w.shard and c.id = w.id
   order by c.id for update of c`,
)

/** Holds carts, in order of id. */
export async function lockCarts(tx: Tx, places: readonly CartPlace[]): Promise<HeldCart[]> {
  const rows = await lockCartRows(tx, [
    places.map(({ shard }) => shard),
    places.map(({ id }) => id),
  ])
  return rows.map(({ customer_id, merged_into, ...cart }) => ({
    ...cart,
    customerId: customer_id,
    mergedInto: merged_into,
  }))
}

const ownCartRow = statement(
  'cart.own_cart',
  'update cart.carts set customer_id = $3, updated_at = $4 where shard = $1 and id = $2',
)

export async function ownCart(
  on: Queryable,
  { shard, id }: CartPlace,
  customer: Readonly<{ id: string; at: string }>,
): Promise<void> {
  await ownCartRow(on, [shard, id, customer.id, customer.at])
}

// Quantities of one offer are summed up to the most that a line may hold; the newer price wins.
const copyLineRows = statement(
  'cart.copy_lines',
  `with copied as (
     insert into cart.cart_lines
       (shard, cart_id, id, offer_id, variant_id, quantity, snapshot, added_at, captured_at)
     select $3, $4, id, offer_id, variant_id, quantity, snapshot, added_at, captured_at
     from cart.cart_lines where shard = $1 and cart_id = $2
     order by offer_id
     on conflict (shard, cart_id, offer_id) do update
       set quantity = least($6, cart_lines.quantity + excluded.quantity),
         snapshot = case when excluded.captured_at > cart_lines.captured_at
           then excluded.snapshot else cart_lines.snapshot end,
         captured_at = greatest(cart_lines.captured_at, excluded.captured_at)
     returning xmax = 0 as is_new
   ), counted as (
     select count(*) filter (where is_new)::int as added from copied
   )
   update cart.carts c
   set version = c.version + 1, updated_at = $5,
     line_count = c.line_count + added, line_limit = greatest(c.line_limit, c.line_count + added),
     coupons = (array(
       select code from unnest(c.coupons || g.coupons) with ordinality as u(code, n)
       group by code order by min(n)))[1:10]
   from counted, cart.carts g
   where c.shard = $3 and c.id = $4 and g.shard = $1 and g.id = $2`,
)

const markMerged = statement(
  'cart.mark_merged',
  `update cart.carts set status = 'merged', merged_into = $3, updated_at = $4
   where shard = $1 and id = $2`,
)

/** Adds one cart's lines and coupons to another, and closes it with a pointer to that. Both are held. */
export async function mergeInto(
  tx: Tx,
  {
    guest,
    target,
    at,
    maxQuantity,
  }: Readonly<{
    guest: CartPlace
    target: CartPlace
    at: string
    maxQuantity: number
  }>,
): Promise<void> {
  await copyLineRows(tx, [guest.shard, guest.id, target.shard, target.id, at, maxQuantity])
  await markMerged(tx, [guest.shard, guest.id, target.id, at])
}
