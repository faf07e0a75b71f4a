create schema search;

-- What answers while the index cannot: names alone, kept by the stream. Everything here can be
-- made anew from the catalogue.
create table search.titles (
  shard smallint not null,
  product_id text collate "C" not null,
  words tsvector not null,
  brand text collate "C" not null,
  category_ids text[] not null,
  popularity real not null,
  primary key (shard, product_id)
);
create index titles_words on search.titles using gin (words);
create index titles_categories on search.titles using gin (category_ids);
create index titles_popularity on search.titles (popularity desc, product_id);

-- How far `titles` follows the stream of events.
create table search.titles_cursor (
  only_row boolean primary key default true check (only_row),
  position bigint not null
);
insert into search.titles_cursor (position) values (0);

-- How attributes are spelled where people read them; filters know them in lower case.
create table search.attribute_labels (
  name text collate "C" primary key,
  label text not null
);

-- What was searched, for completions and for reports on searches that found nothing. One partition
-- a month, made and dropped by a job; what no month was made for lands in the last one.
create table search.queries (
  asked_at timestamptz not null,
  query text not null,
  filters_hash bytea,
  total int not null,
  took_ms real not null,
  corrected_query text,
  degraded boolean not null
) partition by range (asked_at);
create table search.queries_default partition of search.queries default;
create index queries_asked_at on search.queries using brin (asked_at);
