import type { Shop } from './main.ts'
import { auditEvents, eventsBehind } from './platform/audit.ts'

export type AuditLine = Readonly<{
  invariant: string
  meaning: string
  breaches: readonly string[]
}>

const DRAIN_MS = 30_000

/**
 * Checks the invariants I1..I7 on the live database (reliability, "Invariants"). Waits first until
 * the consumers have caught up, at most 30 seconds, because projections follow.
 */
export async function auditShop(
  shop: Shop,
  sleep: (ms: number) => Promise<void>,
): Promise<AuditLine[]> {
  const { inventory } = shop.modules
  const parts = shop.modules.shop
  const lines: AuditLine[] = [
    {
      invariant: 'I1, I4',
      meaning: 'no oversell, no reservation leak',
      breaches: await inventory.audit(),
    },
    {
      invariant: 'I5',
      meaning: 'events once each, in order',
      breaches: await auditEvents(shop.db),
    },
  ]
  if (!parts) return lines
  lines.push(
    {
      invariant: 'I2',
      meaning: 'ledger balanced, shop and provider agree',
      breaches: await parts.payments.api.audit(),
    },
    {
      invariant: 'I2, I3, I7',
      meaning: 'each paid order confirmed once, totals add up',
      breaches: await parts.orders.api.audit(),
    },
    {
      invariant: 'I3',
      meaning: 'committed stock belongs to a paid order',
      breaches: await crossCheck(shop),
    },
    {
      invariant: 'I6',
      meaning: 'projections equal the database',
      breaches: await projections(shop, sleep),
    },
  )
  return lines
}

/** What no module sees alone: reservations against orders. */
async function crossCheck(shop: Shop): Promise<string[]> {
  const { rows } = await shop.db.query({
    text: `select r.key, c.ending
           from inventory.reservations r
           left join orders.checkouts c on c.order_id = r.key
           where r.state = 'committed'
             and (c.order_id is null or (c.state = 'done' and c.ending in ('cancelled', 'expired')))
           limit 20`,
  })
  return (rows as { key: string; ending: string | null }[]).map(
    (row) => `Stock is committed for ${row.key}, whose order is ${row.ending ?? 'not there'}`,
  )
}

async function projections(shop: Shop, sleep: (ms: number) => Promise<void>): Promise<string[]> {
  for (let waited = 0; waited < DRAIN_MS && (await eventsBehind(shop.db)) > 0; waited += 250)
    await sleep(250)
  const left = await eventsBehind(shop.db)
  if (left > 0) return [`Consumers are ${left} events behind after ${DRAIN_MS / 1000} s`]
  const { rows } = await shop.db.query({
    text: `with stock as (
             select offer_id,
                    sum(greatest(available_quantity - safety + backorder_cap, 0)) as available
             from inventory.stock_levels group by offer_id
           )
           select p.offer_id from catalog.offer_stock p
           join stock s using (offer_id)
           where p.available <> s.available limit 10`,
  })
  return (rows as { offer_id: string }[]).map(
    (row) => `The catalogue shows another stock of ${row.offer_id} than inventory has`,
  )
}
