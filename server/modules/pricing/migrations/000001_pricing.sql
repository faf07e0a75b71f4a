create schema pricing;

-- Where the shop sells: the currency of the country, and whether its shoppers see prices with tax.
-- The first market by `rank` is what a shopper gets of whom nothing is known, and the first of a
-- currency is the one meant by that currency alone.
create table pricing.markets (
  country char(2) collate "C" primary key,
  currency char(3) collate "C" not null,
  tax_included boolean not null,
  rank smallint not null unique
);
insert into pricing.markets (country, currency, tax_included, rank)
select country, currency, tax_included, row_number() over ()
from (values
  ('US', 'USD', false), ('DE', 'EUR', true), ('GB', 'GBP', true), ('FR', 'EUR', true),
  ('IT', 'EUR', true), ('ES', 'EUR', true), ('NL', 'EUR', true), ('AT', 'EUR', true),
  ('BE', 'EUR', true), ('IE', 'EUR', true), ('JP', 'JPY', true), ('CA', 'CAD', false),
  ('AU', 'AUD', true), ('CH', 'CHF', true), ('SE', 'SEK', true), ('DK', 'DKK', true),
  ('NO', 'NOK', true), ('FI', 'EUR', true), ('PT', 'EUR', true), ('PL', 'PLN', true),
  ('CZ', 'CZK', true), ('GR', 'EUR', true), ('HU', 'HUF', true), ('RO', 'RON', true),
  ('BG', 'EUR', true), ('HR', 'EUR', true), ('SI', 'EUR', true), ('SK', 'EUR', true),
  ('EE', 'EUR', true), ('LV', 'EUR', true), ('LT', 'EUR', true), ('LU', 'EUR', true),
  ('MT', 'EUR', true), ('CY', 'EUR', true), ('IS', 'ISK', true), ('NZ', 'NZD', true),
  ('SG', 'SGD', true), ('HK', 'HKD', true), ('KR', 'KRW', true), ('IN', 'INR', true),
  ('MX', 'MXN', true), ('BR', 'BRL', true), ('ZA', 'ZAR', true), ('IL', 'ILS', true),
  ('TR', 'TRY', true), ('TH', 'THB', true), ('MY', 'MYR', true), ('PH', 'PHP', true),
  ('ID', 'IDR', true), ('CN', 'CNY', true)
) as m(country, currency, tax_included);

-- Reference rates of the European Central Bank: units of `currency` for one euro on a bank day.
create table pricing.fx_rates (
  currency char(3) collate "C" not null,
  as_of date not null,
  rate numeric(20, 10) not null check (rate > 0),
  source text not null,
  primary key (currency, as_of)
);
create function pricing.refuse_change() returns trigger language plpgsql as
$$ begin raise exception 'rates are never changed: add a newer one'; end $$;
create trigger fx_rates_are_final before update or delete on pricing.fx_rates
  for each row execute function pricing.refuse_change();

create table pricing.promotions (
  id text collate "C" primary key,
  definition jsonb not null,
  active boolean not null,
  needs_coupon boolean not null,
  starts_at timestamptz,
  ends_at timestamptz,
  total_limit bigint,
  per_customer_limit bigint,
  budget_minor bigint,
  -- Counted only where there is a limit: an unlimited promotion's row is never touched by a sale.
  used bigint not null default 0 check (used >= 0),
  budget_used_minor bigint not null default 0 check (budget_used_minor >= 0),
  check (total_limit is null or used <= total_limit),
  check (budget_minor is null or budget_used_minor <= budget_minor)
) with (fillfactor = 50);
create index promotions_open on pricing.promotions (needs_coupon) where active;

create table pricing.coupons (
  code text collate "C" primary key,
  promotion_id text collate "C" not null references pricing.promotions
);
create index coupons_promotion on pricing.coupons (promotion_id);

create table pricing.customer_uses (
  promotion_id text collate "C" not null references pricing.promotions,
  customer text collate "C" not null,
  used bigint not null check (used >= 0),
  primary key (promotion_id, customer)
);

create table pricing.redemptions (
  shard smallint not null,
  key text collate "C" not null,
  promotion_id text collate "C" not null,
  quote_id text collate "C" not null,
  customer text collate "C",
  amount_minor bigint not null,
  currency char(3) collate "C" not null,
  budget_minor bigint not null,
  seller_share_percent smallint not null,
  created_at timestamptz not null default now(),
  released_at timestamptz,
  primary key (shard, key, promotion_id)
);

create table pricing.quotes (
  shard smallint not null,
  id text collate "C" not null,
  cart_id text collate "C" not null,
  cart_version bigint not null,
  fingerprint text not null,
  quote jsonb not null,
  shipping_address jsonb not null,
  fx_rates jsonb not null,
  -- What each promotion takes off, for its limits and for who bears the cost.
  promotions jsonb not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (shard, id)
);
create index quotes_expires_at on pricing.quotes using brin (expires_at);
