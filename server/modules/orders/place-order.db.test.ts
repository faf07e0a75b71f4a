import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '#contracts/kit/problem.ts'
import { ADDRESS, fakeOffer } from '../../../tests/support/checkout-fakes.ts'
import { openCheckoutShop } from '../../../tests/support/checkout-shop.ts'

const shop = await openCheckoutShop()
const { api } = shop.orders

const refusal = async (work: Promise<unknown>): Promise<Problem> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof Problem, `${error}`)
  return error
}

async function counts(): Promise<Record<string, number>> {
  const { rows } = await shop.db.query({
    text: `select (select count(*)::int from orders.orders) as orders,
                  (select count(*)::int from orders.checkouts) as checkouts,
                  (select count(*)::int from payments.payments) as payments,
                  (select count(*)::int from platform.outbox) as events`,
  })
  return rows[0]
}

test('an approved order is confirmed, committed, booked and told, and its cart closed', async () => {
  const input = await shop.prepare('k1', 'tok_success')
  const { order, settled } = await api.place(input)
  assert.equal(settled, true)
  assert.equal(order.status, 'confirmed')
  assert.equal(order.paymentStatus, 'completed')
  assert.equal(order.totals.total.amount, 2_000 + 2_000 + 499 + 380 + 380 + 95)
  assert.deepEqual(
    order.events.map(({ type }) => type),
    ['placed', 'confirmed'],
  )
  assert.deepEqual(order.allowedActions, ['cancel', 'cancel_lines'])
  assert.equal(order.sellerOrders.length, 2)
  assert.deepEqual(await api.get({ orderId: order.id }), order)
  assert.equal(shop.inventory.stateOf(order.id), 'committed')
  const cart = await shop.cart.getForCheckout({ cartId: input.cartId })
  assert.equal(cart.status, 'ordered')
  const { rows } = await shop.db.query({
    text: 'select type from platform.outbox where aggregate_id = $1 order by seq',
    values: [order.id],
  })
  assert.deepEqual(
    rows.map((row) => row.type),
    ['orders.order_created.v1', 'payments.payment_processed.v1', 'orders.order_confirmed.v1'],
  )
})

test('an order keeps the days that its quote promised, wherever its goods leave from', async () => {
  const from = (notBefore: string) => ({
    warehouseId: 'wh_0',
    country: 'DE',
    timezone: 'Europe/Berlin',
    cutOff: '15:00',
    workingDays: [1, 2, 3, 4, 5],
    closedOn: [],
    notBefore,
  })
  shop.inventory.setDepartures([from('2026-03-10'), from('2026-03-12')])
  const input = await shop.prepare('promised', 'tok_success')
  shop.inventory.setDepartures([from('2026-04-10')])
  const { order } = await api.place(input)
  shop.inventory.setDepartures([])
  const promised = { earliest: '2026-03-10', latest: '2026-03-12' }
  assert.deepEqual(order.estimatedDelivery, promised)
  await api.ship({ key: 's', orderId: order.id, carrier: 'DHL', trackingNumber: 'T' })
  const shipped = await api.get({ orderId: order.id })
  assert.deepEqual(shipped.estimatedDelivery, promised)
  assert.equal(shipped.shipments[0]?.estimatedDelivery, promised.latest)
})

test('one key is one order and one charge, fifty times at once and again later', async () => {
  const input = await shop.prepare('k2', 'tok_success')
  const all = await Promise.all(Array.from({ length: 50 }, () => api.place(input)))
  const again = await api.place(input)
  assert.equal(new Set([...all, again].map(({ order }) => order.id)).size, 1)
  assert.equal(again.order.status, 'confirmed')
  assert.equal(shop.provider.paymentsOf(again.order.id).length, 1)
})

test('two keys for one cart are one order: the other hears that it is ordered or under way', async () => {
  const input = await shop.prepare('k3', 'tok_success')
  const all = await Promise.allSettled(
    Array.from({ length: 10 }, (_, n) => api.place({ ...input, key: `k3-${n}` })),
  )
  const done = all.filter((one) => one.status === 'fulfilled')
  assert.equal(done.length, 1)
  for (const one of all) {
    if (one.status === 'rejected') assert.match(one.reason.code, /^(conflict|cart\.not_open)$/)
  }
  const charges = shop.provider
    .all()
    .filter(({ reference }) => done.some(({ value }) => value.order.id === reference))
  assert.equal(charges.length, 1)
})

