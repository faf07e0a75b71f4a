-- All parts of a batch open soon after they were written: with room for each on its own page none
-- has to move to another, which every index would have to learn.
alter table orders.seller_orders set (fillfactor = 55);
