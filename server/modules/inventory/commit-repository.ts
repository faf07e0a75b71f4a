import { type Queryable, statement } from '../../platform/db/statement.ts'
import { compareText } from './model.ts'
import { keyColumns } from './repository.ts'
import { type Held, type LineRow, lineColumns } from './reservations-repository.ts'

// Locks the lines in the one order, then decides by what they are under their locks: a hold whose lines
// all expire is whole. (`state = 'held'` would go through all that is held anywhere, of which there is
// an index.)
const commitWholeRows = statement<Pick<LineRow, 'offer_id' | 'warehouse_id' | 'key' | 'quantity'>>(
  'inventory.commit_whole',
  `with a as (
     select * from unnest($1::smallint[], $2::text[], $3::text[], $4::text[]) as a(shard, offer_id, warehouse_id, key)
   ), locked as materialized (
     select l.* from a cross join lateral (
       select shard, offer_id, warehouse_id, key, quantity, expires_at is not null as expiring
       from inventory.reservation_lines
       where shard = a.shard and offer_id = a.offer_id and warehouse_id = a.warehouse_id and key = a.key
       for update
     ) l
   ), whole as (
     select key from locked group by key having bool_and(expiring)
   ), committed as (
     update inventory.reservations r set state = 'committed'
     from unnest($5::smallint[], $6::text[]) as k(shard, key)
     where r.shard = k.shard and r.key = k.key and r.state not in ('committed', 'released', 'expired')
       and k.key in (select key from whole)
     returning r.key
   ), kept as (
     update inventory.reservation_lines l set expires_at = null from locked a
     where (l.shard, l.offer_id, l.warehouse_id, l.key) = (a.shard, a.offer_id, a.warehouse_id, a.key)
       and a.key in (select key from committed)
   )
   select offer_id, warehouse_id, key, quantity from locked where key in (select key from committed)`,
)

export type CommittedLine = Readonly<{
  key: string
  offerId: string
  warehouseId: string
  quantity: number
}>

/**
 * Commits those of the reservations that are held and whole, in one statement that needs no
 * transaction: their lines no longer expire, what they hold stays. @returns what these hold.
 */
export async function commitWhole(on: Queryable, holds: readonly Held[]): Promise<CommittedLine[]> {
  const keys = holds.map(({ key }) => key).sort(compareText)
  const rows = await commitWholeRows(on, [...lineColumns(holds), ...keyColumns(keys)])
  return rows.map(({ key, offer_id: offerId, warehouse_id: warehouseId, quantity }) => ({
    key,
    offerId,
    warehouseId,
    quantity,
  }))
}
