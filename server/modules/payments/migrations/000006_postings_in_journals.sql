--! breaking
-- A journal's postings lie in its own row, in columns of arrays: what was one row and one entry of
-- an index for each posting, eleven rows an order, are two. An amount is above 0 for a credit and
-- below 0 for a debit.
alter table payments.journals
  add column account_ids text[] collate "C" not null default '{}',
  add column purposes text[] not null default '{}',
  add column amounts bigint[] not null default '{}';

alter table payments.journals disable trigger journals_immutable;
update payments.journals j
set account_ids = p.account_ids, purposes = p.purposes, amounts = p.amounts
from (
  select shard, journal_id, array_agg(account_id order by n) as account_ids,
         array_agg(purpose order by n) as purposes,
         array_agg(case side when 'C' then amount else -amount end order by n) as amounts
  from payments.postings group by shard, journal_id
) p
where j.shard = p.shard and j.id = p.journal_id;
alter table payments.journals enable trigger journals_immutable;

drop table payments.postings;
drop function payments.keep_balances();

alter table payments.journals
  alter column account_ids drop default,
  alter column purposes drop default,
  alter column amounts drop default,
  add constraint journals_postings check (
    cardinality(account_ids) >= 2 and cardinality(purposes) = cardinality(account_ids)
    and cardinality(amounts) = cardinality(account_ids)
    and array_position(account_ids, null) is null and array_position(amounts, null) is null
    and array_position(amounts, 0) is null),
  add constraint journals_purposes check (purposes <@ array[
    'payment', 'goods', 'shipping', 'commission', 'tax', 'commission_vat', 'discount', 'prepaid',
    'dispute', 'fee', 'fx', 'payout']);

-- What a journal belongs to decides its shard and is part of what it is told of: one index finds
-- a money fact that is booked already, and all journals of an order.
alter table payments.journals drop constraint journals_pkey;
alter table payments.journals
  drop constraint journals_shard_source_type_source_id_kind_key,
  add primary key (shard, order_id, source_type, source_id, kind);
drop index payments.journals_order;

-- The postings one by one, for readers.
create view payments.postings as
select j.shard, j.order_id, j.id as journal_id, j.kind, p.n::smallint as n, p.account_id, p.purpose,
       case when p.amount > 0 then 'C' else 'D' end as side, abs(p.amount) as amount, j.currency
from payments.journals j
cross join unnest(j.account_ids, j.purposes, j.amounts)
  with ordinality as p(account_id, purpose, amount, n);

-- A journal that does not balance is refused.
create or replace function payments.refuse_unbalanced() returns trigger language plpgsql as $$
declare
  breach text;
begin
  select id into breach from added
  where (select sum(amount) from unnest(amounts) as amount) <> 0 limit 1;
  if breach is not null then
    raise exception 'journal % does not balance', breach using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger journals_balance after insert on payments.journals
  referencing new table as added
  for each statement execute function payments.refuse_unbalanced();

-- Balances, kept by the transaction that books. Each connection has a line of its own, so that
-- sales do not wait for one another at the few accounts that all of them touch.
create function payments.keep_balances() returns trigger language plpgsql as $$
begin
  insert into payments.ledger_balances as b (account_id, slot, debit, credit)
  select account_id, pg_backend_pid() % 64, coalesce(-sum(amount) filter (where amount < 0), 0),
         coalesce(sum(amount) filter (where amount > 0), 0)
  from added, unnest(account_ids, amounts) as p(account_id, amount)
  group by account_id order by account_id
  on conflict (account_id, slot) do update
    set debit = b.debit + excluded.debit, credit = b.credit + excluded.credit;
  return null;
end $$;
create trigger journals_balances after insert on payments.journals
  referencing new table as added
  for each statement execute function payments.keep_balances();
