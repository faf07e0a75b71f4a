import type { Database } from './db/database.ts'
import { statement } from './db/statement.ts'
import type { Idempotency } from './idempotency.ts'
import type { JobHandler } from './module.ts'

const KEY_HOURS = 72
const INBOX_DAYS = 14
const EVENT_DAYS = 14

const sweepInbox = statement<{ count: number }>(
  'platform.sweep_inbox',
  `with gone as (
     delete from platform.inbox where ctid = any (array(
       select ctid from platform.inbox where handled_at < now() - interval '${INBOX_DAYS} days' limit 10000))
     returning 1
   ) select count(*)::int as count from gone`,
)

const oldPartitions = statement<{ name: string }>(
  'platform.old_event_partitions',
  `select c.relname as name
   from pg_inherits i
   join pg_class c on c.oid = i.inhrelid
   join pg_class p on p.oid = i.inhparent
   join pg_namespace n on n.oid = p.relnamespace
   where n.nspname = 'platform' and p.relname = 'events'`,
)

/** Forgets what nobody will ask for again. */
export function housekeeping({
  db,
  idempotency,
}: Readonly<{ db: Database; idempotency: Idempotency }>): JobHandler[] {
  return [
    {
      name: 'platform.sweep_keys',
      cron: '*/10 * * * *',
      async run() {
        await idempotency.sweep(KEY_HOURS)
      },
    },
    {
      name: 'platform.sweep_inbox',
      cron: '5 * * * *',
      async run(_payload, { signal }) {
        while (!signal.aborted && ((await sweepInbox(db))[0]?.count ?? 0) > 0);
      },
    },
    { name: 'platform.drop_old_events', cron: '15 3 * * *', run: () => dropOldEvents(db) },
  ]
}

/**
 * Drops partitions of the stream whose newest event is older than the retention and which all
 * cursors have passed. One that has not moved for so long belongs to nobody any more, or to a
 * consumer that takes its events from Kafka.
 */
async function dropOldEvents(db: Database): Promise<void> {
  for (const { name } of await oldPartitions(db)) {
    if (!/^events_p\d+$/.test(name)) continue
    const { rows } = await db.query({
      text: `select created_at < now() - interval '${EVENT_DAYS} days'
               and position < (select min(position) from platform.consumer_cursors
                 where updated_at > now() - interval '${EVENT_DAYS} days') as old
             from platform.${name} order by position desc limit 1`,
    })
    if ((rows[0] as { old: boolean | null } | undefined)?.old)
      await db.query({ text: `drop table platform.${name}` })
  }
}
