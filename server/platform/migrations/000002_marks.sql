-- What an installation has been through once, such as having loaded the demo catalogue.
create table platform.marks (
  name text collate "C" primary key,
  made_at timestamptz not null default now()
);
