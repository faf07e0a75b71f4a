-- What is given back of an order, for whichever cause, is finished by a worker if its process dies:
-- units that were not shipped go on sale again, and the money follows by the same key.
alter table orders.refunds
  drop constraint refunds_amount_check,
  add constraint refunds_amount_check check (amount >= 0),
  add column cause text not null default 'operator'
    check (cause in ('operator', 'cancellation', 'return')),
  -- Offers and quantities to take out of the reservation.
  add column stock jsonb not null default '[]',
  -- Null: done. Infinity: until the payment that it is taken from has come.
  add column due_at timestamptz;
create index refunds_due_at on orders.refunds (due_at) where due_at is not null;

-- Goods that come back (semantics 1g). `steps` is the history: what, when, by whom, by which key.
create table orders.returns (
  shard smallint not null,
  order_id text collate "C" not null,
  id text collate "C" not null,
  state text not null check (state in ('requested', 'approved', 'declined', 'label_issued',
    'in_transit', 'received', 'inspected', 'resolved', 'cancelled', 'expired')),
  resolution text check (resolution in ('refund', 'exchange', 'rejected')),
  wanted text not null check (wanted in ('refund', 'exchange')),
  shipping_paid_by text not null check (shipping_paid_by in ('shop', 'customer')),
  -- What the shop takes for the label that it paid, minor units.
  label_fee bigint not null default 0 check (label_fee >= 0),
  carrier text,
  tracking_number text,
  label_url text,
  note text,
  photos jsonb not null,
  refund_key text,
  -- By which parcel the exchanged goods left.
  exchange_carrier text,
  exchange_tracking_number text,
  -- When what was taken lay in stock again.
  stocked_at timestamptz,
  version int not null,
  steps jsonb not null,
  -- Until when the goods are to be sent.
  expires_at timestamptz,
  -- When a worker looks at what is left to do for it; null: nothing.
  due_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (shard, order_id, id),
  check ((state = 'resolved') = (resolution is not null))
) with (fillfactor = 80);
create index returns_state on orders.returns (state, id);
create index returns_expires_at on orders.returns (expires_at)
  where state in ('approved', 'label_issued');
create index returns_due_at on orders.returns (due_at) where due_at is not null;

create table orders.return_lines (
  shard smallint not null,
  order_id text collate "C" not null,
  return_id text collate "C" not null,
  line_id text collate "C" not null,
  offer_id text collate "C" not null,
  warehouse_id text collate "C" not null,
  quantity int not null check (quantity > 0),
  reason text not null,
  received int not null default 0 check (received between 0 and quantity),
  restocked int not null default 0 check (restocked >= 0),
  damaged int not null default 0 check (damaged >= 0),
  sent_back int not null default 0 check (sent_back >= 0),
  primary key (shard, order_id, return_id, line_id),
  check (restocked + damaged + sent_back <= received)
);

-- A unit is on its way back once.
alter table orders.order_lines
  add constraint order_lines_returns check (returned + return_requested <= delivered);
