-- A cart is bought once. Until now its second order was refused only while the first was undecided: one
-- that was just confirmed, and whose cart was not closed yet, let another one pass.
drop index orders.checkouts_cart;
create unique index checkouts_cart on orders.checkouts (shard, cart_id)
  where ending is null or ending = 'confirmed';
