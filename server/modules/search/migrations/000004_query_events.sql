-- What came of a search. `mark` tells visitors of one day apart and names nobody.
alter table search.queries
  add column id text collate "C",
  add column mark bytea,
  add column page int not null default 1;

-- Clicks, and what was put into carts and ordered after them. A partition a month, dropped after
-- three: only sums are kept for longer.
create table search.query_events (
  happened_at timestamptz not null,
  kind text not null check (kind in ('click', 'cart', 'order')),
  query_id text collate "C" not null,
  product_id text collate "C" not null,
  position int,
  -- `customer:…` or `guest:…`; null for who does not want to be followed.
  visitor text collate "C"
) partition by range (happened_at);
create table search.query_events_default partition of search.query_events default;
create index query_events_of_query on search.query_events (query_id);
create index query_events_of_visitor on search.query_events (visitor, product_id, happened_at)
  where kind = 'click' and visitor is not null;

-- What was ordered, until it is known after which search.
create table search.orders (
  order_id text collate "C" primary key,
  -- Absent until the order is placed, or until the visitor says that it is his.
  product_ids text[],
  ordered_at timestamptz not null,
  visitor text collate "C",
  is_paid boolean not null default false
);
create index orders_to_attribute on search.orders (order_id)
  where is_paid and visitor is not null and product_ids is not null;
create index orders_ordered_at on search.orders (ordered_at);

-- Sums of a day, from which reports are made.
create table search.query_days (
  day date not null,
  query text collate "C" not null,
  searches int not null,
  visitors int not null,
  zero_results int not null,
  clicked_searches int not null,
  -- Of each search with a click one over the best place that was clicked.
  reciprocal_ranks double precision not null,
  carts int not null,
  orders int not null,
  primary key (day, query)
);
