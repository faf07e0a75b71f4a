-- What of an offer's stock is sold before it lies there: {kind, availableOn, quantity}; and of
-- which version of the stock this row tells, so that tellings out of turn do no harm.
alter table catalog.offer_stock
  add column later jsonb,
  add column version bigint not null default 0;
