-- Which seller's goods, shipping and tax a refund is about, if it is about some: the ledger then
-- takes it from them, and not from all of the order in proportion.
alter table payments.refunds add column splits jsonb;
