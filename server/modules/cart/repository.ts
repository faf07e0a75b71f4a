import { type Queryable, statement } from '../../platform/db/statement.ts'
import { shardOf } from '../../platform/ids.ts'
import type { OfferSnapshot } from '../catalog/index.ts'

export type StoredLine = Readonly<{
  id: string
  offerId: string
  variantId: string
  quantity: number
  snapshot: OfferSnapshot
}>

export type StoredCart = Readonly<{
  id: string
  status: 'open' | 'ordered' | 'merged'
  currency: string
  country: string
  customerId: string | null
  coupons: readonly string[]
  version: number
  mergedInto: string | null
  /** In the order that they were added. */
  lines: readonly StoredLine[]
}>

/** A cart's place, and who asks: null is the server itself, '' a guest, else a customer's id. */
export type CartKey = Readonly<{ shard: number; cartId: string; asker: string | null }>

const insertCartRow = statement(
  'cart.insert_cart',
  `insert into cart.carts (shard, id, currency, country, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $5)`,
)

export async function insertCart(
  on: Queryable,
  cart: Readonly<{ shard: number; id: string; currency: string; country: string; at: string }>,
): Promise<void> {
  await insertCartRow(on, [cart.shard, cart.id, cart.currency, cart.country, cart.at])
}

const selectCart = statement<{
  id: string
  status: StoredCart['status']
  currency: string
  country: string
  customer_id: string | null
  coupons: string[]
  version: number
  merged_into: string | null
  lines: StoredLine[]
}>(
  'cart.find_cart',
  `select c.id, c.status, c.currency, c.country, c.customer_id, c.coupons, c.version, c.merged_into,
     coalesce((select json_agg(json_build_object('id', l.id, 'offerId', l.offer_id,
         'variantId', l.variant_id, 'quantity', l.quantity, 'snapshot', l.snapshot)
         order by l.added_at, l.id)
       from cart.cart_lines l where l.shard = c.shard and l.cart_id = c.id), '[]') as lines
   from cart.carts c
   where c.shard = $1 and c.id = $2 and (c.customer_id is null or $3::text is null or c.customer_id = $3)`,
)

export async function findCart(on: Queryable, key: CartKey): Promise<StoredCart | undefined> {
  const [row] = await selectCart(on, [key.shard, key.cartId, key.asker])
  if (!row) return undefined
  const { customer_id, merged_into, ...cart } = row
  return { ...cart, customerId: customer_id, mergedInto: merged_into }
}

/** A cart as its order needs it: what each line was when it was put in is not read. */
export type CartToOrder = Omit<StoredCart, 'lines' | 'mergedInto'> &
  Readonly<{ lines: readonly Omit<StoredLine, 'snapshot'>[] }>

const selectCartsToOrder = statement<{
  place: number
  id: string
  status: StoredCart['status']
  currency: string
  country: string
  customer_id: string | null
  coupons: string[]
  version: number
  line_id: string | null
  offer_id: string
  variant_id: string
  quantity: number
}>(
  'cart.find_carts_to_order',
  `select k.place::int as place, c.id, c.status, c.currency, c.country, c.customer_id, c.coupons,
     c.version, l.id as line_id, l.offer_id, l.variant_id, l.quantity
   from unnest($1::smallint[], $2::text[]) with ordinality as k(shard, id, place)
   join cart.carts c on c.shard = k.shard and c.id = k.id
   left join cart.cart_lines l on l.shard = c.shard and l.cart_id = c.id
   order by k.place, l.added_at, l.id`,
)

