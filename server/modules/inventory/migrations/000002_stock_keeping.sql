-- What keeping stock needs beyond selling it: goods that are damaged, on their way or sold before
-- they come; rows that say when to order anew; warehouses that people look after.

alter table inventory.warehouses
  add column address text,
  -- Of warehouses that are equally near, the lowest goes first.
  add column priority smallint not null default 100 check (priority between 0 and 1000),
  -- Orders placed until then, in the warehouse's own time, go out the same day.
  add column cut_off time,
  -- Of ISO 8601: Monday is 1.
  add column working_days smallint[] not null default '{1,2,3,4,5}',
  add column closed_on date[] not null default '{}',
  add column is_active boolean not null default true,
  add column version int not null default 1;

-- `later` says what the part of the stock is that is sold and does not lie there: up to
-- backorder_cap units, expected on `available_on`.
alter table inventory.stock_levels
  add column damaged int not null default 0 check (damaged >= 0),
  add column incoming int not null default 0 check (incoming >= 0),
  add column later text not null default 'none' check (later in ('none', 'backorder', 'preorder')),
  add column available_on date,
  add column is_low boolean not null default false,
  add column settings_version int not null default 1;

-- A movement changes what is on hand, what is damaged, or both.
alter table inventory.movements
  drop constraint movements_kind_check,
  drop constraint movements_delta_check,
  add column damaged_delta int not null default 0,
  add constraint movements_kind_check check (kind in ('set', 'adjusted', 'imported', 'shipped',
    'count_correction', 'damaged', 'repaired', 'written_off', 'sent', 'received')),
  add constraint movements_delta_check check (delta <> 0 or damaged_delta <> 0);
create index movements_newest on inventory.movements
  (shard, offer_id, warehouse_id, created_at desc, command_key);

-- Units of a committed reservation that a count found missing: promised, and not there.
alter table inventory.reservation_lines
  add column short_quantity int not null default 0 check (short_quantity >= 0),
  add constraint reservation_lines_whole
    check (open_quantity + short_quantity + shipped_quantity <= quantity);
-- The list of those whom people have to look after.
create index reservation_lines_short
  on inventory.reservation_lines (shard, offer_id, warehouse_id, key) where short_quantity > 0;
-- Finished reservations are purged by their age; pages follow each other in time.
create index reservations_created_at on inventory.reservations using brin (created_at);

-- What purged reservations shipped, so that the ledger can still be proven against them.
create table inventory.purged_shipments (
  shard smallint not null,
  offer_id text collate "C" not null,
  warehouse_id text collate "C" not null,
  quantity bigint not null check (quantity > 0),
  primary key (shard, offer_id, warehouse_id)
);

-- Goods on their way to a warehouse: from another one, or bought (no `from_warehouse_id`). The
-- shard is the transfer's.
create table inventory.transfers (
  shard smallint not null,
  id text collate "C" not null,
  from_warehouse_id text collate "C",
  to_warehouse_id text collate "C" not null,
  state text not null check (state in ('created', 'shipped', 'received', 'closed', 'cancelled')),
  expected_on date,
  reference text,
  version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (shard, id),
  check (from_warehouse_id <> to_warehouse_id)
);
-- Ids follow time, so that the newest come last.
create index transfers_id on inventory.transfers (id);

create table inventory.transfer_lines (
  shard smallint not null,
  transfer_id text collate "C" not null,
  offer_id text collate "C" not null,
  quantity int not null check (quantity > 0),
  shipped int not null default 0,
  received int not null default 0,
  -- What had been shipped and never came, known when the transfer is closed.
  lost int not null default 0 check (lost >= 0),
  primary key (shard, transfer_id, offer_id),
  check (received >= 0 and received + lost <= shipped and shipped <= quantity)
);
