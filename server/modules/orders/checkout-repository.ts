import { type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import { shardOf } from '../../platform/ids.ts'
import type { CancelReason, CheckoutRecord, CheckoutState, Ending } from './model.ts'

const CHECKOUT = `c.shard, c.order_id as "orderId", c.cart_id as "cartId", c.state, c.ending,
  c.reason, c.end_key as "endKey", c.was_confirmed as "wasConfirmed", c.version, c.window_ends_at as "windowEndsAt",
  c.sealed_payment as "sealedPayment", c.tries`

// The order's own checkout, and another that its cart has under way or has become.
const selectCheckouts = statement<CheckoutRecord & { place: number }>(
  'orders.select_checkouts',
  `select k.place::int as place, c.*
   from unnest($1::smallint[], $2::text[], $3::text[]) with ordinality
     as k(shard, order_id, cart_id, place)
   join lateral (
     select ${CHECKOUT} from orders.checkouts c
     where c.shard = k.shard and c.order_id = k.order_id
     union all
     select ${CHECKOUT} from orders.checkouts c
     where c.shard = k.shard and c.cart_id = k.cart_id and c.order_id <> k.order_id
       and (c.ending is null or c.ending = 'confirmed')
   ) c on true`,
)

const insertCheckouts = statement(
  'orders.insert_checkouts',
  `insert into orders.checkouts
     (shard, order_id, cart_id, state, version, window_ends_at, sealed_payment, due_at, updated_at)
   select shard, order_id, cart_id, 'placed', 1, window_ends_at, sealed_payment, $6, $7
   from unnest($1::smallint[], $2::text[], $3::text[], $4::timestamptz[], $5::text[])
     as c(shard, order_id, cart_id, window_ends_at, sealed_payment)
   order by shard, order_id`,
)

const selectCheckout = statement<CheckoutRecord>(
  'orders.find_checkout',
  `select ${CHECKOUT} from orders.checkouts c where c.shard = $1 and c.order_id = $2`,
)

const lockCheckout = statement<CheckoutRecord>(
  'orders.lock_checkout',
  `select ${CHECKOUT} from orders.checkouts c where c.shard = $1 and c.order_id = $2
   for no key update`,
)

const lockUndecidedRows = statement<{ order_id: string; version: number }>(
  'orders.lock_undecided',
  `select c.order_id, c.version from unnest($1::smallint[], $2::text[]) as k(shard, order_id)
   join orders.checkouts c on c.shard = k.shard and c.order_id = k.order_id
   where c.state in ('placed', 'awaiting_payment')
   order by c.shard, c.order_id
   for no key update of c`,
)

const confirmCheckouts = statement(
  'orders.confirm_checkouts',
  `update orders.checkouts c
   set state = 'confirmed', ending = 'confirmed', status = 'confirmed', version = c.version + 1, due_at = $3,
       sealed_payment = null, tries = 0, updated_at = $4
   from unnest($1::smallint[], $2::text[]) as k(shard, order_id)
   where c.shard = k.shard and c.order_id = k.order_id
     and c.state in ('placed', 'awaiting_payment')`,
)

const endCheckout = statement<{ version: number }>(
  'orders.end_checkout',
  `update orders.checkouts
   set state = 'unwinding', was_confirmed = was_confirmed or ending is not distinct from 'confirmed',
       ending = $3, status = $3, reason = $4, end_key = $7, version = version + 1, due_at = $5,
       sealed_payment = null, tries = 0, updated_at = $6
   where shard = $1 and order_id = $2
   returning version`,
)

const bumpVersion = statement<{ version: number }>(
  'orders.bump_version',
  `update orders.checkouts
   set version = version + 1, status = orders.status_of(shard, order_id), updated_at = $3
   where shard = $1 and order_id = $2 returning version`,
)

const finishCheckouts = statement(
  'orders.finish_checkouts',
  `update orders.checkouts c set state = 'done', due_at = null, updated_at = $4
   from unnest($1::smallint[], $2::text[], $3::text[]) as k(shard, order_id, state)
   where c.shard = k.shard and c.order_id = k.order_id and c.state = k.state`,
)

const awaitPayment = statement<{ order_id: string }>(
  'orders.await_payment',
  `update orders.checkouts set state = 'awaiting_payment', due_at = $3, updated_at = $4
   where shard = $1 and order_id = $2 and state in ('placed', 'awaiting_payment')
   returning order_id`,
)

const postpone = statement(
  'orders.postpone_checkout',
  `update orders.checkouts set due_at = $3 where shard = $1 and order_id = $2
   and due_at is not null`,
)

const claimDue = statement<CheckoutRecord>(
  'orders.claim_due_checkouts',
  `update orders.checkouts c set due_at = $2, tries = c.tries + 1
   where (c.shard, c.order_id) in (
     select shard, order_id from orders.checkouts
     where due_at <= $1 order by due_at limit $3 for update skip locked)
   returning ${CHECKOUT}`,
)

// A payment moved: an order that waits is looked at now, and one that was given up is unwound again.
const wakeCheckouts = statement<{ order_id: string }>(
  'orders.wake_checkouts',
  `update orders.checkouts c
   set due_at = $3, state = case when c.state = 'done' then 'unwinding' else c.state end
   from unnest($1::smallint[], $2::text[]) as k(shard, order_id)
   where c.shard = k.shard and c.order_id = k.order_id
     and (c.state = 'awaiting_payment' or (c.state = 'done' and c.ending <> 'confirmed'))
   returning c.order_id`,
)

export type CheckoutKey = Readonly<{ orderId: string; cartId: string }>

/** For each key the order's own checkout, and that of another order which its cart is or was bought by. */
export async function listCheckouts(
  on: Queryable,
  keys: readonly CheckoutKey[],
): Promise<Readonly<{ own: CheckoutRecord | null; rival: CheckoutRecord | null }>[]> {
  const rows = await selectCheckouts(on, [
    keys.map(({ orderId }) => shardOf(orderId)),
    keys.map(({ orderId }) => orderId),
    keys.map(({ cartId }) => cartId),
  ])
  const found = Map.groupBy(rows, ({ place }) => place - 1)
  return keys.map(({ orderId }, place) => {
    const rowsOfKey = found.get(place) ?? []
    return {
      own: rowsOfKey.find((row) => row.orderId === orderId) ?? null,
      rival: rowsOfKey.find((row) => row.orderId !== orderId) ?? null,
    }
  })
}

export type NewCheckout = CheckoutKey &
  Readonly<{ windowEndsAt: string; sealedPayment: string | null }>

/** @throws a unique violation if one of them exists, or its cart has another order. */
export async function insertNewCheckouts(
  tx: Tx,
  keys: readonly NewCheckout[],
  times: Readonly<{ now: string; dueAt: string }>,
): Promise<void> {
  await insertCheckouts(tx, [
    keys.map(({ orderId }) => shardOf(orderId)),
    keys.map(({ orderId }) => orderId),
    keys.map(({ cartId }) => cartId),
    keys.map(({ windowEndsAt }) => windowEndsAt),
    keys.map(({ sealedPayment }) => sealedPayment),
    times.dueAt,
    times.now,
  ])
}

export async function findCheckout(
  on: Queryable,
  orderId: string,
): Promise<CheckoutRecord | undefined> {
  return (await selectCheckout(on, [shardOf(orderId), orderId]))[0]
}

/** Locks an order against every other change. */
export async function lockOrder(tx: Tx, orderId: string): Promise<CheckoutRecord | undefined> {
  return (await lockCheckout(tx, [shardOf(orderId), orderId]))[0]
}

/** Locks those orders that are not decided, in order of (shard, order). @returns their versions. */
export async function lockUndecided(
  tx: Tx,
  orderIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await lockUndecidedRows(tx, [orderIds.map(shardOf), orderIds])
  return new Map(rows.map((row) => [row.order_id, row.version]))
}

/** The one transition that confirms, of orders that `lockUndecided` found; their versions rise by one. */
export async function confirmLocked(
  tx: Tx,
  orderIds: readonly string[],
  times: Readonly<{ now: string; dueAt: string }>,
): Promise<void> {
  if (orderIds.length === 0) return
  await confirmCheckouts(tx, [orderIds.map(shardOf), orderIds, times.dueAt, times.now])
}

/** Ends a locked order. @returns its new version. */
export async function endLocked(
  tx: Tx,
  orderId: string,
  input: Readonly<{
    ending: Exclude<Ending, 'confirmed'>
    reason: CancelReason
    key: string | null
    now: string
    dueAt: string
  }>,
): Promise<number> {
  const { ending, reason, key, now, dueAt } = input
  const keys = [shardOf(orderId), orderId]
  const [row] = await endCheckout(tx, [...keys, ending, reason, dueAt, now, key])
  if (!row) throw new Error(`${orderId} has no checkout`)
  return row.version
}

/** Counts a change of a locked order, after it was made. @returns its new version. */
export async function nextVersion(tx: Tx, orderId: string, now: string): Promise<number> {
  const [row] = await bumpVersion(tx, [shardOf(orderId), orderId, now])
  if (!row) throw new Error(`${orderId} has no checkout`)
  return row.version
}

/** Marks that nothing is left to do, unless it has moved on from `state` meanwhile. */
export async function finishAll(
  on: Queryable,
  done: readonly Readonly<{ orderId: string; state: CheckoutState }>[],
  now: string,
): Promise<void> {
  const sorted = done.toSorted((a, b) => shardOf(a.orderId) - shardOf(b.orderId))
  await finishCheckouts(on, [
    sorted.map(({ orderId }) => shardOf(orderId)),
    sorted.map(({ orderId }) => orderId),
    sorted.map(({ state }) => state),
    now,
  ])
}

/** The shopper has an answer; the order waits for its payment until `dueAt`. @returns false if it was decided meanwhile. */
export async function markAwaiting(
  on: Queryable,
  orderId: string,
  times: Readonly<{ now: string; dueAt: string }>,
): Promise<boolean> {
  const rows = await awaitPayment(on, [shardOf(orderId), orderId, times.dueAt, times.now])
  return rows.length > 0
}

/** Puts off the next look at an order. */
export async function postponeUntil(on: Queryable, orderId: string, dueAt: string): Promise<void> {
  await postpone(on, [shardOf(orderId), orderId, dueAt])
}

/** Takes orders that are due, and leases them until `leaseEndsAt`, so that no rival takes them. */
export function claimDueCheckouts(
  on: Queryable,
  input: Readonly<{ now: string; leaseEndsAt: string; limit: number }>,
): Promise<CheckoutRecord[]> {
  return claimDue(on, [input.now, input.leaseEndsAt, input.limit])
}

/** Has orders looked at whose payment moved. */
export async function wakeForPayment(
  on: Queryable,
  orderIds: readonly string[],
  now: string,
): Promise<void> {
  const sorted = [...new Set(orderIds)].sort()
  await wakeCheckouts(on, [sorted.map(shardOf), sorted, now])
}
