-- Slugs that lead to a product and are no longer its own. They are few: an index of them alone costs
-- a first load nothing.
alter table catalog.product_slugs add column is_past boolean not null default false;
update catalog.product_slugs d set is_past = true
from catalog.products p
where p.shard = d.shard and p.id = d.product_id and p.slug <> d.slug;
create index product_slugs_past on catalog.product_slugs (shard, product_id) where is_past;
