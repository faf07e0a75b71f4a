-- What of each line's discount the marketplace bears, by line id; the sellers bear the rest.
alter table pricing.quotes add column marketplace_discounts jsonb;
