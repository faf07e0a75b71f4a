-- Orders as they were placed, their lines' counters, each seller's part, the timeline, and the
-- process that carries an order from its quote to its end.
create schema orders;

-- What the shopper bought and what it cost: written once, never changed. `created_at` is the time
-- in the id, so that a look-up by id alone goes to one partition.
create table orders.orders (
  shard smallint not null,
  id text collate "C" not null,
  created_at timestamptz not null,
  placed_at timestamptz not null,
  number text collate "C" not null,
  customer_id text collate "C",
  cart_id text collate "C" not null,
  quote_id text collate "C" not null,
  email text not null,
  currency char(3) not null,
  -- As shown: with tax where prices are shown with tax.
  subtotal bigint not null check (subtotal >= 0),
  discount bigint not null check (discount >= 0),
  shipping bigint not null check (shipping >= 0),
  -- As booked.
  goods_net bigint not null check (goods_net >= 0),
  goods_tax bigint not null check (goods_tax >= 0),
  shipping_net bigint not null check (shipping_net >= 0),
  shipping_tax bigint not null check (shipping_tax >= 0),
  total bigint not null,
  shipping_address jsonb not null,
  billing_address jsonb not null,
  shipping_option_id text not null,
  shipping_option_name text not null,
  delivery_earliest date,
  delivery_latest date,
  primary key (shard, id, created_at),
  check (total = goods_net + goods_tax + shipping_net + shipping_tax)
) partition by range (created_at);
create index orders_customer on orders.orders (shard, customer_id, id desc)
  where customer_id is not null;

-- Makes the partition of a month if it is not there; called ahead of time by a job.
create function orders.add_month(month date) returns void language plpgsql as $$
declare
  first date := date_trunc('month', month)::date;
  partition text := 'orders_y' || to_char(first, 'YYYY"m"MM');
begin
  if to_regclass('orders.' || partition) is null then
    execute format('create table orders.%I partition of orders.orders for values from (%L) to (%L)',
      partition, first::timestamp at time zone 'UTC',
      (first + interval '1 month')::timestamp at time zone 'UTC');
  end if;
end $$;
select orders.add_month((now() + make_interval(months => n))::date) from generate_series(-1, 3) as n;
create table orders.orders_default partition of orders.orders default;

create table orders.seller_orders (
  shard smallint not null,
  order_id text collate "C" not null,
  seller_id text collate "C" not null,
  id text collate "C" not null,
  lifecycle text not null check
    (lifecycle in ('pending_payment', 'open', 'on_hold', 'cancelled', 'expired', 'completed')),
  subtotal bigint not null,
  discount bigint not null,
  shipping bigint not null,
  goods_net bigint not null,
  goods_tax bigint not null,
  shipping_net bigint not null,
  shipping_tax bigint not null,
  total bigint not null,
  commission bigint not null,
  opened_at timestamptz,
  -- When no unit was left to ship.
  shipped_at timestamptz,
  primary key (shard, order_id, seller_id),
  check (total = goods_net + goods_tax + shipping_net + shipping_tax)
) with (fillfactor = 80);
create index seller_orders_to_ship on orders.seller_orders (opened_at)
  where lifecycle = 'open' and shipped_at is null;

-- Units only move on and never vanish (semantics 1b).
create table orders.order_lines (
  shard smallint not null,
  order_id text collate "C" not null,
  n smallint not null,
  id text collate "C" not null,
  product_id text collate "C" not null,
  variant_id text collate "C" not null,
  offer_id text collate "C" not null,
  seller_id text collate "C" not null,
  sku text not null,
  name text not null,
  image text,
  unit_price bigint not null check (unit_price >= 0),
  discount bigint not null check (discount >= 0),
  net bigint not null check (net >= 0),
  tax bigint not null check (tax >= 0),
  taxes jsonb not null,
  commission_rate text not null,
  commission bigint not null check (commission >= 0),
  ordered int not null check (ordered > 0),
  cancelled int not null default 0 check (cancelled >= 0),
  allocated int not null default 0 check (allocated >= 0),
  backordered int not null default 0 check (backordered >= 0),
  packed int not null default 0 check (packed >= 0),
  shipped int not null default 0 check (shipped >= 0),
  delivered int not null default 0 check (delivered >= 0),
  lost int not null default 0 check (lost >= 0),
  return_requested int not null default 0 check (return_requested >= 0),
  returned int not null default 0 check (returned >= 0),
  restocked int not null default 0 check (restocked >= 0),
  refunded_qty int not null default 0 check (refunded_qty >= 0),
  primary key (shard, order_id, n),
  check (allocated + backordered + packed + shipped + cancelled = ordered),
  check (delivered + lost <= shipped),
  check (returned <= delivered),
  check (restocked <= returned),
  check (refunded_qty <= ordered)
) with (fillfactor = 80);

-- The timeline. `n` is the order's version: two changes at once cannot both be the next.
create table orders.order_events (
  shard smallint not null,
  order_id text collate "C" not null,
  n int not null,
  type text not null,
  at timestamptz not null,
  note text,
  primary key (shard, order_id, n)
);

-- The path of an order (design 4) as a state machine that survives a crash at any step. The row is
-- also the lock under which an order changes.
create table orders.checkouts (
  shard smallint not null,
  order_id text collate "C" not null,
  cart_id text collate "C" not null,
  state text not null check
    (state in ('placed', 'awaiting_payment', 'confirmed', 'unwinding', 'done')),
  -- How it ended, or is about to; null while nothing is decided.
  ending text check (ending in ('confirmed', 'cancelled', 'expired')),
  reason text,
  was_confirmed boolean not null default false,
  version int not null,
  -- Until when the payment may come.
  window_ends_at timestamptz not null,
  -- When the resuming worker looks at it; null: nothing is left to do.
  due_at timestamptz,
  tries int not null default 0,
  updated_at timestamptz not null,
  primary key (shard, order_id),
  check ((state in ('placed', 'awaiting_payment')) = (ending is null))
) with (fillfactor = 70);
-- A cart has one order under way at most: two tabs do not pay twice.
create unique index checkouts_cart on orders.checkouts (shard, cart_id)
  where state in ('placed', 'awaiting_payment');
create index checkouts_due_at on orders.checkouts (due_at) where due_at is not null;

-- Units handed to a carrier: decided and counted first, then taken out of stock and shipped.
create table orders.dispatches (
  shard smallint not null,
  order_id text collate "C" not null,
  key text collate "C" not null,
  carrier text not null,
  tracking_number text not null,
  lines jsonb not null,
  allocations jsonb not null,
  estimated_delivery date,
  due_at timestamptz,
  created_at timestamptz not null,
  primary key (shard, order_id, key)
);
create index dispatches_due_at on orders.dispatches (due_at) where due_at is not null;

-- The last word on each parcel; delivered and lost units are counted from here.
create table orders.parcels (
  shard smallint not null,
  order_id text collate "C" not null,
  shipment_id text collate "C" not null,
  status text not null,
  lines jsonb not null,
  updated_at timestamptz not null,
  primary key (shard, order_id, shipment_id)
);
