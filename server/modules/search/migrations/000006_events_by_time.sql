-- The day's sums and the end of old clicks look for events by time.
create index query_events_happened_at on search.query_events using brin (happened_at);
