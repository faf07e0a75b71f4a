import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { statement } from '../../platform/db/statement.ts'
import type { PaymentsApi } from '../payments/index.ts'

// These read whole tables on purpose: an audit believes no sum that was kept.
const wrongTotals = statement<{ id: string }>(
  'orders.audit_totals',
  `with goods as (
     select shard, order_id, sum(net) as net, sum(tax) as tax, sum(discount) as discount
     from orders.order_lines group by shard, order_id
   ), parts as (
     select shard, order_id, sum(total) as total, sum(goods_net) as net, sum(goods_tax) as tax,
            sum(shipping_net) as shipping_net, sum(shipping_tax) as shipping_tax,
            sum(discount) as discount
     from orders.seller_orders group by shard, order_id
   )
   select o.id from orders.orders o
   left join goods g on g.shard = o.shard and g.order_id = o.id
   left join parts p on p.shard = o.shard and p.order_id = o.id
   where (o.goods_net, o.goods_tax, o.discount) is distinct from (g.net, g.tax, g.discount)
      or (o.total, o.goods_net, o.goods_tax, o.shipping_net, o.shipping_tax, o.discount)
         is distinct from (p.total, p.net, p.tax, p.shipping_net, p.shipping_tax, p.discount)
   limit 20`,
)

const wrongSellers = statement<{ order_id: string }>(
  'orders.audit_sellers',
  `with goods as (
     select shard, order_id, seller_id, sum(net) as net, sum(tax) as tax, sum(commission) as fee
     from orders.order_lines group by shard, order_id, seller_id
   )
   select coalesce(s.order_id, g.order_id) as order_id
   from orders.seller_orders s
   full join goods g using (shard, order_id, seller_id)
   where (s.goods_net, s.goods_tax, s.commission) is distinct from (g.net, g.tax, g.fee)
   limit 20`,
)

const confirmedOften = statement<{ order_id: string }>(
  'orders.audit_confirmations',
  `select order_id from orders.order_events where type = 'confirmed'
   group by shard, order_id having count(*) > 1 limit 20`,
)

const contradictions = statement<{ order_id: string }>(
  'orders.audit_states',
  `select c.order_id from orders.checkouts c
   join orders.seller_orders s on s.shard = c.shard and s.order_id = c.order_id
   where s.lifecycle not in ('on_hold', 'completed')
     and not (s.lifecycle = 'cancelled' and c.ending = 'confirmed' and not exists (
       select from orders.order_lines l where l.shard = s.shard and l.order_id = s.order_id
         and l.seller_id = s.seller_id and l.cancelled < l.ordered))
     and s.lifecycle <> case coalesce(c.ending, '')
     when 'confirmed' then 'open' when 'cancelled' then 'cancelled'
     when 'expired' then 'expired' else 'pending_payment' end
   limit 20`,
)

const wrongUnits = statement<{ order_id: string }>(
  'orders.audit_units',
  `with given as (
     select r.shard, r.order_id, u."lineId" as line_id, sum(u.quantity) as units
     from orders.refunds r
     cross join lateral jsonb_to_recordset(r.lines) as u("lineId" text, quantity int)
     group by r.shard, r.order_id, u."lineId"
   ), back as (
     select l.shard, l.order_id, l.line_id,
            coalesce(sum(l.quantity) filter (where r.state in
              ('requested', 'approved', 'label_issued', 'in_transit')), 0) as requested,
            sum(l.received - l.sent_back) as returned, sum(l.restocked) as restocked
     from orders.return_lines l
     join orders.returns r
       on r.shard = l.shard and r.order_id = l.order_id and r.id = l.return_id
     group by l.shard, l.order_id, l.line_id
   )
   select l.order_id from orders.order_lines l
   left join given g on g.shard = l.shard and g.order_id = l.order_id and g.line_id = l.id
   left join back b on b.shard = l.shard and b.order_id = l.order_id and b.line_id = l.id
   where (l.refunded_qty, l.return_requested, l.returned, l.restocked) is distinct from
     (coalesce(g.units, 0), coalesce(b.requested, 0), coalesce(b.returned, 0),
      coalesce(b.restocked, 0))
   limit 20`,
)

