-- Mails about orders that are still to be written, and that were: each once. Nothing of the person is here; words,
-- name and address are found when the letter is written.
create table notifications.letters (
  shard smallint not null,
  order_id text collate "C" not null,
  -- Follows from what happened: `confirmed`, a parcel and its state, …
  topic text collate "C" not null,
  facts jsonb not null,
  tries int not null default 0,
  -- Null: it was written, or needed no writing.
  due_at timestamptz,
  created_at timestamptz not null,
  primary key (shard, order_id, topic)
) with (fillfactor = 80);
create index letters_due_at on notifications.letters (due_at) where due_at is not null;
create index letters_created_at on notifications.letters using brin (created_at);

-- The lowest price of a thing that its wisher was mailed.
create table notifications.told_prices (
  shard smallint not null,
  account_id text collate "C" not null,
  variant_id text collate "C" not null,
  currency char(3) collate "C" not null,
  amount bigint not null,
  told_at timestamptz not null,
  primary key (shard, account_id, variant_id, currency)
) with (fillfactor = 80);
create index told_prices_told_at on notifications.told_prices using brin (told_at);
