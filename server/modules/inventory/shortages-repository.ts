/** Lines of reservations by what is wrong with them, and the purge of those that are finished. */
import type { Shortage, StockMovement } from '#contracts/inventory/schemas.ts'
import { type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import { shardFor } from '../../platform/ids.ts'
import { type HoldLine, type RowKey, rowKey } from './model.ts'
import { type LineRow, toLine } from './reservations-repository.ts'

const LINE = `shard, offer_id, warehouse_id, key, quantity, open_quantity, shipped_quantity,
  short_quantity, expires_at is not null as expiring`

const lockOpenLineRows = statement<LineRow>(
  'inventory.lock_open_lines',
  `select ${LINE} from inventory.reservation_lines
   where shard = $1 and offer_id = $2 and warehouse_id = $3 and open_quantity > 0
   order by key for update`,
)

const lockShortLineRow = statement<LineRow>(
  'inventory.lock_short_line',
  `select ${LINE} from inventory.reservation_lines
   where shard = $1 and offer_id = $2 and warehouse_id = $3 and key = $4 and short_quantity > 0
   for update`,
)

const listOpenRows = statement<OpenLine>(
  'inventory.list_open_lines',
  `select l.offer_id as "offerId", l.warehouse_id as "warehouseId", l.key, l.open_quantity as open
   from unnest($1::smallint[], $2::text[], $3::text[]) as a(shard, offer_id, warehouse_id)
   join inventory.reservation_lines l
     on l.shard = a.shard and l.offer_id = a.offer_id and l.warehouse_id = a.warehouse_id
   where l.open_quantity > 0`,
)

// By whom first: the time is that of the promise.
const sortPromises = statement<{ key: string }>(
  'inventory.sort_promises',
  `select r.key from unnest($1::smallint[], $2::text[]) as a(shard, key)
   join inventory.reservations r on r.shard = a.shard and r.key = a.key
   where r.state = 'committed' order by r.created_at, r.key`,
)

const listShortageRows = statement<Shortage>(
  'inventory.list_shortages',
  `select offer_id as "offerId", warehouse_id as "warehouseId", key as reservation,
          short_quantity as quantity
   from inventory.reservation_lines
   where short_quantity > 0 and shard between 0 and 4095
     and (shard, offer_id, warehouse_id, key) > ($1::smallint, $2, $3, $4)
   order by shard, offer_id, warehouse_id, key limit $5`,
)

const listMovementRows = statement<StockMovement & Readonly<{ at: string }>>(
  'inventory.list_movements',
  `select kind, delta, damaged_delta as "damagedDelta", reason, command_key as command,
          created_at as "createdAt", created_at::text as at
   from inventory.movements
   where shard = $1 and offer_id = $2 and warehouse_id = $3
     and created_at <= $4::timestamptz
     and (created_at < $4::timestamptz or command_key > $5)
   order by created_at desc, command_key limit $6`,
)

// The pages of the table follow each other in time, so that an hour is found by its BRIN alone.
const findOldRows = statement<{ shard: number; key: string; lines: Shortage[] }>(
  'inventory.find_old_reservations',
  `select shard, key, allocations as lines from inventory.reservations
   where shard between 0 and 4095 and state <> 'held' and key > $2
     and created_at >= now() - make_interval(hours => $1)
     and created_at < now() - make_interval(hours => $1 - 1)
   order by key limit $3`,
)

const purgeRows = statement<{ purged: number }>(
  'inventory.purge_reservations',
  `with asked as (
     select * from unnest($1::smallint[], $2::text[], $3::text[], $4::text[])
       as a(shard, offer_id, warehouse_id, key)
   ), unfinished as (
     select distinct a.key from asked a
     join inventory.reservation_lines l on l.shard = a.shard and l.offer_id = a.offer_id
       and l.warehouse_id = a.warehouse_id and l.key = a.key
     where l.open_quantity > 0 or l.short_quantity > 0
   ), reservations as (
     delete from inventory.reservations r
     using unnest($5::smallint[], $6::text[]) as k(shard, key)
     where r.shard = k.shard and r.key = k.key
       and not exists (select from unfinished u where u.key = r.key)
     returning r.key
   ), lines as (
     delete from inventory.reservation_lines l using asked a
     where l.shard = a.shard and l.offer_id = a.offer_id and l.warehouse_id = a.warehouse_id
       and l.key = a.key and exists (select from reservations r where r.key = a.key)
     returning l.shard, l.offer_id, l.warehouse_id, l.shipped_quantity
   ), shipped as (
     insert into inventory.purged_shipments as p (shard, offer_id, warehouse_id, quantity)
     select shard, offer_id, warehouse_id, sum(shipped_quantity) from lines
     where shipped_quantity > 0 group by shard, offer_id, warehouse_id
     order by shard, offer_id, warehouse_id
     on conflict (shard, offer_id, warehouse_id) do update
       set quantity = p.quantity + excluded.quantity
   )
   select count(*)::int as purged from reservations`,
)

/** Locks what reservations still hold of one stock row, the row itself being locked. */
/** Units of a stock row that a reservation still has to get. */
export type OpenLine = Readonly<{
  offerId: string
  warehouseId: string
  key: string
  open: number
}>

/** What locked stock rows still owe to committed reservations, those that were promised first first. */
export async function listOpenPromises(
  on: Queryable,
  rows: readonly RowKey[],
): Promise<OpenLine[]> {
  const lines = await listOpenRows(on, [
    rows.map(({ shard }) => shard),
    rows.map(({ offerId }) => offerId),
    rows.map(({ warehouseId }) => warehouseId),
  ])
  const keys = [...new Set(lines.map(({ key }) => key))]
  const sorted = await sortPromises(on, [keys.map(shardFor), keys])
  const turns = new Map(sorted.map(({ key }, turn) => [key, turn]))
  return lines
    .filter(({ key }) => turns.has(key))
    .sort((a, b) => (turns.get(a.key) ?? 0) - (turns.get(b.key) ?? 0))
}

export async function lockOpenLines(tx: Tx, row: RowKey): Promise<HoldLine[]> {
  return (await lockOpenLineRows(tx, [row.shard, row.offerId, row.warehouseId])).map(toLine)
}

/** Locks a line of which units are missing. */
export async function lockShortLine(
  tx: Tx,
  row: RowKey,
  key: string,
): Promise<HoldLine | undefined> {
  return (await lockShortLineRow(tx, [row.shard, row.offerId, row.warehouseId, key])).map(toLine)[0]
}

/** Shortages after a place of the list, in the order of their rows. */
export function listShortages(
  on: Queryable,
  after: Omit<Shortage, 'quantity'> | undefined,
  limit: number,
): Promise<Shortage[]> {
  if (!after) return listShortageRows(on, [-1, '', '', '', limit])
  const { shard, offerId, warehouseId } = rowKey(after.offerId, after.warehouseId)
  return listShortageRows(on, [shard, offerId, warehouseId, after.reservation, limit])
}

/** Movements of a row after a place of the list, the newest first. `at` is exact, for the place. */
export function listMovements(
  on: Queryable,
  row: RowKey,
  after: Readonly<{ at: string; command: string }> | undefined,
  limit: number,
): Promise<(StockMovement & Readonly<{ at: string }>)[]> {
  const place = after ? [after.at, after.command] : ['infinity', '']
  return listMovementRows(on, [row.shard, row.offerId, row.warehouseId, ...place, limit])
}

/** A reservation whose time to be kept is over, with the rows it was allocated from. */
export type OldReservation = Readonly<{ shard: number; key: string; rows: readonly RowKey[] }>

/** Reservations made so many hours ago, after a key. */
export async function findOldReservations(
  on: Queryable,
  hours: number,
  afterKey: string,
  limit: number,
): Promise<OldReservation[]> {
  const rows = await findOldRows(on, [hours, afterKey, limit])
  return rows.map(({ shard, key, lines }) => ({
    shard,
    key,
    rows: lines.map(({ offerId, warehouseId }) => rowKey(offerId, warehouseId)),
  }))
}

/** Deletes those of the reservations that hold nothing any more. @returns how many. */
export async function purgeReservations(
  tx: Tx,
  reservations: readonly OldReservation[],
): Promise<number> {
  const lines = reservations.flatMap(({ key, rows }) => rows.map((row) => ({ ...row, key })))
  const [row] = await purgeRows(tx, [
    lines.map((line) => line.shard),
    lines.map((line) => line.offerId),
    lines.map((line) => line.warehouseId),
    lines.map((line) => line.key),
    reservations.map((reservation) => reservation.shard),
    reservations.map((reservation) => reservation.key),
  ])
  return row?.purged ?? 0
}
