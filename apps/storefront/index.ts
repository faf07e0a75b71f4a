import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import { createClient, type Transport } from '@stoa/client'
import type { FastifyInstance } from 'fastify'
import { createDepartments } from './features/departments/departments.ts'
import { createMarkets } from './features/markets/markets.ts'
import { createPromises } from './features/products/promises.ts'
import { componentsOf, type Theme, wordsOf } from './features/theme/theme.ts'
import { buildAssets } from './lib/assets.ts'
import { asVisitor, inCallersName, recognise } from './lib/caller.ts'
import { compressReply } from './lib/compress.ts'
import { lifetimes } from './lib/lifetimes.ts'
import { type Changes, createPageCache } from './lib/page-cache.ts'
import { sendError, sendNotFound } from './lib/problems.ts'
import { isForAll, isOwnForm } from './lib/security.ts'
import type { Instead, Shop, StorefrontLog } from './lib/shop.ts'
import { visit } from './lib/visit.ts'
import { accountRoutes } from './routes/account/index.ts'
import { aftercareRoutes } from './routes/aftercare.ts'
import { appRoutes } from './routes/app.ts'
import { cartRoutes } from './routes/cart.ts'
import { categoryRoute } from './routes/category.ts'
import { checkoutRoutes } from './routes/checkout.ts'
import { deliveryPlaceRoute } from './routes/delivery-place.ts'
import { departmentsRoute } from './routes/departments.ts'
import { homeRoute } from './routes/home.ts'
import { informationRoutes } from './routes/information.ts'
import { orderRoutes } from './routes/orders.ts'
import { preferencesRoutes } from './routes/preferences.ts'
import { productRoute } from './routes/product.ts'
import { searchRoute } from './routes/search.ts'
import { sitemapRoutes } from './routes/sitemaps.ts'
import { socialPictureRoutes } from './routes/social-pictures.ts'
import { styleguideRoute } from './routes/styleguide.ts'
import { suggestRoute } from './routes/suggest.ts'
import { technicalRoutes } from './routes/technical.ts'
import { unsubscribeRoute } from './routes/unsubscribe.ts'
import { wishlistRoutes } from './routes/wishlists.ts'

export type StorefrontOptions = Readonly<{
  /** How the pages reach the API: within the process, or by HTTP. */
  transport: Transport
  publicUrl: string
  providerUrl: string | null
  /** Whether the provider is the test bank, whose tokens may be chosen by name. */
  testPayments?: boolean
  /** Load pictures from the catalogue's own addresses instead of showing drawings. */
  externalImages?: boolean
  /** How pictures of the shop are read, to be drawn where its pages are shared; drawings if absent. */
  readPicture?: Shop['readPicture']
  /** Another look, other words, further pages. */
  theme?: Theme
  /** Whether the page of components is there, for whoever designs. */
  styleguide?: boolean
  secureCookies: boolean
  /** Tells what has changed, so that rendered pages can be kept; without it only for a second. */
  changes?: Changes
  /** Characters of rendered pages that are kept in memory; 64 million unless told. */
  pageCacheSize?: number
  log: StorefrontLog
  newId: () => string
  now: () => Date
}>

export { loadTheme } from './features/theme/theme.ts'

const ROUTES = [
  homeRoute,
  departmentsRoute,
  categoryRoute,
  searchRoute,
  suggestRoute,
  productRoute,
  deliveryPlaceRoute,
  cartRoutes,
  wishlistRoutes,
  checkoutRoutes,
  orderRoutes,
  aftercareRoutes,
  accountRoutes,
  preferencesRoutes,
  unsubscribeRoute,
  informationRoutes,
  technicalRoutes,
  appRoutes,
  sitemapRoutes,
  socialPictureRoutes,
]

/**
 * The shop's pages as a Fastify plugin. Everything it registers stays inside it, so it can stand
 * beside the API on one instance; addresses under /api/ are never its own.
 */
export function createStorefront(
  options: StorefrontOptions,
): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    const shop = await createShop(options)
    await app.register(cookie)
    await app.register(formbody, { bodyLimit: 64 * 1024 })
    app.addHook('onSend', compressReply)
    // After the body was read, whose events know nothing of the request.
    app.addHook('preHandler', (request, _reply, done) => asVisitor(shop, request, done))
    app.addHook('preHandler', (request, reply) => recognise(shop, request, reply))
    app.addHook('preHandler', async (request, reply) => {
      if (request.method !== 'POST' || isForAll(request) || isOwnForm(shop, request)) return
      const v = await visit(shop, request, reply)
      return reply.code(403).type('text/plain; charset=utf-8').send(v.t.wrongOrigin)
    })
    app.setErrorHandler(async (error, request, reply) => {
      const status = (error as { statusCode?: number }).statusCode ?? 500
      if (status >= 500) shop.log.error({ error, requestId: request.id }, 'A page failed')
      const v = await visit(shop, request, reply)
      return sendError(v, reply, { status, reference: request.id })
    })
    for (const route of ROUTES) route(app, shop)
    if (options.styleguide) styleguideRoute(app, shop)
    for (const page of options.theme?.pages ?? []) page(app, shop)
    app.get('/*', async (request, reply) => {
      if (/^\/(api|media|health|metrics)(\/|$)/.test(request.url)) return reply.callNotFound()
      return sendNotFound(await visit(shop, request, reply), reply)
    })
  }
}

const PAGE_CACHE_SIZE = 64_000_000

async function createShop(options: StorefrontOptions): Promise<Shop> {
  const { transport, newId, now, providerUrl, changes } = options
  const pages = createPageCache<Instead>({ now, maxSize: options.pageCacheSize ?? PAGE_CACHE_SIZE })
  changes?.((productIds) => pages.drop(productIds))
  const api = createClient({ transport: inCallersName(transport), newKey: newId })
  return {
    api,
    assets: await buildAssets(options.theme?.styles),
    departments: createDepartments(api, now),
    markets: createMarkets(api, now),
    promises: createPromises(api, now),
    pages,
    components: componentsOf(options.theme),
    wordsOf: wordsOf(options.theme),
    lifetimes: lifetimes(changes !== undefined),
    publicUrl: options.publicUrl.replace(/\/$/, ''),
    providerUrl,
    testPayments: options.testPayments ?? providerUrl !== null,
    externalImages: options.externalImages ?? false,
    readPicture: options.readPicture ?? (async () => undefined),
    secureCookies: options.secureCookies,
    log: options.log,
    newId,
    now,
  }
}
