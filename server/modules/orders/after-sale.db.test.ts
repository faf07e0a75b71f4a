import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shortageFound } from '#contracts/inventory/events.ts'
import { Problem } from '#contracts/kit/problem.ts'
import * as routes from '#contracts/orders/routes.ts'
import { shipmentMoved } from '#contracts/shipping/events.ts'
import { fakeOffer } from '../../../tests/support/checkout-fakes.ts'
import { openCheckoutShop } from '../../../tests/support/checkout-shop.ts'
import { operatorOf } from '../../../tests/support/operator.ts'

const shop = await openCheckoutShop({ demoFulfilment: true })
const { api } = shop.orders

async function buy(key: string) {
  return (await api.place(await shop.prepare(key, 'tok_success'))).order
}

const ship = (orderId: string, key: string, lines?: { lineId: string; quantity: number }[]) =>
  api.ship({ key, orderId, carrier: 'DHL', trackingNumber: key, lines })
const cancel = (orderId: string) => api.cancel({ key: 'c', orderId, by: 'customer' })
const refuses = (code: string) => (error: unknown) =>
  error instanceof Problem && error.code === code

/** What shipping would tell of each parcel of an order. */
async function move(orderId: string, status: 'in_transit' | 'delivered' | 'lost'): Promise<void> {
  const shipments = await shop.shipping.listByOrder({ orderId })
  await shop.db.tx((tx) =>
    shop.outbox.append(
      tx,
      shipments.map(({ id, lines }) => ({
        spec: shipmentMoved,
        aggregateId: orderId,
        payload: {
          shipmentId: id,
          orderId,
          status,
          lines: lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
          at: shop.clock.now().toISOString(),
        },
      })),
    ),
  )
  await shop.deliver(shop.orders.consumers)
}

test('a confirmed order that is cancelled gives everything back, once', async () => {
  const order = await buy('cancel')
  const all = await Promise.all([cancel(order.id), cancel(order.id), cancel(order.id)])
  for (const one of all) assert.equal(one.status, 'cancelled')
  await assert.rejects(
    api.cancel({ key: 'another', orderId: order.id, by: 'operator' }),
    refuses('invalid_transition'),
  )
  const after = await api.get({ orderId: order.id })
  assert.equal(after.paymentStatus, 'refunded')
  assert.ok(after.lines.every((line) => line.quantityCancelled === line.quantity))
  assert.deepEqual(
    after.events.map(({ type, note }) => note ?? type),
    ['placed', 'confirmed', 'customer'],
  )
  assert.equal(shop.inventory.stateOf(order.id), 'released')
  const { rows } = await shop.db.query({
    text: `select account_id, sum(case side when 'C' then amount else -amount end)::int as balance
           from payments.postings p join payments.journals j on j.id = p.journal_id
           where j.order_id = $1 group by account_id`,
    values: [order.id],
  })
  assert.ok(rows.length > 4 && rows.every(({ balance }) => balance === 0), JSON.stringify(rows))
})

test('units ship in parts, each part once, and the rest later', async () => {
  const order = await buy('parts')
  const [first, second] = order.lines as [(typeof order.lines)[0], (typeof order.lines)[0]]
  const one = [{ lineId: first.id, quantity: 1 }]
  await Promise.all([ship(order.id, 's1', one), ship(order.id, 's1', one)])
  await ship(order.id, 's1', one)
  const partly = await api.get({ orderId: order.id })
  assert.equal(partly.status, 'partially_shipped')
  assert.deepEqual(
    partly.lines.map((line) => line.quantityShipped),
    [1, 0],
  )
  assert.equal(partly.shipments.length, 1)
  await assert.rejects(
    ship(order.id, 's2', [{ lineId: first.id, quantity: 2 }]),
    refuses('invalid_transition'),
  )
  await assert.rejects(cancel(order.id), {
    code: 'invalid_transition',
    options: {
      detail: 'An order that is partially shipped does not allow: cancel',
      data: { state: 'partially_shipped', event: 'cancel', allowed: partly.allowedActions },
    },
  })
  await ship(order.id, 's3')
  const shipped = await api.get({ orderId: order.id })
  assert.equal(shipped.status, 'shipped')
  assert.deepEqual(
    shipped.lines.map((line) => line.quantityShipped),
    [first.quantity, second.quantity],
  )
  await assert.rejects(ship(order.id, 's4'), refuses('invalid_transition'))
  assert.deepEqual(shipped.allowedActions, [])
})

