-- A customer's views, for the copy and the end of their data.
create index product_views_customer on behaviour.product_views (visitor)
  where visitor is not null;
