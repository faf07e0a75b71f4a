import { z } from 'zod'
import { Money, Price } from '../kit/money.ts'
import { CalendarDate, page, queryInt, Timestamp } from '../kit/page.ts'
import { AttributeValue } from './schemas.ts'

/** Text that a database can keep: no NUL, no half of a surrogate pair. */
const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine(
      (value) => !value.includes('\0') && value.isWellFormed(),
      'has a character that is no text',
    )
export const Line = (max: number) =>
  text(max).refine((value) => value.trim() !== '', 'is not empty')

export const Status = z.enum(['draft', 'active', 'archived'])
export const Condition = z.enum(['new', 'refurbished', 'used'])
export const RecordId = z.string().regex(/^[\w-]{1,60}$/, 'is no id')
export const AttributeRecord = z.record(Line(200), AttributeValue)

/** BCP 47, as far as shops need it: language, script, region. */
export const Locale = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$/, 'is a locale, such as de-AT')

export const PriceFields = {
  price: Price,
  salePrice: Price.optional(),
  saleStartsAt: Timestamp.optional(),
  saleEndsAt: Timestamp.optional(),
}

export const NewOffer = z.strictObject({
  sellerId: RecordId,
  /** The seller's own number of it, unique with this seller. */
  sku: Line(100),
  condition: Condition.optional(),
  ...PriceFields,
})
export type NewOffer = Readonly<z.infer<typeof NewOffer>>

/** Each an address, or `media:KEY` and a text that describes it. */
const Images = z.array(Line(2000)).max(50)

const VariantFields = {
  sku: Line(100),
  name: Line(300).nullable().optional(),
  gtin: Line(40).nullable().optional(),
  options: z.record(Line(60), Line(200)).optional(),
  images: Images.optional(),
  weightGrams: z.int().min(0).max(100_000_000).nullable().optional(),
  dimensionsMm: z
    .tuple([z.int().min(0), z.int().min(0), z.int().min(0)])
    .nullable()
    .optional(),
}

export const NewVariant = z.strictObject({
  ...VariantFields,
  offers: z.array(NewOffer).max(500).optional(),
})
export type NewVariant = Readonly<z.infer<typeof NewVariant>>

export const VariantEdit = z.strictObject({ ...VariantFields, sku: Line(100).optional() })
export type VariantEdit = Readonly<z.infer<typeof VariantEdit>>

const ContentFields = {
  description: text(100_000).nullable().optional(),
  brand: Line(200).nullable().optional(),
  images: Images.optional(),
  attributes: AttributeRecord.optional(),
  /** Names of the options in the order in which they are chosen. */
  options: z.array(Line(60)).max(10).optional(),
  taxClass: Line(40).optional(),
  releasedOn: CalendarDate.nullable().optional(),
  isFeatured: z.boolean().optional(),
  slug: z
    .string()
    .max(200)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'is lower-case letters and digits, joined by hyphens')
    .optional(),
}

export const NewProduct = z.strictObject({
  /** The product's lasting name in the source it comes from; its id if absent. */
  ref: Line(120).optional(),
  /** Whose content this is. */
  sellerId: RecordId,
  name: Line(500),
  categoryId: RecordId,
  status: Status.optional(),
  ...ContentFields,
  /** A draft may do without until it is published. */
  variants: z.array(NewVariant).max(2048).optional(),
})
export type NewProduct = Readonly<z.infer<typeof NewProduct>>

export const ProductEdit = z.strictObject({
  name: Line(500).optional(),
  categoryId: RecordId.optional(),
  status: Status.optional(),
  ...ContentFields,
})
export type ProductEdit = Readonly<z.infer<typeof ProductEdit>>

export const AdminOffer = z
  .strictObject({
    offerId: z.string(),
    productId: z.string(),
    variantId: z.string(),
    sellerId: z.string(),
    sku: z.string(),
    condition: Condition,
    price: Money,
    salePrice: Money.optional(),
    saleStartsAt: Timestamp.optional(),
    saleEndsAt: Timestamp.optional(),
    status: z.enum(['active', 'paused']),
    available: z.int(),
    version: z.int(),
    updatedAt: Timestamp,
  })
  .meta({ id: 'AdminOffer' })
