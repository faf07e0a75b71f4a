-- A unique key that begins with the SKU holds SKUs apart and finds them too: an index of SKUs alone
-- beside it was a tenth of an import's index work. A product's variants are read by their options' key.
alter table catalog.offer_skus drop constraint offer_skus_pkey;
alter table catalog.offer_skus add primary key (sku, seller_id);
drop index catalog.offer_skus_by_sku;
alter table catalog.product_variants drop constraint product_variants_shard_product_id_sku_key;
alter table catalog.product_variants
  add constraint product_variants_sku_key unique (sku, shard, product_id);
drop index catalog.variants_by_sku;
