import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Order } from '#contracts/orders/schemas.ts'
import { fakeOffer } from '../../../tests/support/checkout-fakes.ts'
import { openCheckoutShop } from '../../../tests/support/checkout-shop.ts'
import type { FakeToken } from '../../../tests/support/fake-provider.ts'
import { seededChance } from '../../platform/chance.ts'
import { orderIdOf } from './flows/place-order.ts'

const shop = await openCheckoutShop()
const { api } = shop.orders
const WALKS = 150
const STEPS = 9

const TOKENS: readonly FakeToken[] = [
  'tok_success',
  'tok_declined',
  'tok_requires_action',
  'tok_timeout',
  'tok_lost',
  'tok_error',
]
const POINTS = ['after_reserve', 'after_place', 'after_charge', 'before_confirm', 'after_confirm']

/** The reference model: which words an order may go on to from each. */
const MAY_BECOME: Readonly<Record<string, readonly Order['status'][]>> = {
  none: ['pending', 'confirmed', 'cancelled', 'expired'],
  pending: ['pending', 'confirmed', 'cancelled', 'expired'],
  confirmed: ['confirmed', 'cancelled', 'partially_shipped', 'shipped'],
  partially_shipped: ['partially_shipped', 'shipped'],
  shipped: ['shipped'],
  cancelled: ['cancelled'],
  expired: ['expired'],
}

async function walk(seed: number): Promise<string[]> {
  const chance = seededChance(seed)
  const pick = <T>(all: readonly T[]): T => all[Math.floor(chance.float() * all.length)] as T
  const offer = fakeOffer(1_000 + seed)
  shop.inventory.setStock(offer.offerId, 2)
  const bought = [{ offer, quantity: 2 }]
  const input = await shop.prepare(`walk ${seed}`, pick(TOKENS), bought)
  const orderId = orderIdOf(input)
  const actions: Record<string, () => Promise<unknown>> = {
    place: () => api.place(input),
    placeTwice: () => Promise.allSettled([api.place(input), api.place(input)]),
    crash: () => {
      shop.crashNextAt(pick(POINTS))
      return api.place(input)
    },
    approve: async () => shop.provider.decide(orderId, true),
    disapprove: async () => shop.provider.decide(orderId, false),
    webhooks: () => Promise.all([shop.webhook(orderId), shop.webhook(orderId)]),
    cancel: () => api.cancel({ key: 'c', orderId, by: 'customer' }),
    shipOne: async () => {
      const { lines } = await api.get({ orderId })
      const one = { lineId: lines[0]!.id, quantity: 1 }
      await api.ship({
        key: pick(['a', 'b']),
        orderId,
        carrier: 'x',
        trackingNumber: 'y',
        lines: [one],
      })
    },
    wait: async () => shop.clock.advance(pick([20_000, 90_000, 11 * 60_000, 31 * 60_000])),
    work: () => shop.settle(),
    raceCancel: () =>
      Promise.allSettled([api.cancel({ key: 'c', orderId, by: 'operator' }), shop.settle()]),
  }
  const steps: string[] = []
  let word = 'none'
  for (let step = 0; step < STEPS; step += 1) {
    const name = step === 0 ? pick(['place', 'placeTwice', 'crash']) : pick(Object.keys(actions))
    steps.push(name)
    await actions[name]!().catch(() => {})
    const now = await api.get({ orderId }).then(
      ({ status }) => status,
      () => 'none',
    )
    assert.ok(
      now === word || MAY_BECOME[word]?.includes(now as Order['status']),
      `${seed}: ${steps}: ${word} → ${now}`,
    )
    word = now
    const paid = shop.provider.paymentsOf(orderId).filter((p) => p.captured > p.refunded)
    assert.ok(paid.length <= 1, `${seed}: ${steps}: charged ${paid.length} times`)
  }
  shop.crashNextAt(null)
  return steps
}

test(`${WALKS} random walks of one order each keep every invariant`, async () => {
  const walks: string[] = []
  for (let seed = 1; seed <= WALKS; seed += 1) walks.push(`${seed}: ${await walk(seed)}`)
  for (let round = 0; round < 8; round += 1) {
    shop.clock.advance(31 * 60_000)
    await shop.settle()
  }
  assert.deepEqual(await shop.audit(), [])
  const { rows } = await shop.db.query({
    text: `select c.order_id, c.state, c.ending, count(e.*)::int as events, c.version
           from orders.checkouts c join orders.order_events e using (shard, order_id)
           group by c.shard, c.order_id`,
  })
  assert.ok(rows.length > WALKS / 2, `${rows.length} orders`)
  for (const row of rows) {
    assert.equal(row.state, 'done', JSON.stringify(row))
    assert.equal(row.events, row.version, 'the history counts every version')
    const { captured = 0, refunded = 0 } =
      shop.provider.paymentsOf(row.order_id).find((p) => p.captured > 0) ?? {}
    assert.equal(captured > refunded, row.ending === 'confirmed', JSON.stringify(row))
    const stock = shop.inventory.stateOf(row.order_id)
    assert.equal(stock === 'committed', row.ending === 'confirmed', `${row.order_id} ${stock}`)
  }
})
