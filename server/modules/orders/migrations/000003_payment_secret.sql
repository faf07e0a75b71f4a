-- How the shopper wants to pay, sealed, for as long as the order is not decided: so that a worker can
-- finish an order whose process died before it was charged. What the marketplace bears of discounts,
-- and the VAT on its commission, are frozen with the rest.
alter table orders.checkouts add column sealed_payment text;
alter table orders.checkouts add constraint checkouts_secret_is_short_lived
  check (sealed_payment is null or ending is null);
alter table orders.order_lines
  add column marketplace_discount bigint not null default 0 check (marketplace_discount >= 0),
  add column commission_vat bigint not null default 0 check (commission_vat >= 0);
alter table orders.seller_orders
  add column marketplace_discount bigint not null default 0 check (marketplace_discount >= 0),
  add column commission_vat bigint not null default 0 check (commission_vat >= 0);
