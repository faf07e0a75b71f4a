-- Operators and sellers look for orders. The public word for an order is derived (semantics 1); it is
-- also kept with the row that every change of an order goes through, so that it can be looked for.
create function orders.status_of(of_shard smallint, of_order text) returns text
language sql stable as $$
  select case
    when p.waits then 'pending'
    when p.expired then 'expired'
    when p.ended then 'cancelled'
    when p.held then 'on_hold'
    when p.completed then 'completed'
    when l.shipped = 0 then 'confirmed'
    when l.shipped < l.wanted then 'partially_shipped'
    when l.arrived > 0 and l.arrived + l.lost = l.wanted then 'delivered'
    else 'shipped' end
  from (
    select bool_or(lifecycle = 'pending_payment') as waits, bool_and(lifecycle = 'expired') as expired,
           bool_and(lifecycle in ('cancelled', 'expired')) as ended,
           bool_or(lifecycle = 'on_hold') as held,
           bool_and(lifecycle in ('completed', 'cancelled')) as completed
    from orders.seller_orders where shard = of_shard and order_id = of_order
  ) p, (
    select sum(ordered - cancelled) as wanted, sum(shipped) as shipped, sum(delivered) as arrived,
           sum(lost) as lost
    from orders.order_lines where shard = of_shard and order_id = of_order
  ) l
$$;

alter table orders.checkouts add column status text not null default 'pending' check
  (status in ('pending', 'on_hold', 'confirmed', 'partially_shipped', 'shipped', 'delivered',
    'cancelled', 'expired', 'completed'));
update orders.checkouts set status = coalesce(orders.status_of(shard, order_id), 'pending');
-- The time is in the id: newest first is by id.
create index checkouts_status on orders.checkouts (status, order_id desc);
create index seller_orders_seller on orders.seller_orders (seller_id, order_id desc);
create index order_lines_product on orders.order_lines (product_id, order_id desc);
create index orders_number on orders.orders (number);
create index orders_email on orders.orders (lower(email), id desc);
drop index orders.orders_guest_email;

-- What operators tell one another of an order.
create table orders.order_notes (
  shard smallint not null,
  order_id text collate "C" not null,
  id text collate "C" not null,
  author text not null,
  text text not null,
  created_at timestamptz not null,
  primary key (shard, order_id, id)
);
