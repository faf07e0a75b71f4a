-- Passkeys, sign-ins at providers, keys for programs, and teams come into use.
alter table identity.accounts drop constraint accounts_status_check;
alter table identity.accounts add constraint accounts_status_check
  check (status in ('active', 'disabled', 'erased'));

-- Backup eligibility and state (Web Authentication Level 3, 6.1.3), and the kind of authenticator.
alter table identity.passkeys
  add column is_multi_device boolean not null default false,
  add column is_backed_up boolean not null default false,
  add column aaguid text;

alter table identity.provider_logins add column id text collate "C" not null;

create unique index api_keys_id on identity.api_keys (shard, id);
create index api_keys_operators on identity.api_keys (created_at) where seller_id is null;

-- Who was asked by mail to join the operators, or a seller's team; the token is kept as SHA-256 alone.
create table identity.invitations (
  id text collate "C" primary key,
  token_hash bytea not null unique,
  -- Null: to operate the shop.
  seller_id text collate "C",
  email text collate "C" not null,
  roles text[] not null check (cardinality(roles) > 0),
  invited_by text not null,
  ends_at timestamptz not null,
  created_at timestamptz not null
);
create unique index invitations_email
  on identity.invitations (email, coalesce(seller_id, ''));
create index invitations_team on identity.invitations (coalesce(seller_id, ''), created_at);
