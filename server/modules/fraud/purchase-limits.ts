import type { PurchaseLimit } from '#contracts/fraud/schemas.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { statement, type Tx } from '../../platform/db/statement.ts'
import { shardOf } from '../../platform/ids.ts'
import type { FraudApi, PurchaseInput } from './api.ts'
import type { Subject, Subjects } from './subjects.ts'

const DAY_MS = 24 * 60 * 60_000
/** A limit set in another process counts here within this time. */
const LIMITS_LAST_MS = 2_000
/** Limits are for launches and scarce goods: all of them are held in memory. */
const MAX_LIMITS = 10_000

const LIMIT = `product_id as "productId", max_units as "maxUnits", window_days as "windowDays"`

const listLimits = statement<PurchaseLimit>(
  'fraud.list_purchase_limits',
  `select ${LIMIT} from fraud.purchase_limits where product_id > $1 order by product_id limit $2`,
)

const putLimit = statement(
  'fraud.put_purchase_limit',
  `insert into fraud.purchase_limits (product_id, max_units, window_days, updated_by, updated_at)
   values ($1, $2, $3, $4, $5)
   on conflict (product_id) do update set max_units = excluded.max_units,
     window_days = excluded.window_days, updated_by = excluded.updated_by,
     updated_at = excluded.updated_at`,
)

const deleteLimit = statement<{ productId: string }>(
  'fraud.delete_purchase_limit',
  `delete from fraud.purchase_limits where product_id = $1 returning product_id as "productId"`,
)

const claimUnits = statement<{ productId: string }>(
  'fraud.claim_units',
  `insert into fraud.purchase_claims
     (shard, order_id, product_id, subject, subject_shard, window_starts_at, units)
   select $1, $2, k.product_id, k.subject, k.shard, k.starts_at, k.units
   from unnest($3::text[], $4::text[], $5::smallint[], $6::timestamptz[], $7::int[])
     as k(product_id, subject, shard, starts_at, units)
   on conflict (shard, order_id, product_id, subject) do nothing
   returning product_id as "productId"`,
)

// The guard is in the statement: of a hundred that come at once, each sees the ones before it.
const countUnits = statement<{ productId: string }>(
  'fraud.count_units',
  `insert into fraud.purchase_counts as c (shard, subject, product_id, window_starts_at, units)
   select k.shard, k.subject, k.product_id, k.starts_at, k.units
   from unnest($1::smallint[], $2::text[], $3::text[], $4::timestamptz[], $5::int[], $6::int[])
     as k(shard, subject, product_id, starts_at, units, max_units)
   where k.units <= k.max_units
   order by k.shard, k.subject, k.product_id
   on conflict (shard, subject, product_id, window_starts_at) do update
     set units = c.units + excluded.units
     where c.units + excluded.units <= (
       select m.max_units from unnest($3::text[], $6::int[]) as m(product_id, max_units)
       where m.product_id = c.product_id limit 1)
   returning product_id as "productId"`,
)

const returnUnits = statement(
  'fraud.return_units',
  `with gone as (
     delete from fraud.purchase_claims p
     using unnest($1::smallint[], $2::text[]) as k(shard, order_id)
     where p.shard = k.shard and p.order_id = k.order_id
     returning p.subject_shard as shard, p.subject, p.product_id, p.window_starts_at, p.units
   ), summed as (
     select shard, subject, product_id, window_starts_at, sum(units)::int as given
     from gone group by shard, subject, product_id, window_starts_at
   ), locked as (
     select shard, subject, product_id, window_starts_at, summed.given
     from fraud.purchase_counts c join summed using (shard, subject, product_id, window_starts_at)
     order by shard, subject, product_id, window_starts_at for update of c
   )
   update fraud.purchase_counts c set units = c.units - l.given from locked l
   where c.shard = l.shard and c.subject = l.subject and c.product_id = l.product_id
     and c.window_starts_at = l.window_starts_at`,
)

export type PurchaseLimits = Pick<FraudApi, 'claimPurchase'> &
  Readonly<{
    list(input: { after: string | null; limit: number }): Promise<PurchaseLimit[]>
    set(limit: PurchaseLimit & Readonly<{ by: string }>): Promise<PurchaseLimit>
    /** @throws not_found */
    remove(input: { productId: string }): Promise<void>
  }>

