import { availabilityChanged } from '#contracts/catalog/events.ts'
import { inventoryUpdated, levelsImported } from '#contracts/inventory/events.ts'
import { statement } from '../../platform/db/statement.ts'
import { type Consumer, isEvent } from '../../platform/events/consumers.ts'
import type { Outbox } from '../../platform/events/outbox.ts'
import { shardOf } from '../../platform/ids.ts'
import { SHOWN_STOCK } from './model.ts'

// Pages show at most SHOWN_STOCK pieces: a change above that changes no page.
const projectStock = statement<{ productId: string }>(
  'catalog.project_stock',
  `with told as (
     select * from unnest($1::smallint[], $2::text[], $3::int[]) as t (shard, offer_id, available)
   ), shown_before as (
     select t.*, least(greatest(s.available, 0), ${SHOWN_STOCK}) as shown
     from told t left join lateral (
       select s.available from catalog.offer_stock s
       where s.shard = t.shard and s.offer_id = t.offer_id offset 0
     ) s on true
   ), written as (
     insert into catalog.offer_stock as s (shard, offer_id, available)
     select shard, offer_id, available from told order by shard, offer_id
     on conflict (shard, offer_id) do update
       set available = excluded.available, updated_at = now()
       where s.available <> excluded.available
     returning 1
   )
   select distinct o.product_id as "productId"
   from shown_before b cross join lateral (
     select o.product_id from catalog.offers o
     where o.shard = b.shard and o.id = b.offer_id offset 0
   ) o
   where coalesce(b.shown, 0) <> least(greatest(b.available, 0), ${SHOWN_STOCK})`,
)

const EVENT_PRODUCTS = 1_000

/** Keeps what pages show of the stock, and tells all nodes which pages that changed. */
export function createStockProjection(outbox: Outbox): Consumer {
  return {
    name: 'catalog.project_stock',
    events: [inventoryUpdated, levelsImported],
    async handle(tx, events) {
      const available = new Map<string, number>()
      for (const event of events) {
        if (isEvent(inventoryUpdated, event)) {
          available.set(event.payload.offerId, event.payload.available)
        } else if (isEvent(levelsImported, event)) {
          for (const level of event.payload.levels) available.set(level.offerId, level.available)
        }
      }
      const offerIds = [...available.keys()]
      const rows = await projectStock(tx, [
        offerIds.map(shardOf),
        offerIds,
        [...available.values()],
      ])
      const productIds = rows.map((row) => row.productId)
      for (let from = 0; from < productIds.length; from += EVENT_PRODUCTS) {
        const part = productIds.slice(from, from + EVENT_PRODUCTS)
        await outbox.append(tx, [
          {
            spec: availabilityChanged,
            aggregateId: part[0] as string,
            payload: { productIds: part },
          },
        ])
      }
    },
    afterCommit: () => outbox.appended.strike(),
  }
}
