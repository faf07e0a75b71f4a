-- In which language the shopper is written to; null: the client did not say.
alter table orders.orders add column language text;
