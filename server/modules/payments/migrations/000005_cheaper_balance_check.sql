-- The same refusal without sorting the currencies of each journal.
create or replace function payments.refuse_unbalanced() returns trigger language plpgsql as $$
declare
  breach text;
begin
  select journal_id into breach from added
  group by shard, journal_id
  having sum(case side when 'D' then amount else -amount end) <> 0
      or min(currency) <> max(currency) or count(*) < 2
  limit 1;
  if breach is not null then
    raise exception 'journal % does not balance', breach using errcode = 'check_violation';
  end if;
  return null;
end $$;
