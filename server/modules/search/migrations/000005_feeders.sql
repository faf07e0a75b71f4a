-- Which process brings an index up to date that several share. A lease by the database's clock: who has
-- it says so again each second; what it writes is idempotent, so that two for a moment do no harm.
create table search.feeders (
  index_name text collate "C" primary key,
  holder text collate "C" not null,
  seen_at timestamptz not null
);
