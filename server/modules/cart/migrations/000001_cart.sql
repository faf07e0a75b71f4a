create schema cart;

create table cart.carts (
  shard smallint not null,
  id text collate "C" not null,
  status text not null default 'open' check (status in ('open', 'ordered', 'merged')),
  currency char(3) collate "C" not null,
  country char(2) collate "C" not null,
  customer_id text collate "C",
  coupons text[] not null default '{}' check (cardinality(coupons) <= 10),
  -- Moves with every change of lines or coupons: a quote is for one version.
  version bigint not null default 1,
  line_count int not null default 0 check (line_count >= 0),
  -- 100; a merge may raise it, so that it loses no line.
  line_limit int not null default 100,
  order_id text collate "C",
  merged_into text collate "C",
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (shard, id),
  constraint carts_not_overfull check (line_count <= line_limit)
) with (fillfactor = 70);
create index carts_updated_at on cart.carts using brin (updated_at);

create table cart.cart_lines (
  shard smallint not null,
  cart_id text collate "C" not null,
  id text collate "C" not null,
  offer_id text collate "C" not null,
  variant_id text collate "C" not null,
  quantity int not null check (quantity between 1 and 999),
  -- The offer as it was when the shopper last put it in: for notices, and when it is sold no more.
  snapshot jsonb not null,
  added_at timestamptz not null,
  captured_at timestamptz not null,
  primary key (shard, cart_id, id),
  unique (shard, cart_id, offer_id),
  foreign key (shard, cart_id) references cart.carts on delete cascade
) with (fillfactor = 70);

-- Keys of adds that were done: the same add again does nothing.
create table cart.applied_keys (
  shard smallint not null,
  cart_id text collate "C" not null,
  key text collate "C" not null,
  applied_at timestamptz not null default now(),
  primary key (shard, cart_id, key),
  foreign key (shard, cart_id) references cart.carts on delete cascade
);
create index applied_keys_applied_at on cart.applied_keys using brin (applied_at);

-- The cart that a customer has now.
create table cart.customer_carts (
  shard smallint not null,
  customer_id text collate "C" not null,
  cart_id text collate "C" not null,
  primary key (shard, customer_id)
);
