import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as contract from '#contracts/fraud/routes.ts'
import type { FraudRule } from '#contracts/fraud/schemas.ts'
import { Problem } from '#contracts/kit/problem.ts'
import { fakeOffer } from '../../../tests/support/checkout-fakes.ts'
import { openCheckoutShop } from '../../../tests/support/checkout-shop.ts'
import { operatorOf } from '../../../tests/support/operator.ts'
import { orderIdOf } from './flows/place-order.ts'

const shop = await openCheckoutShop()
const { api } = shop.orders
const call = operatorOf(shop, shop.fraud.routes)
const consumers = [...shop.orders.consumers, ...shop.fraud.consumers]

const RISK: FraudRule = { code: 'provider_risk', enabled: true, score: 60, threshold: 75 }
/** Holds, or denies, every order. */
const always = (score: number): FraudRule => ({
  code: 'order_frequency',
  enabled: true,
  score,
  threshold: 0,
  windowMinutes: 60,
})

async function setRules(...rules: readonly FraudRule[]): Promise<void> {
  const body = { mode: 'enforce', reviewAt: 60, denyAt: 100, rules }
  assert.equal((await call(contract.setFraudRules, { body })).status, 200)
}

/** Delivers the events to everybody, and does what is due. */
async function settle(): Promise<void> {
  await shop.deliver(consumers)
  shop.clock.advance(1_000)
  await shop.tick('orders.resume_checkouts')
  await shop.deliver(consumers)
}

const decide = (orderId: string, outcome: string) =>
  call(contract.decideFraudReview, { params: { orderId }, body: { outcome } })

const refusedAs = (code: string) => (error: unknown) =>
  error instanceof Problem && error.code === code

let offers = 0
/** A quoted cart with an offer of its own. */
function prepare(key: string, token: Parameters<typeof shop.prepare>[1] = 'tok_success') {
  offers += 1
  const offer = fakeOffer(500 + offers, { amount: 1_000 })
  return shop.prepare(key, token, [{ offer, quantity: 2 }]).then((input) => ({ input, offer }))
}

test('a risk score of the bank holds the paid order; approved, it ships', async () => {
  await setRules(RISK)
  const { input } = await prepare('risky', 'tok_fraud')
  const { order, settled } = await api.place(input)
  assert.deepEqual([settled, order.status, order.paymentStatus], [true, 'on_hold', 'completed'])
  assert.deepEqual(
    order.events.map(({ type }) => type),
    ['placed', 'confirmed', 'held'],
  )
  assert.deepEqual(await api.get({ orderId: order.id }), order, 'what was shown is what is kept')
  const parcel = { key: 'a', orderId: order.id, carrier: 'x', trackingNumber: 'y' }
  await assert.rejects(api.ship(parcel), refusedAs('invalid_transition'))
  await settle()
  assert.equal((await decide(order.id, 'approved')).status, 200)
  await settle()
  const released = await api.get({ orderId: order.id })
  assert.deepEqual([released.status, released.events.at(-1)?.type], ['confirmed', 'released'])
  await api.ship(parcel)
  assert.equal((await api.get({ orderId: order.id })).status, 'shipped')
  assert.deepEqual(await shop.audit(), [])
})

test('a held order that is rejected gives stock and money back', async () => {
  await setRules(RISK)
  const { input, offer } = await prepare('rejected', 'tok_fraud')
  const { order } = await api.place(input)
  assert.equal(shop.inventory.heldOf(offer.offerId), 2)
  await decide(order.id, 'rejected')
  await settle()
  const after = await api.get({ orderId: order.id })
  assert.deepEqual([after.status, after.paymentStatus], ['cancelled', 'refunded'])
  assert.equal(after.events.at(-1)?.note, 'fraud')
  assert.equal(shop.inventory.heldOf(offer.offerId), 0)
  assert.equal(shop.provider.paymentsOf(order.id)[0]?.refunded, order.totals.total.amount)
  assert.deepEqual(await shop.audit(), [])
})

test('an order that the bank trusts is confirmed at once', async () => {
  await setRules(RISK)
  const { input } = await prepare('fine')
  assert.equal((await api.place(input)).order.status, 'confirmed')
})

