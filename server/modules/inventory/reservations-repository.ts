/** Reservations, and what they hold of each stock row. */
import { jsonLines } from '../../platform/db/array-text.ts'
import { only, type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import { shardFor } from '../../platform/ids.ts'
import type { Plan } from './allocation.ts'
import type { Destination } from './api.ts'
import {
  compareRows,
  compareText,
  type HoldLine,
  type ReservationState,
  type RowKey,
  rowKey,
} from './model.ts'
import { keyColumns, rowColumns } from './repository.ts'

/** A reservation as it is kept. `allocations` is the answer that was given. */
export type StoredReservation = Readonly<{
  key: string
  state: ReservationState
  /** Held, and its time is past. */
  overdue: boolean
  expiresAt: string
  createdAt: string
  allocations: Plan['parcels']
  explanation: string
  destination: Destination
}>

/** Where a reservation lies. */
export type Held = Pick<StoredReservation, 'key' | 'allocations'>

/** A hold that was decided on and is to be written. */
export type NewHold = Readonly<{
  key: string
  plan: Plan
  expiresAt: string
  destination: Destination
}>

type ReservationRow = {
  key: string
  state: ReservationState
  overdue: boolean
  expires_at: string
  created_at: string
  allocations: Plan['parcels']
  explanation: string
  country: string
  region: string | null
  postal_code: string
}

const RESERVATION_COLUMNS = `key, state, state = 'held' and expires_at <= now() as overdue, expires_at,
  created_at, allocations, explanation, country, region, postal_code`

const findReservationRows = statement<ReservationRow>(
  'inventory.find_reservations',
  `select r.* from unnest($1::smallint[], $2::text[]) as asked(shard, key)
   cross join lateral (
     select ${RESERVATION_COLUMNS} from inventory.reservations
     where shard = asked.shard and key = asked.key
   ) r`,
)

const lockReservationRows = statement<ReservationRow>(
  'inventory.lock_reservations',
  `select r.* from unnest($1::smallint[], $2::text[]) with ordinality as asked(shard, key, n)
   cross join lateral (
     select ${RESERVATION_COLUMNS} from inventory.reservations
     where shard = asked.shard and key = asked.key
     for update
   ) r`,
)

// One statement writes a whole batch, or fails: for a key that another process wrote meanwhile, and by a
// division by zero if a stock row did not allow it. The check of the table guards the rest.
const insertHoldRows = statement(
  'inventory.insert_holds',
  `with made as (
     insert into inventory.reservations
       (shard, key, state, expires_at, country, region, postal_code, allocations, explanation)
     select shard, key, 'held', expires_at, country, region, postal_code, allocations::jsonb, explanation
     from unnest($1::smallint[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[],
                 string_to_array($7, E'\\n'), $8::text[])
       as r(shard, key, expires_at, country, region, postal_code, allocations, explanation)
   ), lines as (
     insert into inventory.reservation_lines
       (shard, offer_id, warehouse_id, key, quantity, open_quantity, expires_at)
     select l.shard, l.offer_id, l.warehouse_id, l.key, l.quantity, l.quantity, l.expires_at
     from unnest($9::smallint[], $10::text[], $11::text[], $12::text[], $13::int[], $14::timestamptz[])
       as l(shard, offer_id, warehouse_id, key, quantity, expires_at)
     returning shard, offer_id, warehouse_id, quantity
   ), demand as (
     select shard, offer_id, warehouse_id, sum(quantity)::int as quantity
     from lines group by shard, offer_id, warehouse_id
   ), moved as (
     update inventory.stock_levels s
     set reserved_quantity = s.reserved_quantity + d.quantity, version = s.version + 1
     from demand d
     where s.shard = d.shard and s.offer_id = d.offer_id and s.warehouse_id = d.warehouse_id
       and s.reserved_quantity + d.quantity <= s.quantity + s.backorder_cap - s.safety
     returning 1
   )
   select 1 / ((select count(*) from demand) = (select count(*) from moved))::int as allowed`,
)

const readTime = statement<{ now: string }>('inventory.read_time', 'select now() as now')

export type LineRow = {
  shard: number
  offer_id: string
  warehouse_id: string
  key: string
  quantity: number
  open_quantity: number
  shipped_quantity: number
  short_quantity: number
  expiring: boolean
}

const lockLineRows = statement<LineRow>(
  'inventory.lock_lines',
  `select l.* from unnest($1::smallint[], $2::text[], $3::text[], $4::text[]) with ordinality
     as asked(shard, offer_id, warehouse_id, key, n)
   cross join lateral (
     select shard, offer_id, warehouse_id, key, quantity, open_quantity, shipped_quantity,
            short_quantity, expires_at is not null as expiring
     from inventory.reservation_lines
     where shard = asked.shard and offer_id = asked.offer_id
       and warehouse_id = asked.warehouse_id and key = asked.key
     for update
   ) l`,
)

const readLineRows = statement<LineRow>(
  'inventory.read_lines',
  `select l.shard, l.offer_id, l.warehouse_id, l.key, l.quantity, l.open_quantity,
          l.shipped_quantity, l.short_quantity, l.expires_at is not null as expiring
   from unnest($1::smallint[], $2::text[], $3::text[], $4::text[])
     as asked(shard, offer_id, warehouse_id, key)
   join inventory.reservation_lines l on l.shard = asked.shard and l.offer_id = asked.offer_id
     and l.warehouse_id = asked.warehouse_id and l.key = asked.key`,
)

const writeLineRows = statement(
  'inventory.write_lines',
  `insert into inventory.reservation_lines as l
     (shard, offer_id, warehouse_id, key, quantity, open_quantity, shipped_quantity, short_quantity)
   select * from unnest($1::smallint[], $2::text[], $3::text[], $4::text[], $5::int[], $6::int[],
                        $7::int[], $9::int[])
   on conflict (shard, offer_id, warehouse_id, key) do update
   set quantity = excluded.quantity, open_quantity = excluded.open_quantity,
       shipped_quantity = excluded.shipped_quantity, short_quantity = excluded.short_quantity,
       expires_at = case when l.key = any ($8::text[]) then l.expires_at end`,
)

const writeStateRows = statement(
  'inventory.write_states',
  `update inventory.reservations r set state = s.state
   from unnest($1::smallint[], $2::text[], $3::text[]) as s(shard, key, state)
   where r.shard = s.shard and r.key = s.key`,
)

const replaceAllocationRow = statement(
  'inventory.replace_allocations',
  `update inventory.reservations set allocations = $3, explanation = $4
   where shard = $1 and key = $2`,
)

const freeExpiredRows = statement<{
  shard: number
  offer_id: string
  warehouse_id: string
  freed: number
}>(
  'inventory.free_expired',
  `with expired as (
     select l.* from unnest($1::smallint[], $2::text[], $3::text[]) as asked(shard, offer_id, warehouse_id)
     cross join lateral (
       select shard, offer_id, warehouse_id, key, open_quantity from inventory.reservation_lines
       where shard = asked.shard and offer_id = asked.offer_id
         and warehouse_id = asked.warehouse_id and expires_at <= now()
       order by key limit 1000
       for update
     ) l
   ), freed as (
     update inventory.reservation_lines l set open_quantity = 0, expires_at = null
     from expired e
     where l.shard = e.shard and l.offer_id = e.offer_id and l.warehouse_id = e.warehouse_id
       and l.key = e.key
     returning e.shard, e.offer_id, e.warehouse_id, e.open_quantity
   )
   select shard, offer_id, warehouse_id, sum(open_quantity)::int as freed
   from freed group by shard, offer_id, warehouse_id`,
)

const findOverdueRows = statement<{ key: string }>(
  'inventory.find_overdue',
  `select key from inventory.reservations
   where shard between $1 and $2 and state = 'held' and expires_at <= now()
   order by expires_at limit $3`,
)

function toReservation(row: ReservationRow): StoredReservation {
  const { country, region, postal_code: postalCode } = row
  return {
    key: row.key,
    state: row.state,
    overdue: row.overdue,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
    allocations: row.allocations,
    explanation: row.explanation,
    destination: { country, postalCode, ...(region === null ? {} : { region }) },
  }
}

/** Those of the reservations that exist, by key. */
export async function findReservations(
  on: Queryable,
  keys: readonly string[],
): Promise<Map<string, StoredReservation>> {
  const rows = await findReservationRows(on, keyColumns(keys))
  return new Map(rows.map((row) => [row.key, toReservation(row)]))
}

/** Locks reservations, after the stock rows and lines that the transaction locks. */
export async function lockReservations(
  tx: Tx,
  keys: readonly string[],
): Promise<Map<string, StoredReservation>> {
  const rows = await lockReservationRows(tx, keyColumns(keys.toSorted(compareText)))
  return new Map(rows.map((row) => [row.key, toReservation(row)]))
}

/** The lines of reservations in the one order: shards, offers, warehouses, keys. */
export function lineColumns(reservations: readonly Held[]): unknown[] {
  const wanted = reservations
    .flatMap(({ key, allocations }) =>
      allocations.map(({ offerId, warehouseId }) => ({ ...rowKey(offerId, warehouseId), key })),
    )
    .sort((a, b) => compareRows(a, b) || compareText(a.key, b.key))
  return [...rowColumns(wanted), wanted.map((line) => line.key)]
}

export function toLine(row: LineRow): HoldLine {
  return {
    shard: row.shard,
    offerId: row.offer_id,
    warehouseId: row.warehouse_id,
    key: row.key,
    quantity: row.quantity,
    open: row.open_quantity,
    shipped: row.shipped_quantity,
    short: row.short_quantity,
    expiring: row.expiring,
  }
}

/** Locks the lines of reservations, in the one order. */
export async function lockLines(tx: Tx, reservations: readonly Held[]): Promise<HoldLine[]> {
  return (await lockLineRows(tx, lineColumns(reservations))).map(toLine)
}

export async function readLines(
  on: Queryable,
  reservation: StoredReservation,
): Promise<HoldLine[]> {
  return (await readLineRows(on, lineColumns([reservation]))).map(toLine)
}

/** The time of the database, by which holds expire. */
export async function readNow(on: Queryable): Promise<Date> {
  return new Date(only(await readTime(on)).now)
}

/**
 * Writes holds whose stock rows are locked and have been found to suffice: all or none.
 * @throws a unique violation if another process wrote one of the keys meanwhile.
 */
export async function insertHolds(tx: Tx, holds: readonly NewHold[]): Promise<void> {
  if (holds.length === 0) return
  const sorted = holds.toSorted((a, b) => compareText(a.key, b.key))
  const lines = holds
    .flatMap(({ key, plan, expiresAt }) =>
      plan.parcels.map((parcel) => ({
        ...rowKey(parcel.offerId, parcel.warehouseId),
        key,
        quantity: parcel.quantity,
        expiresAt,
      })),
    )
    .sort((a, b) => compareRows(a, b) || compareText(a.key, b.key))
  await insertHoldRows(tx, [
    ...keyColumns(sorted.map((hold) => hold.key)),
    sorted.map((hold) => hold.expiresAt),
    sorted.map((hold) => hold.destination.country),
    sorted.map((hold) => hold.destination.region ?? null),
    sorted.map((hold) => hold.destination.postalCode),
    jsonLines(sorted.map((hold) => hold.plan.parcels)),
    sorted.map((hold) => hold.plan.explanation),
    ...rowColumns(lines),
    lines.map((line) => line.key),
    lines.map((line) => line.quantity),
    lines.map((line) => line.expiresAt),
  ])
}

/** Writes lines as they are given, new ones too; a line that is not `expiring` stops to expire. */
export async function writeLines(tx: Tx, lines: readonly HoldLine[]): Promise<void> {
  if (lines.length === 0) return
  const sorted = lines.toSorted((a, b) => compareRows(a, b) || compareText(a.key, b.key))
  await writeLineRows(tx, [
    ...rowColumns(sorted),
    sorted.map((line) => line.key),
    sorted.map((line) => line.quantity),
    sorted.map((line) => line.open),
    sorted.map((line) => line.shipped),
    sorted.filter((line) => line.expiring).map((line) => line.key),
    sorted.map((line) => line.short),
  ])
}

/** Writes states of reservations that are locked. */
export async function writeStates(
  tx: Tx,
  states: ReadonlyMap<string, ReservationState>,
): Promise<void> {
  if (states.size === 0) return
  const keys = [...states.keys()].sort(compareText)
  await writeStateRows(tx, [...keyColumns(keys), keys.map((key) => states.get(key))])
}

/** Keeps where a hold that was taken again now lies. */
export async function replaceAllocations(tx: Tx, key: string, plan: Plan): Promise<void> {
  await replaceAllocationRow(tx, [
    shardFor(key),
    key,
    JSON.stringify(plan.parcels),
    plan.explanation,
  ])
}

/**
 * Takes what expired holds of locked stock rows still count out of the lines. The caller takes it
 * off the rows' counters. At most 1,000 holds of a row a call.
 */
export async function freeExpired(
  tx: Tx,
  rows: readonly RowKey[],
): Promise<(RowKey & Readonly<{ freed: number }>)[]> {
  if (rows.length === 0) return []
  const freed = await freeExpiredRows(tx, rowColumns(rows.toSorted(compareRows)))
  return freed.map((row) => ({
    shard: row.shard,
    offerId: row.offer_id,
    warehouseId: row.warehouse_id,
    freed: row.freed,
  }))
}

/** Keys of holds whose time is past, the oldest first. */
export async function findOverdue(on: Queryable, limit: number): Promise<string[]> {
  return (await findOverdueRows(on, [0, 4095, limit])).map((row) => row.key)
}
