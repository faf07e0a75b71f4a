import type { EventEnvelope } from '#contracts/kit/event.ts'
import { type Queryable, statement } from '../db/statement.ts'

const takeIntoInbox = statement<{ event_id: string }>(
  'platform.take_into_inbox',
  `insert into platform.inbox (consumer, event_id)
   select $1, e from unnest($2::text[]) as e order by e
   on conflict do nothing returning event_id`,
)

/** Those of the events that this consumer has not handled yet; from now on it has. */
export async function takeNew(
  tx: Queryable,
  consumer: string,
  events: readonly EventEnvelope[],
): Promise<EventEnvelope[]> {
  if (events.length === 0) return []
  const taken = await takeIntoInbox(tx, [consumer, [...new Set(events.map((event) => event.id))]])
  const ids = new Set(taken.map((row) => row.event_id))
  return events.filter((event) => ids.delete(event.id))
}
