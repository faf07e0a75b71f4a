import { join } from 'node:path'
import type { Config } from '../config.ts'
import { createCart } from '../modules/cart/index.ts'
import { createFraud } from '../modules/fraud/index.ts'
import { createIdentity } from '../modules/identity/index.ts'
import type { InventoryApi } from '../modules/inventory/index.ts'
import { createNotifications } from '../modules/notifications/index.ts'
import { createOrders } from '../modules/orders/index.ts'
import { createPayments } from '../modules/payments/index.ts'
import { createRecommendations } from '../modules/recommendations/index.ts'
import { createSearch } from '../modules/search/index.ts'
import type { createShipping } from '../modules/shipping/index.ts'
import { createKeptReplies } from '../platform/kept-replies.ts'
import { createMailbox } from '../platform/mail/mailbox.ts'
import { createCatalogue, referenceFolder } from './catalogue.ts'
import { type CompositionDeps, moduleBase } from './deps.ts'
import { catalogEngines, mailSender, searchEngine } from './engines.ts'
import { paymentProviders } from './payment-providers.ts'
import { personalDataOf, together } from './personal-data.ts'

type Shipping = ReturnType<typeof createShipping>
type Foundation = Readonly<{ shipping: Shipping; inventory: InventoryApi }>

/** All modules of a shop but the inventory, each handed what it may call. */
export function createShopModules(deps: CompositionDeps, { shipping, inventory }: Foundation) {
  const { vault } = deps
  const shelf = createShelf(deps, inventory)
  const till = createTill(deps, { ...shelf, shipping, inventory })
  const mailbox = createMailbox({ ...moduleBase(deps), vault, send: mailSender(deps.config) })
  const notifications = createNotifications({
    ...moduleBase(deps),
    vault,
    mailbox,
    orders: till.orders.api,
    cart: till.cart.api,
    catalog: shelf.catalog.api,
    accounts: {
      readersOf: (input) => identity.api.readersOf(input),
      endMarketing: (input) => identity.api.endMarketing(input),
    },
    publicUrl: publicUrlOf(deps.config),
  })
  const others = { shipping, ...shelf, ...till, notifications }
  const identity = createIdentity({
    ...moduleBase(deps),
    chance: deps.chance,
    vault,
    mailbox,
    throttle: deps.throttle,
    cart: till.cart.api,
    orders: till.orders.api,
    shipping: shipping.api,
    personalData: {
      ...personalDataOf(others, till.orders.api.listOfPerson),
      platform: together([createKeptReplies(deps.db), mailbox.personalData]),
    },
    referenceFolder: referenceFolder(deps.config),
    publicUrl: publicUrlOf(deps.config),
    openId: openIdOf(deps.config),
    staffSecondFactor: deps.config.staffSecondFactor,
  })
  return { ...others, identity }
}

/** What is sold, and how it is found. */
function createShelf(deps: CompositionDeps, inventory: InventoryApi) {
  const base = moduleBase(deps)
  const recommendations = createRecommendations(base)
  const { pricing, media, catalog } = createCatalogue(deps, {
    inventory,
    engines: catalogEngines(deps),
    onView: ({ productId, context: { actor, headers, receivedAt: at } }) =>
      recommendations.api.recordView({ productId, actor, headers, at }),
  })
  const search = createSearch({
    ...base,
    reports: deps.reports,
    catalog: catalog.api,
    pricing: pricing.api,
    folder: join(deps.config.home, 'search'),
    ...searchEngine(deps),
  })
  return { pricing, recommendations, media, catalog, search }
}

type Stock = ReturnType<typeof createShelf> & Foundation

/** The path of an order: cart, money, orders. */
function createTill(deps: CompositionDeps, stock: Stock) {
  const { config, failpoint, vault } = deps
  const { catalog, pricing, inventory, shipping } = stock
  const base = moduleBase(deps)
  const payments = createPayments({
    ...base,
    vault,
    throttle: deps.throttle,
    ...paymentProviders(deps),
  })
  const cart = createCart({ ...base, catalog: catalog.api, pricing: pricing.api, inventory })
  const fraud = createFraud({ ...base, vault })
  const orders = createOrders({
    ...base,
    cart: cart.api,
    pricing: pricing.api,
    inventory,
    payments: payments.api,
    shipping: shipping.api,
    fraud: fraud.api,
    vault,
    settings: {
      commissionRate: config.COMMISSION_RATE,
      commissionVatRate: config.COMMISSION_VAT_RATE,
      demoFulfilment: config.STOA_DEMO,
      demoShipAfterMs: config.DEMO_SHIP_SECONDS * 1_000,
    },
    ...(failpoint ? { failpoint } : {}),
  })
  return { payments, cart, fraud, orders }
}

/** Where shoppers reach the shop, without a slash at the end. */
export function publicUrlOf(config: Config): string {
  return (config.PUBLIC_URL ?? `http://localhost:${config.PORT}`).replace(/\/$/, '')
}

function openIdOf(config: Config) {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_NAME: name } = config
  if (!issuer || !clientId) return undefined
  return { issuer, clientId, clientSecret: config.OIDC_CLIENT_SECRET ?? null, name }
}
