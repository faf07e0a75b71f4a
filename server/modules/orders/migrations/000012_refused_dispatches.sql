-- Stock may be found missing after units were counted as shipped: such a dispatch is taken back and may be made again,
-- which is another command to stock.
alter table orders.dispatches add column refusals smallint not null default 0;