test('a denied order is never charged, holds nothing, and is denied again', async () => {
  await setRules(always(100))
  const { input, offer } = await prepare('denied')
  const before = shop.provider.calls.authorize
  await assert.rejects(api.place(input), (error) => {
    assert.ok(refusedAs('payments.denied')(error))
    assert.deepEqual(Object.keys((error as Problem).options.data ?? {}), ['orderId'])
    return true
  })
  await assert.rejects(api.place(input), refusedAs('payments.denied'))
  assert.equal(shop.provider.calls.authorize, before)
  assert.equal(shop.inventory.heldOf(offer.offerId), 0)
  assert.equal((await api.get({ orderId: orderIdOf(input) })).status, 'cancelled')
  assert.deepEqual(await shop.audit(), [])
})

test('whichever step a crash follows, a doubtful order ends on hold and is judged once', async () => {
  await setRules(always(60))
  for (const point of ['after_place', 'after_screen', 'after_charge', 'before_confirm'] as const) {
    const { input } = await prepare(`crash ${point}`)
    shop.crashNextAt(point)
    await assert.rejects(api.place(input), /crashed/)
    shop.clock.advance(90_000)
    await shop.tick('orders.resume_checkouts')
    const orderId = orderIdOf(input)
    assert.equal((await api.get({ orderId })).status, 'on_hold', point)
    const { order } = await api.place(input)
    assert.equal(order.status, 'on_hold', `${point}, again`)
    assert.equal(shop.provider.paymentsOf(orderId).length, 1, point)
  }
  assert.deepEqual(await shop.audit(), [])
})

test('a crash before a denied order has ended does not let it be charged by the worker', async () => {
  await setRules(always(100))
  const { input } = await prepare('crash denied')
  shop.crashNextAt('after_place')
  await assert.rejects(api.place(input), /crashed/)
  shop.clock.advance(90_000)
  await shop.tick('orders.resume_checkouts')
  const orderId = orderIdOf(input)
  assert.equal((await api.get({ orderId })).status, 'cancelled')
  assert.equal(shop.provider.paymentsOf(orderId).length, 0)
})

test('an order that waits for its payment is let pass, or ended, before it is paid', async () => {
  await setRules(always(60))
  const approved = await prepare('waits', 'tok_requires_action')
  const { order } = await api.place(approved.input)
  assert.equal(order.status, 'pending')
  await decide(order.id, 'approved')
  await settle()
  shop.provider.decide(order.id, true)
  await shop.webhook(order.id)
  await settle()
  assert.equal((await api.get({ orderId: order.id })).status, 'confirmed')
  const rejected = await prepare('waits too', 'tok_requires_action')
  const { order: second } = await api.place(rejected.input)
  await decide(second.id, 'rejected')
  await settle()
  assert.equal((await api.get({ orderId: second.id })).status, 'cancelled')
  assert.equal(shop.inventory.heldOf(rejected.offer.offerId), 0)
})

test('more than the limit of a product is refused before it is paid; cancelling gives it back', async () => {
  await setRules()
  const { input, offer } = await prepare('limited')
  // Not by the route: the fakes' products have names that are no ids.
  await shop.db.query({
    text: `insert into fraud.purchase_limits values ($1, 3, null, 'test', now())`,
    values: [offer.productId],
  })
  shop.clock.advance(5_000)
  const first = await api.place(input)
  assert.equal(first.order.status, 'confirmed')
  const again = await shop.prepare('limited again', 'tok_success', [{ offer, quantity: 2 }])
  await assert.rejects(api.place(again), refusedAs('orders.purchase_limit'))
  await assert.rejects(api.place(again), refusedAs('orders.purchase_limit'))
  assert.equal(shop.inventory.heldOf(offer.offerId), 2)
  await api.cancel({ key: 'c', orderId: first.order.id, by: 'customer' })
  await settle()
  const third = await shop.prepare('limited third', 'tok_success', [{ offer, quantity: 3 }])
  assert.equal((await api.place(third)).order.status, 'confirmed')
  assert.deepEqual(await shop.audit(), [])
})

test('what was bought, declined and disputed is what the next order is judged by', async () => {
  await setRules(RISK)
  const key = 'select count(*)::int as n from fraud'
  const count = async (text: string) => (await shop.db.query({ text })).rows[0].n as number
  await settle()
  const [spent, declined] = [await count(`${key}.spendings`), `${key}.counters where declines > 0`]
  assert.equal(spent, 1, 'one buyer, one currency')
  const before = await count(declined)
  const { input } = await prepare('no money', 'tok_declined')
  await assert.rejects(api.place(input), refusedAs('payments.declined'))
  await settle()
  assert.equal(await count(declined), before + 1)
})
