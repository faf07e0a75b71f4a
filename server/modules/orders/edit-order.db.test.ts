import assert from 'node:assert/strict'
import { test } from 'node:test'
import { editOrder } from '#contracts/orders/admin.ts'
import type { Order } from '#contracts/orders/schemas.ts'
import { ADDRESS } from '../../../tests/support/checkout-fakes.ts'
import { openCheckoutShop } from '../../../tests/support/checkout-shop.ts'
import { operatorOf } from '../../../tests/support/operator.ts'

const shop = await openCheckoutShop()
const { api } = shop.orders
const operator = operatorOf(shop, shop.orders.routes)
const ELSEWHERE = { ...ADDRESS, line1: 'Unter den Linden 1', postalCode: '10117' }

let count = 0
/** Two units of 10.00 of one seller, one of 20.00 of another; 19 % tax and 4.99 shipping on top. */
async function buy(): Promise<Order> {
  count += 1
  return (await api.place(await shop.prepare(`order ${count}`, 'tok_success'))).order
}

const refundedOf = (orderId: string) => shop.provider.paymentsOf(orderId)[0]!.refunded

function edit({ id }: Order, key: string, body: object, headers = {}) {
  const named = { 'idempotency-key': `${id}-${key}`, ...headers }
  return operator(editOrder, { params: { orderId: id }, body, headers: named })
}

test('fewer units and another address in one edit, once: the money and the stock go back', async () => {
  const order = await buy()
  const [line] = order.lines
  const held = shop.inventory.heldOf(line!.offerId)
  const body = { shippingAddress: ELSEWHERE, lines: [{ lineId: line!.id, quantity: 1 }] }
  const { status, body: after } = await edit(order, 'both', body)
  assert.equal(status, 200)
  assert.deepEqual(after.shippingAddress, ELSEWHERE)
  assert.equal(after.lines[0]?.quantityCancelled, 1)
  assert.equal(after.paymentStatus, 'partially_refunded')
  assert.deepEqual(
    after.events.slice(2).map(({ type }) => type),
    ['address_changed', 'lines_cancelled'],
  )
  await Promise.all([edit(order, 'both', body), edit(order, 'both', body)])
  assert.equal(refundedOf(order.id), 1_190)
  assert.equal(shop.inventory.heldOf(line!.offerId), held - 1)
  const again = await api.get({ orderId: order.id })
  assert.equal(again.events.length, 4)
  assert.deepEqual(await shop.audit(), [])
})

test('an edit of a version that is gone is refused, and changes nothing', async () => {
  const order = await buy()
  const seen = { 'if-match': '"2"' }
  assert.equal((await edit(order, 'a', { shippingAddress: ELSEWHERE }, seen)).status, 200)
  const lines = [{ lineId: order.lines[0]!.id, quantity: 0 }]
  assert.equal((await edit(order, 'b', { lines }, seen)).status, 412)
  assert.equal(refundedOf(order.id), 0)
  assert.equal((await edit(order, 'c', { lines }, { 'if-match': '"3"' })).status, 200)
})

test('what would have to be priced anew, or is not there, is refused whole', async () => {
  const order = await buy()
  const lineId = order.lines[0]!.id
  const abroad = { ...ELSEWHERE, country: 'AT' }
  const cases: readonly [object, string][] = [
    [{ shippingAddress: abroad }, 'orders.edit_not_possible'],
    [{ lines: [{ lineId, quantity: 3 }] }, 'orders.edit_not_possible'],
    [
      { lines: order.lines.map(({ id }) => ({ lineId: id, quantity: 0 })) },
      'orders.edit_not_possible',
    ],
    [
      { shippingAddress: ELSEWHERE, lines: [{ lineId: shop.ids.make('orl'), quantity: 0 }] },
      'not_found',
    ],
    [{}, 'validation_failed'],
  ]
  for (const [n, [body, code]] of cases.entries()) {
    const { problem } = await edit(order, `refused-${n}`, body)
    assert.equal(problem.code, code, JSON.stringify(body))
  }
  const after = await api.get({ orderId: order.id })
  assert.deepEqual(after.shippingAddress, ADDRESS)
  assert.equal(after.events.length, 2)
  assert.equal(refundedOf(order.id), 0)
})

test('what has shipped goes where it goes; the rest can still be dropped', async () => {
  const order = await buy()
  const [first, second] = order.lines
  const part = [{ lineId: first!.id, quantity: 1 }]
  await api.ship({ key: 's', orderId: order.id, carrier: 'x', trackingNumber: 'y', lines: part })
  const moved = await edit(order, 'move', { shippingAddress: ELSEWHERE })
  assert.equal(moved.problem.code, 'invalid_transition')
  const tooMany = await edit(order, 'drop', { lines: [{ lineId: first!.id, quantity: 0 }] })
  assert.equal(tooMany.problem.code, 'invalid_transition')
  const lines = [{ lineId: second!.id, quantity: 0 }]
  assert.equal((await edit(order, 'drop-2', { lines })).body.status, 'partially_shipped')
  await api.cancel({ key: 'c', orderId: (await buy()).id, by: 'customer' })
  assert.deepEqual(await shop.audit(), [])
})

test('an order that is not paid, or ended, is not edited', async () => {
  const { order } = await api.place(await shop.prepare('unpaid', 'tok_requires_action'))
  const early = await edit(order, 'early', { shippingAddress: ELSEWHERE })
  assert.equal(early.problem.code, 'invalid_transition')
  await api.cancel({ key: 'c', orderId: order.id, by: 'customer' })
  const late = await edit(order, 'late', { shippingAddress: ELSEWHERE })
  assert.equal(late.problem.code, 'invalid_transition')
})
