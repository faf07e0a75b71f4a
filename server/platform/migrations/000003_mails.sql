-- E-mails on their way out: written in the transaction of the change that they tell of. What one
-- says is sealed (it may hold a link that opens an account) and gone once it was sent.
create table platform.mails (
  id text collate "C" primary key,
  sealed text,
  state text not null check (state in ('waiting', 'sent', 'failed', 'kept')),
  tries int not null default 0,
  due_at timestamptz not null,
  created_at timestamptz not null,
  error text,
  check (sealed is not null or state in ('sent', 'failed'))
);
create index mails_due_at on platform.mails (due_at) where state = 'waiting';
create index mails_created_at on platform.mails (created_at);
