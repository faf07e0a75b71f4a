-- What every module of this database leans on: its outbox, its consumers' cursors and inboxes, and
-- the replies kept for idempotency keys.

-- Events are appended here in the transaction of the change they tell of, then moved by one
-- sequencer into `events` (ADR 0004). The table stays nearly empty.
create table platform.outbox (
  seq bigint generated always as identity primary key,
  id text collate "C" not null,
  type text not null,
  aggregate_id text collate "C" not null,
  payload jsonb not null,
  headers jsonb not null default '{}',
  created_at timestamptz not null default now()
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 5000);

-- The stream: positions without gaps, in the order of commit for each aggregate.
create table platform.events (
  position bigint not null,
  id text collate "C" not null,
  type text not null,
  aggregate_id text collate "C" not null,
  payload jsonb not null,
  headers jsonb not null,
  created_at timestamptz not null,
  primary key (position)
) partition by range (position);
create table platform.events_p0 partition of platform.events for values from (0) to (5000000);

create table platform.event_head (
  only_row boolean primary key default true check (only_row),
  position bigint not null default 0
);
insert into platform.event_head default values;

create table platform.consumer_cursors (
  consumer text collate "C" not null,
  source text collate "C" not null,
  position bigint not null,
  updated_at timestamptz not null default now(),
  primary key (consumer, source)
);

create table platform.inbox (
  consumer text collate "C" not null,
  event_id text collate "C" not null,
  handled_at timestamptz not null default now(),
  primary key (consumer, event_id)
);
create index inbox_handled_at on platform.inbox using brin (handled_at);

create table platform.parked_events (
  consumer text collate "C" not null,
  event_id text collate "C" not null,
  position bigint not null,
  type text not null,
  aggregate_id text not null,
  payload jsonb not null,
  headers jsonb not null,
  error text not null,
  attempts int not null,
  parked_at timestamptz not null default now(),
  primary key (consumer, event_id)
);

create table platform.idempotency_keys (
  scope text collate "C" not null,
  key text collate "C" not null,
  request_hash bytea not null,
  state text not null check (state in ('in_progress', 'finished')),
  lease_until timestamptz not null,
  status int,
  reply text,
  headers jsonb,
  created_at timestamptz not null default now(),
  primary key (scope, key)
);
create index idempotency_keys_created_at on platform.idempotency_keys using brin (created_at);
