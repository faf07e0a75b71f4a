-- Pictures of a variant, and pictures that are still to be fetched from the addresses that files name.

alter table catalog.product_variants add column images jsonb not null default '[]';
alter table catalog.product_variants alter images set statistics 0;

-- Products whose pictures are elsewhere. A row goes when all have come; one that is given up stays,
-- with the reason, and is due never.
create table catalog.image_fetches (
  shard smallint not null,
  product_id text collate "C" not null,
  attempts int not null default 0,
  due_at timestamptz not null default now(),
  last_error text,
  primary key (shard, product_id)
);
create index image_fetches_due on catalog.image_fetches (due_at);
