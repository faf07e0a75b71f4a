import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Config, ModuleName } from './config.ts'
import { createCart } from './modules/cart/index.ts'
import { type CatalogDeps, createCatalog } from './modules/catalog/index.ts'
import { createIdentity } from './modules/identity/index.ts'
import { createInventory, INVENTORY_METHODS, type InventoryApi } from './modules/inventory/index.ts'
import { createMedia, type MediaDeps } from './modules/media/index.ts'
import { createOrders } from './modules/orders/index.ts'
import { createPayments } from './modules/payments/index.ts'
import { createPricing } from './modules/pricing/index.ts'
import { createRecommendations } from './modules/recommendations/index.ts'
import { createOpenSearchStore, createSearch } from './modules/search/index.ts'
import { createShipping } from './modules/shipping/index.ts'
import { paymentProviders } from './payment-providers.ts'
import { createRedisCache } from './platform/cache/redis-cache.ts'
import type { Database } from './platform/db/database.ts'
import type { Outbox } from './platform/events/outbox.ts'
import type { Ids } from './platform/ids.ts'
import { createMailbox, type SendMail } from './platform/mail/mailbox.ts'
import { sendBySmtp } from './platform/mail/smtp.ts'
import type { ModuleParts, PersonalData } from './platform/module.ts'
import { createRedisThrottle } from './platform/redis-throttle.ts'
import { remote, serveRpc } from './platform/rpc/index.ts'
import { createLocalThrottle } from './platform/throttle.ts'
import { createVault } from './platform/vault.ts'
import type { ShopOptions } from './shop-options.ts'

type Deps = ShopOptions & Readonly<{ db: Database; ids: Ids; outbox: Outbox }>

export type Modules = ReturnType<typeof createModules>

const INVENTORY_DEADLINE_MS = 5_000
/** Work on many rows; a shopper waits for none of it. */
const INVENTORY_DEADLINES_MS = {
  importLevels: 120_000,
  importWarehouses: 30_000,
  levelsOf: 30_000,
  audit: 600_000,
} satisfies Partial<Record<(typeof INVENTORY_METHODS)[number], number>>

