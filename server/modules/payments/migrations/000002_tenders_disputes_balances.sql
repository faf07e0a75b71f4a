-- Split tenders (gift cards, store credit), disputes, methods by market, and balances that are kept.

-- Money an order was promised by a method that pays later or elsewhere, and what a dispute took.
alter table payments.payments
  add column tendered bigint not null default 0 check (tendered >= 0),
  add column tender_refunded bigint not null default 0 check (tender_refunded >= 0),
  add column disputed bigint not null default 0 check (disputed >= 0),
  add column pay_before timestamptz,
  add constraint payments_tender_refunded check (tender_refunded <= tendered);
-- A bank transfer is found by the reference that the shopper wrote on it.
create index payments_transfer_reference on payments.payments (provider_ref)
  where provider = 'transfer';

alter table payments.payment_events drop constraint payment_events_type_check;
alter table payments.payment_events add constraint payment_events_type_check check (type in (
  'AUTH_OK', 'AUTH_FAIL', 'ACTION_REQUIRED', 'CAPTURE_OK', 'VOID_OK', 'REFUND_OK', 'REFUND_FAIL',
  'CHARGEBACK', 'CHARGEBACK_REVERSED', 'CHARGEBACK_LOST'));

-- `pending`: the provider has taken it in and its bank decides; a webhook or an operator tells.
alter table payments.refunds drop constraint refunds_state_check;
alter table payments.refunds add constraint refunds_state_check
  check (state in ('sent', 'pending', 'succeeded', 'failed'));
-- The part that goes back to gift cards and store credit, at once; `amount` is the provider's.
alter table payments.refunds drop constraint refunds_amount_check;
alter table payments.refunds
  add column tender_amount bigint not null default 0 check (tender_amount >= 0),
  add constraint refunds_amount_check check (amount >= 0 and amount + tender_amount > 0);

-- Prepaid money: a gift card, or a customer's store credit in one currency. The check is what
-- makes spending more than there is impossible, whatever the code does.
create table payments.prepaid_accounts (
  shard smallint not null,
  id text collate "C" not null,
  kind text not null check (kind in ('gift_card', 'store_credit')),
  -- SHA-256 of a gift card's code; the code itself is kept nowhere.
  code_hash bytea,
  last4 text,
  customer_id text collate "C",
  currency char(3) not null,
  issued bigint not null check (issued >= 0),
  balance bigint not null check (balance >= 0),
  disabled boolean not null default false,
  expires_at timestamptz,
  -- The operator's own name of what it was issued for: a repetition issues nothing.
  reference text collate "C" not null,
  created_at timestamptz not null,
  primary key (shard, id),
  check ((kind = 'gift_card') = (code_hash is not null)),
  check ((kind = 'store_credit') = (customer_id is not null))
) with (fillfactor = 80);
create unique index prepaid_accounts_code on payments.prepaid_accounts (code_hash)
  where code_hash is not null;
create unique index prepaid_accounts_customer
  on payments.prepaid_accounts (shard, customer_id, currency) where customer_id is not null;
create unique index prepaid_accounts_reference on payments.prepaid_accounts (reference)
  where kind = 'gift_card';

-- Every change of a prepaid account's balance, once per key; the balance is their sum.
create table payments.prepaid_entries (
  shard smallint not null,
  account_id text collate "C" not null,
  key text collate "C" not null,
  kind text not null check (kind in ('issue', 'redeem', 'return', 'correct')),
  amount bigint not null check (amount <> 0),
  order_id text collate "C",
  note text not null,
  at timestamptz not null,
  primary key (shard, account_id, key)
);

-- What an order takes from prepaid accounts; its attempts pay the rest.
create table payments.tenders (
  shard smallint not null,
  order_id text collate "C" not null,
  n smallint not null,
  account_id text collate "C" not null,
  account_shard smallint not null,
  kind text not null check (kind in ('gift_card', 'store_credit')),
  last4 text,
  currency char(3) not null,
  amount bigint not null check (amount > 0),
  refunded bigint not null default 0 check (refunded >= 0),
  created_at timestamptz not null,
  primary key (shard, order_id, n),
  unique (shard, order_id, account_id),
  check (refunded <= amount)
);

