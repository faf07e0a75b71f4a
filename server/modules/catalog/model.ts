import type { Availability, Product } from '#contracts/catalog/schemas.ts'
import type { LaterStock } from '#contracts/inventory/schemas.ts'
import type { StoredImage } from './images.ts'

/** More pieces than these the public is not told of. */
export const SHOWN_STOCK = 100

export type AttributeEntry = Product['attributes'][number]

/** What an offer cost from a moment on. */
export type PricePoint = Readonly<{
  priceMinor: number
  currency: string
  salePriceMinor: number | null
  saleStartsAt: string | null
  saleEndsAt: string | null
  changedAt: string
}>

export type LaterPart = LaterStock & Readonly<{ quantity: number }>

/** An offer as its row says, with what is needed of its seller and stock. */
export type OfferRecord = Readonly<{
  id: string
  variantId: string
  sellerId: string
  sellerName: string
  sellerCountry: string
  sellerStatus: 'active' | 'suspended'
  orderDefectRate: number
  lateShipmentRate: number
  cancelRate: number
  sku: string
  condition: 'new' | 'refurbished' | 'used'
  priceMinor: number
  currency: string
  salePriceMinor: number | null
  saleStartsAt: string | null
  saleEndsAt: string | null
  status: 'active' | 'paused'
  version: number
  available: number
  /** The part of what is available that does not lie there yet. */
  later?: LaterPart | null
  /** Oldest first; of offers that have a sale price, where it was asked for. */
  priceHistory?: readonly PricePoint[] | null
}>

export type VariantRecord = Readonly<{
  id: string
  sku: string
  name: string | null
  gtin: string | null
  options: Readonly<Record<string, string>>
  images: readonly StoredImage[]
  weightGrams: number | null
}>

export type Translation = Readonly<{
  locale: string
  name: string | null
  description: string | null
}>

/** A product with all that hangs on it, as one statement reads it. */
export type ProductRecord = Readonly<{
  id: string
  slug: string
  name: string
  description: string | null
  brand: string | null
  categoryId: string
  attributes: readonly AttributeEntry[]
  images: readonly StoredImage[]
  options: readonly string[]
  status: 'draft' | 'active' | 'archived'
  rating: number
  reviewCount: number
  popularity: number
  taxClass: string
  translations: readonly Translation[]
  source: Readonly<{ set: string; licence: string; made: readonly string[] }> | null
  version: number
  createdAt: string
  /** Active ones, in their order. */
  variants: readonly VariantRecord[]
  offers: readonly OfferRecord[]
}>

type SaleWindow = Pick<OfferRecord, 'salePriceMinor' | 'saleStartsAt' | 'saleEndsAt'>

/** Whether the sale price is in force. */
export function isOnSale(offer: SaleWindow, now: Date): boolean {
  if (offer.salePriceMinor === null) return false
  const opened = offer.saleStartsAt === null || Date.parse(offer.saleStartsAt) <= now.getTime()
  const closed = offer.saleEndsAt !== null && Date.parse(offer.saleEndsAt) <= now.getTime()
  return opened && !closed
}

/** When the offer's price will next open or close a sale; Infinity if never. */
export function nextSaleEdge(offer: SaleWindow, now: Date): number {
  if (offer.salePriceMinor === null) return Number.POSITIVE_INFINITY
  const edges = [offer.saleStartsAt, offer.saleEndsAt]
    .map((edge) => (edge === null ? Number.POSITIVE_INFINITY : Date.parse(edge)))
    .filter((edge) => edge > now.getTime())
  return Math.min(...edges, Number.POSITIVE_INFINITY)
}

/** What the public is told of an offer's stock. */
export function availabilityOf({
  available,
  later,
}: Pick<OfferRecord, 'available' | 'later'>): Availability {
  const quantity = Math.min(Math.max(available, 0), SHOWN_STOCK)
  if (!later || quantity === 0 || available > later.quantity)
    return { inStock: quantity > 0, quantity }
  const { kind, availableOn } = later
  return { inStock: true, quantity, later: { kind, availableOn } }
}

export function isSellable(offer: OfferRecord): boolean {
  return offer.status === 'active' && offer.sellerStatus === 'active'
}
