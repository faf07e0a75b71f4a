import { reviewDecided } from '#contracts/fraud/events.ts'
import type { FraudNote, FraudScreening } from '#contracts/fraud/schemas.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { only, type Queryable, statement } from '../../platform/db/statement.ts'
import type { Outbox } from '../../platform/events/outbox.ts'
import { type Ids, shardOf } from '../../platform/ids.ts'
import {
  listScreenings,
  SCREENING,
  type ScreeningRecord,
  toScreening,
} from './screening-repository.ts'

type Outcome = 'approved' | 'rejected'
type Detailed = FraudScreening & { notes: FraudNote[] }
type Deps = Readonly<{ db: Database; outbox: Outbox; clock: Clock; ids: Ids }>

const listByState = statement<ScreeningRecord>(
  'fraud.list_reviews',
  `select ${SCREENING} from fraud.screenings where review_state = $1 and order_id > $2
   order by order_id limit $3`,
)

const listByStateBackwards = statement<ScreeningRecord>(
  'fraud.list_decided_reviews',
  `select ${SCREENING} from fraud.screenings where review_state = $1 and order_id < $2
   order by order_id desc limit $3`,
)

const closeReview = statement<{ orderId: string }>(
  'fraud.decide_review',
  `update fraud.screenings set review_state = $3, decided_by = $4, decided_at = $5
   where shard = $1 and order_id = $2 and review_state = 'open'
   returning order_id as "orderId"`,
)

const insertNote = statement(
  'fraud.insert_note',
  `insert into fraud.notes (shard, order_id, id, author, text, created_at)
   values ($1, $2, $3, $4, $5, $6)`,
)

const listNotes = statement<FraudNote>(
  'fraud.list_notes',
  `select author, text, created_at as "at" from fraud.notes
   where shard = $1 and order_id = $2 order by id limit 200`,
)

const COUNTED = 1_000

const countOpenReviews = statement<{ count: number }>(
  'fraud.count_open_reviews',
  `select count(*)::int as count from (
     select 1 from fraud.screenings where review_state = 'open' limit ${COUNTED}) as waiting`,
)

/** After every id there is, in the C collation. */
const LAST = '~'

export type Reviews = Readonly<{
  /** Open ones with the oldest first, decided ones with the newest first. */
  list(input: {
    state: NonNullable<FraudScreening['reviewState']>
    after: string | null
    limit: number
  }): Promise<FraudScreening[]>
  /** @throws not_found */
  get(input: { orderId: string }): Promise<Detailed>
  /**
   * Closes a review; the order follows by event. The same outcome again does nothing.
   * @throws not_found, invalid_transition if it is decided otherwise, or never was open
   */
  decide(input: {
    orderId: string
    outcome: Outcome
    by: string
    note: string | undefined
  }): Promise<Detailed>
  /** @throws not_found */
  note(input: { orderId: string; by: string; text: string }): Promise<Detailed>
  /** How many wait, counted up to 1,000. */
  countOpen(): Promise<number>
}>

/** The operator's queue: orders that are held until somebody has looked at them. */
export function createReviews({ db, outbox, clock, ids }: Deps): Reviews {
  async function get({ orderId }: { orderId: string }): Promise<Detailed> {
    const found = (await listScreenings(db, [orderId])).get(orderId)
    if (!found) throw generalProblem('not_found')
    return { ...toScreening(found), notes: await listNotes(db, [shardOf(orderId), orderId]) }
  }

  async function addNote(
    on: Queryable,
    { orderId, by, text }: Readonly<{ orderId: string; by: string; text: string }>,
  ): Promise<void> {
    const shard = shardOf(orderId)
    const id = ids.make('fno', shard)
    await insertNote(on, [shard, orderId, id, by, text, clock.now().toISOString()])
  }

  return {
    async list({ state, after, limit }) {
      const rows =
        state === 'open'
          ? await listByState(db, [state, after ?? '', limit])
          : await listByStateBackwards(db, [state, after ?? LAST, limit])
      return rows.map(toScreening)
    },
    get,
    async decide({ orderId, outcome, by, note }) {
      const now = clock.now().toISOString()
      const isClosed = await db.tx(async (tx) => {
        const values = [shardOf(orderId), orderId, outcome, by, now]
        if ((await closeReview(tx, values)).length === 0) return false
        if (note !== undefined) await addNote(tx, { orderId, by, text: note })
        const payload = { orderId, outcome }
        await outbox.append(tx, [{ spec: reviewDecided, aggregateId: orderId, payload }])
        return true
      })
      outbox.appended.strike()
      const screening = await get({ orderId })
      if (isClosed || screening.reviewState === outcome) return screening
      throw generalProblem('invalid_transition', {
        detail: `A review that is ${screening.reviewState ?? 'not needed'} cannot be ${outcome}`,
        data: { state: screening.reviewState, event: outcome, allowed: [] },
      })
    },
    async note({ orderId, by, text }) {
      await get({ orderId })
      await addNote(db, { orderId, by, text })
      return get({ orderId })
    },
    countOpen: async () => only(await countOpenReviews(db)).count,
  }
}
