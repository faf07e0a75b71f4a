import type { CategoryRef, Product, ProductSummary } from '#contracts/catalog/schemas.ts'
import type { Money } from '#contracts/kit/money.ts'

/** What a cart, quote and order need to know of an offer, as of now. Prices in the offer's own currency. */
export type OfferSnapshot = Readonly<{
  offerId: string
  variantId: string
  productId: string
  slug: string
  sellerId: string
  sellerName: string
  sku: string
  name: string
  image?: string
  options: Readonly<Record<string, string>>
  listPrice: Money
  /** The price to pay now: the sale price while its window is open, else the list price. */
  price: Money
  taxClass: string
  weightGrams: number
  /** Code of the top-level category. */
  department: string
  onSale: boolean
  active: boolean
  version: number
}>

/** What the search index needs of a product. */
export type IndexDocument = Readonly<{
  productId: string
  slug: string
  name: string
  brand?: string
  description?: string
  /** Names and descriptions in other languages, in the order of their locales; absent where there are none. */
  translations?: readonly Readonly<{ locale: string; name?: string; description?: string }>[]
  categoryPath: readonly CategoryRef[]
  attributes: Readonly<
    Record<
      string,
      string | number | boolean | readonly string[] | Readonly<{ value: number; unit: string }>
    >
  >
  variants: readonly Readonly<{
    variantId: string
    sku: string
    gtin?: string
    options: Readonly<Record<string, string>>
    offers: readonly Readonly<{
      offerId: string
      sellerId: string
      price: Money
      listPrice: Money
      /** Pieces that can be had now; absent if it is not known. */
      available?: number
    }>[]
  }>[]
  sellerNames: Readonly<Record<string, string>>
  image?: string
  rating: number
  reviewCount: number
  popularity: number
  createdAt: string
  version: number
  active: boolean
}>

export type CatalogApi = Readonly<{
  /** @throws not_found */
  getProduct(input: { idOrSlug: string; currency: string; country: string }): Promise<Product>
  /** Short forms, in the order asked; ids that are not on sale are left out. */
  listProducts(input: {
    ids: readonly string[]
    currency: string
    country: string
    /** Language of names, where they are translated. */
    locale?: string | undefined
  }): Promise<ProductSummary[]>
  /** Snapshots of offers by id; unknown ids are left out. */
  getOffers(input: { offerIds: readonly string[] }): Promise<OfferSnapshot[]>
  /** All offers of variants, the featured one of each variant first. */
  getVariantOffers(input: { variantIds: readonly string[] }): Promise<OfferSnapshot[]>
  /** @throws not_found */
  getCategory(input: {
    idOrSlug: string
  }): Promise<{ id: string; slug: string; name: string; path: CategoryRef[] }>
  /** Products in order of id after a cursor, for indexes that are built anew. */
  listForIndex(input: { after: string | null; limit: number }): Promise<IndexDocument[]>
  getForIndex(input: { productIds: readonly string[] }): Promise<IndexDocument[]>
}>
