-- Screening of orders. Whoever is counted or listed here is a keyed hash (`email:…`, `network:…`),
-- never the address itself.
create schema fraud;

-- The rules, each version kept: what an order was judged by can be looked up for ever.
create table fraud.rule_sets (
  version int primary key,
  mode text not null check (mode in ('enforce', 'observe')),
  review_at int not null,
  deny_at int not null check (deny_at >= review_at),
  rules jsonb not null,
  note text not null,
  created_by text not null,
  created_at timestamptz not null
);

-- How often somebody ordered, or was declined, in each ten minutes. Kept for a day.
create table fraud.counters (
  shard smallint not null,
  subject text collate "C" not null,
  bucket_at timestamptz not null,
  orders int not null default 0,
  declines int not null default 0,
  primary key (shard, subject, bucket_at)
) with (fillfactor = 70);
create index counters_bucket_at on fraud.counters using brin (bucket_at);

-- What a buyer has spent on confirmed orders, by currency.
create table fraud.spendings (
  shard smallint not null,
  subject text collate "C" not null,
  currency char(3) not null,
  orders int not null,
  amount bigint not null,
  updated_at timestamptz not null,
  primary key (shard, subject, currency)
) with (fillfactor = 80);

-- Countries and devices that a buyer's confirmed orders came with, and his disputes.
create table fraud.marks (
  shard smallint not null,
  subject text collate "C" not null,
  kind text collate "C" not null check (kind in ('country', 'device', 'dispute')),
  value text collate "C" not null,
  seen_at timestamptz not null,
  primary key (shard, subject, kind, value)
);

-- What was decided of each order, and why.
create table fraud.screenings (
  shard smallint not null,
  order_id text collate "C" not null,
  -- The account, else the e-mail address.
  buyer text collate "C" not null,
  subjects text[] collate "C" not null,
  decision text not null check (decision in ('allow', 'review', 'deny')),
  enforced boolean not null,
  score int not null,
  reasons jsonb not null,
  rules_version int not null,
  currency char(3) not null,
  total bigint not null,
  country char(2) not null,
  review_state text check (review_state in ('open', 'approved', 'rejected')),
  decided_by text,
  decided_at timestamptz,
  created_at timestamptz not null,
  primary key (shard, order_id),
  check (review_state is null or (decision = 'review' and enforced))
);
create index screenings_review on fraud.screenings (review_state, order_id)
  where review_state is not null;
create index screenings_buyer on fraud.screenings (buyer);

create table fraud.notes (
  shard smallint not null,
  order_id text collate "C" not null,
  id text collate "C" not null,
  author text not null,
  text text not null,
  created_at timestamptz not null,
  primary key (shard, order_id, id)
);

create table fraud.list_entries (
  id text collate "C" primary key,
  list text not null check (list in ('allow', 'deny')),
  subject text collate "C" not null unique,
  reason text not null,
  expires_at timestamptz,
  created_by text not null,
  created_at timestamptz not null
);

-- Of which products one shopper may have only so many.
create table fraud.purchase_limits (
  product_id text collate "C" primary key,
  max_units int not null check (max_units > 0),
  window_days int check (window_days > 0),
  updated_by text not null,
  updated_at timestamptz not null
);

-- Units that somebody has ordered in a window; and whose order took them, so that a cancelled one
-- gives them back.
create table fraud.purchase_counts (
  shard smallint not null,
  subject text collate "C" not null,
  product_id text collate "C" not null,
  window_starts_at timestamptz not null,
  units int not null check (units >= 0),
  primary key (shard, subject, product_id, window_starts_at)
) with (fillfactor = 80);
create table fraud.purchase_claims (
  shard smallint not null,
  order_id text collate "C" not null,
  product_id text collate "C" not null,
  subject text collate "C" not null,
  subject_shard smallint not null,
  window_starts_at timestamptz not null,
  units int not null check (units > 0),
  primary key (shard, order_id, product_id, subject)
);
