-- What shoppers do, as it happens: written in batches, read by what recommends.
create schema behaviour;

-- A partition a day, made before its first row; old days are dropped whole. A batch that is written
-- again after a lost answer is there twice: these are counts of interest, not accounts.
create table behaviour.product_views (
  viewed_at timestamptz not null,
  product_id text collate "C" not null,
  -- `customer:…` or `guest:…`; null for who does not want to be followed.
  visitor text collate "C"
) partition by range (viewed_at);
