import type { CartLine } from '#contracts/cart/schemas.ts'
import type { OfferSnapshot } from '../catalog/index.ts'

/** What the public may know of stock at most. */
const SHOWN_STOCK = 100

/** What the shopper should be told of a line: what is now, against what was put in. */
export function noticesOf({
  quantity,
  captured,
  offer,
  available,
}: Readonly<{
  quantity: number
  captured: OfferSnapshot
  /** As of now; null if it is sold no more. */
  offer: OfferSnapshot | null
  available: number
}>): CartLine['notices'] {
  if (!offer) return ['not_sold']
  const notices: CartLine['notices'] = []
  const moved =
    offer.price.amount !== captured.price.amount || offer.price.currency !== captured.price.currency
  if (moved) notices.push('price_changed')
  if (available <= 0) notices.push('out_of_stock')
  else if (available < quantity) notices.push('less_in_stock')
  return notices
}

export function availabilityOf(available: number): CartLine['availability'] {
  return { inStock: available > 0, quantity: Math.max(0, Math.min(SHOWN_STOCK, available)) }
}

/** A coupon's code as carts keep it; pricing compares it by the same rule. */
export function couponCode(code: string): string {
  return code.normalize('NFKC').replace(/\s+/g, '').toUpperCase()
}

/** The offer to add: the one asked for, else the featured one; undefined if none is sold. */
export function pickOffer(
  offers: readonly OfferSnapshot[],
  { variantId, offerId }: Readonly<{ variantId: string; offerId?: string | undefined }>,
): OfferSnapshot | undefined {
  return offers.find(
    (offer) =>
      offer.active &&
      offer.variantId === variantId &&
      (offerId === undefined || offer.offerId === offerId),
  )
}
