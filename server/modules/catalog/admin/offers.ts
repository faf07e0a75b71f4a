import type { z } from 'zod'
import type { AdminOffer, NewOffer, PriceHistoryPage } from '#contracts/catalog/admin-schemas.ts'
import { productChanged } from '#contracts/catalog/events.ts'
import { catalogProblem } from '#contracts/catalog/problems.ts'
import { type FieldError, generalProblem } from '#contracts/kit/problem.ts'
import type { Database } from '../../../platform/db/database.ts'
import { only, statement, type Tx } from '../../../platform/db/statement.ts'
import { diffOf } from '../../../platform/diff.ts'
import { decodeCursor, encodeCursor } from '../../../platform/http/cursor.ts'
import type { PricePoint } from '../model.ts'
import { recordChanges } from './changes.ts'
import { type AdminDeps, type Command, keyOf, refuseFaults } from './deps.ts'
import { readAdminOffer, touchProduct } from './products-repository.ts'
import { toAdminOffer, toPrices } from './view.ts'

const readSellers = statement<{ id: string }>(
  'catalog.read_sellers',
  'select id from catalog.sellers where id = any ($1::text[])',
)

const readVariantProduct = statement<{ productId: string }>(
  'catalog.read_variant_product',
  `select product_id as "productId" from catalog.product_variants
   where shard = $1 and id = $2 and is_active`,
)

const claimOfferSkus = statement<{ offerId: string }>(
  'catalog.claim_offer_skus',
  `insert into catalog.offer_skus (seller_id, sku, shard, offer_id, product_id)
   select seller_id, sku, $1::smallint, offer_id, $2::text
   from unnest($3::text[], $4::text[], $5::text[]) as k (seller_id, sku, offer_id)
   order by sku, seller_id
   on conflict do nothing returning offer_id as "offerId"`,
)

const insertOffers = statement(
  'catalog.insert_offers',
  `with made as (
     insert into catalog.offers
       (shard, id, product_id, variant_id, seller_id, sku, condition, price_minor, currency,
        sale_price_minor, sale_starts_at, sale_ends_at)
     select $1::smallint, k.id, $2::text, k.variant_id, k.seller_id, k.sku, k.condition,
            k.price_minor, k.currency, k.sale_price_minor, k.sale_starts_at, k.sale_ends_at
     from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[],
                 $9::text[], $10::bigint[], $11::timestamptz[], $12::timestamptz[])
       as k (id, variant_id, seller_id, sku, condition, price_minor, currency, sale_price_minor,
             sale_starts_at, sale_ends_at)
     returning shard, id, version, price_minor, currency, sale_price_minor, sale_starts_at,
               sale_ends_at
   )
   insert into catalog.price_history
     (shard, offer_id, version, price_minor, currency, sale_price_minor, sale_starts_at,
      sale_ends_at)
   select * from made`,
)

const listPrices = statement<PricePoint & Readonly<{ version: number }>>(
  'catalog.list_prices',
  `select version, price_minor as "priceMinor", currency, sale_price_minor as "salePriceMinor",
          sale_starts_at as "saleStartsAt", sale_ends_at as "saleEndsAt",
          changed_at as "changedAt"
   from catalog.price_history
   where shard = $1 and offer_id = $2 and version < $3 order by version desc limit $4`,
)

export type OfferPlan = Readonly<{ id: string; variantId: string; at: string; offer: NewOffer }>

/**
 * What is wrong with new offers, before anything is written.
 * @throws catalog.currency_not_sold
 */
export async function offerFaults(
  { db, pricing }: AdminDeps,
  offers: readonly Pick<OfferPlan, 'at' | 'offer'>[],
): Promise<FieldError[]> {
  if (offers.length === 0) return []
  const { currencies } = await pricing.markets()
  const asked = [...new Set(offers.map(({ offer }) => offer.sellerId))]
  const sellers = new Set((await readSellers(db, [asked])).map(({ id }) => id))
  return offers.flatMap(({ at, offer }): FieldError[] => {
    const { price, salePrice, saleStartsAt, saleEndsAt, sellerId } = offer
    if (!currencies.includes(price.currency)) throw catalogProblem('catalog.currency_not_sold')
    const errors: FieldError[] = []
    const wrong = (field: string, message: string) =>
      errors.push({ path: `${at}.${field}`, message })
    if (!sellers.has(sellerId)) wrong('sellerId', `is no seller: ${sellerId}`)
    if (salePrice && (salePrice.currency !== price.currency || salePrice.amount >= price.amount))
      wrong('salePrice', `is not below the price in ${price.currency}`)
    if (saleStartsAt && saleEndsAt && Date.parse(saleStartsAt) >= Date.parse(saleEndsAt))
      wrong('saleEndsAt', 'is not after the start')
    return errors
  })
}

