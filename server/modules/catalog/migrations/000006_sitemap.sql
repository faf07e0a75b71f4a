-- How the products are divided into sitemaps: each part begins after a place in their order and ends
-- where the next begins. Planned now and then.
create table catalog.sitemap_parts (
  part int primary key,
  after_shard smallint not null,
  after_id text collate "C" not null,
  last_modified timestamptz not null
);
