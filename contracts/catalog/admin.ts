import { z } from 'zod'
import { CountryCode } from '../kit/address.ts'
import { Currency, Money } from '../kit/money.ts'
import { page } from '../kit/page.ts'
import { route } from '../kit/route.ts'
import {
  AdminCategory,
  AdminCategoryItem,
  AdminOffer,
  AdminProduct,
  AdminProductItem,
  AttributeSchema,
  BulkEdit,
  BulkTarget,
  CatalogChange,
  CategoryEdit,
  CategoryStatus,
  Line,
  Locale,
  NewCategory,
  NewOffer,
  NewProduct,
  NewVariant,
  PageQuery,
  PriceHistoryPage,
  ProductEdit,
  ProductFilter,
  RecordId,
  VariantEdit,
} from './admin-schemas.ts'

// Every write takes `If-Match` with the version that its caller saw, and refuses another by 412;
// every read of one record answers its version as ETag.

const operators = { access: ['operator'], permission: 'catalog.write', traffic: 'admin' } as const
const Versioned = z.strictObject({ id: z.string(), version: z.int() })
const WRITE = ['not_found', 'precondition_failed'] as const
const MEGABYTE = 1024 * 1024

export const createCategory = route({
  operation: 'createCategory',
  summary: 'Creates a category',
  method: 'POST',
  path: '/api/v1/admin/categories',
  ...operators,
  body: NewCategory,
  replies: { 201: Versioned },
  problems: ['not_found', 'catalog.duplicate'],
  idempotency: 'accepted',
})

export const listAdminCategories = route({
  operation: 'listAdminCategories',
  summary: 'Categories, archived ones too, in the order of the tree or below one alone',
  method: 'GET',
  path: '/api/v1/admin/categories',
  ...operators,
  query: z.object({
    parentId: RecordId.optional(),
    status: CategoryStatus.optional(),
    ...PageQuery,
  }),
  replies: { 200: page(AdminCategoryItem) },
})

export const getAdminCategory = route({
  operation: 'getAdminCategory',
  summary: 'One category as operators see it, archived or not',
  method: 'GET',
  path: '/api/v1/admin/categories/:categoryId',
  ...operators,
  params: z.object({ categoryId: RecordId }),
  replies: { 200: AdminCategory },
  problems: ['not_found'],
})

export const editCategory = route({
  operation: 'editCategory',
  summary: 'Renames, describes, sorts, archives or restores a category',
  method: 'PATCH',
  path: '/api/v1/admin/categories/:categoryId',
  ...operators,
  params: z.object({ categoryId: RecordId }),
  body: CategoryEdit,
  replies: { 200: Versioned },
  takesIfMatch: true,
  problems: [...WRITE, 'catalog.duplicate'],
  idempotency: 'accepted',
})

export const moveCategory = route({
  operation: 'moveCategory',
  summary: 'Moves a category with all below it under another, or to the top',
  method: 'POST',
  path: '/api/v1/admin/categories/:categoryId/move',
  ...operators,
  params: z.object({ categoryId: RecordId }),
  body: z.strictObject({ parentId: RecordId.nullable() }),
  replies: { 200: z.strictObject({ id: z.string(), version: z.int(), moved: z.int() }) },
  takesIfMatch: true,
  problems: [...WRITE, 'catalog.category_cycle'],
  idempotency: 'accepted',
})

export const getAttributeSchema = route({
  operation: 'getAttributeSchema',
  summary:
    'What attributes products of a category must have: its own rules, and with all inherited',
  method: 'GET',
  path: '/api/v1/admin/categories/:categoryId/attribute-schema',
  ...operators,
  params: z.object({ categoryId: RecordId }),
  replies: {
    200: z.strictObject({ own: AttributeSchema.nullable(), effective: AttributeSchema }),
  },
  problems: ['not_found'],
})

export const setAttributeSchema = route({
  operation: 'setAttributeSchema',
  summary: 'Sets the rules of attributes of a category; writes from then on must keep them',
  method: 'PUT',
  path: '/api/v1/admin/categories/:categoryId/attribute-schema',
  ...operators,
  params: z.object({ categoryId: RecordId }),
  body: z.strictObject({ schema: AttributeSchema.nullable() }),
  replies: { 200: Versioned },
  takesIfMatch: true,
  problems: WRITE,
  idempotency: 'accepted',
  bodyLimitBytes: MEGABYTE,
})

