-- What a customer has used, for the copy and the end of their data.
create index customer_uses_customer on pricing.customer_uses (customer);
create index redemptions_customer on pricing.redemptions (customer) where customer is not null;
