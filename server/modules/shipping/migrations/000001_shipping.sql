create schema shipping;

-- Ways to send, where to, and at what price: data, so that a shop changes them without a release.
create table shipping.zones (
  id text collate "C" primary key,
  name text not null,
  -- Holds every country that no other zone names.
  rest_of_world boolean not null default false
);
create unique index zones_one_rest on shipping.zones (rest_of_world) where rest_of_world;
insert into shipping.zones (id, name, rest_of_world) values
  ('domestic', 'Countries of the warehouses', false),
  ('region', 'Europe and North America', false),
  ('world', 'Rest of the world', true),
  ('none', 'Not delivered to', false);

create table shipping.zone_countries (
  country char(2) collate "C" primary key,
  zone_id text collate "C" not null references shipping.zones
);
insert into shipping.zone_countries (country, zone_id)
select unnest(string_to_array('US DE GB FR', ' ')), 'domestic'
union all select unnest(string_to_array('CA MX AT BE BG CH CY CZ DK EE ES FI GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK', ' ')), 'region'
union all select unnest(string_to_array('BY CU IR KP RU SY', ' ')), 'none';

create table shipping.methods (
  id text collate "C" primary key,
  name text not null,
  rank smallint not null unique,
  active boolean not null default true
);
insert into shipping.methods (id, name, rank) values ('standard', 'Standard', 1), ('express', 'Express', 2);

-- A method in a zone: business days from the dispatch, and the order value (USD cents) from which
-- it costs nothing.
create table shipping.services (
  method_id text collate "C" not null references shipping.methods,
  zone_id text collate "C" not null references shipping.zones,
  min_days smallint not null check (min_days >= 0),
  max_days smallint not null check (max_days >= min_days),
  free_from_minor bigint,
  -- For each kilogram, or part of one, above the heaviest step.
  extra_kilogram_minor bigint not null,
  primary key (method_id, zone_id)
);
insert into shipping.services (method_id, zone_id, min_days, max_days, free_from_minor, extra_kilogram_minor) values
  ('standard', 'domestic', 2, 4, 4900, 90),
  ('standard', 'region', 4, 7, 9900, 180),
  ('standard', 'world', 8, 15, null, 450),
  ('express', 'domestic', 1, 1, null, 190),
  ('express', 'region', 2, 3, null, 390),
  ('express', 'world', 3, 5, null, 890);

-- Price of a parcel up to a weight, in USD cents.
create table shipping.rates (
  method_id text collate "C" not null,
  zone_id text collate "C" not null,
  max_weight_grams int not null check (max_weight_grams > 0),
  price_minor bigint not null check (price_minor >= 0),
  primary key (method_id, zone_id, max_weight_grams),
  foreign key (method_id, zone_id) references shipping.services
);
insert into shipping.rates (method_id, zone_id, max_weight_grams, price_minor) values
  ('standard', 'domestic', 1000, 490), ('standard', 'domestic', 5000, 690),
  ('standard', 'domestic', 15000, 990), ('standard', 'domestic', 31500, 1990),
  ('standard', 'region', 1000, 990), ('standard', 'region', 5000, 1490),
  ('standard', 'region', 15000, 2490), ('standard', 'region', 31500, 4490),
  ('standard', 'world', 1000, 1990), ('standard', 'world', 5000, 3490),
  ('standard', 'world', 15000, 6990), ('standard', 'world', 31500, 12990),
  ('express', 'domestic', 1000, 1290), ('express', 'domestic', 5000, 1690),
  ('express', 'domestic', 15000, 2490), ('express', 'domestic', 31500, 4490),
  ('express', 'region', 1000, 2490), ('express', 'region', 5000, 3490),
  ('express', 'region', 15000, 5990), ('express', 'region', 31500, 9990),
  ('express', 'world', 1000, 4490), ('express', 'world', 5000, 7490),
  ('express', 'world', 15000, 14990), ('express', 'world', 31500, 27990);

create table shipping.shipments (
  shard smallint not null,
  id text collate "C" not null,
  order_id text collate "C" not null,
  -- The command that made it, and its place among the command's parcels.
  key text collate "C" not null,
  place smallint not null,
  seller_id text collate "C" not null,
  warehouse_id text collate "C" not null,
  carrier text not null,
  tracking_number text,
  status text not null check (status in ('created', 'labelled', 'shipped', 'in_transit',
    'out_for_delivery', 'delivered', 'exception', 'returned_to_sender', 'lost', 'cancelled')),
  lines jsonb not null,
  estimated_delivery date,
  version int not null default 1,
  -- When the demo's carrier scans it next; null: never.
  demo_due_at timestamptz,
  created_at timestamptz not null,
  primary key (shard, id),
  unique (shard, key, place)
);
create index shipments_order on shipping.shipments (shard, order_id);
create index shipments_demo_due on shipping.shipments (demo_due_at) where demo_due_at is not null;

create table shipping.scans (
  shard smallint not null,
  shipment_id text collate "C" not null,
  event_id text collate "C" not null,
  status text not null,
  scanned_at timestamptz not null,
  location text,
  note text,
  received_at timestamptz not null default now(),
  primary key (shard, shipment_id, event_id)
);
