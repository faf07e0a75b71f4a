-- A customer has several names: an account, and the e-mail address of the order. A limit counts each of them.
alter table pricing.redemptions add column further_names text[] collate "C" not null default '{}';
create index redemptions_further_names on pricing.redemptions using gin (further_names)
  where further_names <> '{}';