/** Writes offers with the first row of their price history. @throws catalog.duplicate */
export async function writeOffers(
  tx: Tx,
  [shard, productId]: readonly [number, string],
  plans: readonly OfferPlan[],
): Promise<void> {
  if (plans.length === 0) return
  const column = (read: (plan: OfferPlan) => unknown) => plans.map(read)
  const claimed = await claimOfferSkus(tx, [
    shard,
    productId,
    column(({ offer }) => offer.sellerId),
    column(({ offer }) => offer.sku),
    column(({ id }) => id),
  ])
  const mine = new Set(claimed.map(({ offerId }) => offerId))
  const taken = plans.filter(({ id }) => !mine.has(id))
  if (taken.length > 0) {
    const message = 'is the SKU of another offer of this seller'
    throw catalogProblem('catalog.duplicate', {
      errors: taken.slice(0, 100).map(({ at }) => ({ path: `${at}.sku`, message })),
    })
  }
  await insertOffers(tx, [
    shard,
    productId,
    column(({ id }) => id),
    column(({ variantId }) => variantId),
    column(({ offer }) => offer.sellerId),
    column(({ offer }) => offer.sku),
    column(({ offer }) => offer.condition ?? 'new'),
    column(({ offer }) => offer.price.amount),
    column(({ offer }) => offer.price.currency),
    column(({ offer }) => offer.salePrice?.amount ?? null),
    column(({ offer }) => offer.saleStartsAt ?? null),
    column(({ offer }) => offer.saleEndsAt ?? null),
  ])
}

/** @throws not_found if there is no such variant, validation_failed, catalog.duplicate */
export async function createOffer(
  deps: AdminDeps,
  { actor, variantId, offer }: Command<{ variantId: string; offer: NewOffer }>,
): Promise<{ offerId: string; version: number }> {
  const { db, outbox, ids } = deps
  const [shard] = keyOf('var', variantId)
  refuseFaults(await offerFaults(deps, [{ at: 'body', offer }]))
  const offerId = ids.make('off', shard)
  await db.tx(async (tx) => {
    const [variant] = await readVariantProduct(tx, [shard, variantId])
    if (!variant) throw generalProblem('not_found')
    const { productId } = variant
    await writeOffers(tx, [shard, productId], [{ id: offerId, variantId, at: 'body', offer }])
    const { version } = only(await touchProduct(tx, [shard, productId]))
    const diff = diffOf({}, { variantId, ...offer })
    const made = { action: 'created', entity: 'offer', entityId: offerId } as const
    await recordChanges(tx, ids, actor, [{ ...made, subjectId: productId, diff }])
    const payload = { productId, version }
    await outbox.append(tx, [{ spec: productChanged, aggregateId: productId, payload }])
  })
  outbox.appended.strike()
  return { offerId, version: 1 }
}

/** @throws not_found */
export async function getOffer(db: Database, offerId: string): Promise<AdminOffer> {
  const [row] = await readAdminOffer(db, keyOf('off', offerId))
  if (!row) throw generalProblem('not_found')
  return toAdminOffer(row)
}

type Asked = Readonly<{ cursor?: string | undefined; limit?: number | undefined }>

const PAGE = 50
const NEWEST = 2_147_483_647

/** What an offer has cost, newest first. @throws not_found, validation_failed */
export async function listPriceHistory(
  db: Database,
  { offerId, cursor, limit = PAGE }: Asked & Readonly<{ offerId: string }>,
): Promise<z.infer<typeof PriceHistoryPage>> {
  const key = keyOf('off', offerId)
  const [before] = cursor === undefined ? [NEWEST] : decodeCursor(cursor, ['number'])
  const rows = await listPrices(db, [...key, Math.min(Number(before), NEWEST) | 0, limit])
  if (rows.length === 0 && cursor === undefined) throw generalProblem('not_found')
  const last = rows.at(-1)
  return {
    items: rows.map((row) => ({
      version: row.version,
      ...toPrices(row),
      changedAt: row.changedAt,
    })),
    nextCursor: last && rows.length === limit ? encodeCursor([last.version]) : null,
  }
}