const wrongStatus = statement<{ order_id: string }>(
  'orders.audit_status',
  `select order_id from orders.checkouts where status <> orders.status_of(shard, order_id) limit 20`,
)

const incomplete = statement<{ order_id: string }>(
  'orders.audit_orders',
  `select c.order_id from orders.checkouts c where not exists (
     select from orders.orders o where o.shard = c.shard and o.id = c.order_id)
   limit 20`,
)

const stuck = statement<{ order_id: string; state: string }>(
  'orders.audit_stuck',
  `select order_id, state from orders.checkouts
   where state <> 'done' and updated_at < $1 and window_ends_at < $1
   union all
   select order_id, 'shipping' from orders.dispatches where due_at is not null and created_at < $1
   union all
   select order_id, 'refunding' from orders.refunds
   where due_at is not null and due_at <> 'infinity' and created_at < $1
   union all
   select order_id, 'returning' from orders.returns where due_at is not null and updated_at < $1
   limit 20`,
)

const newestEnds = statement<{ order_id: string; ending: string; state: string }>(
  'orders.audit_endings',
  `select order_id, ending, state from orders.checkouts where ending is not null
   order by updated_at desc limit $1`,
)

/** Work that is left over for longer than this is stuck. */
const DEADLINE_MS = 60 * 60_000
/** The newest orders whose payments are asked for, one by one. */
const COMPARED = 2_000
const AT_ONCE = 8

type Deps = Readonly<{ db: Database; clock: Clock; payments: Pick<PaymentsApi, 'getByOrder'> }>

/** I2, I3 and I8 of the reliability page, as far as orders can see them. */
export function createAudit({ db, clock, payments }: Deps): () => Promise<string[]> {
  /** I3: a confirmed order is paid, and an ended one keeps no money once it is unwound. */
  async function comparePayments(): Promise<string[]> {
    const waiting = await newestEnds(db, [COMPARED])
    const breaches: string[] = []
    const work = async (): Promise<void> => {
      for (let row = waiting.pop(); row; row = waiting.pop()) {
        const payment = await payments.getByOrder({ orderId: row.order_id })
        const taken = payment?.state === 'captured' || payment?.state === 'authorized'
        const kept = taken && payment.captured > payment.refunded + payment.refunding
        if (row.ending === 'confirmed' && !taken) {
          breaches.push(`I3: ${row.order_id} is confirmed and not paid`)
        }
        if (row.ending !== 'confirmed' && row.state === 'done' && kept) {
          breaches.push(`I3: ${row.order_id} is ${row.ending} and keeps its payment`)
        }
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    return breaches
  }

  return async () => {
    const late = new Date(clock.now().getTime() - DEADLINE_MS).toISOString()
    const rows = await db.tx(async (tx) => {
      await tx.query({ text: 'set local statement_timeout = 0; set local enable_seqscan = on' })
      return [
        ...(await wrongTotals(tx)).map(({ id }) => `I2: ${id} is not the sum of its parts`),
        ...(await wrongSellers(tx)).map((row) => `I2: a seller's part of ${row.order_id} is wrong`),
        ...(await confirmedOften(tx)).map((row) => `I3: ${row.order_id} was confirmed twice`),
        ...(await contradictions(tx)).map((row) => `I3: ${row.order_id} contradicts its sellers`),
        ...(await wrongUnits(tx)).map((row) => `I2: units of ${row.order_id} are counted wrong`),
        ...(await wrongStatus(tx)).map((row) => `I6: ${row.order_id} is listed by a wrong status`),
        ...(await incomplete(tx)).map((row) => `I3: ${row.order_id} is half-made`),
        ...(await stuck(tx, [late])).map((row) => `I8: ${row.order_id} is stuck in ${row.state}`),
      ]
    })
    return [...rows, ...(await comparePayments())]
  }
}
