-- The shop's own words and rules. Every process keeps all of them in memory, and reads them anew
-- when the version has moved.
create table search.synonyms (
  id text collate "C" primary key,
  from_words text not null,
  to_words text[] not null,
  one_way boolean not null,
  locale text collate "C",
  enabled boolean not null,
  version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table search.rules (
  id text collate "C" primary key,
  name text not null,
  condition jsonb not null,
  effect jsonb not null,
  priority int not null,
  starts_at timestamptz,
  ends_at timestamptz,
  enabled boolean not null,
  version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table search.merchandising_version (
  only_row boolean primary key default true check (only_row),
  version bigint not null default 0
);
insert into search.merchandising_version default values;

-- Append-only: who changed what. `diff` is {field: [before, after]}.
create table search.changes (
  id text collate "C" primary key,
  actor text collate "C" not null,
  action text not null,
  entity text not null,
  entity_id text collate "C" not null,
  diff jsonb not null,
  changed_at timestamptz not null default now()
);
create index changes_of_entity on search.changes (entity_id, id);

create function search.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'who changed what is append-only' using errcode = 'check_violation';
end $$;
create trigger changes_immutable before update or delete or truncate on search.changes
  for each statement execute function search.refuse_change();