/** Carts by id, in the order asked, many in one statement; undefined for one that is not there. */
export async function findCartsToOrder(
  on: Queryable,
  cartIds: readonly string[],
): Promise<(CartToOrder | undefined)[]> {
  const rows = await selectCartsToOrder(on, [cartIds.map(shardOf), cartIds])
  const byPlace = Map.groupBy(rows, ({ place }) => place - 1)
  return cartIds.map((_, place) => {
    const own = byPlace.get(place)
    if (!own?.[0]) return undefined
    const { id, status, currency, country, customer_id: customerId, coupons, version } = own[0]
    const lines = own.flatMap((row) =>
      row.line_id === null
        ? []
        : [
            {
              id: row.line_id,
              offerId: row.offer_id,
              variantId: row.variant_id,
              quantity: row.quantity,
            },
          ],
    )
    return { id, status, currency, country, customerId, coupons, version, lines }
  })
}

/** What a cart was when it was written to; undefined: there is no such cart for who asks. */
export type Written =
  | Readonly<{ status: StoredCart['status']; merged_into: string | null; changed: boolean }>
  | undefined

// Every write holds the cart's row first, so that writes to one cart come one after the other.
const HELD = `held as materialized (
  select status, merged_into from cart.carts
  where shard = $1 and id = $2 and (customer_id is null or $3::text is null or customer_id = $3)
  for update)`

const addLineRow = statement<NonNullable<Written>>(
  'cart.add_line',
  `with ${HELD}, claimed as (
     insert into cart.applied_keys (shard, cart_id, key)
     select $1, $2, $4 from held where status = 'open' and $4::text is not null
     on conflict do nothing returning key
   ), put as (
     insert into cart.cart_lines
       (shard, cart_id, id, offer_id, variant_id, quantity, snapshot, added_at, captured_at)
     select $1, $2, $5, $6, $7, $8, $9, $10, $10 from held
     where status = 'open' and ($4::text is null or exists (select from claimed))
     on conflict (shard, cart_id, offer_id) do update
       set quantity = cart_lines.quantity + excluded.quantity,
         snapshot = excluded.snapshot, captured_at = excluded.captured_at
     returning xmax = 0 as is_new
   ), moved as (
     update cart.carts set version = version + 1, updated_at = $10,
       line_count = line_count + (select count(*) from put where is_new)
     where shard = $1 and id = $2 and exists (select from put)
     returning version
   )
   select status, merged_into, exists (select from moved) as changed from held`,
)

/** Adds to a cart in one round trip; the same offer's quantities are summed, a known key adds nothing. */
export async function addLine(
  on: Queryable,
  { shard, cartId, asker }: CartKey,
  line: Readonly<{
    id: string
    key: string | undefined
    offer: OfferSnapshot
    quantity: number
    at: string
  }>,
): Promise<Written> {
  const [row] = await addLineRow(on, [
    shard,
    cartId,
    asker,
    line.key ?? null,
    line.id,
    line.offer.offerId,
    line.offer.variantId,
    line.quantity,
    JSON.stringify(line.offer),
    line.at,
  ])
  return row
}

const updateLineRow = statement<NonNullable<Written>>(
  'cart.update_line',
  `with ${HELD}, put as (
     update cart.cart_lines l set quantity = $5, snapshot = coalesce($6::jsonb, l.snapshot), captured_at = $7
     from held
     where l.shard = $1 and l.cart_id = $2 and l.id = $4 and held.status = 'open'
       and (l.quantity <> $5 or l.snapshot -> 'price' is distinct from coalesce($6::jsonb, l.snapshot) -> 'price')
     returning l.id
   ), moved as (
     update cart.carts set version = version + 1, updated_at = $7
     where shard = $1 and id = $2 and exists (select from put)
     returning version
   )
   select status, merged_into, exists (select from moved) as changed from held`,
)

/** Sets a line's quantity, and its price as the one that the shopper has seen. */
export async function updateLine(
  on: Queryable,
  { shard, cartId, asker }: CartKey,
  line: Readonly<{ id: string; quantity: number; offer: OfferSnapshot | null; at: string }>,
): Promise<Written> {
  const snapshot = line.offer ? JSON.stringify(line.offer) : null
  const [row] = await updateLineRow(on, [
    shard,
    cartId,
    asker,
    line.id,
    line.quantity,
    snapshot,
    line.at,
  ])
  return row
}

