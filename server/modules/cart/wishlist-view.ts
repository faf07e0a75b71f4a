import type { WishlistItem } from '#contracts/cart/wishlists.ts'
import type { Money } from '#contracts/kit/money.ts'
import type { CatalogApi, OfferSnapshot } from '../catalog/index.ts'
import type { InventoryApi } from '../inventory/index.ts'
import type { PricingApi } from '../pricing/index.ts'
import { availabilityOf, pickOffer } from './model.ts'
import { offerView } from './view.ts'
import type { StoredWish, StoredWishlist } from './wishlist-repository.ts'

type Deps = Readonly<{
  catalog: Pick<CatalogApi, 'getVariantOffers'>
  pricing: Pick<PricingApi, 'display'>
  inventory: Pick<InventoryApi, 'available'>
}>

type Seen = Readonly<{ wish: StoredWish; offer: OfferSnapshot | undefined }>

/** The things of a list as of now: what was put aside by its own offer, else by the featured one. */
export function createWishlistView({ catalog, pricing, inventory }: Deps) {
  async function seen({ kind, items }: StoredWishlist): Promise<Seen[]> {
    if (items.length === 0) return []
    const offers = await catalog.getVariantOffers({
      variantIds: items.map(({ variantId }) => variantId),
    })
    return items.map((wish) => {
      const { variantId, offerId } = wish
      const same = kind === 'later' ? pickOffer(offers, { variantId, offerId }) : undefined
      return { wish, offer: same ?? pickOffer(offers, { variantId }) }
    })
  }

  async function stockOf(all: readonly Seen[]): Promise<Map<string, number>> {
    const offerIds = all.flatMap(({ offer }) => (offer ? [offer.offerId] : []))
    if (offerIds.length === 0) return new Map()
    const stock = await inventory.available({ offerIds })
    return new Map(stock.map(({ offerId, available }) => [offerId, available]))
  }

  return async function show(list: StoredWishlist, currency: string): Promise<WishlistItem[]> {
    const all = await seen(list)
    if (all.length === 0) return []
    const [stock, prices] = await Promise.all([
      stockOf(all),
      pricing.display({
        prices: all.flatMap(({ wish: { snapshot }, offer = snapshot }) => [
          offer.price,
          offer.listPrice,
          snapshot.price,
        ]),
        currency,
      }),
    ])
    return all.map(({ wish, offer }, place) =>
      itemView(wish, offer, {
        available: offer ? (stock.get(offer.offerId) ?? 0) : 0,
        prices: prices.slice(place * 3, place * 3 + 3) as [Money, Money, Money],
      }),
    )
  }
}

function itemView(
  { id, variantId, quantity, snapshot, addedAt }: StoredWish,
  offer: OfferSnapshot | undefined,
  {
    available,
    prices: [price, listPrice, from],
  }: {
    available: number
    prices: [Money, Money, Money]
  },
): WishlistItem {
  const shown = offer ?? snapshot
  const percent = offer ? dropPercent(snapshot.price, offer.price) : 0
  return {
    id,
    variantId,
    offerId: shown.offerId,
    ...offerView(shown, { unitPrice: price, listPrice }),
    quantity,
    ...(percent > 0 ? { priceDrop: { from, percent } } : {}),
    isSold: offer !== undefined,
    availability: availabilityOf(available),
    addedAt,
  }
}

/** By how many whole percent a price fell, rates of exchange aside; 0 if it did not. */
function dropPercent(before: Money, now: Money): number {
  if (before.currency !== now.currency || before.amount <= 0) return 0
  return Math.max(0, Math.floor(((before.amount - now.amount) * 100) / before.amount))
}