test('a cart whose order is confirmed is not bought again before it is closed', async () => {
  const input = await shop.prepare('k3 open', 'tok_success')
  await api.place(input)
  const { cartId } = input
  shop.cart.change(cartId, (cart) => ({ ...cart, status: 'open' }))
  const before = await counts()
  await assert.rejects(api.place({ ...input, key: 'k3 open again' }), { code: 'cart.not_open' })
  assert.deepEqual(await counts(), before)
})

test('what is refused before it is placed leaves nothing behind', async () => {
  const before = await counts()
  const changed = await shop.prepare('k4', 'tok_success')
  shop.cart.change(changed.cartId, (cart) => ({ ...cart, version: 2 }))
  const cartChanged = await refusal(api.place(changed))
  assert.equal(cartChanged.code, 'orders.cart_changed')
  assert.match(JSON.stringify(cartChanged.options.data), /^{"quote":{"quoteId":"quo_/)

  const dearer = await shop.prepare('k5', 'tok_success')
  shop.cart.change(dearer.cartId, (cart) => ({
    ...cart,
    lines: cart.lines.map((line) => ({ ...line, offer: fakeOffer(1, { amount: 1_001 }) })),
  }))
  const priceChanged = await refusal(api.place(dearer))
  assert.equal(priceChanged.code, 'orders.price_changed')
  const quote = priceChanged.options.data?.['quote'] as { quoteId: string; total: object }
  const accepted = await api.place({ ...dearer, quoteId: quote.quoteId })
  assert.deepEqual(accepted.order.totals.total, quote.total)

  const elsewhere = await shop.prepare('k6', 'tok_success')
  const mismatch = { ...ADDRESS, postalCode: '10117' }
  const wrong: readonly [string, object][] = [
    ['orders.quote_mismatch', { shippingAddress: mismatch }],
    ['orders.quote_mismatch', { shippingOptionId: 'express' }],
    ['orders.quote_unknown', { quoteId: shop.ids.make('quo') }],
    ['orders.quote_unknown', { quoteId: 'quo_none' }],
  ]
  for (const [code, change] of wrong) {
    assert.equal((await refusal(api.place({ ...elsewhere, ...change }))).code, code)
  }
  const after = await counts()
  assert.equal(after['orders'], (before['orders'] ?? 0) + 1)
  assert.equal(after['payments'], (before['payments'] ?? 0) + 1)
})

test('an expired quote that would come out the same still holds', async () => {
  const input = await shop.prepare('k7', 'tok_success')
  shop.clock.advance(45 * 60_000)
  assert.equal((await api.place(input)).order.status, 'confirmed')
})

test('too little stock names the lines; a hundred buyers of ten units are exactly ten orders', async () => {
  const offer = fakeOffer(77)
  const buyers = await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      shop.prepare(`last-${n}`, 'tok_success', [{ offer, quantity: 1 }]),
    ),
  )
  shop.inventory.setStock(offer.offerId, 10)
  const before = await counts()
  const all = await Promise.allSettled(buyers.map((input) => api.place(input)))
  assert.equal(all.filter(({ status }) => status === 'fulfilled').length, 10)
  const refused = all.find((one) => one.status === 'rejected')?.reason as Problem
  assert.equal(refused.code, 'inventory.insufficient_stock')
  const lines = refused.options.data?.['lines'] as { lineId: string }[]
  assert.deepEqual(
    lines.map((line) => ({ ...line, lineId: typeof line.lineId })),
    [
      {
        lineId: 'string',
        variantId: 'var_77',
        name: 'Product 77',
        offerId: 'off_77',
        requested: 1,
        available: 0,
      },
    ],
  )
  assert.equal((await counts())['orders'], (before['orders'] ?? 0) + 10)
  assert.equal(shop.inventory.heldOf(offer.offerId), 10)
  const quote = api.quote({ cartId: buyers[99]!.cartId, shippingAddress: ADDRESS })
  assert.equal((await refusal(quote)).code, refused.code)
})

test('a declined payment gives the stock back and leaves the cart open for another way', async () => {
  const input = await shop.prepare('k8', 'tok_declined')
  const declined = await refusal(api.place(input))
  assert.equal(declined.code, 'payments.declined')
  assert.equal(declined.options.data?.['declineCode'], 'card_declined')
  const orderId = declined.options.data?.['orderId'] as string
  const order = await api.get({ orderId })
  assert.equal(order.status, 'cancelled')
  assert.equal(order.paymentStatus, 'failed')
  assert.equal(shop.inventory.stateOf(orderId), 'released')
  assert.equal((await refusal(api.place(input))).code, 'payments.declined', 'the same key, again')
  const payment = { method: 'card', token: 'tok_success' }
  const second = await api.place({ ...input, key: 'k8-again', payment })
  assert.equal(second.order.status, 'confirmed')
  assert.notEqual(second.order.id, orderId)
})

test('a payment that asks the shopper is confirmed by its webhook, once', async () => {
  const input = await shop.prepare('k9', 'tok_requires_action')
  const { order, settled } = await api.place(input)
  assert.equal(settled, false)
  assert.equal(order.status, 'pending')
  assert.equal(order.payment.status, 'requires_action')
  assert.ok(order.payment.redirectUrl)
  assert.deepEqual(order.allowedActions, ['pay', 'cancel'])
  shop.provider.decide(order.id, true)
  await Promise.all(Array.from({ length: 10 }, () => shop.webhook(order.id)))
  await Promise.all([shop.settle(), api.place(input)])
  await shop.settle()
  const after = await api.get({ orderId: order.id })
  assert.equal(after.status, 'confirmed')
  assert.deepEqual(
    after.events.map(({ type }) => type),
    ['placed', 'confirmed'],
  )
})

test('a shopper who turns back from his bank may pay in another way at once', async () => {
  const offer = fakeOffer(78)
  shop.inventory.setStock(offer.offerId, 1)
  const input = await shop.prepare('k10', 'tok_requires_action', [{ offer, quantity: 1 }])
  const first = await api.place(input)
  const payment = { method: 'card', token: 'tok_success' }
  const second = await api.place({ ...input, key: 'k10-again', payment })
  assert.equal(second.order.status, 'confirmed')
  assert.equal((await api.get({ orderId: first.order.id })).status, 'cancelled')
  assert.equal(shop.provider.paymentsOf(first.order.id)[0]?.status, 'voided')
  assert.equal(shop.inventory.heldOf(offer.offerId), 1)
})

test('a lost answer leaves the order pending; its webhook or the asking worker settles it', async () => {
  const input = await shop.prepare('k11', 'tok_lost')
  const { order, settled } = await api.place(input)
  assert.equal(settled, false)
  assert.equal(order.status, 'pending')
  assert.equal(order.paymentStatus, 'pending')
  const again = { ...input, key: 'k11-again' }
  assert.equal((await refusal(api.place(again))).code, 'conflict')
  shop.clock.advance(16 * 60_000)
  await shop.settle()
  await shop.settle()
  assert.equal((await api.get({ orderId: order.id })).status, 'cancelled')
  assert.equal(shop.provider.paymentsOf(order.id).length, 0)
  assert.equal((await refusal(api.place(input))).code, 'payments.declined')
})

test('a provider out of reach is 503, and the same key may try again', async () => {
  const input = await shop.prepare('k12', 'tok_success')
  shop.provider.failAll('refused')
  const away = await refusal(api.place(input))
  assert.deepEqual([away.code, away.status], ['payments.provider_unavailable', 503])
  shop.provider.failAll(null)
  const { order } = await api.place(input)
  assert.equal(order.status, 'confirmed')
  assert.equal(shop.provider.paymentsOf(order.id).length, 1)
})

test("an order of a customer is nobody else's, and lists page by cursor", async () => {
  const customerId = 'cus_1'
  for (let n = 0; n < 5; n += 1) {
    await api.place({ ...(await shop.prepare(`c${n}`, 'tok_success')), customerId })
  }
  const first = await api.list({ customerId, cursor: null, limit: 3 })
  const rest = await api.list({ customerId, cursor: first.nextCursor, limit: 3 })
  const found = [...first.items, ...rest.items].map(({ id }) => id)
  assert.equal(found.length, 5)
  assert.deepEqual(found, found.toSorted().reverse())
  assert.equal(rest.nextCursor, null)
  assert.deepEqual((await api.list({ customerId: 'cus_2', cursor: null, limit: 3 })).items, [])
  const route = shop.orders.routes.find(({ route: { operation } }) => operation === 'getOrder')!
  const ask = (actor: object) =>
    route.handle({ params: { orderId: found[0] }, query: {}, body: undefined }, { actor } as never)
  assert.equal((await ask({ kind: 'customer', id: 'cus_1' })).status, 200)
  assert.equal((await ask({ kind: 'operator', id: 'op' })).status, 200)
  for (const actor of [{ kind: 'guest' }, { kind: 'customer', id: 'cus_2' }]) {
    assert.equal((await refusal(ask(actor))).code, 'not_found')
  }
})

test('the audit is clean after all of this', async () => {
  await shop.settle()
  assert.deepEqual(await shop.audit(), [])
})
