import type { Database } from '../../platform/db/database.ts'
import { statement } from '../../platform/db/statement.ts'

type Finding = { breach: string }

const MOST_FINDINGS = 20
/** A hold may be this much past its time before it is a leak; the sweeper runs every second. */
const SWEEP_GRACE = '2 minutes'

// The audit reads whole tables, once: what makes the hot statements fast would make it crawl.
const allowScans = statement(
  'inventory.allow_audit_scans',
  `select set_config('statement_timeout', '600000', true), set_config('enable_seqscan', 'on', true),
          set_config('enable_nestloop', 'off', true), set_config('work_mem', '64MB', true)`,
)

const CHECKS = [
  statement<Finding>(
    'inventory.audit_counters',
    `select format('I1: %s in %s has quantity %s, reserved %s, back orders up to %s',
                   offer_id, warehouse_id, quantity, reserved_quantity, backorder_cap) as breach
     from inventory.stock_levels
     where shard between 0 and 4095
       and (quantity < 0 or reserved_quantity < 0 or reserved_quantity > quantity + backorder_cap)
     limit ${MOST_FINDINGS}`,
  ),
  statement<Finding>(
    'inventory.audit_movements',
    `select format('I1: %s in %s has quantity %s and %s damaged, its movements add up to %s and %s',
                   coalesce(s.offer_id, m.offer_id), coalesce(s.warehouse_id, m.warehouse_id), coalesce(s.quantity, 0),
                   coalesce(s.damaged, 0), coalesce(m.total, 0), coalesce(m.damaged, 0)) as breach
     from inventory.stock_levels s
     full join (
       select shard, offer_id, warehouse_id, sum(delta) as total, sum(damaged_delta) as damaged
       from inventory.movements where shard between 0 and 4095
       group by shard, offer_id, warehouse_id
     ) m on m.shard = s.shard and m.offer_id = s.offer_id and m.warehouse_id = s.warehouse_id
     where coalesce(s.quantity, 0) <> coalesce(m.total, 0)
        or coalesce(s.damaged, 0) <> coalesce(m.damaged, 0)
     limit ${MOST_FINDINGS}`,
  ),
  statement<Finding>(
    'inventory.audit_incoming',
    `select format('I1: %s in %s has %s incoming, transfers on their way add up to %s', coalesce(s.offer_id, t.offer_id),
                   coalesce(s.warehouse_id, t.warehouse_id), coalesce(s.incoming, 0), coalesce(t.total, 0)) as breach
     from (
       select offer_id, warehouse_id, incoming from inventory.stock_levels
       where shard between 0 and 4095 and incoming <> 0
     ) s
     full join (
       select l.offer_id, t.to_warehouse_id as warehouse_id, sum(l.shipped - l.received - l.lost) as total
       from inventory.transfers t
       join inventory.transfer_lines l on l.shard = t.shard and l.transfer_id = t.id
       where t.shard between 0 and 4095 and l.shipped > l.received + l.lost
       group by l.offer_id, t.to_warehouse_id
     ) t on t.offer_id = s.offer_id and t.warehouse_id = s.warehouse_id
     where coalesce(s.incoming, 0) <> coalesce(t.total, 0)
     limit ${MOST_FINDINGS}`,
  ),
  statement<Finding>(
    'inventory.audit_transfers',
    `select format('I1: %s in %s: transfers %s %s, movements %s', coalesce(t.offer_id, m.offer_id),
                   coalesce(t.warehouse_id, m.warehouse_id), coalesce(t.kind, m.kind),
                   coalesce(t.total, 0), coalesce(m.total, 0)) as breach
     from (
       select kind, offer_id, warehouse_id, sum(units) as total from (
         select 'sent' as kind, l.offer_id, t.from_warehouse_id as warehouse_id, -l.shipped as units
         from inventory.transfers t
         join inventory.transfer_lines l on l.shard = t.shard and l.transfer_id = t.id
         where t.shard between 0 and 4095 and t.from_warehouse_id is not null and l.shipped > 0
         union all
         select 'received', l.offer_id, t.to_warehouse_id, l.received
         from inventory.transfers t
         join inventory.transfer_lines l on l.shard = t.shard and l.transfer_id = t.id
         where t.shard between 0 and 4095 and l.received > 0
       ) each_line group by kind, offer_id, warehouse_id
     ) t
     full join (
       select kind, offer_id, warehouse_id, sum(delta + damaged_delta) as total
       from inventory.movements where shard between 0 and 4095 and kind in ('sent', 'received')
       group by kind, offer_id, warehouse_id
     ) m on m.kind = t.kind and m.offer_id = t.offer_id and m.warehouse_id = t.warehouse_id
     where coalesce(t.total, 0) <> coalesce(m.total, 0)
     limit ${MOST_FINDINGS}`,
  ),
  statement<Finding>(
    'inventory.audit_reserved',
    `select format('I1: %s in %s has %s reserved, live reservations add up to %s', coalesce(s.offer_id, l.offer_id),
                   coalesce(s.warehouse_id, l.warehouse_id), coalesce(s.reserved_quantity, 0), coalesce(l.total, 0)) as breach
     from inventory.stock_levels s
     full join (
       select shard, offer_id, warehouse_id, sum(open_quantity) as total
       from inventory.reservation_lines where shard between 0 and 4095 and open_quantity > 0
       group by shard, offer_id, warehouse_id
     ) l on l.shard = s.shard and l.offer_id = s.offer_id and l.warehouse_id = s.warehouse_id
     where coalesce(s.reserved_quantity, 0) <> coalesce(l.total, 0)
     limit ${MOST_FINDINGS}`,
  ),
  // A line is joined by its key alone: its shard is the warehouse's, the reservation's is the key's.
  statement<Finding>(
    'inventory.audit_lines',
    `select format('I4: %s holds %s of %s in %s for %s, its reservation is %s', l.key, l.open_quantity,
                   l.offer_id, l.warehouse_id, l.quantity, coalesce(r.state, 'unknown')) as breach
     from inventory.reservation_lines l
     left join inventory.reservations r on r.key = l.key and r.shard between 0 and 4095
     where l.shard between 0 and 4095 and not coalesce(
       case r.state
         when 'held' then case when l.expires_at is null then l.open_quantity = 0
                               else l.open_quantity = l.quantity and l.expires_at = r.expires_at end
         when 'committed' then l.expires_at is null
                               and l.open_quantity + l.shipped_quantity + l.short_quantity = l.quantity
         else l.expires_at is null and l.open_quantity = 0
       end, false)
     limit ${MOST_FINDINGS}`,
  ),
  statement<Finding>(
    'inventory.audit_reservations',
    `select format('I4: %s is %s for %s, its lines are for %s', r.key, r.state,
                   a.allocated, coalesce(l.total, 0)) as breach
     from inventory.reservations r
     cross join lateral (
       select sum((line ->> 'quantity')::int) as allocated from jsonb_array_elements(r.allocations) line
     ) a
     left join (
       select key, sum(quantity) as total from inventory.reservation_lines
       where shard between 0 and 4095 group by key
     ) l on l.key = r.key
     where r.shard between 0 and 4095 and r.state in ('held', 'committed')
       and (l.total is null or l.total > a.allocated)
     limit ${MOST_FINDINGS}`,
  ),
  statement<Finding>(
    'inventory.audit_overdue',
    `select format('I4: the hold %s expired at %s and is not swept', key, expires_at) as breach
     from inventory.reservations
     where shard between 0 and 4095 and state = 'held' and expires_at < now() - interval '${SWEEP_GRACE}'
     limit ${MOST_FINDINGS}`,
  ),
  statement<Finding>(
    'inventory.audit_shipped',
    `select format('I1: %s in %s has %s shipped by reservations, %s by movements', coalesce(l.offer_id, m.offer_id),
                   coalesce(l.warehouse_id, m.warehouse_id), coalesce(l.total, 0), coalesce(m.total, 0)) as breach
     from (
       select shard, offer_id, warehouse_id, sum(units) as total from (
         select shard, offer_id, warehouse_id, shipped_quantity as units
         from inventory.reservation_lines where shard between 0 and 4095 and shipped_quantity > 0
         union all
         select shard, offer_id, warehouse_id, quantity from inventory.purged_shipments
         where shard between 0 and 4095
       ) shipped group by shard, offer_id, warehouse_id
     ) l
     full join (
       select shard, offer_id, warehouse_id, -sum(delta) as total
       from inventory.movements where shard between 0 and 4095 and kind = 'shipped'
       group by shard, offer_id, warehouse_id
     ) m on m.shard = l.shard and m.offer_id = l.offer_id and m.warehouse_id = l.warehouse_id
     where coalesce(l.total, 0) <> coalesce(m.total, 0)
     limit ${MOST_FINDINGS}`,
  ),
  statement<Finding>(
    'inventory.audit_locations',
    `select format('I1: %s in %s is not among the places of its offer', s.offer_id, s.warehouse_id) as breach
     from inventory.stock_levels s
     left join inventory.offer_locations l
       on l.offer_id = s.offer_id and l.warehouse_id = s.warehouse_id and l.warehouse_shard = s.shard
      and l.shard between 0 and 4095
     where s.shard between 0 and 4095 and l.offer_id is null
     limit ${MOST_FINDINGS}`,
  ),
]

/** Looks at all stock in one snapshot. @returns breaches of I1 and I4, at most 20 of a kind. */
export function auditStock(db: Database): Promise<string[]> {
  return db.tx(
    async (tx) => {
      await allowScans(tx)
      const breaches: string[] = []
      for (const check of CHECKS) breaches.push(...(await check(tx)).map((row) => row.breach))
      return breaches
    },
    { isolation: 'repeatable read' },
  )
}
