/** Stock rows, their movements, and the commands that were done. */
import { type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import { shardFor } from '../../platform/ids.ts'
import {
  compareRows,
  isAtReorderPoint,
  type Level,
  type LevelChange,
  type MovementKind,
  type RowKey,
} from './model.ts'

export type LevelRow = {
  shard: number
  offer_id: string
  warehouse_id: string
  quantity: number
  reserved_quantity: number
  safety: number
  backorder_cap: number
  damaged: number
  incoming: number
  reorder_point: number
  is_low: boolean
  later: Level['later']
  available_on: string | null
  settings_version: number
  version: number
}

const COLUMNS = `s.shard, s.offer_id, s.warehouse_id, s.quantity, s.reserved_quantity, s.safety,
  s.backorder_cap, s.damaged, s.incoming, s.reorder_point, s.is_low, s.later, s.available_on,
  s.settings_version, s.version`

// A lateral sub-select that locks is never flattened, so the rows are visited by primary key, one
// after the other, in the order of the outer select.
const lockLevelRows = statement<LevelRow>(
  'inventory.lock_levels',
  `select s.* from (
     select l.warehouse_shard, l.offer_id, l.warehouse_id
     from unnest($1::smallint[], $2::text[]) as asked(shard, offer_id)
     join inventory.offer_locations l on l.shard = asked.shard and l.offer_id = asked.offer_id
     order by l.warehouse_shard, l.offer_id, l.warehouse_id
   ) l cross join lateral (
     select ${COLUMNS}
     from inventory.stock_levels s
     where shard = l.warehouse_shard and offer_id = l.offer_id and warehouse_id = l.warehouse_id
     for update
   ) s`,
)

const readLevelRows = statement<LevelRow & { expired: number }>(
  'inventory.read_levels',
  `select ${COLUMNS},
          (select coalesce(sum(r.open_quantity), 0)::int from inventory.reservation_lines r
           where r.shard = s.shard and r.offer_id = s.offer_id and r.warehouse_id = s.warehouse_id
             and r.expires_at <= now()) as expired
   from unnest($1::smallint[], $2::text[]) as asked(shard, offer_id)
   join inventory.offer_locations l on l.shard = asked.shard and l.offer_id = asked.offer_id
   join inventory.stock_levels s
     on s.shard = l.warehouse_shard and s.offer_id = l.offer_id and s.warehouse_id = l.warehouse_id
   order by s.shard, s.offer_id, s.warehouse_id`,
)

// Looked up offer by offer by index, also in a plan that was made while the tables were empty.
const readQuantityRows = statement<{ offerId: string; warehouseCode: string; quantity: number }>(
  'inventory.read_quantities',
  `select l.offer_id as "offerId", w.code as "warehouseCode", l.quantity
   from unnest($1::smallint[], $2::text[]) as asked(shard, offer_id)
   cross join lateral (
     select s.offer_id, s.warehouse_id, s.quantity
     from inventory.offer_locations o
     join inventory.stock_levels s on s.shard = o.warehouse_shard and s.offer_id = o.offer_id
       and s.warehouse_id = o.warehouse_id
     where o.shard = asked.shard and o.offer_id = asked.offer_id offset 0
   ) l
   join inventory.warehouses w on w.id = l.warehouse_id`,
)

const changeLevelRows = statement<{ changed: number }>(
  'inventory.change_levels',
  `with changed as (
     update inventory.stock_levels s
     set quantity = s.quantity + d.quantity, reserved_quantity = s.reserved_quantity + d.reserved,
         version = s.version + 1
     from unnest($1::smallint[], $2::text[], $3::text[], $4::int[], $5::int[])
       as d(shard, offer_id, warehouse_id, quantity, reserved)
     where s.shard = d.shard and s.offer_id = d.offer_id and s.warehouse_id = d.warehouse_id
       and s.quantity + d.quantity >= 0 and s.reserved_quantity + d.reserved >= 0
       and s.reserved_quantity + d.reserved <= s.quantity + d.quantity + s.backorder_cap
     returning 1
   ) select count(*)::int as changed from changed`,
)

const insertLevelRows = statement(
  'inventory.insert_levels',
  `with given as (
     select * from unnest($1::smallint[], $2::text[], $3::text[], $4::int[], $5::smallint[])
       as g(shard, offer_id, warehouse_id, quantity, offer_shard)
   ), located as (
     insert into inventory.offer_locations (shard, offer_id, warehouse_shard, warehouse_id)
     select offer_shard, offer_id, shard, warehouse_id from given
   )
   insert into inventory.stock_levels (shard, offer_id, warehouse_id, quantity)
   select shard, offer_id, warehouse_id, quantity from given`,
)

const insertMovementRows = statement(
  'inventory.insert_movements',
  `insert into inventory.movements
     (shard, offer_id, warehouse_id, delta, kind, reason, command_key, damaged_delta)
   select shard, offer_id, warehouse_id, delta, $5, reason, command_key, damaged_delta
   from unnest($1::smallint[], $2::text[], $3::text[], $4::int[], $6::text[], $7::text[], $8::int[])
     as m(shard, offer_id, warehouse_id, delta, reason, command_key, damaged_delta)`,
)

const findCommandRows = statement<{ key: string; reply: unknown }>(
  'inventory.find_commands',
  `select c.key, c.reply from unnest($1::smallint[], $2::text[]) as asked(shard, key)
   join inventory.commands c on c.shard = asked.shard and c.key = asked.key`,
)

const insertCommandRows = statement(
  'inventory.insert_commands',
  `insert into inventory.commands (shard, key, reply)
   select shard, key, reply from unnest($1::smallint[], $2::text[], $3::jsonb[]) as c(shard, key, reply)
   order by shard, key`,
)

const forgetCommandRows = statement<{ forgotten: number }>(
  'inventory.forget_commands',
  `with gone as (
     delete from inventory.commands c using (
       select shard, key from inventory.commands
       where shard between $1 and $2 and done_at < now() - make_interval(days => $3)
       order by done_at limit 1000
     ) old where c.shard = old.shard and c.key = old.key returning 1
   ) select count(*)::int as forgotten from gone`,
)

const createPartitionRows = statement<{ created: number }>(
  'inventory.create_movement_partitions',
  'select inventory.create_movement_partitions($1) as created',
)

// What is damaged or on its way is nobody's hot path.
const changeBinRows = statement<{ changed: number }>(
  'inventory.change_bins',
  `with changed as (
     update inventory.stock_levels s
     set damaged = s.damaged + d.damaged, incoming = s.incoming + d.incoming, version = s.version + 1
     from unnest($1::smallint[], $2::text[], $3::text[], $4::int[], $5::int[])
       as d(shard, offer_id, warehouse_id, damaged, incoming)
     where s.shard = d.shard and s.offer_id = d.offer_id and s.warehouse_id = d.warehouse_id
       and s.damaged + d.damaged >= 0 and s.incoming + d.incoming >= 0
     returning 1
   ) select count(*)::int as changed from changed`,
)

const markLowRows = statement(
  'inventory.mark_low',
  `update inventory.stock_levels s set is_low = d.is_low
   from unnest($1::smallint[], $2::text[], $3::text[], $4::boolean[])
     as d(shard, offer_id, warehouse_id, is_low)
   where s.shard = d.shard and s.offer_id = d.offer_id and s.warehouse_id = d.warehouse_id`,
)

const writeSettingsRow = statement<{ version: number }>(
  'inventory.write_settings',
  `update inventory.stock_levels
   set safety = $4, reorder_point = $5, later = $6, backorder_cap = $7, available_on = $8,
       settings_version = settings_version + 1, version = version + 1
   where shard = $1 and offer_id = $2 and warehouse_id = $3
   returning version`,
)

function toLevel(row: LevelRow): Level {
  return {
    shard: row.shard,
    offerId: row.offer_id,
    warehouseId: row.warehouse_id,
    quantity: row.quantity,
    reserved: row.reserved_quantity,
    safety: row.safety,
    backorderCap: row.backorder_cap,
    damaged: row.damaged,
    incoming: row.incoming,
    reorderPoint: row.reorder_point,
    isLow: row.is_low,
    later: row.later,
    availableOn: row.available_on,
    settingsVersion: row.settings_version,
    version: row.version,
  }
}

/** Columns of stock rows, for a statement's arrays. */
export function rowColumns(rows: readonly RowKey[]): [number[], string[], string[]] {
  return [
    rows.map((row) => row.shard),
    rows.map((row) => row.offerId),
    rows.map((row) => row.warehouseId),
  ]
}

/** Columns of keys of orders, commands or offers, with their shards. */
export function keyColumns(keys: readonly string[]): [number[], string[]] {
  return [keys.map((key) => shardFor(key)), [...keys]]
}

/** Locks all stock rows of the offers, in the one order, and reads them. */
export async function lockLevels(tx: Tx, offerIds: readonly string[]): Promise<Level[]> {
  return (await lockLevelRows(tx, keyColumns(offerIds))).map(toLevel)
}

/** Reads all stock rows of the offers as they count now: expired holds are not in `reserved`. */
export async function readLevels(on: Queryable, offerIds: readonly string[]): Promise<Level[]> {
  const rows = await readLevelRows(on, keyColumns(offerIds))
  return rows.map((row) => ({ ...toLevel(row), reserved: row.reserved_quantity - row.expired }))
}

/** What is on hand of the offers, whatever is promised of it. */
export function readQuantities(
  on: Queryable,
  offerIds: readonly string[],
): Promise<{ offerId: string; warehouseCode: string; quantity: number }[]> {
  return readQuantityRows(on, keyColumns(offerIds))
}

/** Changes counters of rows that are locked and known to allow it. */
export async function changeLevels(tx: Tx, changes: readonly LevelChange[]): Promise<void> {
  if (changes.length === 0) return
  const [row] = await changeLevelRows(tx, [
    ...rowColumns(changes),
    changes.map((change) => change.quantityDelta),
    changes.map((change) => change.reservedDelta),
  ])
  if (row?.changed !== changes.length) {
    throw new Error(`${changes.length} stock rows should change, ${row?.changed} allowed it`)
  }
}

/** Creates stock rows. @throws a unique violation if a rival made one of them meanwhile. */
export async function insertLevels(
  tx: Tx,
  levels: readonly (RowKey & Readonly<{ quantity: number }>)[],
): Promise<void> {
  const sorted = levels.toSorted(compareRows)
  await insertLevelRows(tx, [
    ...rowColumns(sorted),
    sorted.map((level) => level.quantity),
    sorted.map((level) => shardFor(level.offerId)),
  ])
}

export type Movement = RowKey &
  Readonly<{ delta: number; damagedDelta?: number; reason: string; commandKey: string }>

/** Appends to the ledger; a movement of nothing is none. */
export async function insertMovements(
  tx: Tx,
  kind: MovementKind,
  movements: readonly Movement[],
): Promise<void> {
  const moved = movements
    .filter(({ delta, damagedDelta = 0 }) => delta !== 0 || damagedDelta !== 0)
    .sort(compareRows)
  if (moved.length === 0) return
  const [shards, offers, warehouses] = rowColumns(moved)
  await insertMovementRows(tx, [
    shards,
    offers,
    warehouses,
    moved.map((movement) => movement.delta),
    kind,
    moved.map((movement) => movement.reason),
    moved.map((movement) => movement.commandKey),
    moved.map((movement) => movement.damagedDelta ?? 0),
  ])
}

/** Replies of those of the commands that were done. */
export async function findCommands(
  on: Queryable,
  keys: readonly string[],
): Promise<Map<string, unknown>> {
  if (keys.length === 0) return new Map()
  const rows = await findCommandRows(on, keyColumns(keys))
  return new Map(rows.map((row) => [row.key, row.reply]))
}

/** Notes commands as done. @throws a unique violation if a rival did one of them meanwhile. */
export async function insertCommands(
  tx: Tx,
  commands: readonly Readonly<{ key: string; reply?: unknown }>[],
): Promise<void> {
  if (commands.length === 0) return
  await insertCommandRows(tx, [
    ...keyColumns(commands.map((command) => command.key)),
    commands.map((command) => JSON.stringify(command.reply ?? null)),
  ])
}

const ALL_SHARDS = [0, 4095] as const

/** Forgets commands done longer ago. @returns how many; at most 1,000 a call. */
export async function forgetCommands(on: Queryable, days: number): Promise<number> {
  const [row] = await forgetCommandRows(on, [...ALL_SHARDS, days])
  return row?.forgotten ?? 0
}

/** Makes the movements' partitions of this month and the coming ones. @returns how many are new. */
export async function createMovementPartitions(on: Queryable, monthsAhead: number) {
  const [row] = await createPartitionRows(on, [monthsAhead])
  return row?.created ?? 0
}

/** A change of what is damaged or on its way to a row. */
export type BinChange = RowKey & Readonly<{ damagedDelta: number; incomingDelta: number }>

/** Changes what is damaged and what is on its way, in rows that are locked. */
export async function changeBins(tx: Tx, changes: readonly BinChange[]): Promise<void> {
  const real = changes
    .filter(({ damagedDelta, incomingDelta }) => damagedDelta !== 0 || incomingDelta !== 0)
    .sort(compareRows)
  if (real.length === 0) return
  const [row] = await changeBinRows(tx, [
    ...rowColumns(real),
    real.map((change) => change.damagedDelta),
    real.map((change) => change.incomingDelta),
  ])
  if (row?.changed !== real.length) {
    throw new Error(`${real.length} stock rows should change, ${row?.changed} allowed it`)
  }
}

/** Notes which locked rows are at their reorder point and which no longer are. */
export async function markLow(tx: Tx, levels: readonly Level[]): Promise<void> {
  await markLowRows(tx, [...rowColumns(levels), levels.map(isAtReorderPoint)])
}

/** Writes the settings of a row that is locked. */
export async function writeSettings(tx: Tx, level: Level): Promise<void> {
  const { shard, offerId, warehouseId, safety, reorderPoint, later, backorderCap } = level
  await writeSettingsRow(tx, [
    shard,
    offerId,
    warehouseId,
    safety,
    reorderPoint,
    later,
    backorderCap,
    level.availableOn,
  ])
}