test('units that have not come in do not ship, nothing is counted, and later they do', async () => {
  const offer = fakeOffer(77)
  const bought = [{ offer, quantity: 4 }]
  const { order } = await api.place(await shop.prepare('back order', 'tok_success', bought))
  const before = await api.get({ orderId: order.id })
  shop.inventory.setStock(offer.offerId, 0)
  const lineId = order.lines[0]!.id
  const tries = [1, 2, 3].map(() => ship(order.id, 'soon'))
  for (const one of await Promise.allSettled(tries)) {
    assert.equal(one.status, 'rejected')
    assert.ok(refuses('inventory.insufficient_stock')(one.reason), String(one.reason))
  }
  shop.clock.advance(60_000)
  assert.equal(await shop.tick('orders.resume_dispatches'), 0)
  assert.deepEqual(await api.get({ orderId: order.id }), before)
  shop.inventory.setStock(offer.offerId, 4)
  await ship(order.id, 'soon', [{ lineId, quantity: 1 }])
  await ship(order.id, 'soon', [{ lineId, quantity: 1 }])
  await ship(order.id, 'rest')
  const after = await api.get({ orderId: order.id })
  assert.equal(after.status, 'shipped')
  assert.equal(after.lines[0]?.quantityShipped, 4)
  assert.equal(shop.inventory.stockOf(offer.offerId), 0)
})

test('units that vanish between the look and the leaving are to be shipped again, and the order tells why', async () => {
  const order = await buy('vanished')
  const before = await api.get({ orderId: order.id })
  shop.inventory.loseUnitsOf(order.id)
  const tries = await Promise.allSettled([ship(order.id, 'gone'), ship(order.id, 'gone')])
  for (const one of tries) {
    assert.equal(one.status, 'rejected')
    assert.ok(refuses('inventory.insufficient_stock')(one.reason), String(one.reason))
  }
  shop.clock.advance(120_000)
  assert.equal(await shop.tick('orders.resume_dispatches'), 0)
  const told = await api.get({ orderId: order.id })
  assert.equal(told.status, before.status)
  assert.deepEqual(told.lines, before.lines)
  assert.deepEqual(told.shipments, [])
  const [last] = told.events.slice(-1)
  assert.equal(last?.type, 'shortage')
  assert.match(last?.note ?? '', /^not shipped after all: 1 × /)
  shop.inventory.findUnitsOf(order.id)
  await ship(order.id, 'gone')
  await ship(order.id, 'gone')
  const sent = await api.get({ orderId: order.id })
  assert.equal(sent.status, 'shipped')
  assert.ok(sent.lines.every((line) => line.quantityShipped === line.quantity))
})

test('parcels that move make the order delivered, however often they are told of', async () => {
  const order = await buy('deliver')
  await ship(order.id, 's')
  await move(order.id, 'in_transit')
  assert.equal((await api.get({ orderId: order.id })).status, 'shipped')
  await move(order.id, 'delivered')
  await move(order.id, 'delivered')
  const after = await api.get({ orderId: order.id })
  assert.equal(after.status, 'delivered')
  assert.ok(after.lines.every((line) => line.quantityDelivered === line.quantity))
})

test('a cancellation and a dispatch at once: one of them wins, and nothing is in both', async () => {
  for (let round = 0; round < 10; round += 1) {
    const order = await buy(`race ${round}`)
    const [shipped, cancelled] = await Promise.allSettled([ship(order.id, 's'), cancel(order.id)])
    assert.notEqual(shipped.status, cancelled.status)
    const after = await api.get({ orderId: order.id })
    assert.equal(after.status, shipped.status === 'fulfilled' ? 'shipped' : 'cancelled')
  }
})

