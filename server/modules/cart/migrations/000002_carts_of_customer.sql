-- A person's carts, for the copy and the end of their data.
create index carts_customer on cart.carts (customer_id) where customer_id is not null;
