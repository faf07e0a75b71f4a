/** What no module sees alone, read page by page: no statement takes long, however much there is. */
import type { InventoryApi } from './modules/inventory/index.ts'
import type { Database } from './platform/db/database.ts'
import { statement } from './platform/db/statement.ts'
import { isIdOf, shardOf } from './platform/ids.ts'

const PAGE = 1_000

type StockRow = Readonly<{ shard: number; offer_id: string; available: number }>
type ReservationRow = Readonly<{ shard: number; key: string }>

const pageOfStock = statement<StockRow>(
  'audit.page_of_stock',
  `select shard, offer_id, available from catalog.offer_stock
   where (shard, offer_id) > ($1::smallint, $2) order by shard, offer_id limit ${PAGE}`,
)

const stockOf = statement<StockRow>(
  'audit.stock_of',
  `select s.shard, s.offer_id, s.available
   from unnest($1::smallint[], $2::text[]) as a (shard, offer_id)
   cross join lateral (
     select * from catalog.offer_stock s
     where s.shard = a.shard and s.offer_id = a.offer_id offset 0
   ) s`,
)

const pageOfReservations = statement<ReservationRow & Readonly<{ state: string }>>(
  'audit.page_of_reservations',
  `select shard, key, state from inventory.reservations
   where (shard, key) > ($1::smallint, $2) order by shard, key limit ${PAGE}`,
)

// What is exchanged is held under the return's own key.
const wrongReservations = statement<{ key: string; ending: string | null }>(
  'audit.wrong_reservations',
  `select r.key, c.ending
   from unnest($1::smallint[], $2::text[], $3::smallint[])
     as a (shard, key, order_shard)
   cross join lateral (
     select key from inventory.reservations r
     where r.shard = a.shard and r.key = a.key and r.state = 'committed' offset 0
   ) r
   left join lateral (
     select order_id, state, ending from orders.checkouts c
     where c.shard = a.order_shard and c.order_id = a.key offset 0
   ) c on true
   left join lateral (
     select id from orders.returns t
     where t.state = 'resolved' and t.id = a.key and t.resolution = 'exchange' offset 0
   ) e on true
   where e.id is null
     and (c.order_id is null or (c.state = 'done' and c.ending in ('cancelled', 'expired')))`,
)

/** Offers of which the catalogue shows another stock than inventory has: of these, or of all. */
export async function offersShownWrong(
  db: Database,
  inventory: Pick<InventoryApi, 'available'>,
  these?: readonly string[],
): Promise<string[]> {
  const wrong: string[] = []
  const compare = async (rows: readonly StockRow[]): Promise<void> => {
    const offerIds = rows.map((row) => row.offer_id)
    const there = new Map(
      (await inventory.available({ offerIds })).map((one) => [one.offerId, one.available]),
    )
    wrong.push(...offerIds.filter((id, nth) => there.get(id) !== rows[nth]?.available))
  }
  if (these) {
    for (let from = 0; from < these.length; from += PAGE) {
      const page = these.slice(from, from + PAGE)
      await compare(await stockOf(db, [page.map(shardOf), page]))
    }
    return wrong
  }
  let [shard, offerId] = [-1, '']
  for (;;) {
    const rows = await pageOfStock(db, [shard, offerId])
    await compare(rows)
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) return wrong
    ;[shard, offerId] = [last.shard, last.offer_id]
  }
}

export type StrayReservation = ReservationRow & Readonly<{ ending: string | null }>

/** Committed stock of orders that are not there or were given up: of these reservations, or of all. */
export async function strayReservations(
  db: Database,
  these?: readonly ReservationRow[],
): Promise<StrayReservation[]> {
  const stray: StrayReservation[] = []
  const look = async (rows: readonly ReservationRow[]): Promise<void> => {
    const found = await wrongReservations(db, [
      rows.map((row) => row.shard),
      rows.map((row) => row.key),
      rows.map(({ key }) => (isIdOf('ord', key) ? shardOf(key) : 0)),
    ])
    const shards = new Map(rows.map((row) => [row.key, row.shard]))
    for (const { key, ending } of found) stray.push({ shard: shards.get(key) ?? 0, key, ending })
  }
  if (these) {
    await look(these)
    return stray
  }
  let [shard, key] = [-1, '']
  for (;;) {
    const rows = await pageOfReservations(db, [shard, key])
    await look(rows.filter((row) => row.state === 'committed'))
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) return stray
    ;[shard, key] = [last.shard, last.key]
  }
}
