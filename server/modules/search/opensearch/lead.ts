import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import { statement } from '../../../platform/db/statement.ts'

const takeLead = statement<{ taken: number }>(
  'search.take_lead',
  `insert into search.feeders (index_name, holder, seen_at)
   values ($1, $2, clock_timestamp())
   on conflict (index_name) do update
     set holder = excluded.holder, seen_at = excluded.seen_at
     where feeders.holder = excluded.holder
        or feeders.seen_at < clock_timestamp() - make_interval(secs => $3::float8)
   returning 1 as taken`,
)
const giveUpLead = statement(
  'search.give_up_lead',
  'delete from search.feeders where index_name = $1 and holder = $2',
)

/** Who has not been heard of for so long leads no more. */
const LEASE_SECONDS = 5
const ASK_AGAIN_MS = 1_000

/** Whether this process, of all that share an index, is the one that feeds it. */
export type Lead = Readonly<{ leads(): Promise<boolean>; giveUp(): Promise<void> }>

/** @param holder names this process */
export function createLead({
  db,
  clock,
  holder,
  indexName,
}: Readonly<{ db: Database; clock: Clock; holder: string; indexName: () => string }>): Lead {
  let leading = false
  let askedAt = Number.NEGATIVE_INFINITY

  return {
    async leads() {
      if (clock.monotonicMs() - askedAt < ASK_AGAIN_MS) return leading
      askedAt = clock.monotonicMs()
      leading = (await takeLead(db, [indexName(), holder, LEASE_SECONDS])).length > 0
      return leading
    },
    async giveUp() {
      if (leading) await giveUpLead(db, [indexName(), holder])
      leading = false
    },
  }
}
