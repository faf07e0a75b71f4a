import { join } from 'node:path'
import { createCart } from '../../server/modules/cart/index.ts'
import { createFraud } from '../../server/modules/fraud/index.ts'
import { createInventory } from '../../server/modules/inventory/index.ts'
import { migrationSources } from '../../server/modules/migrations.ts'
import { createOrders, type PlaceOrderInput } from '../../server/modules/orders/index.ts'
import { createPayments } from '../../server/modules/payments/index.ts'
import { createPricing } from '../../server/modules/pricing/index.ts'
import { createShipping } from '../../server/modules/shipping/index.ts'
import { systemChance as chance } from '../../server/platform/chance.ts'
import { systemClock as clock } from '../../server/platform/clock.ts'
import type { Database } from '../../server/platform/db/database.ts'
import { migrate } from '../../server/platform/db/migrate.ts'
import { createOutbox } from '../../server/platform/events/outbox.ts'
import { createIds } from '../../server/platform/ids.ts'
import { silentLog as log } from '../../server/platform/log.ts'
import { createVault } from '../../server/platform/vault.ts'
import { ADDRESS, fakeOffer } from '../../tests/support/checkout-fakes.ts'
import { createFakeProvider } from '../../tests/support/fake-provider.ts'

const SELLERS = 50
const PLENTY = 1_000_000

/** Chooses the offers of a cart, by number. */
export type Pick = () => readonly number[]

/** The modules of a checkout, in this process; only the catalogue is in memory, as its cache would have it. */
export function openShop(db: Database, offers: number) {
  const catalogue = Array.from({ length: offers }, (_, n) =>
    fakeOffer(n, { sellerId: `sel_${n % SELLERS}`, amount: 500 + (n % 9_000) }),
  )
  const byId = new Map(catalogue.map((offer) => [offer.offerId, offer]))
  const find = (wanted: readonly string[]) => wanted.flatMap((id) => byId.get(id) ?? [])
  const catalog = {
    getOffers: async ({ offerIds }: { offerIds: readonly string[] }) => find(offerIds),
    getVariantOffers: async ({ variantIds }: { variantIds: readonly string[] }) =>
      find(variantIds.map((id) => id.replace('var_', 'off_'))),
  }
  const ids = createIds({ clock, chance })
  const vault = createVault({ keys: [{ id: 'bench', key: chance.bytes(32) }], chance })
  const outbox = createOutbox({ db, ids, clock })
  const base = { db, outbox, ids, clock, log, vault }
  const referenceFolder = join(import.meta.dirname, '../../data/reference')
  const shipping = createShipping({ ...base, referenceFolder })
  const inventory = createInventory({ ...base, locate: () => undefined })
  const pricing = createPricing({ ...base, referenceFolder })
  const cart = createCart({ ...base, catalog, pricing: pricing.api, inventory: inventory.api })
  const payments = createPayments({ ...base, providers: [createFakeProvider()] })
  const fraud = createFraud(base)
  const orders = createOrders({
    ...base,
    cart: cart.api,
    pricing: pricing.api,
    inventory: inventory.api,
    payments: payments.api,
    shipping: shipping.api,
    fraud: fraud.api,
    settings: { commissionRate: '0.10', demoFulfilment: false },
  })
  return { db, catalogue, outbox, shipping, inventory, pricing, cart, payments, fraud, orders }
}

export type Shop = ReturnType<typeof openShop>

/** Tables, reference data, and plenty of everything in one warehouse. */
export async function prepare(shop: Shop): Promise<void> {
  await migrate(shop.db, migrationSources(), log)
  for (const part of [shop.shipping, shop.pricing, shop.inventory, shop.fraud]) await part.start?.()
  await shop.inventory.api.importWarehouses({
    warehouses: [
      {
        code: 'main',
        name: 'Main',
        sellerId: null,
        country: 'DE',
        region: null,
        postalCode: '10115',
        city: 'Berlin',
        latitude: 52.5,
        longitude: 13.4,
        timezone: 'Europe/Berlin',
      },
    ],
  })
  const levels = shop.catalogue.map(({ offerId }) => ({
    offerId,
    warehouseCode: 'main',
    quantity: PLENTY,
  }))
  await shop.inventory.api.importLevels({ key: 'bench', levels })
}

let carts = 0

/** A cart of one line an offer with its quote, and the call that buys it. Each is another buyer's. */
export async function quote({ cart, orders }: Shop, pick: Pick): Promise<PlaceOrderInput> {
  carts += 1
  const buyer = carts
  const { id: cartId } = await cart.api.create({ currency: 'EUR', country: 'DE' })
  for (const n of pick()) await cart.api.addLine({ cartId, variantId: `var_${n}`, quantity: 1 })
  const made = await orders.api.quote({ cartId, shippingAddress: ADDRESS })
  return {
    key: `bench-${buyer}`,
    cartId,
    quoteId: made.quoteId,
    email: `buyer-${buyer}@example.com`,
    shippingAddress: ADDRESS,
    shippingOptionId: made.shippingOptionId ?? '',
    payment: { method: 'card', token: 'tok_success' },
    customerId: null,
    remoteAddress: `${80 + ((buyer >> 16) & 15)}.${(buyer >> 8) & 255}.${buyer & 255}.7`,
  }
}

/** @returns what the audits find wrong, of stock, money and orders. */
export async function breachesOf(shop: Shop): Promise<string[]> {
  await shop.orders.stop?.()
  return [
    ...(await shop.inventory.api.audit()),
    ...(await shop.payments.api.audit()),
    ...(await shop.orders.api.audit()),
  ]
}

/** Moves all waiting events into the stream, so that a run begins with an empty outbox. */
export async function drainOutbox({ outbox }: Shop): Promise<void> {
  while ((await outbox.sequence()) > 0);
}

/** Runs `work` for each number below `count`, `width` at a time. */
export async function inParallel<T>(
  count: number,
  width: number,
  work: (n: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = []
  let next = 0
  const one = async () => {
    while (next < count) {
      const n = next
      next += 1
      results.push(await work(n))
    }
  }
  await Promise.all(Array.from({ length: width }, one))
  return results
}
