import { productChanged } from '#contracts/catalog/events.ts'
import { catalogProblem } from '#contracts/catalog/problems.ts'
import type { Money } from '#contracts/kit/money.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Database } from '../../../platform/db/database.ts'
import { only, statement, type Tx } from '../../../platform/db/statement.ts'
import type { Outbox } from '../../../platform/events/outbox.ts'
import { shardOf } from '../../../platform/ids.ts'
import type { PricingApi } from '../../pricing/index.ts'

export type OfferChange = Readonly<{
  offerId: string
  price?: Money | undefined
  /** Null ends the sale; with a price, it opens now and without end. */
  salePrice?: Money | null | undefined
  status?: 'active' | 'paused' | undefined
  /** The version that the caller saw; refused if it is another by now. */
  expectedVersion?: number | undefined
}>

type OfferPrice = {
  productId: string
  priceMinor: number
  currency: string
  salePriceMinor: number | null
  status: 'active' | 'paused'
  version: number
}

const lockOffer = statement<OfferPrice>(
  'catalog.lock_offer',
  `select product_id as "productId", price_minor as "priceMinor", currency,
          sale_price_minor as "salePriceMinor", status, version
   from catalog.offers where shard = $1 and id = $2 for update`,
)

const updateOffer = statement<{ version: number }>(
  'catalog.update_offer',
  `update catalog.offers
   set price_minor = $3, currency = $4, sale_price_minor = $5, status = $6,
       sale_starts_at = case when sale_price_minor is not distinct from $5 then sale_starts_at end,
       sale_ends_at = case when sale_price_minor is not distinct from $5 then sale_ends_at end,
       version = version + 1, updated_at = now()
   where shard = $1 and id = $2 returning version`,
)

const recordPrice = statement(
  'catalog.record_price',
  `insert into catalog.price_history
     (shard, offer_id, version, price_minor, currency, sale_price_minor, sale_starts_at, sale_ends_at)
   select shard, id, version, price_minor, currency, sale_price_minor, sale_starts_at, sale_ends_at
   from catalog.offers where shard = $1 and id = $2`,
)

const touchProduct = statement<{ version: number }>(
  'catalog.touch_product',
  `update catalog.products set version = version + 1, updated_at = now()
   where shard = $1 and id = $2 returning version`,
)

type Deps = Readonly<{ db: Database; outbox: Outbox; pricing: PricingApi }>

/**
 * Changes an offer's price, sale or status; the same again changes nothing.
 * @throws not_found, precondition_failed, validation_failed, catalog.currency_not_sold
 */
export async function changeOffer(
  { db, outbox, pricing }: Deps,
  change: OfferChange,
): Promise<{ offerId: string; version: number }> {
  const shard = shardIn(change.offerId)
  const { currencies } = await pricing.markets()
  for (const price of [change.price, change.salePrice]) {
    if (price && !currencies.includes(price.currency))
      throw catalogProblem('catalog.currency_not_sold')
  }
  const version = await db.tx((tx) => apply(tx, outbox, shard, change))
  outbox.appended.strike()
  return { offerId: change.offerId, version }
}

async function apply(tx: Tx, outbox: Outbox, shard: number, change: OfferChange): Promise<number> {
  const key = [shard, change.offerId]
  const [before] = await lockOffer(tx, key)
  if (!before) throw generalProblem('not_found')
  if (change.expectedVersion !== undefined && change.expectedVersion !== before.version)
    throw generalProblem('precondition_failed', { data: { version: before.version } })
  const after = changed(before, change)
  const samePrice =
    after.priceMinor === before.priceMinor &&
    after.currency === before.currency &&
    after.salePriceMinor === before.salePriceMinor
  if (samePrice && after.status === before.status) return before.version
  const { version } = only(
    await updateOffer(tx, [
      ...key,
      after.priceMinor,
      after.currency,
      after.salePriceMinor,
      after.status,
    ]),
  )
  if (!samePrice) await recordPrice(tx, key)
  const product = only(await touchProduct(tx, [shard, before.productId]))
  const payload = { productId: before.productId, version: product.version }
  await outbox.append(tx, [{ spec: productChanged, aggregateId: before.productId, payload }])
  return version
}

/** @throws validation_failed on a sale price in another currency, or not below the price. */
function changed(before: OfferPrice, change: OfferChange): OfferPrice {
  const price = change.price ?? { amount: before.priceMinor, currency: before.currency }
  const keptSale =
    before.salePriceMinor === null
      ? null
      : { amount: before.salePriceMinor, currency: before.currency }
  const sale = change.salePrice === undefined ? keptSale : change.salePrice
  if (sale && (sale.currency !== price.currency || sale.amount >= price.amount)) {
    throw generalProblem('validation_failed', {
      errors: [{ path: 'body.salePrice', message: `is not below the price in ${price.currency}` }],
    })
  }
  return {
    ...before,
    priceMinor: price.amount,
    currency: price.currency,
    salePriceMinor: sale?.amount ?? null,
    status: change.status ?? before.status,
  }
}

function shardIn(offerId: string): number {
  if (!/^off_[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(offerId)) throw generalProblem('not_found')
  return shardOf(offerId)
}
