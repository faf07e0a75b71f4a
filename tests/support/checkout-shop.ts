import { shipmentMoved } from '#contracts/shipping/events.ts'
import { setFraudRules } from '../../contracts/fraud/routes.ts'
import { createFraud } from '../../server/modules/fraud/index.ts'
import {
  createOrders,
  type OrdersDeps,
  type PlaceOrderInput,
} from '../../server/modules/orders/index.ts'
import { createPayments } from '../../server/modules/payments/index.ts'
import type { CallContext } from '../../server/platform/http/binding.ts'
import { silentLog } from '../../server/platform/log.ts'
import {
  ADDRESS,
  createFakeCart,
  createFakeInventory,
  createFakePricing,
  createFakeShipping,
  fakeOffer,
} from './checkout-fakes.ts'
import { createFakeProvider, type FakeToken } from './fake-provider.ts'
import { operatorOf } from './operator.ts'
import { testClock, testPlatform, testVault } from './platform.ts'

type Bought = Readonly<{ offer: ReturnType<typeof fakeOffer>; quantity: number }>

const TEST_ACCOUNT = { accountHolder: 'Stoa GmbH', iban: 'DE02120300000000202051' }

/** Orders and payments on a real database; cart, prices, stock, parcels and the bank are fakes. */
export async function openCheckoutShop(settings: Partial<OrdersDeps['settings']> = {}) {
  const clock = testClock()
  const platform = await testPlatform({ clock })
  const { db, ids, outbox } = platform
  const base = { db, ids, outbox, clock, log: silentLog }
  const provider = createFakeProvider()
  const vault = testVault()
  const openPayments = () =>
    createPayments({
      ...base,
      vault,
      providers: [provider],
      byHand: { cashOnDelivery: true, bankTransfer: TEST_ACCOUNT },
    })
  const payments = openPayments()
  const cart = createFakeCart(ids)
  const pricing = createFakePricing(ids, clock)
  const inventory = createFakeInventory(clock)
  const shipping = createFakeShipping(ids)
  let crashAt: string | null = null
  const fraud = createFraud({ ...base, vault })
  // One shopper buys all day long here: the screening looks on, unless a test changes its rules.
  const observing = { mode: 'observe', reviewAt: 60, denyAt: 120, rules: [] }
  await operatorOf(platform, fraud.routes)(setFraudRules, { body: observing })
  const deps = { ...base, cart, pricing, inventory, shipping, vault, fraud: fraud.api }
  const orders = createOrders({
    ...deps,
    payments: payments.api,
    settings: { commissionRate: '0.10', demoFulfilment: false, ...settings },
    failpoint(name) {
      if (name !== crashAt) return
      crashAt = null
      throw new Error(`crashed at ${name}`)
    },
  })

  async function tick(name: string): Promise<number> {
    const ticker = [...orders.tickers, ...payments.tickers].find((one) => one.name === name)
    if (!ticker) throw new Error(`There is no ticker ${name}`)
    let all = 0
    for (let done = await ticker.run(); done > 0; done = await ticker.run()) all += done
    return all
  }

  return {
    ...platform,
    clock,
    provider,
    payments,
    fraud,
    orders,
    cart,
    pricing,
    inventory,
    shipping,
    tick,
    /** Another process on the same database: it shares nothing else with the first. */
    openRival: () =>
      createOrders({
        ...deps,
        payments: openPayments().api,
        settings: { commissionRate: '0.10', demoFulfilment: false, ...settings },
      }),
    /** The next call that comes by this point dies there. */
    crashNextAt(name: string | null) {
      crashAt = name
    },
    /** A quoted cart, and the call that buys it. */
    async prepare(
      key: string,
      token: FakeToken,
      bought: readonly Bought[] = [
        { offer: fakeOffer(1), quantity: 2 },
        { offer: fakeOffer(2, { sellerId: 'sel_b' }), quantity: 1 },
      ],
    ): Promise<PlaceOrderInput> {
      const open = cart.put(bought)
      const quote = await orders.api.quote({ cartId: open.id, shippingAddress: ADDRESS })
      return {
        key,
        cartId: open.id,
        quoteId: quote.quoteId,
        email: 'ada@example.com',
        shippingAddress: ADDRESS,
        shippingOptionId: 'standard',
        payment: { method: 'card', token },
        customerId: null,
        remoteAddress: '127.0.0.1',
      }
    },
    async webhook(orderId: string): Promise<void> {
      const { provider: name, headers, rawBody } = provider.webhook(orderId)
      const context = { headers, rawBody } as unknown as CallContext
      const input = { params: { provider: name }, query: undefined, body: {} }
      await payments.routes[0]!.handle(input, context)
    },
    /** Delivers all events, then does all that is due. */
    async settle(): Promise<void> {
      await platform.deliver(orders.consumers)
      await tick('payments.chase_answers')
      await platform.deliver(orders.consumers)
      await tick('orders.resume_checkouts')
      await tick('orders.resume_dispatches')
      await platform.deliver(orders.consumers)
    },
    /** What shipping would tell when all parcels of an order came. */
    async arrive(orderId: string): Promise<void> {
      const shipments = await shipping.listByOrder({ orderId })
      const at = clock.now().toISOString()
      await db.tx((tx) =>
        outbox.append(
          tx,
          shipments.map(({ id: shipmentId, lines: sent }) => {
            const lines = sent.map(({ lineId, quantity }) => ({ lineId, quantity }))
            const payload = { shipmentId, orderId, status: 'delivered' as const, lines, at }
            return { spec: shipmentMoved, aggregateId: orderId, payload }
          }),
        ),
      )
      await platform.deliver(orders.consumers)
    },
    /** Every order there is, with how often it was told. */
    async listOrders(): Promise<{ id: string; confirmed: number }[]> {
      const { rows } = await db.query({
        text: `select o.id, (select count(*)::int from orders.order_events e
                 where e.order_id = o.id and e.type = 'confirmed') as confirmed
               from orders.orders o order by o.id`,
      })
      return rows
    },
    async audit(): Promise<string[]> {
      await orders.stop?.()
      return [...(await orders.api.audit()), ...(await payments.api.audit())]
    },
  }
}
