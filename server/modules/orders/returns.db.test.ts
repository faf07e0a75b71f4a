import assert from 'node:assert/strict'
import { test } from 'node:test'
import { money } from '#contracts/kit/money.ts'
import { Problem } from '#contracts/kit/problem.ts'
import type { RouteSpec } from '#contracts/kit/route.ts'
import * as routes from '#contracts/orders/returns.ts'
import type { Order } from '#contracts/orders/schemas.ts'
import { fakeOffer } from '../../../tests/support/checkout-fakes.ts'
import { openCheckoutShop } from '../../../tests/support/checkout-shop.ts'
import { callerOf, operatorOf } from '../../../tests/support/operator.ts'

const shop = await openCheckoutShop()
const { api } = shop.orders
const operator = operatorOf(shop, shop.orders.routes)
const guest = callerOf(shop, shop.orders.routes, { kind: 'guest' })
const DAY_MS = 24 * 60 * 60_000

const refuses = (code: string) => (error: unknown) =>
  error instanceof Problem && error.code === code

/** What a call answers with, or what it refuses with. */
async function answer<T>(call: Promise<{ status: number; body: T; problem: { code?: string } }>) {
  const { status, body, problem } = await call
  if (status >= 400) throw new Problem(problem.code ?? '', status, '')
  return body
}

let count = 0
/** Two units of 10.00 of one seller, one of 20.00 of another; 19 % tax and 4.99 shipping on top. */
async function buy(): Promise<Order> {
  count += 1
  const { order } = await api.place(await shop.prepare(`order ${count}`, 'tok_success'))
  return order
}

async function deliver(orderId: string): Promise<Order> {
  await api.ship({ key: 's', orderId, carrier: 'DHL', trackingNumber: 'T1' })
  await shop.arrive(orderId)
  return api.get({ orderId })
}

const refundedOf = (orderId: string) => shop.provider.paymentsOf(orderId)[0]!.refunded

const step = (route: RouteSpec, key: string) => {
  return async (ids: { orderId: string; returnId: string }, body: object = {}) => {
    const input = { params: ids, body, headers: { 'idempotency-key': `${ids.returnId}-${key}` } }
    return answer(operator(route as typeof routes.approveReturn, input))
  }
}
const approve = step(routes.approveReturn, 'a')
const label = step(routes.labelReturn, 'l')
const receive = step(routes.receiveReturn, 'r')
const inspect = step(routes.inspectReturn, 'i')
const resolve = step(routes.resolveReturn, 'x')
const resolveWrongly = step(routes.resolveReturn, 'w')

function ask(order: Order, { key, lines }: { key: string; lines: object[] }) {
  const headers = { 'idempotency-key': key }
  const input = { params: { orderId: order.id }, body: { lines }, headers }
  return answer<routes.Return>(guest(routes.requestReturn, input))
}

async function request(order: Order, quantity: number, more: object = {}, line = 0) {
  const lines = [{ lineId: order.lines[line]!.id, quantity, reason: 'changed_mind', ...more }]
  const made = await ask(order, { lines, key: `${order.id}-${quantity}-${line}` })
  return { made, ids: { orderId: order.id, returnId: made.id } }
}

const inspected = (made: routes.Return, found: object) => ({
  lines: made.lines.map(({ lineId }) => ({ lineId, ...found })),
})

test('units cancelled one by one cost what the line did, and go on sale again, once', async () => {
  const order = await buy()
  const [first, second] = order.lines as [Order['lines'][0], Order['lines'][0]]
  const cancel = (key: string, lineId: string, quantity: number) =>
    api.cancel({ key, orderId: order.id, by: 'customer', lines: [{ lineId, quantity }] })
  const offerHeld = shop.inventory.heldOf(first.offerId)
  await Promise.all([cancel('one', first.id, 1), cancel('one', first.id, 1)])
  assert.equal(refundedOf(order.id), 1_190)
  assert.equal(shop.inventory.heldOf(first.offerId), offerHeld - 1)
  await assert.rejects(cancel('two', first.id, 2), refuses('invalid_transition'))
  const after = await cancel('three', first.id, 1)
  // The last unit of a seller takes its share of the shipping with it: half of 4.99 and its tax.
  const part = order.sellerOrders.find(({ lineIds }) => lineIds.includes(first.id))!
  assert.equal(refundedOf(order.id), part.totals.total.amount)
  assert.equal(after.status, 'confirmed')
  assert.equal(after.paymentStatus, 'partially_refunded')
  assert.deepEqual(
    after.lines.map((line) => line.quantityCancelled),
    [2, 0],
  )
  assert.ok(after.allowedActions.includes('cancel_lines'))
  const ended = await cancel('rest', second.id, 1)
  assert.equal(ended.status, 'cancelled')
  assert.equal(refundedOf(order.id), order.totals.total.amount)
  assert.deepEqual(await shop.audit(), [])
})

