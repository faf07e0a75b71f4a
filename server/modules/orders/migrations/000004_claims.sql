-- Guests' orders that a customer has claimed by proving the e-mail address. Orders themselves are
-- written once; this says whose they have become.
create table orders.claims (
  shard smallint not null,
  order_id text collate "C" not null,
  customer_id text collate "C" not null,
  claimed_at timestamptz not null,
  primary key (shard, order_id)
);
create index claims_customer on orders.claims (customer_id, order_id desc);
create index orders_guest_email on orders.orders (lower(email)) where customer_id is null;
