-- What operators decided to give back of an order: counted first, under the order's lock, then paid
-- by the same key.
create table orders.refunds (
  shard smallint not null,
  order_id text collate "C" not null,
  key text collate "C" not null,
  amount bigint not null check (amount > 0),
  -- Of the amount, what is shipping's; the rest is the lines' or free.
  shipping bigint not null default 0 check (shipping >= 0),
  lines jsonb not null,
  splits jsonb,
  reason text not null,
  created_at timestamptz not null,
  primary key (shard, order_id, key)
);
