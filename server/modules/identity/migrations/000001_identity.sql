create schema identity;

-- A person. What they may do besides shopping stands in operator_roles and seller_members.
create table identity.accounts (
  shard smallint not null,
  id text collate "C" not null,
  status text not null default 'active' check (status in ('active', 'erased')),
  email text not null,
  email_proven_at timestamptz,
  name text not null,
  language text,
  currency char(3),
  country char(2),
  personalisation boolean not null default true,
  marketing boolean not null default false,
  -- Sealed by the vault; it counts once it is confirmed by a first code.
  totp_sealed text,
  totp_confirmed_at timestamptz,
  -- Each step of 30 seconds is accepted once.
  totp_last_step bigint,
  created_at timestamptz not null,
  primary key (shard, id)
) with (fillfactor = 80);

-- Which accounts an e-mail address may mean, in the shard of the address: at most one that has
-- proven it, and some that have not. Accounts of one address share the salt of their passwords.
create table identity.logins (
  shard smallint not null,
  email text collate "C" not null,
  account_id text collate "C" not null,
  is_proven boolean not null default false,
  -- Argon2id in its own text form; null: no password.
  password_hash text,
  created_at timestamptz not null,
  primary key (shard, email, account_id)
);
create unique index logins_proven on identity.logins (shard, email) where is_proven;
create index logins_created_at on identity.logins (created_at) where not is_proven;

-- Tokens are kept as SHA-256 alone; the shard is the account's and stands in the token.
create table identity.sessions (
  shard smallint not null,
  token_hash bytea not null,
  id text collate "C" not null,
  account_id text collate "C" not null,
  device text not null,
  created_at timestamptz not null,
  authenticated_at timestamptz not null,
  last_seen_at timestamptz not null,
  idle_seconds int not null,
  ends_at timestamptz not null,
  primary key (shard, token_hash)
) with (fillfactor = 80);
create index sessions_account on identity.sessions (shard, account_id);
create index sessions_ends_at on identity.sessions (ends_at);

-- Links and challenges: used once, for a short time, kept as SHA-256 alone.
create table identity.one_time_tokens (
  shard smallint not null,
  token_hash bytea not null,
  purpose text not null,
  account_id text collate "C",
  email text,
  data jsonb,
  tries int not null default 0,
  ends_at timestamptz not null,
  created_at timestamptz not null,
  primary key (shard, token_hash)
);
create index one_time_tokens_account on identity.one_time_tokens (shard, account_id);
create index one_time_tokens_ends_at on identity.one_time_tokens (ends_at);

-- Wishes for a reset, written alike for addresses that are known and for those that are not;
-- answered by mail a moment later, so that time tells nothing either.
create table identity.reset_requests (
  id text collate "C" primary key,
  email text not null,
  language text not null,
  created_at timestamptz not null
);

create table identity.recovery_codes (
  shard smallint not null,
  account_id text collate "C" not null,
  code_hash bytea not null,
  primary key (shard, account_id, code_hash)
);

create table identity.passkeys (
  shard smallint not null,
  account_id text collate "C" not null,
  id text collate "C" not null,
  credential_id text collate "C" not null,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  name text not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  primary key (shard, account_id, id),
  unique (shard, account_id, credential_id)
);

-- Accounts at OpenID Connect providers; in the shard of issuer and subject.
create table identity.provider_logins (
  shard smallint not null,
  issuer text collate "C" not null,
  subject text collate "C" not null,
  account_id text collate "C" not null,
  created_at timestamptz not null,
  primary key (shard, issuer, subject)
);
create index provider_logins_account on identity.provider_logins (account_id);

create table identity.addresses (
  shard smallint not null,
  account_id text collate "C" not null,
  id text collate "C" not null,
  address jsonb not null,
  is_default boolean not null,
  created_at timestamptz not null,
  primary key (shard, account_id, id)
);
create unique index addresses_default on identity.addresses (shard, account_id) where is_default;

create table identity.operator_roles (
  account_id text collate "C" not null,
  role text not null check (role in ('admin', 'catalogue', 'support', 'finance', 'fraud')),
  granted_by text not null,
  granted_at timestamptz not null,
  primary key (account_id, role)
);

create table identity.seller_members (
  seller_id text collate "C" not null,
  account_id text collate "C" not null,
  role text not null check (role in ('owner', 'catalogue', 'orders', 'finance')),
  granted_by text not null,
  granted_at timestamptz not null,
  primary key (account_id, seller_id)
);
create index seller_members_seller on identity.seller_members (seller_id);

create table identity.api_keys (
  shard smallint not null,
  key_hash bytea not null,
  id text collate "C" not null,
  start text not null,
  name text not null,
  account_id text collate "C" not null,
  -- Null: an operator's key.
  seller_id text collate "C",
  scopes text[] not null check (cardinality(scopes) > 0),
  created_at timestamptz not null,
  ends_at timestamptz,
  last_used_at timestamptz,
  primary key (shard, key_hash)
);
create index api_keys_account on identity.api_keys (shard, account_id);
create index api_keys_seller on identity.api_keys (seller_id) where seller_id is not null;
