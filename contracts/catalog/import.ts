import { z } from 'zod'
import { CountryCode } from '../kit/address.ts'
import { Currency, MAX_AMOUNT } from '../kit/money.ts'
import { Locale } from './admin-schemas.ts'
import { AttributeValue } from './schemas.ts'

const line = (max: number) => z.string().min(1).max(max)
const Sku = line(100)

const Slug = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'is no slug')
  .max(200)

const ImportPrice = z.strictObject({ amount: z.int().min(0).max(MAX_AMOUNT), currency: Currency })

export const ImportOffer = z.strictObject({
  /** Code of the seller. */
  seller: line(100),
  /** The seller's own number of it, unique with this seller. */
  sku: Sku,
  condition: z.enum(['new', 'refurbished', 'used']).optional(),
  /** Whether it is sold; active if it is new. */
  status: z.enum(['active', 'paused']).optional(),
  price: ImportPrice,
  salePrice: ImportPrice.optional(),
  saleStartsAt: z.iso.datetime().optional(),
  saleEndsAt: z.iso.datetime().optional(),
  /** Pieces on hand by code of the warehouse. */
  stock: z.record(line(60), z.int().min(0).max(100_000_000)).optional(),
})
export type ImportOffer = Readonly<z.infer<typeof ImportOffer>>

/** Each an address, or `media:KEY` and a text that describes it. */
const Images = z.array(line(2000)).max(50)

export const ImportVariant = z.strictObject({
  sku: Sku,
  name: line(300).optional(),
  gtin: z.string().optional(),
  options: z.record(line(60), line(200)).optional(),
  images: Images.optional(),
  weightGrams: z.int().min(0).max(100_000_000).optional(),
  dimensionsMm: z.tuple([z.int().min(0), z.int().min(0), z.int().min(0)]).optional(),
  status: z.enum(['active', 'inactive']).optional(),
  offers: z.array(ImportOffer).max(500),
})
export type ImportVariant = Readonly<z.infer<typeof ImportVariant>>

/** One line of a JSONL file of products. What a row leaves out stays as it is in the shop. */
export const ImportProduct = z.strictObject({
  /** The product's lasting name in the source; the same ref is the same product. */
  ref: line(120),
  /** Code of the seller whose content this is. */
  seller: line(100),
  name: line(500),
  description: z.string().max(100_000).optional(),
  brand: line(200).optional(),
  /** Code of a category of the taxonomy. */
  category: line(60),
  images: Images.optional(),
  attributes: z.record(line(200), AttributeValue).optional(),
  /** Names of the options in the order in which they are chosen. */
  options: z.array(line(60)).max(10).optional(),
  releasedAt: z.iso.date().optional(),
  rating: z
    .strictObject({ average: z.number().min(0).max(5), count: z.int().min(0).max(2_000_000_000) })
    .optional(),
  popularity: z.number().min(0).max(1).optional(),
  taxClass: line(40).optional(),
  /** Active if it is new. */
  status: z.enum(['draft', 'active', 'archived']).optional(),
  /** Whether operators put it forward. */
  featured: z.boolean().optional(),
  /** Last part of its address, where it is not made of the name. */
  slug: Slug.optional(),
  /** Its former slugs, which go on leading to it. */
  pastSlugs: z.array(Slug).max(1_000).optional(),
  /** What it is called in other languages, by locale. */
  translations: z
    .record(
      Locale,
      z
        .strictObject({
          name: line(500).optional(),
          description: z.string().max(100_000).optional(),
        })
        .refine(
          ({ name, description }) => name !== undefined || description !== undefined,
          'says nothing',
        ),
    )
    .optional(),
  variants: z.array(ImportVariant).min(1).max(2048),
  source: z
    .strictObject({ set: line(200), licence: line(200), made: z.array(line(100)).max(50) })
    .optional(),
})
export type ImportProduct = Readonly<z.infer<typeof ImportProduct>>

/** Parents stand before their children, or in the tree already. */
export const ImportCategory = z.object({
  code: line(60),
  name: line(100),
  slug: line(400),
  parent: z.string().nullable(),
})
export type ImportCategory = Readonly<z.infer<typeof ImportCategory>>

const Share = z.number().min(0).max(1)

export const ImportSeller = z.object({
  code: line(100),
  name: line(200),
  country: CountryCode,
  department: line(100).optional(),
  demo: z.boolean().optional(),
  status: z.enum(['active', 'suspended']).optional(),
  /** Shares of orders. */
  performance: z
    .object({ orderDefectRate: Share, lateShipmentRate: Share, cancelRate: Share })
    .optional(),
})
export type ImportSeller = Readonly<z.infer<typeof ImportSeller>>

export const ImportWarehouse = z.object({
  code: line(60),
  name: line(200),
  seller: z.string().nullable(),
  country: CountryCode,
  region: z.string().max(80).nullable(),
  postalCode: z.string().max(16),
  city: line(120),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  timezone: line(60),
})
export type ImportWarehouse = Readonly<z.infer<typeof ImportWarehouse>>

/** What is wrong with a row; `row` counts the file's rows from 1, a CSV's header not among them. */
export const ImportRowError = z.strictObject({
  row: z.int(),
  field: z.string(),
  message: z.string(),
})
export type ImportRowError = Readonly<z.infer<typeof ImportRowError>>
