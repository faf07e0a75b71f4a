-- Where pictures were fetched from, so that an address which is named again is not asked again.
create table media.sources (
  -- SHA-256 of the address, which may be longer than an index takes.
  url_hash text collate "C" primary key,
  url text not null,
  key text collate "C" not null,
  fetched_at timestamptz not null default now()
);