test('a crash between counting and paying a cancelled unit is finished by the worker', async () => {
  const order = await buy()
  const lines = [{ lineId: order.lines[0]!.id, quantity: 1 }]
  shop.provider.failAll('silent')
  await api.cancel({ key: 'c', orderId: order.id, by: 'customer', lines })
  shop.provider.failAll(null)
  assert.equal(refundedOf(order.id), 0)
  shop.clock.advance(120_000)
  await shop.tick('payments.chase_answers')
  await shop.tick('orders.resume_refunds')
  assert.equal(refundedOf(order.id), 1_190)
})

test('what is cancelled of an order that is paid at the door goes back when it was paid', async () => {
  const input = await shop.prepare('cod', 'tok_success')
  const { order } = await api.place({ ...input, payment: { method: 'cash_on_delivery' } })
  const lines = [{ lineId: order.lines[0]!.id, quantity: 1 }]
  await api.cancel({ key: 'c', orderId: order.id, by: 'customer', lines })
  await shop.tick('orders.resume_refunds')
  assert.equal((await shop.payments.api.getByOrder({ orderId: order.id }))?.refunded, 0)
  await shop.payments.api.capture({ orderId: order.id })
  await shop.settle()
  await shop.tick('orders.resume_refunds')
  const paid = await shop.payments.api.getByOrder({ orderId: order.id })
  assert.equal((paid?.refunded ?? 0) + (paid?.refunding ?? 0), 1_190)
})

test('goods come back: approved, labelled, received, inspected, restocked and refunded, once', async () => {
  const order = await deliver((await buy()).id)
  const stock = shop.inventory.stockOf(order.lines[0]!.offerId)
  const { made, ids } = await request(order, 2)
  assert.equal(made.state, 'requested')
  assert.equal(made.shippingPaidBy, 'customer')
  await approve(ids)
  const fee = money(300, 'EUR')
  await label(ids, { carrier: 'DHL', trackingNumber: 'R1', fee })
  const came = await receive(ids, { lines: [{ lineId: made.lines[0]!.lineId, quantity: 2 }] })
  assert.equal(came.state, 'received')
  await inspect(ids, inspected(made, { restocked: 1, damaged: 1 }))
  await inspect(ids, inspected(made, { restocked: 1, damaged: 1 }))
  assert.equal(shop.inventory.stockOf(order.lines[0]!.offerId), stock + 1)
  const done = await resolve(ids, { resolution: 'refund' })
  await resolve(ids, { resolution: 'refund' })
  assert.equal(done.state, 'resolved')
  assert.deepEqual(done.refunded, money(2_380 - 300, 'EUR'))
  assert.equal(refundedOf(order.id), 2_080)
  const after = await api.get({ orderId: order.id })
  assert.equal(after.lines[0]!.quantityReturned, 2)
  assert.deepEqual(
    after.events.map(({ type }) => type).filter((type) => type.startsWith('return')),
    ['requested', 'approved', 'label_issued', 'received', 'inspected', 'resolved'].map(
      (state) => `return_${state}`,
    ),
  )
  assert.deepEqual(await shop.audit(), [])
  const { rows } = await shop.db.query({
    text: `select type from platform.outbox where aggregate_id = $1 and type like 'orders.return%'
           union all select type from platform.events
           where aggregate_id = $1 and type like 'orders.return%'`,
    values: [order.id],
  })
  assert.equal(rows.length, 7, JSON.stringify(rows))
})