test('an order that is not paid ships not, and one that is not there neither', async () => {
  const { order } = await api.place(await shop.prepare('unpaid', 'tok_requires_action'))
  await assert.rejects(ship(order.id, 's'), refuses('invalid_transition'))
  await assert.rejects(ship(shop.ids.make('ord'), 's'), refuses('not_found'))
  assert.equal((await cancel(order.id)).status, 'cancelled')
})

test('the demo ships what was paid a while ago, once', async () => {
  const offer = fakeOffer(5)
  const input = await shop.prepare('demo', 'tok_success', [{ offer, quantity: 2 }])
  const { order } = await api.place(input)
  await shop.tick('orders.demo_fulfilment')
  assert.equal((await api.get({ orderId: order.id })).status, 'confirmed')
  shop.clock.advance(30_000)
  await shop.tick('orders.demo_fulfilment')
  const after = await api.get({ orderId: order.id })
  assert.equal(after.status, 'shipped')
  assert.equal(after.shipments.length, 2, 'one from each warehouse')
  assert.equal(after.shipments[0]?.trackingNumber, `DEMO-${order.number}`)
  assert.equal(shop.inventory.stockOf(offer.offerId), 1_000_000 - 2)
})

test('an order that is held ships not until it is released; rejected, it gives all back', async () => {
  const operator = operatorOf(shop, shop.orders.routes)
  const hold = (orderId: string) =>
    operator(routes.holdOrder, { params: { orderId }, body: { note: 'looks odd' } })
  const release = (orderId: string) => operator(routes.releaseOrder, { params: { orderId } })
  const reject = (orderId: string) => operator(routes.rejectOrder, { params: { orderId } })
  const order = await buy('held')
  assert.equal((await release(order.id)).problem.code, 'invalid_transition')
  assert.equal((await reject(order.id)).problem.code, 'invalid_transition')
  assert.equal((await hold(order.id)).body.status, 'on_hold')
  assert.equal((await hold(order.id)).body.status, 'on_hold')
  await assert.rejects(ship(order.id, 's'), refuses('invalid_transition'))
  assert.equal((await release(order.id)).body.status, 'confirmed')
  await hold(order.id)
  const ended = await reject(order.id)
  assert.equal(ended.body.status, 'cancelled')
  assert.equal(ended.body.paymentStatus, 'refunded')
  assert.equal(shop.inventory.stateOf(order.id), 'released')
  assert.equal((await hold(order.id)).problem.code, 'invalid_transition')
})

test('a shortage stands on the timeline of its order, for an operator to decide', async () => {
  const order = await buy('short')
  const { offerId } = order.lines[0]!
  await shop.db.tx((tx) =>
    shop.outbox.append(
      tx,
      [order.id, 'ret_of_an_exchange'].map((key) => ({
        spec: shortageFound,
        aggregateId: key,
        payload: { key, offerId, warehouseId: 'wh_0', quantity: 1 },
      })),
    ),
  )
  await shop.deliver(shop.orders.consumers)
  const { events } = await api.get({ orderId: order.id })
  assert.equal(events.at(-1)?.type, 'shortage')
  assert.match(events.at(-1)?.note ?? '', /^1 × Product 1/)
})

test('partitions are made ahead, and again does nothing', async () => {
  await shop.tick('orders.create_partitions')
  await shop.tick('orders.create_partitions')
  const { rows } = await shop.db.query({
    text: `select to_regclass('orders.orders_y2026m06') is not null as there`,
  })
  assert.equal(rows[0].there, true)
})

test('the audit is clean after all of this, and finds a wrong cent and a double', async () => {
  await shop.settle()
  assert.deepEqual(await shop.audit(), [])
  const order = await buy('audit')
  await shop.db.query({
    text: 'update orders.order_lines set net = net + 1 where order_id = $1 and n = 0',
    values: [order.id],
  })
  await shop.db.query({
    text: `insert into orders.order_events select shard, order_id, 9, 'confirmed', at
           from orders.order_events where order_id = $1 and n = 1`,
    values: [order.id],
  })
  const found = await shop.audit()
  assert.equal(found.length, 3, found.join('\n'))
})
