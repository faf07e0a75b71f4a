-- Who wants to hear of what, and what is still to be told. Nobody is here who did not ask for it.
create schema notifications;

-- A browser: where it is reached is a secret of its owner, so it is sealed, and found by its hash.
create table notifications.subscriptions (
  shard smallint not null,
  id text collate "C" not null,
  endpoint_hash text collate "C" not null,
  sealed text not null,
  account_id text collate "C",
  language text not null,
  created_at timestamptz not null,
  used_at timestamptz not null,
  primary key (shard, id),
  unique (shard, endpoint_hash)
);
create index subscriptions_account on notifications.subscriptions (account_id)
  where account_id is not null;
create index subscriptions_used_at on notifications.subscriptions using brin (used_at);

-- What it is told of: an order, or a product that becomes cheaper than `amount`. In the shard of the subject.
create table notifications.watches (
  shard smallint not null,
  subject text collate "C" not null,
  subscription_id text collate "C" not null,
  kind text collate "C" not null check (kind in ('order', 'price')),
  currency char(3) collate "C",
  country char(2) collate "C",
  -- Minor units; null while the product has no price.
  amount bigint,
  -- The product has changed: its price is looked at from then on.
  check_at timestamptz,
  created_at timestamptz not null,
  primary key (shard, subject, subscription_id),
  check (kind = 'order' or (currency is not null and country is not null))
) with (fillfactor = 80);
create index watches_subscription on notifications.watches (subscription_id);
create index watches_check_at on notifications.watches (check_at) where check_at is not null;

-- What is still to be sent. In the shard of the subscription.
create table notifications.news (
  shard smallint not null,
  subscription_id text collate "C" not null,
  -- Follows from what happened, so that it is told once.
  id text collate "C" not null,
  facts jsonb not null,
  tries int not null default 0,
  due_at timestamptz not null,
  created_at timestamptz not null,
  primary key (shard, subscription_id, id),
  foreign key (shard, subscription_id) references notifications.subscriptions on delete cascade
) with (fillfactor = 80);
create index news_due_at on notifications.news (due_at);
