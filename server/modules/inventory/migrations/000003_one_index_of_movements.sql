-- The ledger's page index has the primary key's columns in the order of time: one index is enough
-- to name a movement and to find the newest. Two were the largest part of an import's index work.
drop index inventory.movements_newest;
alter table inventory.movements drop constraint movements_pkey;
alter table inventory.movements
  add primary key (shard, offer_id, warehouse_id, created_at, command_key);