create table payments.disputes (
  shard smallint not null,
  order_id text collate "C" not null,
  id text collate "C" not null,
  provider text collate "C" not null,
  provider_ref text collate "C" not null,
  attempt int not null,
  state text not null check (state in ('open', 'won', 'lost')),
  currency char(3) not null,
  amount bigint not null check (amount > 0),
  fee bigint not null default 0 check (fee >= 0),
  reason text not null,
  opened_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (shard, order_id, id),
  unique (shard, provider, provider_ref)
);
create index disputes_newest on payments.disputes (opened_at desc, id desc);

-- Which methods of payment are offered where; `*` is everywhere. The most particular line counts.
create table payments.method_rules (
  method text collate "C" not null,
  country text collate "C" not null check (country = '*' or country ~ '^[A-Z]{2}$'),
  currency text collate "C" not null check (currency = '*' or currency ~ '^[A-Z]{3}$'),
  enabled boolean not null,
  min_amount bigint check (min_amount >= 0),
  max_amount bigint check (max_amount >= 0),
  updated_at timestamptz not null,
  primary key (method, country, currency)
);

alter table payments.ledger_accounts drop constraint ledger_accounts_kind_check;
alter table payments.ledger_accounts add constraint ledger_accounts_kind_check check (kind in (
  'psp_clearing', 'cod_clearing', 'bank_clearing', 'psp_settled', 'psp_fee', 'fx_liquidity',
  'buyer_receivable', 'seller_payable', 'payout_in_transit', 'platform_commission',
  'commission_vat', 'tax_payable', 'promo_expense', 'goodwill_expense', 'gift_card_sales',
  'gift_card_liability', 'store_credit_liability', 'chargeback_hold', 'chargeback_loss'));

alter table payments.journals drop constraint journals_source_type_check;
alter table payments.journals add constraint journals_source_type_check check (source_type in
  ('payment', 'order', 'refund', 'prepaid', 'tender', 'dispute', 'settlement', 'payout'));
alter table payments.journals drop constraint journals_kind_check;
alter table payments.journals add constraint journals_kind_check check (kind in (
  'capture', 'sale', 'refund', 'sale_reversal', 'issue', 'redeem', 'return', 'chargeback',
  'chargeback_reversed', 'chargeback_lost', 'fx_out', 'fx_in', 'fee', 'payout'));
alter table payments.postings drop constraint postings_purpose_check;
alter table payments.postings add constraint postings_purpose_check check (purpose in (
  'payment', 'goods', 'shipping', 'commission', 'tax', 'commission_vat', 'discount', 'prepaid',
  'dispute', 'fee', 'fx', 'payout'));

-- Balances, kept by the transaction that posts. Each connection has a line of its own, so that
-- sales do not wait for one another at the few accounts that all of them touch; a balance is the
-- sum of its lines.
create table payments.ledger_balances (
  account_id text collate "C" not null,
  slot smallint not null,
  debit bigint not null,
  credit bigint not null,
  primary key (account_id, slot)
) with (fillfactor = 50);

insert into payments.ledger_balances (account_id, slot, debit, credit)
select account_id, 0, coalesce(sum(amount) filter (where side = 'D'), 0),
       coalesce(sum(amount) filter (where side = 'C'), 0)
from payments.postings group by account_id;

create function payments.keep_balances() returns trigger language plpgsql as $$
begin
  insert into payments.ledger_balances as b (account_id, slot, debit, credit)
  select account_id, pg_backend_pid() % 64, coalesce(sum(amount) filter (where side = 'D'), 0),
         coalesce(sum(amount) filter (where side = 'C'), 0)
  from added group by account_id order by account_id
  on conflict (account_id, slot) do update
    set debit = b.debit + excluded.debit, credit = b.credit + excluded.credit;
  return null;
end $$;
create trigger postings_balances after insert on payments.postings
  referencing new table as added
  for each statement execute function payments.keep_balances();
