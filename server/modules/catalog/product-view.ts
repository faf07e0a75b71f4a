import { type Product, type ProductSummary, SHOP_LOCALE } from '#contracts/catalog/schemas.ts'
import type { Money } from '#contracts/kit/money.ts'
import type { IndexDocument, OfferSnapshot } from './api.ts'
import type { TreeNode } from './category-tree.ts'
import { explainFeaturedOffer, type OfferCandidate } from './featured-offer.ts'
import { thumbnailOf, toImage } from './images.ts'
import { translated } from './localization.ts'
import {
  availabilityOf,
  isOnSale,
  isSellable,
  type OfferRecord,
  type ProductRecord,
  type VariantRecord,
} from './model.ts'
import { priorPriceOf } from './prior-price.ts'
import type { OfferRow } from './repository.ts'

/** Days until a parcel from within the country, or from another, is promised before shipping says. */
const PROMISE_DAYS = { domestic: 3, abroad: 9 } as const

export type Surroundings = Readonly<{
  category: TreeNode
  /** The shopper's. */
  country: string
  currency: string
  now: Date
  /** The price in the shopper's currency. */
  shown(price: Money): Money
  /** One of the languages that the product is translated to, or the shop's own if absent. */
  locale?: string | undefined
}>

type ProductOffer = Product['variants'][number]['offers'][number]

function listPriceOf(offer: OfferRecord): Money {
  return { amount: offer.priceMinor, currency: offer.currency }
}

/** The price to pay now. */
export function priceOf(offer: OfferRecord, now: Date): Money {
  return {
    amount: isOnSale(offer, now) ? (offer.salePriceMinor as number) : offer.priceMinor,
    currency: offer.currency,
  }
}

/** All prices that a view of the offers can show. */
export function pricesIn(offers: readonly OfferRecord[], now: Date): Money[] {
  return offers.flatMap((offer) => {
    if (!isOnSale(offer, now)) return [listPriceOf(offer)]
    const prior = priorPrice(offer, now)
    return [listPriceOf(offer), priceOf(offer, now), ...(prior ? [prior] : [])]
  })
}

/** The lowest price of the 30 days before the sale began, if it is on sale. Source: semantics 30. */
function priorPrice(offer: OfferRecord, now: Date): Money | undefined {
  const amount = priorPriceOf(offer.priceHistory ?? [], now)
  return amount === undefined ? undefined : { amount, currency: offer.currency }
}

/** Offers of one variant, the featured one first. */
export function rankOffers(
  offers: readonly OfferRecord[],
  { country, now, shown }: Pick<Surroundings, 'country' | 'now' | 'shown'>,
): OfferRecord[] {
  if (offers.length < 2) return [...offers]
  const byId = new Map(offers.map((offer) => [offer.id, offer]))
  return explainFeaturedOffer(candidatesOf(offers, { country, now, shown })).map(
    ({ offerId }) => byId.get(offerId) as OfferRecord,
  )
}

/** What the choice of the featured offer looks at, as seen from a market. */
export function candidatesOf(
  offers: readonly OfferRecord[],
  { country, now, shown }: Pick<Surroundings, 'country' | 'now' | 'shown'>,
): OfferCandidate[] {
  return offers.map(
    (offer): OfferCandidate => ({
      offerId: offer.id,
      condition: offer.condition,
      sellable: isSellable(offer),
      landedMinor: shown(priceOf(offer, now)).amount,
      promiseDays: offer.sellerCountry === country ? PROMISE_DAYS.domestic : PROMISE_DAYS.abroad,
      available: offer.available,
      orderDefectRate: offer.orderDefectRate,
      lateShipmentRate: offer.lateShipmentRate,
      cancelRate: offer.cancelRate,
    }),
  )
}

/** The product as the contract shows it. */
export function toProduct(original: ProductRecord, around: Surroundings): Product {
  const record = translated(original, around.locale)
  const offers = Map.groupBy(record.offers.filter(isSellable), (offer) => offer.variantId)
  const variants = record.variants.flatMap((variant) =>
    toVariant(record, variant, offers.get(variant.id) ?? [], around),
  )
  return {
    id: record.id,
    slug: record.slug,
    name: record.name,
    ...(record.description === null ? {} : { description: record.description }),
    ...(record.brand === null ? {} : { brand: record.brand }),
    categories: [...around.category.path],
    images: record.images.map((image) => toImage(image, record.name)),
    attributes: [...record.attributes],
    options: record.options.map((name) => ({
      name,
      values: [
        ...new Set(
          record.variants.flatMap(({ options }) => (name in options ? [options[name] ?? ''] : [])),
        ),
      ],
    })),
    variants,
    rating: record.rating,
    reviewCount: record.reviewCount,
    currency: around.currency,
    ...(record.translations.length === 0 ? {} : { locale: around.locale ?? SHOP_LOCALE }),
    ...(record.source === null ? {} : { demo: toDemo(record.source) }),
  }
}

function toDemo({ set, licence, made }: NonNullable<ProductRecord['source']>) {
  return { source: set, licence, made: [...made] }
}

