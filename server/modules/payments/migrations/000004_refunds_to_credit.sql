-- A refund that the customer takes as store credit: the provider keeps the money, the shop owes it. What
-- is credited and refunded together is guarded where it is claimed, not here: somebody may refund the
-- same at the provider itself, and then that has to be written down too.
alter table payments.payments
  add column credited bigint not null default 0 check (credited between 0 and captured);
alter table payments.refunds drop constraint refunds_amount_check;
alter table payments.refunds
  add column credit_amount bigint not null default 0 check (credit_amount >= 0),
  add constraint refunds_amount_check
    check (amount >= 0 and amount + tender_amount + credit_amount > 0);
