-- What operators need: versions of categories, attribute schemas, translations, the record of who
-- changed what, and lists of products by what operators ask for.

alter table catalog.categories
  add column version int not null default 1,
  -- JSON Schema of the attributes of products filed here and below; see attribute-schema.ts.
  add column attribute_schema jsonb,
  add column updated_at timestamptz not null default now();

-- A removed variant gives its combination of options free.
alter table catalog.product_variants drop column options_key;
alter table catalog.product_variants
  add column options_key text collate "C" not null
    generated always as (case when is_active then md5(options::text) else id end) stored;
alter table catalog.product_variants
  add constraint product_variants_options_key unique (shard, product_id, options_key)
    deferrable initially immediate;

create table catalog.translations (
  shard smallint not null,
  product_id text collate "C" not null,
  locale text collate "C" not null,
  name text,
  description text,
  primary key (shard, product_id, locale),
  check (name is not null or description is not null)
);

-- Append-only: who changed what. The subject is the product or category that the entity belongs to.
create table catalog.changes (
  id text collate "C" primary key,
  actor text collate "C" not null,
  action text not null,
  entity text not null,
  entity_id text collate "C" not null,
  subject_id text collate "C" not null,
  -- {field: [before, after]}
  diff jsonb not null,
  changed_at timestamptz not null default now()
);
create index changes_of_subject on catalog.changes (subject_id, id);
create index changes_of_entity on catalog.changes (entity_id, id);
create index changes_by_actor on catalog.changes (actor, id);

create function catalog.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'who changed what is append-only' using errcode = 'check_violation';
end $$;
create trigger changes_immutable before update or delete or truncate on catalog.changes
  for each statement execute function catalog.refuse_change();

-- Operators' lists. Few products are not active: theirs costs an import nothing.
create index products_inactive on catalog.products (status, category_id, shard, id)
  where status <> 'active';
create index products_by_seller on catalog.products (seller_id, shard, id);
create index products_by_brand on catalog.products (brand, shard, id) where brand is not null;
create index products_by_update on catalog.products (updated_at, shard, id);
create index variants_by_sku on catalog.product_variants (sku);
create index variants_by_gtin on catalog.product_variants (gtin) where gtin is not null;
create index offer_skus_by_sku on catalog.offer_skus (sku);