/** Builds the modules in order of their dependencies; each is handed what it may call. */
export function createModules(deps: Deps) {
  const { config, clock, chance, log, failpoint } = deps
  const referenceFolder = join(config.dataFolder, 'reference')
  const base = { db: deps.db, ids: deps.ids, outbox: deps.outbox, clock, log }
  const runs = (name: ModuleName) => config.STOA_MODULES.includes(name)

  const shipping = createShipping({ ...base, referenceFolder, demoCarrier: config.STOA_DEMO })
  const localInventory = runs('inventory')
    ? createInventory({ ...base, locate: shipping.locate })
    : null
  const inventory: InventoryApi =
    localInventory?.api ??
    remote<InventoryApi>('inventory', INVENTORY_METHODS, {
      url: config.INVENTORY_URL as string,
      secret: config.RPC_SECRET as string,
      deadlineMs: INVENTORY_DEADLINE_MS,
      deadlinesMs: INVENTORY_DEADLINES_MS,
      clock,
      chance,
      log,
    })
  const serve = (app: FastifyInstance) => {
    if (localInventory && config.RPC_SECRET) {
      serveRpc(app, 'inventory', localInventory.api, { secret: config.RPC_SECRET })
    }
  }
  const onlyInventory = localInventory !== null && config.STOA_MODULES.length === 1
  if (onlyInventory)
    return {
      parts: [localInventory as ModuleParts<unknown>],
      inventory,
      serveRpc: serve,
      shop: null,
    }

  const pricing = createPricing({ ...base, referenceFolder })
  const vault = createVault({ keys: deps.vaultKeys, chance })
  const payments = createPayments({ ...base, vault, ...paymentProviders(deps) })
  const recommendations = createRecommendations(base)
  const media = createMedia(mediaDeps(deps))
  const catalog = createCatalog({
    ...base,
    inventory,
    pricing: pricing.api,
    media: media.api,
    fetchImages: config.FETCH_PICTURES,
    engines: catalogEngines(deps),
    transfers: { folder: join(config.home, 'transfers'), chance },
    onView: ({ productId, context: { actor, headers, receivedAt: at } }) =>
      recommendations.api.recordView({ productId, actor, headers, at }),
  })
  const search = createSearch({
    ...base,
    catalog: catalog.api,
    pricing: pricing.api,
    folder: join(config.home, 'search'),
    ...(config.OPENSEARCH_URL
      ? { store: createOpenSearchStore({ ...base, url: config.OPENSEARCH_URL, chance }) }
      : {}),
  })
  const cart = createCart({ ...base, catalog: catalog.api, pricing: pricing.api, inventory })
  const orders = createOrders({
    ...base,
    cart: cart.api,
    pricing: pricing.api,
    inventory,
    payments: payments.api,
    shipping: shipping.api,
    vault,
    settings: {
      commissionRate: config.COMMISSION_RATE,
      commissionVatRate: config.COMMISSION_VAT_RATE,
      demoFulfilment: config.STOA_DEMO,
    },
    ...(failpoint ? { failpoint } : {}),
  })
  const others = {
    shipping,
    pricing,
    payments,
    recommendations,
    media,
    catalog,
    search,
    cart,
    orders,
  }
  const identity = createIdentity({
    ...base,
    chance,
    vault,
    mailbox: createMailbox({ ...base, vault, send: sender(config) }),
    throttle: config.REDIS_URL
      ? createRedisThrottle({ url: config.REDIS_URL, clock, chance, log })
      : createLocalThrottle(clock),
    cart: cart.api,
    orders: orders.api,
    shipping: shipping.api,
    personalData: personalDataOf(others),
    referenceFolder,
    publicUrl: publicUrlOf(config),
    providers: config.OIDC_PROVIDERS,
  })
  const shop = { ...others, identity }
  const parts: ModuleParts<unknown>[] = Object.values(shop)
  if (localInventory) parts.unshift(localInventory)
  return { parts, inventory, serveRpc: serve, shop }
}

/** Where shoppers reach the shop, without a slash at the end. */
export function publicUrlOf(config: Config): string {
  return (config.PUBLIC_URL ?? `http://localhost:${config.PORT}`).replace(/\/$/, '')
}

function sender({ SMTP_URL, MAIL_FROM }: Config): SendMail | undefined {
  return SMTP_URL ? sendBySmtp(SMTP_URL, MAIL_FROM) : undefined
}

/** What modules keep of persons, by the module's name. */
function personalDataOf(
  modules: Readonly<Record<string, ModuleParts<unknown>>>,
): Readonly<Record<string, PersonalData>> {
  const keepers = Object.entries(modules).flatMap(([name, { personalData }]) =>
    personalData ? [[name, personalData] as const] : [],
  )
  return Object.fromEntries(keepers)
}

/** Where pictures are kept: in S3 where the configuration names it, else in a folder. */
function mediaDeps({ config, db, clock, chance }: Deps): MediaDeps {
  const base = { db, clock, chance, folder: join(config.home, 'media') }
  const { S3_ENDPOINT: endpoint, S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = config
  if (!endpoint) return base
  const s3 = {
    endpoint,
    region: config.S3_REGION,
    bucket: S3_BUCKET as string,
    accessKeyId: S3_ACCESS_KEY_ID as string,
    secretAccessKey: S3_SECRET_ACCESS_KEY as string,
  }
  return { ...base, s3 }
}

/** Redis and MongoDB, where the configuration names them. */
function catalogEngines({ config, clock, chance, log }: Deps): NonNullable<CatalogDeps['engines']> {
  return {
    ...(config.REDIS_URL
      ? { sharedCache: createRedisCache({ url: config.REDIS_URL, clock, chance, log }) }
      : {}),
    ...(config.MONGODB_URL ? { mongo: { url: config.MONGODB_URL, chance } } : {}),
  }
}
