-- What is given back may become store credit of a customer, as an operator or the customer wishes.
alter table orders.refunds add column credit_to text collate "C";
alter table orders.returns
  drop constraint returns_resolution_check,
  drop constraint returns_wanted_check,
  add constraint returns_resolution_check
    check (resolution in ('refund', 'exchange', 'store_credit', 'rejected')),
  add constraint returns_wanted_check check (wanted in ('refund', 'exchange', 'store_credit'));
