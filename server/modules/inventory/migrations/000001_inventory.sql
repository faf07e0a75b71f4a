-- Stock: where it lies, how much of it, what is promised of it, and how it came to be.

create schema inventory;

create table inventory.warehouses (
  id text collate "C" primary key,
  shard smallint not null,
  code text collate "C" not null unique,
  name text not null,
  seller_id text collate "C",
  country char(2) not null,
  region text,
  postal_code text not null,
  city text not null,
  latitude double precision not null check (latitude between -90 and 90),
  longitude double precision not null check (longitude between -180 and 180),
  timezone text not null
);

-- The brief's table `inventory`. Its shard is the warehouse's. The last check is what makes
-- overselling impossible, whatever the code does. The generated column is in no index, so that an
-- update of the counters stays in its page.
create table inventory.stock_levels (
  shard smallint not null,
  offer_id text collate "C" not null,
  warehouse_id text collate "C" not null,
  quantity int not null check (quantity >= 0),
  reserved_quantity int not null default 0 check (reserved_quantity >= 0),
  available_quantity int generated always as (quantity - reserved_quantity) stored,
  safety int not null default 0 check (safety >= 0),
  backorder_cap int not null default 0 check (backorder_cap >= 0),
  reorder_point int not null default 0 check (reorder_point >= 0),
  version bigint not null default 1,
  primary key (shard, offer_id, warehouse_id),
  constraint stock_levels_not_oversold check (reserved_quantity <= quantity + backorder_cap)
) with (fillfactor = 60);

-- Where an offer lies, by the offer's own shard: a reader of an offer's levels names their shards.
create table inventory.offer_locations (
  shard smallint not null,
  offer_id text collate "C" not null,
  warehouse_shard smallint not null,
  warehouse_id text collate "C" not null,
  primary key (shard, offer_id, warehouse_shard, warehouse_id)
);

-- What changed what is on hand; appended to, never changed. A level's quantity is their sum. One
-- command moves a row once, so that the two name the movement.
create table inventory.movements (
  shard smallint not null,
  offer_id text collate "C" not null,
  warehouse_id text collate "C" not null,
  delta int not null check (delta <> 0),
  kind text not null check (kind in ('set', 'adjusted', 'imported', 'shipped')),
  reason text not null,
  command_key text collate "C" not null,
  created_at timestamptz not null default now(),
  primary key (shard, offer_id, warehouse_id, command_key, created_at)
) partition by range (created_at);

-- Makes the partitions of this month and of the given number of months ahead.
create function inventory.create_movement_partitions(months_ahead int) returns int
language plpgsql as $$
declare
  first_day timestamptz;
  created int := 0;
begin
  for ahead in 0..months_ahead loop
    first_day := (date_trunc('month', now() at time zone 'UTC') + make_interval(months => ahead)) at time zone 'UTC';
    if to_regclass('inventory.movements_' || to_char(first_day at time zone 'UTC', 'YYYYMM')) is null then
      execute format(
        'create table if not exists inventory.movements_%s partition of inventory.movements for values from (%L) to (%L)',
        to_char(first_day at time zone 'UTC', 'YYYYMM'), first_day,
        ((first_day at time zone 'UTC') + interval '1 month') at time zone 'UTC');
      created := created + 1;
    end if;
  end loop;
  return created;
end $$;
select inventory.create_movement_partitions(3);

-- One for each key that stock was ever promised to; its shard is of the key. `allocations` is the
-- answer as it was given.
create table inventory.reservations (
  shard smallint not null,
  key text collate "C" not null,
  state text not null check (state in ('held', 'committed', 'released', 'expired')),
  expires_at timestamptz not null,
  country char(2) not null,
  region text,
  postal_code text not null,
  allocations jsonb not null,
  explanation text not null,
  created_at timestamptz not null default now(),
  primary key (shard, key)
) with (fillfactor = 85);
create index reservations_held on inventory.reservations (expires_at) where state = 'held';

-- What a reservation holds of one stock row, standing with that row (its shard is the warehouse's).
-- `open_quantity` is what the row's reserved_quantity counts of it now. `expires_at` is set while
-- the hold can expire: it is null once committed, freed or shipped.
create table inventory.reservation_lines (
  shard smallint not null,
  offer_id text collate "C" not null,
  warehouse_id text collate "C" not null,
  key text collate "C" not null,
  quantity int not null check (quantity >= 0),
  open_quantity int not null,
  shipped_quantity int not null default 0 check (shipped_quantity >= 0),
  expires_at timestamptz,
  primary key (shard, offer_id, warehouse_id, key),
  check (open_quantity >= 0 and open_quantity + shipped_quantity <= quantity)
) with (fillfactor = 85);
create index reservation_lines_expiring
  on inventory.reservation_lines (shard, offer_id, warehouse_id, expires_at)
  where expires_at is not null;

-- Commands that were done, by their callers' keys, so that a repetition does nothing and is
-- answered as the first was.
create table inventory.commands (
  shard smallint not null,
  key text collate "C" not null,
  reply jsonb,
  done_at timestamptz not null default now(),
  primary key (shard, key)
);
create index commands_done_at on inventory.commands (done_at);
