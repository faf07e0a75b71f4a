-- Attempts to be paid, what the providers said of them, refunds, and the double-entry ledger.
create schema payments;

-- One row for each try of an order. The counters are sums over payment_events, kept by the same
-- transaction; the checks hold whatever the code does (semantics 1e).
create table payments.payments (
  shard smallint not null,
  order_id text collate "C" not null,
  attempt int not null check (attempt > 0),
  id text collate "C" not null,
  provider text collate "C" not null,
  provider_key text collate "C" not null,
  provider_ref text collate "C",
  method text not null,
  currency char(3) not null,
  amount bigint not null check (amount >= 0),
  authorized bigint not null default 0 check (authorized >= 0),
  captured bigint not null default 0 check (captured >= 0),
  voided bigint not null default 0 check (voided >= 0),
  refunded bigint not null default 0 check (refunded >= 0),
  -- Refunds on their way to the provider: claimed here first, so that two never exceed the whole.
  refund_claimed bigint not null default 0 check (refund_claimed >= 0),
  state text not null check
    (state in ('unknown', 'requires_action', 'authorized', 'captured', 'failed', 'voided')),
  decline_code text,
  redirect_url text,
  card jsonb,
  risk_score int,
  -- When the provider is asked about an attempt whose outcome is not known; null: it is known.
  ask_at timestamptz,
  asks int not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (shard, order_id, attempt),
  check (captured + voided <= authorized),
  check (refunded + refund_claimed <= captured)
) with (fillfactor = 80);
create index payments_ask_at on payments.payments (ask_at) where ask_at is not null;

-- What a provider said, once each.
create table payments.payment_events (
  shard smallint not null,
  provider text collate "C" not null,
  provider_ref text collate "C" not null,
  type text not null check (type in (
    'AUTH_OK', 'AUTH_FAIL', 'ACTION_REQUIRED', 'CAPTURE_OK', 'VOID_OK', 'REFUND_OK', 'REFUND_FAIL')),
  order_id text collate "C" not null,
  attempt int not null,
  amount bigint not null check (amount >= 0),
  at timestamptz not null,
  primary key (shard, provider, provider_ref, type)
);
create index payment_events_order on payments.payment_events (shard, order_id);

create table payments.refunds (
  shard smallint not null,
  order_id text collate "C" not null,
  key text collate "C" not null,
  id text collate "C" not null,
  attempt int not null,
  currency char(3) not null,
  amount bigint not null check (amount > 0),
  reason text not null,
  state text not null check (state in ('sent', 'succeeded', 'failed')),
  provider_ref text collate "C",
  failure_code text,
  -- When a refund without an answer is sent again, under the same key; null: it is settled.
  ask_at timestamptz,
  asks int not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (shard, order_id, key)
);
create index refunds_ask_at on payments.refunds (ask_at) where ask_at is not null;

create table payments.ledger_accounts (
  id text collate "C" primary key,
  kind text not null check (kind in
    ('psp_clearing', 'buyer_receivable', 'seller_payable', 'platform_commission', 'tax_payable')),
  owner text collate "C" not null,
  currency char(3) not null
);

-- A journal is one money fact: its postings are of one currency and balance.
create table payments.journals (
  shard smallint not null,
  id text collate "C" not null,
  order_id text collate "C" not null,
  source_type text not null check (source_type in ('payment', 'order', 'refund')),
  source_id text collate "C" not null,
  kind text not null check (kind in ('capture', 'sale', 'refund', 'sale_reversal')),
  currency char(3) not null,
  created_at timestamptz not null,
  primary key (shard, id),
  unique (shard, source_type, source_id, kind)
);
create index journals_order on payments.journals (shard, order_id);

create table payments.postings (
  shard smallint not null,
  journal_id text collate "C" not null,
  n smallint not null,
  account_id text collate "C" not null,
  purpose text not null check (purpose in ('payment', 'goods', 'shipping', 'commission', 'tax')),
  side char(1) not null check (side in ('D', 'C')),
  amount bigint not null check (amount > 0),
  currency char(3) not null,
  primary key (shard, journal_id, n)
);

-- All postings of a journal come in one statement; a journal that does not balance is refused.
create function payments.refuse_unbalanced() returns trigger language plpgsql as $$
declare
  breach text;
begin
  select journal_id into breach from added
  group by shard, journal_id
  having sum(case side when 'D' then amount else -amount end) <> 0
      or count(distinct currency) <> 1 or count(*) < 2
  limit 1;
  if breach is not null then
    raise exception 'journal % does not balance', breach using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger postings_balance after insert on payments.postings
  referencing new table as added
  for each statement execute function payments.refuse_unbalanced();

create function payments.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is immutable: write a new journal' using errcode = 'check_violation';
end $$;
create trigger postings_immutable before update or delete or truncate on payments.postings
  for each statement execute function payments.refuse_change();
create trigger journals_immutable before update or delete or truncate on payments.journals
  for each statement execute function payments.refuse_change();
