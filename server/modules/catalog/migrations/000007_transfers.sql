-- Imports and exports that operators asked for: a queue whose jobs outlive the process that runs them.
create table catalog.transfers (
  id text collate "C" primary key,
  kind text not null check (kind in ('import', 'export')),
  -- The same key is the same job.
  key text collate "C" not null unique,
  state text not null default 'waiting'
    check (state in ('waiting', 'running', 'finished', 'failed', 'cancelled')),
  -- Format and what it needs besides, as the importer or exporter takes it.
  settings jsonb not null,
  asked_by text collate "C" not null,
  -- Of the file: what came in, or what was written.
  bytes bigint not null default 0,
  has_file boolean not null default false,
  bytes_read bigint not null default 0,
  rows bigint not null default 0,
  products bigint not null default 0,
  total bigint not null default 0,
  changed bigint not null default 0,
  errors bigint not null default 0,
  problem text,
  -- Who runs it, and until when he may be believed dead.
  runner text collate "C",
  lease_until timestamptz,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz
);
create index transfers_of_kind on catalog.transfers (kind, id);
create index transfers_open on catalog.transfers (id) where state in ('waiting', 'running');
create index transfers_with_file on catalog.transfers (ended_at) where has_file;
