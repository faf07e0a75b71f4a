import type { Cart, CartLine } from '#contracts/cart/schemas.ts'
import { MAX_AMOUNT, type Money, money } from '#contracts/kit/money.ts'
import type { CatalogApi, OfferSnapshot } from '../catalog/index.ts'
import type { InventoryApi } from '../inventory/index.ts'
import type { PricingApi } from '../pricing/index.ts'
import { availabilityOf, noticesOf } from './model.ts'
import type { StoredCart, StoredLine } from './repository.ts'

type Deps = Readonly<{
  catalog: Pick<CatalogApi, 'getOffers'>
  pricing: Pick<PricingApi, 'display'>
  inventory: Pick<InventoryApi, 'available'>
}>

/** A cart as its shopper sees it: priced as of now, with what has changed since the goods were put in. */
export function createView({ catalog, pricing, inventory }: Deps) {
  /** Each line's offer as of now; null where it is sold no more. */
  async function offersOf(
    lines: readonly Pick<StoredLine, 'offerId'>[],
  ): Promise<Map<string, OfferSnapshot>> {
    if (lines.length === 0) return new Map()
    const offers = await catalog.getOffers({ offerIds: lines.map(({ offerId }) => offerId) })
    return new Map(offers.filter(({ active }) => active).map((offer) => [offer.offerId, offer]))
  }

  async function stockOf(lines: readonly StoredLine[]): Promise<Map<string, number>> {
    if (lines.length === 0) return new Map()
    const stock = await inventory.available({ offerIds: lines.map(({ offerId }) => offerId) })
    return new Map(stock.map(({ offerId, available }) => [offerId, available]))
  }

  async function show(cart: StoredCart): Promise<Cart> {
    const [offers, stock] = await Promise.all([offersOf(cart.lines), stockOf(cart.lines)])
    const current = cart.lines.map((line) => offers.get(line.offerId) ?? line.snapshot)
    const prices: readonly Money[] = await (current.length === 0
      ? []
      : pricing.display({
          prices: current.flatMap(({ price, listPrice }) => [price, listPrice]),
          currency: cart.currency,
        }))
    const lines = cart.lines.map((line, place) =>
      lineView(line, {
        shown: current[place] as OfferSnapshot,
        offer: offers.get(line.offerId) ?? null,
        available: stock.get(line.offerId) ?? 0,
        unitPrice: prices[place * 2] as Money,
        listPrice: prices[place * 2 + 1] as Money,
      }),
    )
    const sold = lines.filter(({ notices }) => !notices.includes('not_sold'))
    return {
      id: cart.id,
      currency: cart.currency,
      country: cart.country,
      status: cart.status,
      lines,
      coupons: [...cart.coupons],
      itemCount: lines.reduce((all, { quantity }) => all + quantity, 0),
      subtotal: atMost(
        sold.reduce((all, { total }) => all + total.amount, 0),
        cart.currency,
      ),
      version: cart.version,
    }
  }

  return { show, offersOf }
}

/** A cart worth more than can be counted is shown all the same; a quote refuses it. */
function atMost(amount: number, currency: string): Money {
  return money(Math.min(amount, MAX_AMOUNT), currency)
}

function lineView(
  { id, offerId, variantId, quantity, snapshot }: StoredLine,
  now: Readonly<{
    shown: OfferSnapshot
    offer: OfferSnapshot | null
    available: number
    unitPrice: Money
    listPrice: Money
  }>,
): CartLine {
  const { shown, offer, unitPrice, listPrice } = now
  const available = offer ? now.available : 0
  return {
    id,
    variantId,
    offerId,
    ...offerView(shown, { unitPrice, listPrice }),
    quantity,
    total: atMost(unitPrice.amount * quantity, unitPrice.currency),
    availability: availabilityOf(available),
    notices: noticesOf({ quantity, captured: snapshot, offer, available }),
  }
}

/** What is shown of an offer in a cart and in a list of wishes. */
export function offerView(
  { productId, slug, sku, name, image, options, sellerId, sellerName }: OfferSnapshot,
  { unitPrice, listPrice }: Readonly<{ unitPrice: Money; listPrice: Money }>,
) {
  return {
    productId,
    slug,
    sku,
    name,
    ...(image === undefined ? {} : { image }),
    options: { ...options },
    seller: { id: sellerId, name: sellerName },
    unitPrice: money(unitPrice.amount, unitPrice.currency),
    ...(listPrice.amount > unitPrice.amount ? { listPrice } : {}),
  }
}
