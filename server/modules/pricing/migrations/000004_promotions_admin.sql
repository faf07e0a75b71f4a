-- Promotions that operators write: a version for If-Match, codes that are made in bulk and may each be
-- used so often, and what was used by which code.
alter table pricing.promotions
  add column version int not null default 1,
  add column created_at timestamptz not null default now(),
  add column updated_at timestamptz not null default now();

alter table pricing.coupons
  -- Which command made it, so that its repetition makes no more.
  add column batch text collate "C",
  add column used int not null default 0 check (used >= 0);
drop index pricing.coupons_promotion;
create index coupons_promotion on pricing.coupons (promotion_id, code);
create index coupons_batch on pricing.coupons (promotion_id, batch, code) where batch is not null;

alter table pricing.redemptions add column coupon text collate "C";
create index redemptions_promotion on pricing.redemptions (promotion_id, created_at);
