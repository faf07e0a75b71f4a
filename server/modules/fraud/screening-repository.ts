import type { FraudReason, FraudScreening } from '#contracts/fraud/schemas.ts'
import { money } from '#contracts/kit/money.ts'
import { jsonLines } from '../../platform/db/array-text.ts'
import { type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import { shardOf } from '../../platform/ids.ts'
import type { Decision, SubjectFacts } from './model.ts'
import type { Subject } from './subjects.ts'

/** A screening as its row holds it. */
export type ScreeningRecord = Readonly<{
  orderId: string
  buyer: string
  subjects: readonly string[]
  decision: Decision
  enforced: boolean
  score: number
  reasons: readonly FraudReason[]
  rulesVersion: number
  currency: string
  total: number
  country: string
  reviewState: FraudScreening['reviewState']
  decidedBy: string | null
  decidedAt: string | null
  createdAt: string
}>

export const SCREENING = `order_id as "orderId", buyer, subjects, decision, enforced, score, reasons,
  rules_version as "rulesVersion", currency, total, country, review_state as "reviewState",
  decided_by as "decidedBy", decided_at as "decidedAt", created_at as "createdAt"`

type FactRow = Readonly<{
  place: number
  what: 'counter' | 'spending' | 'list' | SubjectFacts['marks'][number]['kind']
  name: string
  orders: number
  amount: number
}>

// What is there, one row each; of most subjects of most orders there is nothing. Only buyers have a
// history, so only they are looked up there.
const readFacts = statement<FactRow>(
  'fraud.read_facts',
  `with k as materialized (
     select shard, subject, place::int as place, subject ~ '^(customer|email):' as is_buyer
     from unnest($1::smallint[], $2::text[]) with ordinality as k(shard, subject, place)
   )
   select k.place, 'counter' as what, extract(epoch from c.bucket_at)::bigint::text as name,
     c.orders, c.declines::bigint as amount
   from k join fraud.counters c using (shard, subject) where c.bucket_at > $3
   union all
   select k.place, 'spending', s.currency, s.orders, s.amount
   from k join fraud.spendings s using (shard, subject) where k.is_buyer
   union all
   select k.place, m.kind, m.value, 0, 0
   from k join fraud.marks m using (shard, subject) where k.is_buyer
   union all
   select k.place, 'list', l.list, 0, 0
   from k join fraud.list_entries l using (subject)
   where l.expires_at is null or l.expires_at > $4`,
)

/** What is known of each subject, in their order. */
export async function listFacts(
  on: Queryable,
  subjects: readonly Subject[],
  times: Readonly<{ since: string; now: string }>,
): Promise<SubjectFacts[]> {
  const shards = subjects.map(({ shard }) => shard)
  const keys = subjects.map(({ key }) => key)
  const rows = await readFacts(on, [shards, keys, times.since, times.now])
  const byPlace = Map.groupBy(rows, ({ place }) => place - 1)
  return subjects.map((subject, place) => toFacts(subject, byPlace.get(place) ?? []))
}

function toFacts(subject: Subject, rows: readonly FactRow[]): SubjectFacts {
  const buckets: SubjectFacts['buckets'][number][] = []
  const spendings: SubjectFacts['spendings'][number][] = []
  const marks: SubjectFacts['marks'][number][] = []
  let listed: SubjectFacts['listed'] = null
  for (const { what, name, orders, amount } of rows) {
    if (what === 'counter') buckets.push({ at: Number(name) * 1000, orders, declines: amount })
    else if (what === 'spending') spendings.push({ currency: name, orders, amount })
    else if (what === 'list') listed = name === 'deny' ? 'deny' : 'allow'
    else marks.push({ kind: what, value: name })
  }
  return { subject, buckets, spendings, marks, listed }
}

// New screenings and what they count, in one statement: who comes twice is counted once. Rows are
// written in one order everywhere, so that two processes never wait for each other.
const keepScreenings = statement<{ orderId: string }>(
  'fraud.keep_screenings',
  `with fresh as (
     insert into fraud.screenings (shard, order_id, buyer, subjects, decision, enforced, score,
       reasons, rules_version, currency, total, country, review_state, created_at)
     select shard, order_id, subjects[1], subjects, decision, enforced, score, reasons,
       rules_version, currency, total, country,
       case when decision = 'review' and enforced then 'open' end, $12
     from (
       select shard, order_id, string_to_array(subjects, ' ') as subjects, decision, enforced,
         score, reasons::jsonb as reasons, rules_version, currency, total, country
       from unnest($1::smallint[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::int[],
         string_to_array($7, E'\\n'), $8::int[], $9::text[], $10::bigint[], $11::text[])
         as s(shard, order_id, subjects, decision, enforced, score, reasons, rules_version,
              currency, total, country)
     ) as wanted
     order by shard, order_id
     on conflict (shard, order_id) do nothing
     returning order_id
   ), counted as (
     insert into fraud.counters as c (shard, subject, bucket_at, orders)
     select k.shard, k.subject, $13, count(*)
     from unnest($14::text[], $15::smallint[], $16::text[]) as k(order_id, shard, subject)
     join fresh using (order_id)
     group by k.shard, k.subject order by k.shard, k.subject
     on conflict (shard, subject, bucket_at) do update set orders = c.orders + excluded.orders
   )
   select order_id as "orderId" from fresh`,
)

export type NewScreening = Readonly<
  Pick<
    ScreeningRecord,
    | 'orderId'
    | 'decision'
    | 'enforced'
    | 'score'
    | 'reasons'
    | 'rulesVersion'
    | 'currency'
    | 'total'
    | 'country'
  > & { subjects: readonly Subject[] }
>

/** Writes those that are not there yet, and counts their subjects. @returns the orders of these. */
export async function insertScreenings(
  on: Queryable,
  screenings: readonly NewScreening[],
  times: Readonly<{ now: string; bucketAt: string }>,
): Promise<Set<string>> {
  const counted = screenings.flatMap(({ orderId, subjects }) =>
    subjects.map((subject) => ({ orderId, subject })),
  )
  const rows = await keepScreenings(on, [
    screenings.map(({ orderId }) => shardOf(orderId)),
    screenings.map(({ orderId }) => orderId),
    screenings.map(({ subjects }) => subjects.map(({ key }) => key).join(' ')),
    screenings.map(({ decision }) => decision),
    screenings.map(({ enforced }) => enforced),
    screenings.map(({ score }) => score),
    jsonLines(screenings.map(({ reasons }) => reasons)),
    screenings.map(({ rulesVersion }) => rulesVersion),
    screenings.map(({ currency }) => currency),
    screenings.map(({ total }) => total),
    screenings.map(({ country }) => country),
    times.now,
    times.bucketAt,
    counted.map(({ orderId }) => orderId),
    counted.map(({ subject }) => subject.shard),
    counted.map(({ subject }) => subject.key),
  ])
  return new Set(rows.map(({ orderId }) => orderId))
}

const listByOrders = statement<ScreeningRecord>(
  'fraud.list_screenings',
  `select ${SCREENING} from unnest($1::smallint[], $2::text[]) as k(shard, order_id)
   join fraud.screenings using (shard, order_id)`,
)

/** The screenings of these orders, as far as there are any. */
export async function listScreenings(
  on: Queryable,
  orderIds: readonly string[],
): Promise<Map<string, ScreeningRecord>> {
  if (orderIds.length === 0) return new Map()
  const rows = await listByOrders(on, [orderIds.map(shardOf), orderIds])
  return new Map(rows.map((row) => [row.orderId, row]))
}

const raiseScreening = statement<{ reviewState: FraudScreening['reviewState'] }>(
  'fraud.raise_screening',
  `update fraud.screenings set decision = $3, score = $4, reasons = $5,
     review_state = case when $3 = 'review' and enforced then 'open' end
   where shard = $1 and order_id = $2 and review_state is null and score < $4
   returning review_state as "reviewState"`,
)

/** Adds to the doubts of an order that nobody holds yet. @returns whether it did. */
export async function raise(
  tx: Tx,
  { orderId, decision, score, reasons }: ScreeningRecord,
): Promise<boolean> {
  const values = [shardOf(orderId), orderId, decision, score, JSON.stringify(reasons)]
  return (await raiseScreening(tx, values)).length > 0
}

export function toScreening(record: ScreeningRecord): FraudScreening {
  const { buyer, subjects, currency, total, reasons, ...rest } = record
  return { ...rest, reasons: [...reasons], total: money(total, currency) }
}
