import { availabilityChanged } from '#contracts/catalog/events.ts'
import { inventoryUpdated, levelsImported } from '#contracts/inventory/events.ts'
import type { EventPayload } from '#contracts/kit/event.ts'
import { statement } from '../../platform/db/statement.ts'
import { type Consumer, isEvent } from '../../platform/events/consumer.ts'
import type { Outbox } from '../../platform/events/outbox.ts'
import { isIdOf, shardOf } from '../../platform/ids.ts'
import { SHOWN_STOCK } from './model.ts'

// Pages show at most SHOWN_STOCK pieces: a change above that changes no page. Tellings may come out
// of turn (an import's beside a sale's): the higher version holds.
const projectStock = statement<{ productId: string }>(
  'catalog.project_stock',
  `with told as (
     select t.*, coalesce(s.available, 0) as known, s.later as known_later
     from unnest($1::smallint[], $2::text[], $3::int[], $4::bigint[], $5::jsonb[])
       as t (shard, offer_id, available, version, later)
     left join lateral (
       select s.available, s.later, s.version from catalog.offer_stock s
       where s.shard = t.shard and s.offer_id = t.offer_id offset 0
     ) s on true
     where s.version is null or s.version < t.version
   ), written as (
     insert into catalog.offer_stock as s (shard, offer_id, available, version, later)
     select shard, offer_id, available, version, later from told order by shard, offer_id
     on conflict (shard, offer_id) do update
       set available = excluded.available, version = excluded.version, later = excluded.later,
           updated_at = now()
       where s.version < excluded.version
     returning 1
   )
   select distinct o.product_id as "productId"
   from told b cross join lateral (
     select o.product_id from catalog.offers o
     where o.shard = b.shard and o.id = b.offer_id offset 0
   ) o
   where least(greatest(b.known, 0), ${SHOWN_STOCK}) <> least(greatest(b.available, 0), ${SHOWN_STOCK})
      or b.known_later is distinct from b.later`,
)

type Level = EventPayload<typeof inventoryUpdated>

const EVENT_PRODUCTS = 1_000

/** Keeps what pages show of the stock, and tells all nodes which pages that changed. */
export function createStockProjection(outbox: Outbox): Consumer {
  return {
    name: 'catalog.project_stock',
    events: [inventoryUpdated, levelsImported],
    async handle(tx, events) {
      const newest = new Map<string, Level>()
      const note = (level: Level) => {
        // Stock may be kept under other names as well; no page shows it.
        if (!isIdOf('off', level.offerId)) return
        if ((newest.get(level.offerId)?.version ?? 0) < level.version)
          newest.set(level.offerId, level)
      }
      for (const event of events) {
        if (isEvent(inventoryUpdated, event)) note(event.payload)
        else if (isEvent(levelsImported, event)) event.payload.levels.forEach(note)
      }
      const levels = [...newest.values()]
      const rows = await projectStock(tx, [
        levels.map(({ offerId }) => shardOf(offerId)),
        levels.map(({ offerId }) => offerId),
        levels.map(({ available }) => available),
        levels.map(({ version }) => version),
        levels.map(({ later }) => (later ? JSON.stringify(later) : null)),
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
