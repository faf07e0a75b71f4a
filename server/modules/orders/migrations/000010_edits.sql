-- What operators changed of a placed order, once per key; addresses are not kept here.
create table orders.edits (
  shard smallint not null,
  order_id text collate "C" not null,
  key text collate "C" not null,
  changed text[] not null,
  created_at timestamptz not null,
  primary key (shard, order_id, key)
);
