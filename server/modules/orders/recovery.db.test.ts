import assert from 'node:assert/strict'
import { test } from 'node:test'
import { money } from '#contracts/kit/money.ts'
import { fakeOffer } from '../../../tests/support/checkout-fakes.ts'
import { openCheckoutShop } from '../../../tests/support/checkout-shop.ts'
import { POINTS } from '../../../tests/support/faults.ts'
import { orderIdOf } from './flows/place-order.ts'

const MINUTE_MS = 60_000
const shop = await openCheckoutShop()
const { api } = shop.orders

async function crash(key: string, point: string) {
  const input = await shop.prepare(key, 'tok_success')
  shop.crashNextAt(point)
  await assert.rejects(api.place(input), new RegExp(`crashed at ${point}`))
  return { input, orderId: orderIdOf(input) }
}

async function isPlaced(orderId: string): Promise<boolean> {
  return (await shop.listOrders()).some(({ id }) => id === orderId)
}

for (const point of POINTS) {
  test(`after a crash ${point} the client's repetition ends in one order and one charge`, async () => {
    const { input, orderId } = await crash(`client ${point}`, point)
    const { order } = await api.place(input)
    assert.equal(order.id, orderId)
    assert.equal(order.status, 'confirmed')
    assert.equal(shop.provider.paymentsOf(orderId).length, 1)
    shop.clock.advance(2 * MINUTE_MS)
    await shop.settle()
    const cart = await shop.cart.getForCheckout({ cartId: input.cartId })
    assert.equal(cart.status, 'ordered')
  })
}

for (const point of ['after_reserve'] as const) {
  test(`a crash ${point} without a repetition leaves no order and no hold`, async () => {
    const { orderId } = await crash(`worker ${point}`, point)
    shop.clock.advance(11 * MINUTE_MS)
    await shop.settle()
    assert.equal(await isPlaced(orderId), false)
    assert.equal(shop.provider.paymentsOf(orderId).length, 0)
  })
}

test('a worker that has lost the key does not charge: the order waits, and expires', async () => {
  const { orderId } = await crash('worker lost key', 'before_charge')
  await shop.db.query({
    text: `update orders.checkouts set sealed_payment = 'gone.AAAA' where order_id = $1`,
    values: [orderId],
  })
  shop.clock.advance(2 * MINUTE_MS)
  await shop.settle()
  assert.equal((await api.get({ orderId })).status, 'pending', 'the shopper may still come back')
  shop.clock.advance(30 * MINUTE_MS)
  await shop.settle()
  const order = await api.get({ orderId })
  assert.deepEqual([order.status, order.paymentStatus], ['expired', 'failed'])
  assert.equal(shop.inventory.stateOf(orderId), 'released')
  assert.equal(shop.provider.paymentsOf(orderId).length, 0)
})

test('how an order is to be paid lies sealed, and only until the order is decided', async () => {
  const { orderId } = await crash('sealed', 'after_place')
  const sealedOf = async () => {
    const { rows } = await shop.db.query({
      text: 'select sealed_payment from orders.checkouts where order_id = $1',
      values: [orderId],
    })
    return rows[0]?.sealed_payment as string | null
  }
  const sealed = await sealedOf()
  assert.ok(sealed && !sealed.includes('tok_success'))
  shop.clock.advance(2 * MINUTE_MS)
  await shop.settle()
  assert.equal((await api.get({ orderId })).status, 'confirmed')
  assert.equal(await sealedOf(), null)
  const { rows } = await shop.db.query({
    text: `select count(*)::int as n from orders.checkouts
           where sealed_payment is not null and ending is not null`,
  })
  assert.equal(rows[0]?.n, 0)
})

for (const point of POINTS.slice(1)) {
  test(`a crash ${point} is finished by the worker: one order, one charge, booked`, async () => {
    const { input, orderId } = await crash(`worker ${point}`, point)
    shop.clock.advance(2 * MINUTE_MS)
    await shop.settle()
    const order = await api.get({ orderId })
    assert.equal(order.status, 'confirmed')
    assert.equal(shop.provider.paymentsOf(orderId).length, 1)
    const cart = await shop.cart.getForCheckout({ cartId: input.cartId })
    assert.equal(cart.status, 'ordered')
    const { rows } = await shop.db.query({
      text: 'select kind from payments.journals where order_id = $1 order by kind',
      values: [orderId],
    })
    assert.deepEqual(
      rows.map(({ kind }) => kind),
      ['capture', 'sale'],
    )
  })
}

test('paid after its hold ran out: taken again while stock lasts', async () => {
  const { order } = await api.place(await shop.prepare('late 1', 'tok_requires_action'))
  shop.clock.advance(11 * MINUTE_MS)
  shop.provider.decide(order.id, true)
  await shop.webhook(order.id)
  await shop.settle()
  assert.equal((await api.get({ orderId: order.id })).status, 'confirmed')
  assert.equal(shop.inventory.stateOf(order.id), 'committed')
})

