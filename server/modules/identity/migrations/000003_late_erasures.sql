-- What other processes held in memory, and events on their way, come after an erasure: it is done once more by the
-- account's number. Not by address: that is free again at once, and may be a new account's.
create table identity.late_erasures (
  account_id text collate "C" primary key,
  due_at timestamptz not null
);
create index late_erasures_due on identity.late_erasures (due_at);