test('a return that may not be: too many units, too late, twice, or not its time', async () => {
  const order = await deliver((await buy()).id)
  const refused = 'orders.return_not_possible'
  const asks = (quantity: number, key: string) => {
    const lines = [{ lineId: order.lines[0]!.id, quantity, reason: 'changed_mind' }]
    return ask(order, { lines, key: `${order.id}-${key}` })
  }
  await assert.rejects(asks(3, 'many'), refuses(refused))
  const made = await asks(2, 'all')
  assert.equal((await asks(2, 'all')).id, made.id)
  await assert.rejects(asks(1, 'more'), refuses(refused))
  const ids = { orderId: order.id, returnId: made.id }
  await assert.rejects(
    inspect(ids, inspected(made, { restocked: 2 })),
    refuses('invalid_transition'),
  )
  const headers = { 'idempotency-key': `${made.id}-c` }
  const { body } = await guest(routes.cancelReturn, { params: ids, headers })
  assert.equal(body.state, 'cancelled')
  await assert.rejects(approve(ids), refuses('invalid_transition'))
  shop.clock.advance(31 * DAY_MS)
  await assert.rejects(asks(1, 'late'), refuses(refused))
  assert.equal(refundedOf(order.id), 0)
  assert.equal((await api.get({ orderId: order.id })).lines[0]!.quantityReturnable, 2)
})

test('an exchange sends the same again; what was not taken stays the customer’s', async () => {
  const order = await deliver((await buy()).id)
  const { offerId } = order.lines[0]!
  const { made, ids } = await request(order, 2, { reason: 'defective' })
  assert.equal(made.shippingPaidBy, 'shop')
  await approve(ids)
  await receive(ids)
  await inspect(ids, inspected(made, { damaged: 1, sentBack: 1 }))
  await assert.rejects(
    resolveWrongly(ids, { resolution: 'rejected' }),
    refuses('orders.return_not_possible'),
  )
  const before = shop.inventory.stockOf(offerId)
  const exchange = { resolution: 'exchange', carrier: 'DHL', trackingNumber: 'X1' }
  const done = await resolve(ids, exchange)
  assert.equal(done.resolution, 'exchange')
  assert.equal(shop.inventory.stockOf(offerId), before - 1)
  const shipments = await shop.shipping.listByOrder({ orderId: order.id })
  assert.ok(shipments.some(({ trackingNumber }) => trackingNumber === 'X1'))
  assert.equal(refundedOf(order.id), 0)
  const { lines } = await api.get({ orderId: order.id })
  assert.deepEqual([lines[0]!.quantityReturned, lines[0]!.quantityReturnable], [1, 1])
})

test('goods that are not sent in time may be returned anew', async () => {
  const order = await deliver((await buy()).id)
  const { ids } = await request(order, 1)
  await approve(ids)
  shop.clock.advance(31 * DAY_MS)
  await shop.tick('orders.expire_returns')
  const { body } = await guest(routes.listReturnsOfOrder, { params: { orderId: order.id } })
  assert.equal(body.items[0]?.state, 'expired')
  assert.equal((await api.get({ orderId: order.id })).lines[0]!.quantityReturnable, 2)
})

test('refunds that cross: a unit that was refunded before it came back is not paid twice', async () => {
  const offer = fakeOffer(7)
  const input = await shop.prepare('cross', 'tok_success', [{ offer, quantity: 1 }])
  const { order } = await api.place(input)
  await deliver(order.id)
  const { made, ids } = await request(await api.get({ orderId: order.id }), 1)
  const lines = [{ lineId: made.lines[0]!.lineId, quantity: 1 }]
  await api.refund({ key: 'grace', orderId: order.id, lines, reason: 'goodwill' })
  const before = refundedOf(order.id)
  await approve(ids)
  await receive(ids)
  await inspect(ids, inspected(made, { restocked: 1 }))
  const done = await resolve(ids, { resolution: 'refund' })
  assert.deepEqual(done.refunded, money(0, 'EUR'))
  assert.equal(refundedOf(order.id), before)
  const { body: queue } = await operator(routes.listReturns, {
    query: { state: 'resolved', limit: '1' },
  })
  assert.equal(queue.items.length, 1)
  assert.ok(queue.nextCursor)
})
