-- What is put aside has a way back: people look through the list, and return or drop it.
alter table platform.parked_events add column created_at timestamptz;
create index parked_events_newest on platform.parked_events (parked_at desc, consumer, event_id);
