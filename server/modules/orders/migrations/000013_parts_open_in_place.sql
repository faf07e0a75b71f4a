-- A part that is paid for opens by an update that no index sees (heap-only): what is to ship, which
-- the demo alone asks for, is found by the orders' status.
drop index orders.seller_orders_to_ship;