const deleteLineRow = statement<NonNullable<Written>>(
  'cart.delete_line',
  `with ${HELD}, gone as (
     delete from cart.cart_lines l using held
     where l.shard = $1 and l.cart_id = $2 and l.id = $4 and held.status = 'open'
     returning l.id
   ), moved as (
     update cart.carts set version = version + 1, updated_at = $5, line_count = line_count - 1
     where shard = $1 and id = $2 and exists (select from gone)
     returning version
   )
   select status, merged_into, exists (select from moved) as changed from held`,
)

export async function deleteLine(
  on: Queryable,
  { shard, cartId, asker }: CartKey,
  line: Readonly<{ id: string; at: string }>,
): Promise<Written> {
  return (await deleteLineRow(on, [shard, cartId, asker, line.id, line.at]))[0]
}

const updateCoupons = statement<NonNullable<Written>>(
  'cart.update_coupons',
  `with ${HELD}, moved as (
     update cart.carts set version = version + 1, updated_at = $6,
       coupons = case when $5 then array_append(coupons, $4) else array_remove(coupons, $4) end
     where shard = $1 and id = $2 and ($4 = any (coupons)) <> $5
       and exists (select from held where held.status = 'open')
     returning version
   )
   select status, merged_into, exists (select from moved) as changed from held`,
)

/** Puts a coupon on a cart or takes it off; it is there once. */
export async function setCoupon(
  on: Queryable,
  { shard, cartId, asker }: CartKey,
  coupon: Readonly<{ code: string; on: boolean; at: string }>,
): Promise<Written> {
  return (await updateCoupons(on, [shard, cartId, asker, coupon.code, coupon.on, coupon.at]))[0]
}

// Locked in the order of their keys, whatever plan the update takes: two batches never wait in a circle.
const closeCarts = statement(
  'cart.mark_ordered',
  `with held as (
     select c.shard, c.id, k.order_id
     from unnest($1::smallint[], $2::text[], $3::text[]) as k(shard, id, order_id)
     join cart.carts c on c.shard = k.shard and c.id = k.id and c.status = 'open'
     order by c.shard, c.id
     for no key update of c
   )
   update cart.carts c set status = 'ordered', order_id = held.order_id, updated_at = $4
   from held where c.shard = held.shard and c.id = held.id and c.status = 'open'`,
)

export type OrderedCart = Readonly<{ cartId: string; orderId: string }>

/** Closes carts, many in one statement; one that is closed stays as it is. */
export async function markOrdered(
  on: Queryable,
  ordered: readonly OrderedCart[],
  at: string,
): Promise<void> {
  await closeCarts(on, [
    ordered.map(({ cartId }) => shardOf(cartId)),
    ordered.map(({ cartId }) => cartId),
    ordered.map(({ orderId }) => orderId),
    at,
  ])
}

const deleteKeys = statement<{ count: number }>(
  'cart.sweep_keys',
  `with gone as (
     delete from cart.applied_keys where ctid = any (array(
       select ctid from cart.applied_keys where applied_at < $1 limit 5000))
     returning 1
   ) select count(*)::int as count from gone`,
)
const deleteCarts = statement<{ count: number }>(
  'cart.sweep_carts',
  `with gone as (
     delete from cart.carts where ctid = any (array(
       select ctid from cart.carts
       where updated_at < $1 and customer_id is null and status <> 'ordered' limit 1000))
     returning 1
   ) select count(*)::int as count from gone`,
)

/** Forgets the keys of adds before a time, some at once. @returns how many. */
export async function sweepKeys(on: Queryable, before: string): Promise<number> {
  return (await deleteKeys(on, [before]))[0]?.count ?? 0
}

/** Forgets guests' carts that were left before a time, some at once. @returns how many. */
export async function sweepCarts(on: Queryable, before: string): Promise<number> {
  return (await deleteCarts(on, [before]))[0]?.count ?? 0
}