test('paid after its hold ran out and the stock went: cancelled, and the money goes back', async () => {
  const offer = fakeOffer(70)
  shop.inventory.setStock(offer.offerId, 1)
  const bought = [{ offer, quantity: 1 }]
  const late = await api.place(await shop.prepare('late 2', 'tok_requires_action', bought))
  shop.clock.advance(11 * MINUTE_MS)
  const other = await api.place(await shop.prepare('quick', 'tok_success', bought))
  assert.equal(other.order.status, 'confirmed')
  shop.provider.decide(late.order.id, true)
  await shop.webhook(late.order.id)
  await shop.settle()
  const order = await api.get({ orderId: late.order.id })
  assert.deepEqual([order.status, order.paymentStatus], ['cancelled', 'refunded'])
  assert.equal(order.events.at(-1)?.note, 'out_of_stock')
  assert.equal(shop.provider.paymentsOf(order.id)[0]?.refunded, order.totals.total.amount)
  assert.equal(shop.inventory.heldOf(offer.offerId), 1)
})

test('a shopper who never comes back from his bank loses the order, and his payment is voided', async () => {
  const { order } = await api.place(await shop.prepare('gone', 'tok_requires_action'))
  shop.clock.advance(31 * MINUTE_MS)
  await shop.settle()
  assert.equal((await api.get({ orderId: order.id })).status, 'expired')
  assert.equal(shop.provider.paymentsOf(order.id)[0]?.status, 'voided')
})

test('a payment whose webhook was lost is asked for before the order expires', async () => {
  const { order } = await api.place(await shop.prepare('no webhook', 'tok_requires_action'))
  shop.provider.decide(order.id, true)
  shop.clock.advance(31 * MINUTE_MS)
  await shop.settle()
  assert.equal((await api.get({ orderId: order.id })).status, 'confirmed')
})

test('money that turns up for an order that was given up goes back', async () => {
  const { order } = await api.place(await shop.prepare('ghost', 'tok_lost'))
  shop.clock.advance(16 * MINUTE_MS)
  await shop.settle()
  await shop.settle()
  assert.equal((await api.get({ orderId: order.id })).status, 'cancelled')
  await shop.provider.authorize({
    key: 'the first call, arriving after all',
    reference: order.id,
    attempt: 1,
    amount: money(order.totals.total.amount, 'EUR'),
    token: 'tok_success',
    capture: true,
    returnUrl: undefined,
  })
  await shop.webhook(order.id)
  await shop.settle()
  const after = await api.get({ orderId: order.id })
  assert.deepEqual([after.status, after.paymentStatus], ['cancelled', 'refunded'])
})

test('a charge that was cut off is asked for within seconds, and made anew under its key', async () => {
  shop.provider.failAll('silent')
  const { order, settled } = await api.place(await shop.prepare('cut', 'tok_success'))
  assert.deepEqual([settled, order.status], [false, 'pending'])
  shop.provider.failAll(null)
  shop.clock.advance(6_000)
  await shop.tick('orders.resume_checkouts')
  assert.equal(
    shop.provider.paymentsOf(order.id).length,
    0,
    'the first call may still be under way',
  )
  shop.clock.advance(11_000)
  await shop.tick('orders.resume_checkouts')
  assert.equal((await api.get({ orderId: order.id })).status, 'confirmed')
  assert.equal(shop.provider.paymentsOf(order.id).length, 1)
})

test('a charge whose answer was cut off is found, and not made anew', async () => {
  const { order } = await api.place(await shop.prepare('answer cut', 'tok_timeout'))
  const before = shop.provider.calls.authorize
  if (order.status === 'pending') {
    shop.clock.advance(17_000)
    await shop.tick('orders.resume_checkouts')
  }
  assert.equal((await api.get({ orderId: order.id })).status, 'confirmed')
  assert.equal(shop.provider.calls.authorize, before)
  assert.equal(shop.provider.paymentsOf(order.id).length, 1)
})

test('a provider that stays silent is asked ever less often, until the order ends', async () => {
  const { order } = await api.place(await shop.prepare('lost for good', 'tok_lost'))
  const before = shop.provider.calls.authorize
  for (let second = 0; second < 14 * 60; second += 1) {
    shop.clock.advance(1_000)
    await shop.tick('orders.resume_checkouts')
  }
  const sent = shop.provider.calls.authorize - before
  assert.ok(sent > 2 && sent < 12, `${sent} times`)
  shop.clock.advance(2 * MINUTE_MS)
  await shop.settle()
  await shop.settle()
  assert.equal((await api.get({ orderId: order.id })).status, 'cancelled')
  assert.equal(shop.inventory.stateOf(order.id), 'released')
})

test('the audit is clean after every crash', async () => {
  assert.deepEqual(await shop.audit(), [])
  const orders = await shop.listOrders()
  assert.ok(orders.every(({ confirmed }) => confirmed <= 1))
})
