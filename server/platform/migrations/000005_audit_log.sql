-- Who did what in the back office. Calls and changes are queued by whoever makes them, without waiting
-- for one another; one writer moves them into the log and chains each to the one before by its hash.
create table platform.audit_queue (
  id text collate "C" primary key,
  entry text not null,
  -- Null while the call is under way.
  outcome text,
  queued_at timestamptz not null default now()
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 1000);

-- `entry` is what is hashed, to the letter; the columns that lists look for are read out of it by the
-- database itself, so that none can be changed apart from it.
create table platform.audit_log (
  seq bigint primary key check (seq > 0),
  entry text not null,
  prev_hash bytea not null check (length(prev_hash) = 32),
  hash bytea not null check (length(hash) = 32),
  actor text collate "C" not null generated always as (entry::jsonb ->> 'actor') stored,
  action text collate "C" not null generated always as (entry::jsonb ->> 'action') stored,
  entity_id text collate "C" generated always as (entry::jsonb ->> 'entityId') stored
);
create index audit_log_by_actor on platform.audit_log (actor, seq);
create index audit_log_by_action on platform.audit_log (action, seq);
create index audit_log_by_entity on platform.audit_log (entity_id, seq) where entity_id is not null;

-- Where the chain ends. Its row's lock is what makes the writer one.
create table platform.audit_head (
  only_row boolean primary key default true check (only_row),
  seq bigint not null,
  hash bytea not null
);
insert into platform.audit_head (seq, hash) values (0, decode(repeat('00', 32), 'hex'));

create function platform.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is append-only' using errcode = 'check_violation';
end $$;
create trigger audit_log_immutable before update or delete or truncate on platform.audit_log
  for each statement execute function platform.refuse_change();