export type AdminOffer = Readonly<z.infer<typeof AdminOffer>>

export const AdminVariant = z
  .strictObject({
    id: z.string(),
    sku: z.string(),
    name: z.string().optional(),
    gtin: z.string().optional(),
    options: z.record(z.string(), z.string()),
    weightGrams: z.int().optional(),
    dimensionsMm: z.tuple([z.int(), z.int(), z.int()]).optional(),
    images: z.array(z.string()),
    removed: z.boolean().describe('No longer shown or sold; old orders still point to it'),
    offers: z.array(AdminOffer),
  })
  .meta({ id: 'AdminVariant' })

export const Translation = z
  .strictObject({
    locale: z.string(),
    name: z.string().optional(),
    description: z.string().optional(),
  })
  .meta({ id: 'Translation' })

export const AdminProduct = z
  .strictObject({
    id: z.string(),
    ref: z.string(),
    slug: z.string(),
    sellerId: z.string(),
    name: z.string(),
    description: z.string().optional(),
    brand: z.string().optional(),
    categoryId: z.string(),
    images: z.array(z.string()),
    attributes: AttributeRecord,
    options: z.array(z.string()),
    taxClass: z.string(),
    releasedOn: z.string().optional(),
    isFeatured: z.boolean(),
    status: Status,
    rating: z.number(),
    reviewCount: z.int(),
    translations: z.array(Translation),
    variants: z.array(AdminVariant),
    version: z.int(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .meta({ id: 'AdminProduct' })
export type AdminProduct = Readonly<z.infer<typeof AdminProduct>>

export const AdminProductItem = z
  .strictObject({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    brand: z.string().optional(),
    categoryId: z.string(),
    sellerId: z.string(),
    status: Status,
    image: z.string().optional(),
    version: z.int(),
    updatedAt: Timestamp,
  })
  .meta({ id: 'AdminProductItem' })
export type AdminProductItem = Readonly<z.infer<typeof AdminProductItem>>

/** By what operators look for products; all that are given must hold. */
export const ProductFilter = {
  status: Status.optional(),
  /** Of this category or one below it. */
  categoryId: RecordId.optional(),
  sellerId: RecordId.optional(),
  brand: Line(200).optional(),
  /** Of a variant, or of an offer of one. */
  sku: Line(100).optional(),
  gtin: Line(40).optional(),
  updatedSince: Timestamp.optional(),
}
export type ProductFilter = Readonly<{
  [K in keyof typeof ProductFilter]?: z.infer<(typeof ProductFilter)[K]>
}>

/** `cursor` is the `nextCursor` of the page before. */
export const PageQuery = {
  cursor: z.string().max(1000).optional(),
  limit: queryInt(1, 100).optional(),
}

export const BulkEdit = z.strictObject({
  status: Status.optional(),
  categoryId: RecordId.optional(),
  brand: Line(200).nullable().optional(),
  taxClass: Line(40).optional(),
  isFeatured: z.boolean().optional(),
  /** Sets these attributes, takes away those that are null, and leaves all others. */
  attributes: z.record(Line(200), AttributeValue.nullable()).optional(),
})
export type BulkEdit = Readonly<z.infer<typeof BulkEdit>>

export const BulkTarget = z.union([
  z.strictObject({
    products: z
      .array(z.strictObject({ id: RecordId, version: z.int().optional() }))
      .min(1)
      .max(1000),
  }),
  z.strictObject({
    filter: z.strictObject(ProductFilter),
    cursor: z.string().max(1000).optional(),
    limit: z.int().min(1).max(1000).optional(),
  }),
])
export type BulkTarget = Readonly<z.infer<typeof BulkTarget>>

export const CategoryStatus = z.enum(['active', 'archived'])

export const AdminCategory = z
  .strictObject({
    id: z.string(),
    code: z.string(),
    name: z.string(),
    slug: z.string(),
    description: z.string().optional(),
    parentId: z.string().nullable(),
    level: z.int(),
    sortOrder: z.int(),
    status: CategoryStatus,
    productCount: z.int().describe('Active products filed here itself, as last counted'),
    version: z.int(),
  })
  .meta({ id: 'AdminCategory' })
export type AdminCategory = Readonly<z.infer<typeof AdminCategory>>

/** Products are counted up to 10,000; the active ones as last counted, however many. */
export const AdminCategoryItem = AdminCategory.extend({
  childCount: z.int(),
  draftCount: z.int(),
  archivedCount: z.int(),
}).meta({ id: 'AdminCategoryItem' })
export type AdminCategoryItem = Readonly<z.infer<typeof AdminCategoryItem>>

const CategoryFields = {
  description: text(10_000).nullable().optional(),
  sortOrder: z.int().min(-1_000_000).max(1_000_000).optional(),
  slug: z
    .string()
    .max(400)
    .regex(/^[a-z0-9]+([-/][a-z0-9]+)*$/, 'is lower-case words, joined by hyphens and slashes')
    .optional(),
}

export const NewCategory = z.strictObject({
  name: Line(100),
  parentId: RecordId.nullable(),
  /** Its lasting name in files; made up if absent. */
  code: z
    .string()
    .max(60)
    .regex(/^[A-Za-z0-9._-]+$/, 'is letters, digits, dots and hyphens')
    .optional(),
  ...CategoryFields,
})
export type NewCategory = Readonly<z.infer<typeof NewCategory>>

export const CategoryEdit = z.strictObject({
  name: Line(100).optional(),
  status: CategoryStatus.optional(),
  ...CategoryFields,
})
export type CategoryEdit = Readonly<z.infer<typeof CategoryEdit>>

const Bounds = {
  enum: z
    .array(z.union([Line(200), z.number()]))
    .min(1)
    .max(1000)
    .optional(),
  maxLength: z.int().min(0).max(100_000).optional(),
}

/** What one attribute must be. With a `unit`, its value is `{ value, unit }`. */
export const AttributeRule = z
  .strictObject({
    type: z.enum(['string', 'number', 'integer', 'boolean', 'array']),
    title: Line(200).optional(),
    description: Line(1000).optional(),
    ...Bounds,
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    unit: Line(20).optional(),
    items: z.strictObject({ type: z.literal('string'), ...Bounds }).optional(),
    maxItems: z.int().min(0).max(1000).optional(),
  })
  .refine(({ unit, type }) => unit === undefined || type === 'number' || type === 'integer', {
    message: 'belongs to numbers',
    path: ['unit'],
  })
  .meta({ id: 'AttributeRule' })
export type AttributeRule = Readonly<z.infer<typeof AttributeRule>>

/** A subset of JSON Schema 2020-12, with `unit`. */
export const AttributeSchema = z
  .strictObject({
    $schema: z.literal('https://json-schema.org/draft/2020-12/schema').optional(),
    type: z.literal('object').optional(),
    properties: z.record(Line(200), AttributeRule),
    required: z.array(Line(200)).max(500).optional(),
    /** False: no attribute beyond the properties. */
    additionalProperties: z.boolean().optional(),
  })
  .meta({ id: 'AttributeSchema' })
export type AttributeSchema = Readonly<z.infer<typeof AttributeSchema>>

export const CatalogChange = z
  .strictObject({
    id: z.string(),
    actor: z.string(),
    action: z.string(),
    entity: z.string(),
    entityId: z.string(),
    subjectId: z.string(),
    diff: z.record(z.string(), z.tuple([z.unknown(), z.unknown()])),
    changedAt: Timestamp,
  })
  .meta({ id: 'CatalogChange' })
export type CatalogChange = Readonly<z.infer<typeof CatalogChange>>

export const PricePoint = z
  .strictObject({
    version: z.int(),
    price: Money,
    salePrice: Money.optional(),
    saleStartsAt: Timestamp.optional(),
    saleEndsAt: Timestamp.optional(),
    changedAt: Timestamp,
  })
  .meta({ id: 'PricePoint' })

export const PriceHistoryPage = page(PricePoint)
