/** Warehouses: few, looked after by people. */
import type { Warehouse } from '#contracts/inventory/schemas.ts'
import { type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import { shardFor } from '../../platform/ids.ts'
import type { ImportedWarehouse } from './api.ts'
import { compareText } from './model.ts'

const COLUMNS = `id, code, name, seller_id as "sellerId", country, region,
  postal_code as "postalCode", city, address, latitude, longitude, timezone, priority,
  to_char(cut_off, 'HH24:MI') as "cutOff", working_days as "workingDays",
  closed_on::text[] as "closedOn", is_active as "isActive", version`

const listWarehouseRows = statement<Warehouse>(
  'inventory.list_warehouses',
  `select ${COLUMNS} from inventory.warehouses order by code`,
)

const lockWarehouseRow = statement<Warehouse>(
  'inventory.lock_warehouse',
  `select ${COLUMNS} from inventory.warehouses where id = $1 for update`,
)

const upsertWarehouseRows = statement(
  'inventory.upsert_warehouses',
  `insert into inventory.warehouses (id, shard, code, name, seller_id, country, region,
     postal_code, city, latitude, longitude, timezone)
   select id, shard, code, name, seller_id, country, region, postal_code, city, latitude,
     longitude, timezone
   from jsonb_to_recordset($1::jsonb) as w(id text, shard smallint, code text, name text,
     seller_id text, country text, region text, postal_code text, city text,
     latitude double precision, longitude double precision, timezone text)
   order by code
   on conflict (code) do update set name = excluded.name, seller_id = excluded.seller_id,
     country = excluded.country, region = excluded.region, postal_code = excluded.postal_code,
     city = excluded.city, latitude = excluded.latitude, longitude = excluded.longitude,
     timezone = excluded.timezone, version = warehouses.version + 1`,
)

const writeWarehouseRow = statement<Warehouse>(
  'inventory.write_warehouse',
  `insert into inventory.warehouses (id, shard, code, name, seller_id, country, region,
     postal_code, city, address, latitude, longitude, timezone, priority, cut_off, working_days,
     closed_on, is_active, version)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15::time, $16::smallint[],
     $17::date[], $18, $19)
   on conflict (id) do update set name = excluded.name, seller_id = excluded.seller_id,
     country = excluded.country, region = excluded.region, postal_code = excluded.postal_code,
     city = excluded.city, address = excluded.address, latitude = excluded.latitude,
     longitude = excluded.longitude, timezone = excluded.timezone, priority = excluded.priority,
     cut_off = excluded.cut_off, working_days = excluded.working_days,
     closed_on = excluded.closed_on, is_active = excluded.is_active, version = excluded.version
   returning ${COLUMNS}`,
)

// The first shard column narrows it to one warehouse's rows.
const usedRows = statement<{ used: boolean }>(
  'inventory.audit_warehouse_use',
  `select exists (
     select from inventory.stock_levels where shard = $1 and warehouse_id = $2
       and (quantity > 0 or reserved_quantity > 0 or damaged > 0 or incoming > 0 or backorder_cap > 0)
   ) as used`,
)

export function listWarehouses(on: Queryable): Promise<Warehouse[]> {
  return listWarehouseRows(on)
}

export async function lockWarehouse(tx: Tx, id: string): Promise<Warehouse | undefined> {
  return (await lockWarehouseRow(tx, [id]))[0]
}

/** Whether anything lies in a warehouse, is promised from it, or on its way to it. */
export async function isWarehouseUsed(on: Queryable, id: string): Promise<boolean> {
  const [row] = await usedRows(on, [shardFor(id), id])
  return row?.used ?? false
}

/** Creates or replaces. @throws a unique violation if another warehouse has the code. */
export async function writeWarehouse(tx: Tx, warehouse: Warehouse): Promise<Warehouse> {
  const [row] = await writeWarehouseRow(tx, [
    warehouse.id,
    shardFor(warehouse.id),
    warehouse.code,
    warehouse.name,
    warehouse.sellerId,
    warehouse.country,
    warehouse.region,
    warehouse.postalCode,
    warehouse.city,
    warehouse.address,
    warehouse.latitude,
    warehouse.longitude,
    warehouse.timezone,
    warehouse.priority,
    warehouse.cutOff,
    warehouse.workingDays,
    warehouse.closedOn,
    warehouse.isActive,
    warehouse.version,
  ])
  return row as Warehouse
}

export async function upsertWarehouses(
  on: Queryable,
  warehouses: readonly (ImportedWarehouse & Readonly<{ id: string }>)[],
): Promise<void> {
  const rows = warehouses
    .toSorted((a, b) => compareText(a.code, b.code))
    .map(({ sellerId, postalCode, ...rest }) => ({
      ...rest,
      shard: shardFor(rest.id),
      seller_id: sellerId,
      postal_code: postalCode,
    }))
  await upsertWarehouseRows(on, [JSON.stringify(rows)])
}
