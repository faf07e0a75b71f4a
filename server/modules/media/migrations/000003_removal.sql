-- When a picture was last known to be wanted, and whether a product ever showed it: orders may then
-- show it still, long after the product does no more.
alter table media.files
  add column used_at timestamptz not null default now(),
  add column is_shown boolean not null default true;
alter table media.files alter column is_shown set default false;
create index files_by_use on media.files (is_shown, used_at);

-- Pictures whose rows are gone and whose bytes are still to go.
create table media.removals (
  key text collate "C" primary key,
  -- Somebody is removing the bytes right now.
  claimed_at timestamptz
);
