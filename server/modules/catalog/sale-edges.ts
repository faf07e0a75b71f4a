import { salePricesChanged } from '#contracts/catalog/events.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { statement, type Tx } from '../../platform/db/statement.ts'
import type { Outbox } from '../../platform/events/outbox.ts'
import type { Ticker } from '../../platform/module.ts'

type Edge = 'start' | 'end'
type Place = Readonly<{ at: string; shard: number; offerId: string }>
type Row = Readonly<{ at: string; shard: number; offerId: string; productId: string }>

/** None: another process is at it. */
const lockPlace = statement<Place>(
  'catalog.lock_sale_clock',
  `select told_at::text as at, shard, offer_id as "offerId" from catalog.sale_clock
   where edge = $1 for update skip locked`,
)
const movePlace = statement(
  'catalog.move_sale_clock',
  'update catalog.sale_clock set told_at = $2, shard = $3, offer_id = $4 where edge = $1',
)

const MOST_OFFERS = 1_000

// Places are compared as text's microseconds, which a JavaScript date would cut off.
const listEdges = {
  start: statement<Row>('catalog.list_sale_starts', edgesOf('sale_starts_at')),
  end: statement<Row>('catalog.list_sale_ends', edgesOf('sale_ends_at')),
} as const

function edgesOf(column: 'sale_starts_at' | 'sale_ends_at'): string {
  return `select ${column}::text as at, shard, id as "offerId", product_id as "productId"
    from catalog.offers
    where (${column}, shard, id) > ($1::timestamptz, $2::smallint, $3::text)
      and ${column} <= $4::timestamptz and ${column} is not null
      and status = 'active' and sale_price_minor is not null
    order by ${column}, shard, id limit ${MOST_OFFERS}`
}

/** So much later than the moment it is told, because the clocks of all who then read may differ. */
export const SETTLE_MS = 200
const TICK_MS = 250

type Deps = Readonly<{ db: Database; outbox: Outbox; clock: Clock }>

/**
 * Tells which prices changed because a sale began or ended, in order of time. An offer that is
 * written with a moment that has passed already tells of itself.
 */
export function createSaleTicker(deps: Deps): Ticker {
  return {
    name: 'catalog.tell_of_sales',
    everyMs: TICK_MS,
    run: async () => (await tellOf(deps, 'start')) + (await tellOf(deps, 'end')),
  }
}

async function tellOf({ db, outbox, clock }: Deps, edge: Edge): Promise<number> {
  const until = new Date(clock.now().getTime() - SETTLE_MS).toISOString()
  const told = await db.tx((tx) => step(tx, outbox, { edge, until }))
  if (told > 0) outbox.appended.strike()
  return told
}

async function step(
  tx: Tx,
  outbox: Outbox,
  { edge, until }: Readonly<{ edge: Edge; until: string }>,
): Promise<number> {
  const [place] = await lockPlace(tx, [edge])
  if (!place) return 0
  const rows = await listEdges[edge](tx, [place.at, place.shard, place.offerId, until])
  const last = rows.at(-1)
  if (!last) return 0
  const productIds = [...new Set(rows.map(({ productId }) => productId))]
  const aggregateId = productIds[0] as string
  await outbox.append(tx, [{ spec: salePricesChanged, aggregateId, payload: { productIds } }])
  await movePlace(tx, [edge, last.at, last.shard, last.offerId])
  return rows.length
}
