-- Nothing asks for what a provider said of one order: each word cost an entry that nobody read.
drop index payments.payment_events_order;