/** None if nobody offers it. */
function toVariant(
  record: ProductRecord,
  variant: VariantRecord,
  offers: readonly OfferRecord[],
  around: Surroundings,
): Product['variants'] {
  const shown = rankOffers(offers, around).map((offer) => toOffer(offer, around))
  const [featured] = shown
  if (!featured) return []
  const { offerId, seller, price, salePrice, priorPrice, availability } = featured
  return [
    {
      id: variant.id,
      sku: variant.sku,
      ...(variant.gtin === null ? {} : { gtin: variant.gtin }),
      name: variant.name ?? record.name,
      options: { ...variant.options },
      ...(variant.images.length === 0
        ? {}
        : { images: variant.images.map((image) => toImage(image, variant.name ?? record.name)) }),
      price,
      ...(salePrice ? { salePrice } : {}),
      ...(priorPrice ? { priorPrice } : {}),
      offerId,
      seller,
      availability,
      offers: shown,
    },
  ]
}

function toOffer(offer: OfferRecord, { now, shown }: Surroundings): ProductOffer {
  const onSale = isOnSale(offer, now)
  const prior = onSale ? priorPrice(offer, now) : undefined
  return {
    offerId: offer.id,
    seller: { id: offer.sellerId, name: offer.sellerName },
    condition: offer.condition,
    price: shown(listPriceOf(offer)),
    ...(onSale ? { salePrice: shown(priceOf(offer, now)) } : {}),
    ...(prior ? { priorPrice: shown(prior) } : {}),
    availability: availabilityOf(offer),
  }
}

type Pictures = Pick<ProductRecord, 'images' | 'variants'>

/** The short form, of the first variant that is in stock, else the first; null if none is offered. */
export function toSummary(product: Product, record: Pictures): ProductSummary | null {
  const variant =
    product.variants.find(({ availability }) => availability.inStock) ?? product.variants[0]
  if (!variant) return null
  const sellers = new Set(
    product.variants.flatMap(({ offers }) => offers.map(({ seller }) => seller.id)),
  )
  const own = record.variants.find(({ id }) => id === variant.id)?.images ?? []
  const image = thumbnailOf([...own, ...record.images])
  const category = product.categories.at(-1)
  return {
    id: product.id,
    slug: product.slug,
    name: product.name,
    ...(product.brand === undefined ? {} : { brand: product.brand }),
    sku: variant.sku,
    variantId: variant.id,
    price: variant.price,
    ...(variant.salePrice ? { salePrice: variant.salePrice } : {}),
    ...(variant.priorPrice ? { priorPrice: variant.priorPrice } : {}),
    ...(image === undefined ? {} : { image }),
    ...(category ? { categoryId: category.id } : {}),
    rating: product.rating,
    reviewCount: product.reviewCount,
    sellerCount: sellers.size,
    availability: variant.availability,
  }
}

/** An offer as carts and orders need it. */
export function toSnapshot(row: OfferRow, category: TreeNode, now: Date): OfferSnapshot {
  const { offer } = row
  const image = thumbnailOf([...row.variantImages, ...row.images])
  return {
    offerId: offer.id,
    variantId: offer.variantId,
    productId: row.productId,
    slug: row.slug,
    sellerId: offer.sellerId,
    sellerName: offer.sellerName,
    sku: offer.sku,
    name: row.productName,
    ...(image === undefined ? {} : { image }),
    options: row.options,
    listPrice: listPriceOf(offer),
    price: priceOf(offer, now),
    taxClass: row.taxClass,
    weightGrams: row.weightGrams ?? 0,
    department: category.department,
    onSale: isOnSale(offer, now),
    active: row.productStatus === 'active' && row.variantActive && isSellable(offer),
    version: offer.version,
  }
}

function toIndexTranslations({ translations }: ProductRecord) {
  return translations
    .toSorted((a, b) => (a.locale < b.locale ? -1 : 1))
    .map(({ locale, name, description }) => ({
      locale,
      ...(name === null ? {} : { name }),
      ...(description === null ? {} : { description }),
    }))
}

/** A product as the search index needs it. */
export function toIndexDocument(
  record: ProductRecord,
  category: TreeNode,
  now: Date,
): IndexDocument {
  const offers = Map.groupBy(record.offers.filter(isSellable), (offer) => offer.variantId)
  const image = thumbnailOf(record.images)
  return {
    productId: record.id,
    slug: record.slug,
    name: record.name,
    ...(record.brand === null ? {} : { brand: record.brand }),
    ...(record.description === null ? {} : { description: record.description }),
    ...(record.translations.length === 0 ? {} : { translations: toIndexTranslations(record) }),
    categoryPath: category.path,
    attributes: Object.fromEntries(record.attributes.map(({ name, value }) => [name, value])),
    variants: record.variants.map((variant) => ({
      variantId: variant.id,
      sku: variant.sku,
      ...(variant.gtin === null ? {} : { gtin: variant.gtin }),
      options: variant.options,
      offers: (offers.get(variant.id) ?? []).map((offer) => ({
        offerId: offer.id,
        sellerId: offer.sellerId,
        available: offer.available,
        price: priceOf(offer, now),
        listPrice: listPriceOf(offer),
      })),
    })),
    sellerNames: Object.fromEntries(
      record.offers.map(({ sellerId, sellerName }) => [sellerId, sellerName]),
    ),
    ...(image === undefined ? {} : { image }),
    rating: record.rating,
    reviewCount: record.reviewCount,
    popularity: record.popularity,
    createdAt: record.createdAt,
    version: record.version,
    active: record.status === 'active',
  }
}
