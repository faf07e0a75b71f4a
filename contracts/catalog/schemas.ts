import { z } from 'zod'
import { LaterStock } from '../inventory/schemas.ts'
import { Money } from '../kit/money.ts'

/** The language of names and descriptions in the products' own rows. */
export const SHOP_LOCALE = 'en'

/** What the public may know of stock: `quantity` is capped at 100. */
export const Availability = z
  .strictObject({
    inStock: z.boolean().describe('Whether it can be bought'),
    quantity: z.int().min(0).max(100),
    later: LaterStock.optional().describe('None lies there: it is sold before it comes'),
  })
  .meta({ id: 'Availability' })
export type Availability = Readonly<z.infer<typeof Availability>>

export const CategoryRef = z
  .strictObject({ id: z.string(), slug: z.string(), name: z.string() })
  .meta({ id: 'CategoryRef' })
export type CategoryRef = Readonly<z.infer<typeof CategoryRef>>

export type CategoryNode = Readonly<{
  id: string
  slug: string
  name: string
  productCount: number
  children: readonly CategoryNode[]
}>
export const CategoryNode: z.ZodType<CategoryNode> = z
  .strictObject({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    productCount: z.int(),
    get children() {
      return z.array(CategoryNode)
    },
  })
  .meta({ id: 'CategoryNode' })

export const Image = z
  .strictObject({
    url: z
      .string()
      .describe(
        'Elsewhere, or `/media/{key}/960.jpg` of this shop, which is to be had in other widths and as avif or webp too: see getMediaFile',
      ),
    alt: z.string(),
    width: z.int().optional().describe('Of the picture itself, not of one of its sizes'),
    height: z.int().optional(),
    color: z.string().optional().describe('The mean of its colours, to be shown until it comes'),
  })
  .meta({ id: 'Image' })
export type Image = Readonly<z.infer<typeof Image>>

export const SellerRef = z
  .strictObject({ id: z.string(), name: z.string() })
  .meta({ id: 'SellerRef' })

/** A measured attribute keeps its unit apart from its number. */
export const AttributeValue = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.string()),
  z.strictObject({ value: z.number(), unit: z.string() }),
])
export type AttributeValue = z.infer<typeof AttributeValue>

export const Attribute = z
  .strictObject({ name: z.string(), value: AttributeValue })
  .meta({ id: 'Attribute' })

const PRIOR_PRICE = 'Lowest price of the 30 days before the sale began (Directive 98/6/EC, 6a)'

/** One seller's offer of a variant. */
export const Offer = z
  .strictObject({
    offerId: z.string(),
    seller: SellerRef,
    condition: z.enum(['new', 'refurbished', 'used']),
    price: Money,
    salePrice: Money.optional(),
    priorPrice: Money.optional().describe(PRIOR_PRICE),
    availability: Availability,
  })
  .meta({ id: 'Offer' })

export const Variant = z
  .strictObject({
    id: z.string(),
    sku: z.string(),
    gtin: z.string().optional(),
    name: z.string(),
    options: z.record(z.string(), z.string()),
    images: z.array(Image).optional().describe('Pictures of this variant alone'),
    price: Money,
    salePrice: Money.optional(),
    priorPrice: Money.optional().describe(PRIOR_PRICE),
    offerId: z.string(),
    seller: SellerRef,
    availability: Availability,
    /** All offers of the variant, the featured one first. */
    offers: z.array(Offer),
  })
  .meta({ id: 'Variant' })

export const Rating = z
  .strictObject({ average: z.number().min(0).max(5), count: z.int().min(0) })
  .meta({ id: 'Rating' })

export const Product = z
  .strictObject({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    description: z.string().optional(),
    brand: z.string().optional(),
    categories: z.array(CategoryRef).describe('The path of the category, top first'),
    images: z.array(Image),
    attributes: z.array(Attribute),
    options: z.array(z.strictObject({ name: z.string(), values: z.array(z.string()) })),
    variants: z.array(Variant),
    rating: z.number(),
    reviewCount: z.int(),
    currency: z.string().describe('The currency that prices are given in'),
    locale: z.string().optional().describe('Language of the name, if the product is translated'),
    /** What the demo made up because the source has no value, and whose data it is. */
    demo: z
      .strictObject({ source: z.string(), licence: z.string(), made: z.array(z.string()) })
      .optional(),
  })
  .meta({ id: 'Product' })
export type Product = Readonly<z.infer<typeof Product>>

/** The short form of lists and search results. */
export const ProductSummary = z
  .strictObject({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    brand: z.string().optional(),
    sku: z.string(),
    variantId: z.string(),
    price: Money,
    salePrice: Money.optional(),
    priorPrice: Money.optional().describe(PRIOR_PRICE),
    image: z.string().optional(),
    categoryId: z.string().optional(),
    rating: z.number(),
    reviewCount: z.int(),
    sellerCount: z.int(),
    availability: Availability,
  })
  .meta({ id: 'ProductSummary' })
export type ProductSummary = Readonly<z.infer<typeof ProductSummary>>
