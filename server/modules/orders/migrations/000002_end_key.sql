-- Which command ended an order, so that its repetition does nothing and another one is refused.
alter table orders.checkouts add column end_key text collate "C";
