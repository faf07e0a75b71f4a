import { generalProblem } from '#contracts/kit/problem.ts'
import { showPrices } from '../documents/documents.ts'
import { explainFeaturedOffer } from '../featured-offer.ts'
import type { OfferRecord } from '../model.ts'
import { candidatesOf, priceOf } from '../product-view.ts'
import { readOffersOfVariants } from '../repository.ts'
import { type AdminDeps, keyOf } from './deps.ts'

type Asked = Readonly<{
  variantId: string
  currency?: string | undefined
  country?: string | undefined
}>

/**
 * Why which offer of a variant is featured in a market, the featured one first; paused offers too.
 * @throws not_found if nobody offers it, catalog.currency_not_sold
 */
export async function explainVariant(
  { db, pricing, clock }: AdminDeps,
  { variantId, currency, country }: Asked,
) {
  const [shard, id] = keyOf('var', variantId)
  const market = await pricing.market({ currency, country })
  const rows = await readOffersOfVariants(db, [[shard], [id]])
  if (rows.length === 0) throw generalProblem('not_found')
  const now = clock.now()
  const offers = rows.map((row) => row.offer)
  const prices = offers.map((offer) => priceOf(offer, now))
  const shown = await showPrices(pricing, prices, market.currency)
  const byId = new Map(offers.map((offer) => [offer.id, offer]))
  const verdicts = explainFeaturedOffer(
    candidatesOf(offers, { country: market.country, now, shown }),
  )
  return {
    variantId,
    currency: market.currency,
    country: market.country,
    offers: verdicts.map((verdict) => {
      const offer = byId.get(verdict.offerId) as OfferRecord
      return {
        ...verdict,
        reasons: [...verdict.reasons],
        seller: { id: offer.sellerId, name: offer.sellerName },
        landedPrice: shown(priceOf(offer, now)),
      }
    }),
  }
}
