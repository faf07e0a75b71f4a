import type { EventEnvelope } from '#contracts/kit/event.ts'
import { orderCancelled, orderConfirmed, orderCreated } from '#contracts/orders/events.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import { statement, type Tx } from '../../../platform/db/statement.ts'
import { type Consumer, isEvent } from '../../../platform/events/consumer.ts'

const noteOrder = statement(
  'search.note_order',
  `insert into search.orders as o (order_id, product_ids, ordered_at, visitor, is_paid)
   values ($1, $2, $3, $4, $5)
   on conflict (order_id) do update
     set product_ids = excluded.product_ids, visitor = coalesce(o.visitor, excluded.visitor),
         is_paid = o.is_paid or excluded.is_paid`,
)
const forgetOrder = statement(
  'search.forget_order',
  'delete from search.orders where order_id = $1',
)

const MOST_ORDERS = 500

const attributeOrders = statement<{ count: number }>(
  'search.attribute_orders',
  `with ready as (
     select order_id, product_ids, ordered_at, visitor from search.orders
     where is_paid and visitor is not null and product_ids is not null
     order by order_id limit ${MOST_ORDERS} for update skip locked
   ), told as (
     insert into search.query_events (happened_at, kind, query_id, product_id, visitor)
     select r.ordered_at, 'order', c.query_id, p.product_id, r.visitor
     from ready r
     cross join lateral unnest(r.product_ids) as p (product_id)
     cross join lateral (
       select c.query_id from search.query_events c
       where c.kind = 'click' and c.visitor = r.visitor and c.product_id = p.product_id
         and c.happened_at <= r.ordered_at and c.happened_at > r.ordered_at - interval '30 days'
       order by c.happened_at desc limit 1
     ) c
   ), gone as (
     delete from search.orders o using ready where o.order_id = ready.order_id returning 1
   )
   select count(*)::int as count from gone`,
)
const forgetOldOrders = statement(
  'search.forget_old_orders',
  'delete from search.orders where ordered_at < $1',
)

const KEPT_DAYS = 30

/** Keeps what orders have, until they are paid and it is known whose they are. */
export function createOrderFollower(): Consumer {
  return {
    name: 'search.follow_orders',
    events: [orderCreated, orderConfirmed, orderCancelled],
    async handle(tx, events) {
      for (const event of events) {
        if (isEvent(orderCancelled, event)) await forgetOrder(tx, [event.payload.orderId])
        else if (isEvent(orderConfirmed, event)) {
          await note(tx, event, { customerId: null, isPaid: true })
        } else if (isEvent(orderCreated, event)) {
          const { customerId } = event.payload
          await note(tx, event, { customerId, isPaid: false })
        }
      }
    },
  }
}

type Ordered = Readonly<{ orderId: string; lines: readonly Readonly<{ productId: string }>[] }>

async function note(
  tx: Tx,
  { payload: { orderId, lines }, createdAt }: EventEnvelope<Ordered>,
  { customerId, isPaid }: Readonly<{ customerId: string | null; isPaid: boolean }>,
): Promise<void> {
  const productIds = [...new Set(lines.map(({ productId }) => productId))]
  const visitor = customerId && `customer:${customerId}`
  await noteOrder(tx, [orderId, productIds, createdAt, visitor, isPaid])
}

/** Finds the searches that led to what was paid. @returns how many orders were looked at. */
export async function attribute(db: Database): Promise<number> {
  return (await attributeOrders(db))[0]?.count ?? 0
}

/** Forgets orders that nobody paid, or nobody claimed. */
export async function forgetOrders(db: Database, clock: Clock): Promise<void> {
  const before = clock.now().getTime() - KEPT_DAYS * 86_400_000
  await forgetOldOrders(db, [new Date(before).toISOString()])
}
