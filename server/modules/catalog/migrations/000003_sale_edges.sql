-- When sales begin and end, in order of time, and up to where that was told of.
create index offers_sale_starts on catalog.offers (sale_starts_at, shard, id)
  where sale_starts_at is not null;
create index offers_sale_ends on catalog.offers (sale_ends_at, shard, id)
  where sale_ends_at is not null;

create table catalog.sale_clock (
  edge text primary key check (edge in ('start', 'end')),
  told_at timestamptz not null,
  shard smallint not null default -1,
  offer_id text collate "C" not null default ''
);
insert into catalog.sale_clock (edge, told_at) values ('start', now()), ('end', now());
