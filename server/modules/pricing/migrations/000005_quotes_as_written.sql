-- A quote is read whole, once or twice, and never searched: it stays the text that was written,
-- which neither the writing nor the reading has to take apart.
alter table pricing.quotes
  alter column quote type json using quote::json,
  alter column shipping_address type json using shipping_address::json,
  alter column fx_rates type json using fx_rates::json,
  alter column promotions type json using promotions::json,
  alter column marketplace_discounts type json using marketplace_discounts::json;
