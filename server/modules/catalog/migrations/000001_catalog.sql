-- What is sold, by whom, for how much. Stock belongs to the inventory; what pages show of it is
-- kept here as a projection.
create schema if not exists catalog;

-- Small tables, read as a whole.

create table catalog.categories (
  id text collate "C" primary key,
  code text collate "C" not null unique,
  name text not null,
  description text,
  slug text collate "C" not null unique,
  parent_id text collate "C" references catalog.categories (id),
  -- Codes from the top down, each closed by a slash: a branch is a prefix, and moves in one update.
  path text collate "C" not null,
  level int not null,
  sort_order int not null default 0,
  is_active boolean not null default true,
  -- Active products filed here itself, not below; counted now and then.
  product_count int not null default 0,
  created_at timestamptz not null default now()
);
create index categories_parent on catalog.categories (parent_id);
create index categories_path on catalog.categories (path);

-- A copy of what the page needs of a seller.
create table catalog.sellers (
  id text collate "C" primary key,
  code text collate "C" not null unique,
  name text not null,
  country char(2) not null,
  status text not null default 'active' check (status in ('active', 'suspended')),
  -- Shares of orders, 0 to 1.
  order_defect_rate double precision not null default 0,
  late_shipment_rate double precision not null default 0,
  cancel_rate double precision not null default 0,
  department text,
  demo boolean not null default false,
  updated_at timestamptz not null default now()
);

-- Big tables. The shard is the tag in the product's id: the hash of its department when it was made.

create table catalog.products (
  shard smallint not null,
  id text collate "C" not null,
  ref text collate "C" not null,
  seller_id text collate "C" not null,
  slug text collate "C" not null,
  name text not null,
  description text,
  category_id text collate "C" not null,
  brand text,
  -- [{name, value}] in the order of the source, which a JSON object of jsonb would lose.
  attributes jsonb not null default '[]',
  images jsonb not null default '[]',
  options jsonb not null default '[]',
  status text not null default 'active' check (status in ('draft', 'active', 'archived')),
  is_featured boolean not null default false,
  rating numeric(3, 2) not null default 0 check (rating between 0 and 5),
  review_count int not null default 0 check (review_count >= 0),
  popularity double precision not null default 0 check (popularity between 0 and 1),
  tax_class text not null default 'standard',
  released_on date,
  source jsonb,
  version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (shard, id)
);
-- No plan asks what stands in these; without statistics ANALYZE need not read their long values.
alter table catalog.products
  alter description set statistics 0, alter attributes set statistics 0,
  alter images set statistics 0, alter options set statistics 0, alter source set statistics 0;
create index products_active_by_category on catalog.products (category_id, shard, id)
  where status = 'active';

create table catalog.product_variants (
  shard smallint not null,
  id text collate "C" not null,
  product_id text collate "C" not null,
  sku text collate "C" not null,
  name text,
  gtin text collate "C",
  options jsonb not null default '{}',
  options_key text collate "C" not null generated always as (md5(options::text)) stored,
  weight_grams int check (weight_grams >= 0),
  length_mm int,
  width_mm int,
  height_mm int,
  sort_order int not null default 0,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (shard, id),
  unique (shard, product_id, sku),
  -- Checked at the end of a statement, so that variants may swap their options.
  unique (shard, product_id, options_key) deferrable initially immediate
);

create table catalog.offers (
  shard smallint not null,
  id text collate "C" not null,
  product_id text collate "C" not null,
  variant_id text collate "C" not null,
  seller_id text collate "C" not null,
  sku text collate "C" not null,
  condition text not null default 'new' check (condition in ('new', 'refurbished', 'used')),
  price_minor bigint not null check (price_minor >= 0),
  currency char(3) not null,
  sale_price_minor bigint check (sale_price_minor >= 0 and sale_price_minor < price_minor),
  -- Open at an end that is null.
  sale_starts_at timestamptz,
  sale_ends_at timestamptz,
  status text not null default 'active' check (status in ('active', 'paused')),
  version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (shard, id)
);
create index offers_of_product on catalog.offers (shard, product_id, variant_id);

-- Append-only: what an offer cost from when on.
create table catalog.price_history (
  shard smallint not null,
  offer_id text collate "C" not null,
  version int not null,
  price_minor bigint not null,
  currency char(3) not null,
  sale_price_minor bigint,
  sale_starts_at timestamptz,
  sale_ends_at timestamptz,
  changed_at timestamptz not null default now(),
  primary key (shard, offer_id, version)
);

-- What can be sold of an offer, as the inventory last told.
create table catalog.offer_stock (
  shard smallint not null,
  offer_id text collate "C" not null,
  available int not null,
  updated_at timestamptz not null default now(),
  primary key (shard, offer_id)
) with (fillfactor = 80);

-- Directories: unique words that lead to a shard. Each could be distributed by its own word.

create table catalog.product_refs (
  ref text collate "C" primary key,
  shard smallint not null,
  product_id text collate "C" not null
);

-- Every slug a product ever had; the current one stands in its row.
create table catalog.product_slugs (
  slug text collate "C" primary key,
  shard smallint not null,
  product_id text collate "C" not null,
  created_at timestamptz not null default now()
);

create table catalog.offer_skus (
  seller_id text collate "C" not null,
  sku text collate "C" not null,
  shard smallint not null,
  offer_id text collate "C" not null,
  product_id text collate "C" not null,
  primary key (seller_id, sku)
);

-- Imports, each known by its caller's key; `last_row` is where a repetition goes on.
create table catalog.imports (
  id text collate "C" primary key,
  key text collate "C" not null unique,
  source text not null,
  state text not null default 'running' check (state in ('running', 'finished')),
  last_row bigint not null default 0,
  products bigint not null default 0,
  changed bigint not null default 0,
  errors bigint not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table catalog.import_errors (
  import_id text collate "C" not null,
  row_number bigint not null,
  field text not null,
  message text not null,
  primary key (import_id, row_number, field)
);
