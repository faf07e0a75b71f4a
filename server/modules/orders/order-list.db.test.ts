import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as admin from '#contracts/orders/admin.ts'
import { addOrderNote, findOrders, getAdminOrder } from '#contracts/orders/admin.ts'
import { holdOrder, listOrders } from '#contracts/orders/routes.ts'
import { fakeOffer } from '../../../tests/support/checkout-fakes.ts'
import { openCheckoutShop } from '../../../tests/support/checkout-shop.ts'
import { callerOf, operatorOf } from '../../../tests/support/operator.ts'
import { timeOf } from '../../platform/ids.ts'

const shop = await openCheckoutShop()
const { api } = shop.orders
const operator = operatorOf(shop, shop.orders.routes)
const sellerOf = (...sellerIds: string[]) =>
  callerOf(shop, shop.orders.routes, { kind: 'seller', id: 'acc_s', sellerIds })

async function buy(key: string, more: object = {}, offers = [fakeOffer(1)]) {
  const bought = offers.map((offer) => ({ offer, quantity: 2 }))
  const input = await shop.prepare(key, 'tok_success', bought)
  const { order } = await api.place({ ...input, ...more })
  shop.clock.advance(60_000)
  return order
}

async function find(query: Record<string, string>): Promise<string[]> {
  const { status, body } = await operator(findOrders, { query })
  assert.equal(status, 200, JSON.stringify(query))
  return body.items.map(({ id }) => id)
}

const ship = (orderId: string) =>
  api.ship({ key: 's', orderId, carrier: 'DHL', trackingNumber: 'T' })

const a = await buy('a', { email: 'Grace@Example.com' })
const b = await buy('b', {}, [fakeOffer(1), fakeOffer(2, { sellerId: 'sel_b' })])
const c = await buy('c')
const d = await buy('d')
await ship(b.id)
await shop.arrive(b.id)
await api.cancel({ key: 'c', orderId: c.id, by: 'customer' })
await operator(holdOrder, { params: { orderId: d.id }, body: {} })
const waiting = await api.place(await shop.prepare('w', 'tok_requires_action'))

test('operators find orders by each word, alone and together, the newest first', async () => {
  assert.deepEqual(await find({}), [waiting.order.id, d.id, c.id, b.id, a.id])
  const byStatus = { pending: waiting.order, on_hold: d, cancelled: c, delivered: b, confirmed: a }
  for (const [status, { id }] of Object.entries(byStatus)) {
    assert.deepEqual(await find({ status }), [id], status)
  }
  assert.deepEqual(await find({ status: 'shipped' }), [])
  assert.deepEqual(await find({ email: 'grace@example.COM' }), [a.id])
  assert.deepEqual(await find({ sellerId: 'sel_b' }), [waiting.order.id, b.id])
  assert.deepEqual(await find({ productId: 'prd_2' }), [waiting.order.id, b.id])
  assert.deepEqual(await find({ productId: 'prd_2', status: 'delivered' }), [b.id])
  assert.deepEqual(await find({ sellerId: 'sel_b', status: 'cancelled' }), [])
  const typed = a.number.toLowerCase().replaceAll('-', ' ')
  assert.deepEqual(await find({ number: typed }), [a.id])
  assert.deepEqual(await find({ number: 'no number' }), [])
  const { items } = (await operator(findOrders, { query: { number: b.number } })).body
  assert.equal(items[0]?.paymentStatus, 'completed')
  assert.deepEqual(items[0]?.sellerIds, ['sel_a', 'sel_b'])
  assert.equal(items[0]?.quantity, 4)
})

test('a list is read page by page, between two times, and refuses a foreign cursor', async () => {
  const seen: string[] = []
  const read = async (more: Record<string, string>): Promise<void> => {
    const { body } = await operator(findOrders, { query: { limit: '2', ...more } })
    seen.push(...body.items.map(({ id }) => id))
    if (body.nextCursor !== null) await read({ cursor: body.nextCursor })
  }
  await read({})
  assert.deepEqual(seen, await find({}))
  const begun = ({ id }: { id: string }) => timeOf(id).toISOString()
  const between = { from: begun(b), to: begun(d) }
  assert.deepEqual(await find(between), [c.id, b.id])
  assert.deepEqual(await find({ from: '9999-12-31T23:59:59Z' }), [])
  assert.equal((await operator(findOrders, { query: { cursor: 'ord_x' } })).status, 400)
})

test('the list of a customer refuses a cursor that is not its own', async () => {
  const customer = callerOf(shop, shop.orders.routes, { kind: 'customer', id: 'cus_1' })
  for (const [cursor, status] of [
    [a.id, 200],
    ['abc', 400],
    ['', 400],
  ] as const)
    assert.equal((await customer(listOrders, { query: { cursor } })).status, status)
})

test('operators note things on an order, with its refunds and version at hand', async () => {
  const params = { orderId: a.id }
  const noted = await operator(addOrderNote, { params, body: { text: ' call back on Monday ' } })
  assert.equal(noted.status, 201)
  await api.refund({ key: 'r', orderId: a.id, shipping: true, reason: 'late' })
  const { body, headers } = await operator(getAdminOrder, { params })
  assert.deepEqual(
    body.notes.map(({ text, author }) => [text, author]),
    [['call back on Monday', 'operator:ops_1']],
  )
  assert.deepEqual(
    body.refunds.map(({ amount, reason, cause }) => [amount.amount, reason, cause]),
    [[594, 'late', 'operator']],
  )
  assert.equal(headers['etag'], `"${body.version}"`)
  const seen = JSON.stringify(await api.get({ orderId: a.id }))
  assert.ok(!seen.includes('call back'), 'the customer does not see it')
  const unknown = { params: { orderId: shop.ids.make('ord') }, body: { text: 'x' } }
  assert.equal((await operator(addOrderNote, unknown)).status, 404)
})

test('a seller sees the own part of paid orders and nothing of anybody else', async () => {
  const seller = sellerOf('sel_b')
  const { body } = await seller(admin.listSellerOrders)
  assert.deepEqual(
    body.items.map(({ orderId }) => orderId),
    [b.id],
  )
  const [part] = body.items
  assert.deepEqual(
    part?.lines.map(({ sku }) => sku),
    ['SKU-2'],
  )
  assert.equal(part?.status, 'delivered')
  assert.equal(part?.totals.subtotal.amount, 4_000)
  assert.ok(part?.shipments.every(({ sellerId }) => sellerId === 'sel_b'))
  assert.ok(!JSON.stringify(body).includes('SKU-1'))
  assert.ok(!JSON.stringify(body).includes('ada@example.com'))
  const get = (orderId: string) => seller(admin.getSellerOrder, { params: { orderId } })
  assert.equal((await get(b.id)).body.items.length, 1)
  assert.equal((await get(a.id)).status, 404)
  assert.equal((await get(waiting.order.id)).status, 404, 'nobody has paid it')
  assert.deepEqual((await sellerOf()(admin.listSellerOrders)).body.items, [])
  const both = await sellerOf('sel_a', 'sel_b')(admin.getSellerOrder, { params: { orderId: b.id } })
  assert.equal(both.body.items.length, 2)
})

test('the status that is looked for is the one that is shown, and the audit sees another', async () => {
  assert.deepEqual(await shop.audit(), [])
  await shop.db.query({
    text: `update orders.checkouts set status = 'shipped' where order_id = $1`,
    values: [a.id],
  })
  assert.deepEqual(await shop.audit(), [`I6: ${a.id} is listed by a wrong status`])
})