export const listAdminProducts = route({
  operation: 'listAdminProducts',
  summary:
    'Products by what operators look for. A page may be short, or empty, while there are more: ask on until nextCursor is null. With updatedSince in order of change, else in a lasting order',
  method: 'GET',
  path: '/api/v1/admin/products',
  ...operators,
  query: z.object({ ...ProductFilter, ...PageQuery }),
  replies: { 200: page(AdminProductItem) },
})

export const createProduct = route({
  operation: 'createProduct',
  summary: 'Creates a product with its variants and their offers; a draft unless told',
  method: 'POST',
  path: '/api/v1/admin/products',
  ...operators,
  body: NewProduct,
  replies: {
    201: z.strictObject({ id: z.string(), slug: z.string(), version: z.int() }),
  },
  problems: ['catalog.duplicate', 'catalog.currency_not_sold'],
  idempotency: 'accepted',
  bodyLimitBytes: 8 * MEGABYTE,
})

export const getAdminProduct = route({
  operation: 'getAdminProduct',
  summary: 'A whole product, whatever its status, with all variants, offers and translations',
  method: 'GET',
  path: '/api/v1/admin/products/:productId',
  ...operators,
  params: z.object({ productId: RecordId }),
  replies: { 200: AdminProduct },
  problems: ['not_found'],
})

export const editProduct = route({
  operation: 'editProduct',
  summary: 'Edits a product, or changes its status; past slugs go on leading to it',
  method: 'PATCH',
  path: '/api/v1/admin/products/:productId',
  ...operators,
  params: z.object({ productId: RecordId }),
  body: ProductEdit,
  replies: { 200: z.strictObject({ id: z.string(), slug: z.string(), version: z.int() }) },
  takesIfMatch: true,
  problems: [...WRITE, 'catalog.duplicate'],
  idempotency: 'accepted',
  bodyLimitBytes: MEGABYTE,
})

export const bulkEditProducts = route({
  operation: 'bulkEditProducts',
  summary:
    'One edit of up to 1,000 products, named or by filter: all of them or none. By filter, ask on with nextCursor until it is null',
  method: 'POST',
  path: '/api/v1/admin/products/bulk-edit',
  ...operators,
  body: z.strictObject({ target: BulkTarget, edit: BulkEdit }),
  replies: {
    200: z.strictObject({
      items: z.array(z.strictObject({ id: z.string(), version: z.int(), changed: z.boolean() })),
      nextCursor: z.string().nullable(),
    }),
  },
  problems: WRITE,
  idempotency: 'accepted',
  bodyLimitBytes: MEGABYTE,
})

export const addVariants = route({
  operation: 'addVariants',
  summary: 'Adds variants to a product; one of the SKU of a removed variant brings that back',
  method: 'POST',
  path: '/api/v1/admin/products/:productId/variants',
  ...operators,
  params: z.object({ productId: RecordId }),
  body: z.strictObject({ variants: z.array(NewVariant).min(1).max(2048) }),
  replies: {
    201: z.strictObject({
      items: z.array(z.strictObject({ id: z.string(), sku: z.string() })),
      version: z.int(),
    }),
  },
  takesIfMatch: true,
  problems: [...WRITE, 'catalog.duplicate', 'catalog.currency_not_sold'],
  idempotency: 'accepted',
  bodyLimitBytes: 8 * MEGABYTE,
})

const VariantPlace = z.object({ productId: RecordId, variantId: RecordId })

export const editVariant = route({
  operation: 'editVariant',
  summary: 'Edits a variant; If-Match names the version of its product',
  method: 'PATCH',
  path: '/api/v1/admin/products/:productId/variants/:variantId',
  ...operators,
  params: VariantPlace,
  body: VariantEdit,
  replies: { 200: Versioned },
  takesIfMatch: true,
  problems: [...WRITE, 'catalog.duplicate'],
  idempotency: 'accepted',
})

export const removeVariant = route({
  operation: 'removeVariant',
  summary: 'Takes a variant off sale; its SKU added again brings it back',
  method: 'DELETE',
  path: '/api/v1/admin/products/:productId/variants/:variantId',
  ...operators,
  params: VariantPlace,
  replies: { 200: Versioned },
  takesIfMatch: true,
  problems: WRITE,
  idempotency: 'accepted',
})

const TranslationPlace = z.object({ productId: RecordId, locale: Locale })

