import { z } from 'zod'
import { CountryCode } from '../kit/address.ts'
import { id } from '../kit/ids.ts'
import { Currency, Price } from '../kit/money.ts'
import { Timestamp } from '../kit/page.ts'
import { Bytes, route } from '../kit/route.ts'
import { catalogAdminRoutes } from './admin.ts'
import { catalogMediaRoutes } from './admin-media.ts'
import { Locale } from './admin-schemas.ts'
import { CategoryNode, CategoryRef, Product, ProductSummary } from './schemas.ts'
import { sitemapRoutes } from './sitemap.ts'
import { transferRoutes } from './transfers.ts'

/** In which currency prices are wanted, and where the shopper is. */
export const MarketQuery = { currency: Currency.optional(), country: CountryCode.optional() }

export const getProduct = route({
  operation: 'getProduct',
  summary: 'One product by id or slug, with its variants and their offers',
  method: 'GET',
  path: '/api/v1/products/:id',
  access: ['public'],
  traffic: 'browse',
  params: z.object({ id: z.string().min(1).max(200) }),
  query: z.object({
    ...MarketQuery,
    locale: Locale.optional().describe('Language of name and description; else Accept-Language'),
  }),
  replies: { 200: Product, 304: z.undefined() },
  problems: ['not_found', 'catalog.currency_not_sold', 'pricing.market_unknown'],
  cacheSeconds: 60,
})

export const listProducts = route({
  operation: 'listProducts',
  summary: 'Up to 100 products by id, in short form',
  method: 'GET',
  path: '/api/v1/products',
  access: ['public'],
  traffic: 'browse',
  query: z.object({
    ...MarketQuery,
    locale: Locale.optional().describe('Language of names; the shop’s own unless told'),
    ids: z
      .string()
      .transform((text) => text.split(',').filter(Boolean))
      .pipe(z.array(z.string().max(200)).min(1).max(100)),
  }),
  replies: { 200: z.strictObject({ items: z.array(ProductSummary), nextCursor: z.null() }) },
  problems: ['catalog.currency_not_sold', 'pricing.market_unknown'],
  cacheSeconds: 60,
})

export const followProducts = route({
  operation: 'followProducts',
  summary:
    'Server-Sent Events `stock` and `price` of up to 100 products: as they are now, then as they change',
  method: 'GET',
  path: '/api/v1/live',
  access: ['public'],
  traffic: 'browse',
  query: z.object({
    ...MarketQuery,
    products: z
      .string()
      .transform((text) => text.split(',').filter(Boolean))
      .pipe(z.array(id('prd')).min(1).max(100))
      .describe('Ids by comma'),
  }),
  replies: { 200: Bytes },
  download: ['text/event-stream'],
  problems: ['catalog.currency_not_sold', 'pricing.market_unknown', 'rate_limited'],
})

export const listCategories = route({
  operation: 'listCategories',
  summary: 'The category tree with product counts',
  method: 'GET',
  path: '/api/v1/categories',
  access: ['public'],
  traffic: 'browse',
  query: z.object({ depth: z.enum(['1', '2', '3', '4', '5', '6', '7', '8']).optional() }),
  replies: { 200: z.strictObject({ items: z.array(CategoryNode), nextCursor: z.null() }) },
  cacheSeconds: 300,
})

export const getCategory = route({
  operation: 'getCategory',
  summary: 'One category with its breadcrumbs and children',
  method: 'GET',
  path: '/api/v1/categories/:idOrSlug',
  access: ['public'],
  traffic: 'browse',
  params: z.object({ idOrSlug: z.string().min(1).max(200) }),
  replies: {
    200: z.strictObject({
      id: z.string(),
      slug: z.string(),
      name: z.string(),
      productCount: z.int(),
      breadcrumbs: z.array(CategoryRef),
      children: z.array(
        z.strictObject({
          id: z.string(),
          slug: z.string(),
          name: z.string(),
          productCount: z.int(),
        }),
      ),
    }),
  },
  problems: ['not_found'],
  cacheSeconds: 300,
})

export const changeOffer = route({
  operation: 'changeOffer',
  summary: 'Changes the price of an offer, its sale and its window, or pauses it',
  method: 'PATCH',
  path: '/api/v1/admin/offers/:offerId',
  access: ['operator'],
  permission: 'catalog.write',
  traffic: 'admin',
  params: z.object({ offerId: z.string().max(60) }),
  body: z.strictObject({
    price: Price.optional(),
    /** Null ends the sale. A new one opens now and without end, unless its window is told. */
    salePrice: Price.nullable().optional(),
    saleStartsAt: Timestamp.nullable().optional(),
    saleEndsAt: Timestamp.nullable().optional(),
    status: z.enum(['active', 'paused']).optional(),
  }),
  replies: { 200: z.strictObject({ offerId: z.string(), version: z.int() }) },
  takesIfMatch: true,
  problems: ['not_found', 'precondition_failed', 'catalog.currency_not_sold'],
  idempotency: 'accepted',
})

export const catalogRoutes = [
  getProduct,
  followProducts,
  listProducts,
  listCategories,
  getCategory,
  changeOffer,
  ...catalogAdminRoutes,
  ...sitemapRoutes,
  ...transferRoutes,
  ...catalogMediaRoutes,
] as const
