import type { AdminOffer, AdminProduct } from '#contracts/catalog/admin-schemas.ts'
import { imageText } from '../images.ts'
import type { AdminOfferRow, AdminProductRow, AdminVariantRow } from './products-repository.ts'

type Kept<T> = { [K in keyof T]?: Exclude<T[K], null | undefined> }

/** The members that have a value. */
export function present<T extends object>(members: T): Kept<T> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== null && value !== undefined),
  ) as Kept<T>
}

/** Times inside JSON come in the database's spelling. */
function isoTime(text: string): string {
  return new Date(text).toISOString()
}

type Prices = Pick<
  AdminOfferRow,
  'priceMinor' | 'currency' | 'salePriceMinor' | 'saleStartsAt' | 'saleEndsAt'
>

/** Price, sale price and the sale's window, as the contract spells them. */
export function toPrices(row: Prices) {
  const { currency } = row
  return {
    price: { amount: row.priceMinor, currency },
    ...present({
      salePrice: row.salePriceMinor === null ? null : { amount: row.salePriceMinor, currency },
      saleStartsAt: row.saleStartsAt && isoTime(row.saleStartsAt),
      saleEndsAt: row.saleEndsAt && isoTime(row.saleEndsAt),
    }),
  }
}

export function toAdminOffer(row: AdminOfferRow): AdminOffer {
  const { offerId, productId, variantId, sellerId, sku, condition } = row
  return {
    offerId,
    productId,
    variantId,
    sellerId,
    sku,
    condition,
    ...toPrices(row),
    status: row.status,
    available: row.available,
    version: row.version,
    updatedAt: isoTime(row.updatedAt),
  }
}

export function toAdminProduct(row: AdminProductRow): AdminProduct {
  const offers = Map.groupBy(row.offers, ({ variantId }) => variantId)
  return {
    id: row.id,
    ref: row.ref,
    slug: row.slug,
    sellerId: row.sellerId,
    name: row.name,
    ...present({ description: row.description, brand: row.brand, releasedOn: row.releasedOn }),
    categoryId: row.categoryId,
    images: row.images.map(imageText),
    attributes: Object.fromEntries(row.attributes.map(({ name, value }) => [name, value])),
    options: [...row.options],
    taxClass: row.taxClass,
    isFeatured: row.isFeatured,
    status: row.status,
    rating: row.rating,
    reviewCount: row.reviewCount,
    translations: row.translations.map(({ locale, ...texts }) => ({ locale, ...present(texts) })),
    variants: row.variants.map((variant) => toAdminVariant(variant, offers.get(variant.id) ?? [])),
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

function toAdminVariant(
  { id, sku, options, images, isActive, ...rest }: AdminVariantRow,
  offers: readonly AdminOfferRow[],
): AdminProduct['variants'][number] {
  const { name, gtin, weightGrams, dimensionsMm } = rest
  return {
    id,
    sku,
    ...present({ name, gtin, weightGrams }),
    ...(dimensionsMm ? { dimensionsMm: [...dimensionsMm] as [number, number, number] } : {}),
    options: { ...options },
    images: images.map(imageText),
    removed: !isActive,
    offers: offers.map(toAdminOffer),
  }
}
