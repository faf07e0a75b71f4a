import { productChanged } from '#contracts/catalog/events.ts'
import { catalogProblem } from '#contracts/catalog/problems.ts'
import type { Money } from '#contracts/kit/money.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Database } from '../../../platform/db/database.ts'
import { only, statement, type Tx } from '../../../platform/db/statement.ts'
import { diffOf } from '../../../platform/diff.ts'
import type { Outbox } from '../../../platform/events/outbox.ts'
import { type Ids, shardOf } from '../../../platform/ids.ts'
import type { PricingApi } from '../../pricing/index.ts'
import { recordChanges } from '../admin/changes.ts'
import { touchProduct } from '../admin/products-repository.ts'

export type OfferChange = Readonly<{
  /** Who changes it. */
  actor: string
  offerId: string
  price?: Money | undefined
  /** Null ends the sale; a new one opens now and without end, unless its window is told. */
  salePrice?: Money | null | undefined
  saleStartsAt?: string | null | undefined
  saleEndsAt?: string | null | undefined
  status?: 'active' | 'paused' | undefined
  /** The version that the caller saw; refused if it is another by now. */
  expectedVersion?: number | undefined
}>

type OfferPrice = {
  productId: string
  priceMinor: number
  currency: string
  salePriceMinor: number | null
  saleStartsAt: string | null
  saleEndsAt: string | null
  status: 'active' | 'paused'
  version: number
}

const lockOffer = statement<OfferPrice>(
  'catalog.lock_offer',
  `select product_id as "productId", price_minor as "priceMinor", currency,
          sale_price_minor as "salePriceMinor", sale_starts_at as "saleStartsAt",
          sale_ends_at as "saleEndsAt", status, version
   from catalog.offers where shard = $1 and id = $2 for update`,
)

const updateOffer = statement<{ version: number }>(
  'catalog.update_offer',
  `update catalog.offers
   set price_minor = $3, currency = $4, sale_price_minor = $5, sale_starts_at = $6,
       sale_ends_at = $7, status = $8, version = version + 1, updated_at = now()
   where shard = $1 and id = $2 returning version`,
)

const recordPrice = statement(
  'catalog.record_price',
  `insert into catalog.price_history
     (shard, offer_id, version, price_minor, currency, sale_price_minor, sale_starts_at, sale_ends_at)
   select shard, id, version, price_minor, currency, sale_price_minor, sale_starts_at, sale_ends_at
   from catalog.offers where shard = $1 and id = $2`,
)

type Deps = Readonly<{ db: Database; outbox: Outbox; ids: Ids; pricing: PricingApi }>

/**
 * Changes an offer's price, sale or status; the same again changes nothing.
 * @throws not_found, precondition_failed, validation_failed, catalog.currency_not_sold
 */
export async function changeOffer(
  { db, outbox, ids, pricing }: Deps,
  change: OfferChange,
): Promise<{ offerId: string; version: number }> {
  const shard = shardIn(change.offerId)
  const { currencies } = await pricing.markets()
  for (const price of [change.price, change.salePrice]) {
    if (price && !currencies.includes(price.currency))
      throw catalogProblem('catalog.currency_not_sold')
  }
  const version = await db.tx((tx) => apply(tx, { outbox, ids }, shard, change))
  outbox.appended.strike()
  return { offerId: change.offerId, version }
}

async function apply(
  tx: Tx,
  { outbox, ids }: Pick<Deps, 'outbox' | 'ids'>,
  shard: number,
  change: OfferChange,
): Promise<number> {
  const key = [shard, change.offerId]
  const [before] = await lockOffer(tx, key)
  if (!before) throw generalProblem('not_found')
  if (change.expectedVersion !== undefined && change.expectedVersion !== before.version)
    throw generalProblem('precondition_failed', { data: { version: before.version } })
  const after = changed(before, change)
  const diff = diffOf(before, after)
  const fields = Object.keys(diff)
  if (fields.length === 0) return before.version
  const { priceMinor, currency, salePriceMinor, saleStartsAt, saleEndsAt, status } = after
  const { version } = only(
    await updateOffer(tx, [
      ...key,
      priceMinor,
      currency,
      salePriceMinor,
      saleStartsAt,
      saleEndsAt,
      status,
    ]),
  )
  if (fields.some((field) => field !== 'status')) await recordPrice(tx, key)
  const { productId } = before
  await recordChanges(tx, ids, change.actor, [
    { action: 'edited', entity: 'offer', entityId: change.offerId, subjectId: productId, diff },
  ])
  const product = only(await touchProduct(tx, [shard, productId]))
  const payload = { productId, version: product.version }
  await outbox.append(tx, [{ spec: productChanged, aggregateId: productId, payload }])
  return version
}

/** @throws validation_failed on a sale price in another currency or not below the price, or a window that never opens. */
function changed(before: OfferPrice, change: OfferChange): OfferPrice {
  const price = change.price ?? { amount: before.priceMinor, currency: before.currency }
  const keptSale =
    before.salePriceMinor === null
      ? null
      : { amount: before.salePriceMinor, currency: before.currency }
  const sale = change.salePrice === undefined ? keptSale : change.salePrice
  if (sale && (sale.currency !== price.currency || sale.amount >= price.amount))
    throw refusal('body.salePrice', `is not below the price in ${price.currency}`)
  const window = windowOf(before, change, sale)
  const { saleStartsAt, saleEndsAt } = window
  if (saleStartsAt && saleEndsAt && saleStartsAt >= saleEndsAt)
    throw refusal('body.saleEndsAt', 'is not after the start')
  return {
    ...before,
    priceMinor: price.amount,
    currency: price.currency,
    salePriceMinor: sale?.amount ?? null,
    ...window,
    status: change.status ?? before.status,
  }
}

/** A sale of the same price keeps its window, a new one begins with none; what is told counts. */
function windowOf(before: OfferPrice, change: OfferChange, sale: Money | null) {
  if (sale === null) return { saleStartsAt: null, saleEndsAt: null }
  const same = sale.amount === before.salePriceMinor && sale.currency === before.currency
  const edge = (told: string | null | undefined, kept: string | null) => {
    if (told === undefined) return same ? kept : null
    return told === null ? null : new Date(told).toISOString()
  }
  return {
    saleStartsAt: edge(change.saleStartsAt, before.saleStartsAt),
    saleEndsAt: edge(change.saleEndsAt, before.saleEndsAt),
  }
}

function refusal(path: string, message: string) {
  return generalProblem('validation_failed', { errors: [{ path, message }] })
}

function shardIn(offerId: string): number {
  if (!/^off_[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(offerId)) throw generalProblem('not_found')
  return shardOf(offerId)
}