type Deps = Readonly<{ db: Database; clock: Clock; subjects: Subjects }>
type Wanted = Readonly<{ limit: PurchaseLimit; units: number; startsAt: string }>

/** How many units of a product one shopper may order. */
export function createPurchaseLimits({ db, clock, subjects }: Deps): PurchaseLimits {
  let kept: Readonly<{ limits: Promise<Map<string, PurchaseLimit>>; until: number }> | null = null

  async function read(): Promise<Map<string, PurchaseLimit>> {
    const all = await listLimits(db, ['', MAX_LIMITS])
    return new Map(all.map((limit) => [limit.productId, limit]))
  }

  function current(): Promise<Map<string, PurchaseLimit>> {
    const now = clock.monotonicMs()
    if (kept && kept.until > now) return kept.limits
    const limits = read()
    kept = { limits, until: now + LIMITS_LAST_MS }
    limits.catch(() => {
      kept = null
    })
    return limits
  }

  function shoppersOf({ customerId, email }: PurchaseInput): Subject[] {
    const account = customerId === null ? null : subjects.of('customer', customerId)
    return [account, subjects.of('email', email)].filter((one) => one !== null)
  }

  return {
    async claimPurchase(input) {
      const wanted = wantedOf(await current(), input, clock.now().getTime())
      if (wanted.length === 0) return null
      const shoppers = shoppersOf(input)
      try {
        await db.tx((tx) => claim(tx, input.orderId, { wanted, shoppers }))
        return null
      } catch (error) {
        if (!(error instanceof LimitReached)) throw error
        const { productId, maxUnits } = error.limit
        return { productId, maxUnits }
      }
    },
    list: ({ after, limit }) => listLimits(db, [after ?? '', limit]),
    async set({ productId, maxUnits, windowDays, by }) {
      await putLimit(db, [productId, maxUnits, windowDays, by, clock.now().toISOString()])
      kept = null
      return { productId, maxUnits, windowDays }
    },
    async remove({ productId }) {
      if ((await deleteLimit(db, [productId])).length === 0) throw generalProblem('not_found')
      kept = null
    },
  }
}

/** Gives back what cancelled orders have claimed; again does nothing. */
export async function returnClaims(tx: Tx, orderIds: readonly string[]): Promise<void> {
  await returnUnits(tx, [orderIds.map(shardOf), orderIds])
}

function wantedOf(
  limits: ReadonlyMap<string, PurchaseLimit>,
  { lines }: PurchaseInput,
  now: number,
): Wanted[] {
  const units = new Map<string, number>()
  for (const { productId, quantity } of lines) {
    if (limits.has(productId)) units.set(productId, (units.get(productId) ?? 0) + quantity)
  }
  return [...units].map(([productId, wanted]) => {
    const limit = limits.get(productId) as PurchaseLimit
    const windowMs = limit.windowDays === null ? 0 : limit.windowDays * DAY_MS
    const startsAt = windowMs === 0 ? 0 : Math.floor(now / windowMs) * windowMs
    return { limit, units: wanted, startsAt: new Date(startsAt).toISOString() }
  })
}

/** Undoes the transaction in which the limit was found. */
class LimitReached extends Error {
  readonly limit: PurchaseLimit

  constructor(limit: PurchaseLimit) {
    super('A purchase limit is reached')
    this.limit = limit
  }
}

async function claim(
  tx: Tx,
  orderId: string,
  { wanted, shoppers }: Readonly<{ wanted: readonly Wanted[]; shoppers: readonly Subject[] }>,
): Promise<void> {
  const rows = wanted.flatMap((one) => shoppers.map((subject) => ({ ...one, subject })))
  const products = rows.map(({ limit }) => limit.productId)
  const starts = rows.map(({ startsAt }) => startsAt)
  const units = rows.map((one) => one.units)
  const keys = rows.map(({ subject }) => subject.key)
  const shards = rows.map(({ subject }) => subject.shard)
  const claimed = await claimUnits(tx, [
    ...[shardOf(orderId), orderId, products],
    ...[keys, shards, starts, units],
  ])
  if (claimed.length === 0) return
  const counted = await countUnits(tx, [
    shards,
    keys,
    products,
    starts,
    units,
    rows.map(({ limit }) => limit.maxUnits),
  ])
  const full = wanted.find(
    ({ limit }) =>
      counted.filter(({ productId }) => productId === limit.productId).length < shoppers.length,
  )
  if (full) throw new LimitReached(full.limit)
}
