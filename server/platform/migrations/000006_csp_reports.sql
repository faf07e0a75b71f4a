-- What browsers say that the pages' policy has stopped: each kind of thing once a day, with how often. No address,
-- no browser and no piece of a script is kept. Kinds are bounded, so that nobody can fill the table.
create table platform.csp_reports (
  id text collate "C" primary key,
  day date not null,
  page text collate "C" not null,
  directive text collate "C" not null,
  blocked text collate "C" not null,
  source text collate "C" not null,
  reports bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  unique (day, page, directive, blocked, source)
);
