create table cart.wishlists (
  shard smallint not null,
  id text collate "C" not null,
  -- `later` is what was put aside from a cart.
  kind text not null check (kind in ('wishes', 'later')),
  name text not null,
  customer_id text collate "C",
  -- Key by which others may read it.
  share_id text collate "C",
  item_count int not null default 0 check (item_count >= 0),
  -- 200; lists that become one may raise it, so that no wish is lost.
  item_limit int not null default 200,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (shard, id),
  constraint wishlists_not_overfull check (item_count <= item_limit)
) with (fillfactor = 70);
create unique index wishlists_share on cart.wishlists (shard, share_id) where share_id is not null;
create index wishlists_updated_at on cart.wishlists using brin (updated_at);

create table cart.wishlist_items (
  shard smallint not null,
  wishlist_id text collate "C" not null,
  id text collate "C" not null,
  variant_id text collate "C" not null,
  offer_id text collate "C" not null,
  quantity int not null check (quantity between 1 and 999),
  -- The offer as it was when it was put here: what has become cheaper, and what is sold no more.
  snapshot jsonb not null,
  added_at timestamptz not null,
  primary key (shard, wishlist_id, id),
  unique (shard, wishlist_id, variant_id),
  foreign key (shard, wishlist_id) references cart.wishlists on delete cascade
);

-- How many lists a customer has; its row is held while they are made, merged or deleted.
create table cart.wishlist_owners (
  shard smallint not null,
  customer_id text collate "C" not null,
  list_count int not null check (list_count between 0 and 20),
  primary key (shard, customer_id)
) with (fillfactor = 70);

create table cart.customer_wishlists (
  shard smallint not null,
  customer_id text collate "C" not null,
  wishlist_id text collate "C" not null,
  primary key (shard, customer_id, wishlist_id)
);
