import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as returns from '#contracts/orders/returns.ts'
import { requestReturn } from '#contracts/orders/returns.ts'
import { refundOrder } from '#contracts/orders/routes.ts'
import type { Order } from '#contracts/orders/schemas.ts'
import { getOrderMoney, listStoreCredit } from '#contracts/payments/routes.ts'
import { openCheckoutShop } from '../../../tests/support/checkout-shop.ts'
import { callerOf, operatorOf } from '../../../tests/support/operator.ts'

const shop = await openCheckoutShop()
const { api } = shop.orders
const operator = operatorOf(shop, shop.orders.routes)
const bookkeeper = operatorOf(shop, shop.payments.routes)

let count = 0
/** Two units of 10.00 of one seller, one of 20.00 of another; 19 % tax and 4.99 shipping on top. */
async function buy(customerId: string | null): Promise<Order> {
  count += 1
  const input = await shop.prepare(`order ${count}`, 'tok_success')
  return (await api.place({ ...input, customerId })).order
}

function refund(order: Order, key: string, body: object) {
  const headers = { 'idempotency-key': key }
  const asked = { to: 'store_credit', reason: 'goodwill', ...body }
  return operator(refundOrder, { params: { orderId: order.id }, body: asked, headers })
}

async function creditOf(id: string): Promise<number> {
  const customer = callerOf(shop, shop.payments.routes, { kind: 'customer', id })
  return (await customer(listStoreCredit)).body.items[0]?.amount ?? 0
}

const refundedByProvider = (orderId: string) => shop.provider.paymentsOf(orderId)[0]!.refunded

test('a refund to store credit is owed to the customer once, and the provider keeps the money', async () => {
  const order = await buy('acc_a')
  const lines = [{ lineId: order.lines[0]!.id, quantity: 1 }]
  const { status, body } = await refund(order, 'one', { lines })
  assert.equal(status, 201)
  assert.equal(body.paymentStatus, 'partially_refunded')
  await refund(order, 'one', { lines })
  assert.equal(await creditOf('acc_a'), 1_190)
  assert.equal(refundedByProvider(order.id), 0)
  const rest = order.totals.total.amount - 1_190
  const eur = (amount: number) => ({ amount, currency: 'EUR' })
  const tooMuch = await refund(order, 'much', { amount: eur(rest + 1) })
  assert.equal(tooMuch.problem.code, 'payments.refund_too_large')
  const paid = await refund(order, 'card', { amount: eur(500), to: 'original' })
  assert.equal(paid.status, 201)
  assert.equal(refundedByProvider(order.id), 500)
  const last = await refund(order, 'rest', { amount: eur(rest - 500) })
  assert.equal(last.body.paymentStatus, 'refunded')
  assert.equal(await creditOf('acc_a'), 1_190 + rest - 500)
  const { body: moved } = await bookkeeper(getOrderMoney, { params: { orderId: order.id } })
  assert.deepEqual(
    moved.refunds.map(({ toProvider, toPrepaid }) => [toProvider.amount, toPrepaid.amount]),
    [
      [0, 1_190],
      [500, 0],
      [0, rest - 500],
    ],
  )
  assert.deepEqual(await shop.audit(), [])
})

test('ten refunds at once to card and credit never give back more than was paid', async () => {
  const order = await buy('acc_race')
  const half = { amount: Math.ceil(order.totals.total.amount / 2) + 1, currency: 'EUR' }
  const all = await Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      refund(order, `race-${n}`, { amount: half, to: n % 2 ? 'original' : 'store_credit' }),
    ),
  )
  assert.equal(all.filter(({ status }) => status === 201).length, 1)
  assert.deepEqual(await shop.audit(), [])
})

test('a cancelled order gives back by card what was not credited before', async () => {
  const order = await buy('acc_c')
  await refund(order, 'first', { shipping: true })
  await api.cancel({ key: 'c', orderId: order.id, by: 'customer' })
  assert.equal(await creditOf('acc_c'), 594)
  assert.equal(refundedByProvider(order.id), order.totals.total.amount - 594)
  assert.equal((await api.get({ orderId: order.id })).paymentStatus, 'refunded')
  assert.deepEqual(await shop.audit(), [])
})

test('a guest has no store credit, by refund or by return, until the order is claimed', async () => {
  const order = await buy(null)
  const refused = await refund(order, 'guest', { shipping: true })
  assert.equal(refused.problem.code, 'orders.refund_not_possible')
  await api.claimGuestOrders({ customerId: 'acc_claimer', email: order.email })
  assert.equal((await refund(order, 'claimed', { shipping: true })).status, 201)
  assert.equal(await creditOf('acc_claimer'), 594)
})

test('a customer chooses credit for what comes back; it is less what is kept for the label', async () => {
  const order = await buy('acc_r')
  const { id: orderId } = order
  await api.ship({ key: 's', orderId, carrier: 'DHL', trackingNumber: 'T1' })
  await shop.arrive(orderId)
  const customer = callerOf(shop, shop.orders.routes, { kind: 'customer', id: 'acc_r' })
  const lines = [{ lineId: order.lines[0]!.id, quantity: 2, reason: 'changed_mind' }]
  const asked = await customer(requestReturn, {
    params: { orderId },
    body: { lines, wanted: 'store_credit' },
    headers: { 'idempotency-key': 'ask' },
  })
  assert.equal(asked.body.wanted, 'store_credit')
  const params = { orderId, returnId: asked.body.id }
  const headers = (key: string) => ({ 'idempotency-key': key })
  await operator(returns.approveReturn, { params, body: {}, headers: headers('a') })
  const parcel = { carrier: 'DHL', trackingNumber: 'R1', fee: { amount: 300, currency: 'EUR' } }
  await operator(returns.labelReturn, { params, body: parcel, headers: headers('l') })
  await operator(returns.receiveReturn, { params, body: {}, headers: headers('r') })
  const found = { lines: [{ lineId: order.lines[0]!.id, restocked: 2 }] }
  await operator(returns.inspectReturn, { params, body: found, headers: headers('i') })
  const resolution = { params, body: { resolution: 'store_credit' }, headers: headers('x') }
  const done = await operator(returns.resolveReturn, resolution)
  assert.equal(done.body.resolution, 'store_credit')
  assert.equal(done.body.refunded?.amount, 2_080)
  await operator(returns.resolveReturn, resolution)
  assert.equal(await creditOf('acc_r'), 2_080)
  assert.equal(refundedByProvider(orderId), 0)
  assert.deepEqual(await shop.audit(), [])
})
