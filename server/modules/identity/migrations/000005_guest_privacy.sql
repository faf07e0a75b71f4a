-- Wishes of guests for a copy or an end of what hangs on their address, answered by mail a moment later; written alike
-- for every address.
create table identity.guest_requests (
  id text collate "C" primary key,
  email text not null,
  language text not null,
  created_at timestamptz not null
);