export const setTranslation = route({
  operation: 'setTranslation',
  summary: 'Sets name and description of a product in a language; what is absent falls back',
  method: 'PUT',
  path: '/api/v1/admin/products/:productId/translations/:locale',
  ...operators,
  params: TranslationPlace,
  body: z
    .strictObject({ name: Line(500).optional(), description: Line(100_000).optional() })
    .refine(({ name, description }) => name !== undefined || description !== undefined, {
      message: 'has a name or a description',
    }),
  replies: { 200: Versioned },
  takesIfMatch: true,
  problems: WRITE,
  idempotency: 'accepted',
  bodyLimitBytes: MEGABYTE,
})

export const removeTranslation = route({
  operation: 'removeTranslation',
  summary: 'Removes the translation of a product into a language',
  method: 'DELETE',
  path: '/api/v1/admin/products/:productId/translations/:locale',
  ...operators,
  params: TranslationPlace,
  replies: { 200: Versioned },
  takesIfMatch: true,
  problems: WRITE,
  idempotency: 'accepted',
})

export const createOffer = route({
  operation: 'createOffer',
  summary: 'Adds a seller’s offer of a variant',
  method: 'POST',
  path: '/api/v1/admin/offers',
  ...operators,
  body: NewOffer.extend({ variantId: RecordId }),
  replies: { 201: z.strictObject({ offerId: z.string(), version: z.int() }) },
  problems: ['not_found', 'catalog.duplicate', 'catalog.currency_not_sold'],
  idempotency: 'accepted',
})

export const getAdminOffer = route({
  operation: 'getAdminOffer',
  summary: 'One offer, active or paused',
  method: 'GET',
  path: '/api/v1/admin/offers/:offerId',
  ...operators,
  params: z.object({ offerId: RecordId }),
  replies: { 200: AdminOffer },
  problems: ['not_found'],
})

export const listPriceHistory = route({
  operation: 'listPriceHistory',
  summary: 'What an offer has cost, newest first',
  method: 'GET',
  path: '/api/v1/admin/offers/:offerId/price-history',
  ...operators,
  params: z.object({ offerId: RecordId }),
  query: z.object(PageQuery),
  replies: { 200: PriceHistoryPage },
  problems: ['not_found'],
})

export const listCatalogChanges = route({
  operation: 'listCatalogChanges',
  summary: 'Who changed what in the catalogue, newest first',
  method: 'GET',
  path: '/api/v1/admin/catalog/changes',
  ...operators,
  query: z.object({
    /** A product or category, with all that belongs to it. */
    subjectId: RecordId.optional(),
    entityId: RecordId.optional(),
    actor: z
      .string()
      .regex(/^[\w:.@-]{1,100}$/, 'is no name of an account')
      .optional(),
    ...PageQuery,
  }),
  replies: { 200: page(CatalogChange) },
})

export const explainFeaturedOffer = route({
  operation: 'explainFeaturedOffer',
  summary: 'Why which offer of a variant is featured, as seen from a market',
  method: 'GET',
  path: '/api/v1/admin/variants/:variantId/featured-offer',
  ...operators,
  params: z.object({ variantId: RecordId }),
  query: z.object({ currency: Currency.optional(), country: CountryCode.optional() }),
  replies: {
    200: z.strictObject({
      variantId: z.string(),
      currency: z.string(),
      country: z.string(),
      offers: z.array(
        z.strictObject({
          offerId: z.string(),
          seller: z.strictObject({ id: z.string(), name: z.string() }),
          featured: z.boolean(),
          eligible: z.boolean(),
          reasons: z.array(z.enum(['not_sellable', 'out_of_stock', 'defects', 'late', 'cancels'])),
          landedPrice: Money,
          score: z.number(),
          parts: z.strictObject({
            price: z.number(),
            promise: z.number(),
            seller: z.number(),
            stock: z.number(),
          }),
        }),
      ),
    }),
  },
  problems: ['not_found', 'catalog.currency_not_sold', 'pricing.market_unknown'],
})

export const catalogAdminRoutes = [
  createCategory,
  listAdminCategories,
  getAdminCategory,
  editCategory,
  moveCategory,
  getAttributeSchema,
  setAttributeSchema,
  listAdminProducts,
  createProduct,
  getAdminProduct,
  editProduct,
  bulkEditProducts,
  addVariants,
  editVariant,
  removeVariant,
  setTranslation,
  removeTranslation,
  createOffer,
  getAdminOffer,
  listPriceHistory,
  listCatalogChanges,
  explainFeaturedOffer,
] as const
