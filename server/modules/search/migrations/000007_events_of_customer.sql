-- A customer's clicks and orders after searches, for the copy and the end of their data.
create index query_events_customer on search.query_events (visitor)
  where visitor is not null;
create index orders_customer on search.orders (visitor)
  where visitor is not null;
