/**
 * Goal: goods that come back, against the real stock, parcels, payments and ledger of one whole shop.
 * Method: a customer buys and is sent three products; each comes back and ends in another way: in money, in the same
 * again, in store credit, or not at all. Every unit and every cent is followed by the API, then all is audited.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient, httpTransport, type Order } from '../../packages/client/src/index.ts'
import { auditShop } from '../../server/audit.ts'
import { systemClock } from '../../server/platform/clock.ts'
import {
  ADDRESS,
  checkoutBody,
  eventually,
  findBuyable,
  quotedCart,
  unwrap,
} from '../support/shopper.ts'
import { OPERATOR_KEY, openWholeShop } from '../support/whole-shop.ts'

// Without the demo's warehouse and carrier: this test plays both.
const whole = await openWholeShop({ STOA_DEMO: 'off' })
const customer = await whole.register('returns@example.com', 'Rosalind Returner')
const operator = createClient({ transport: httpTransport(whole.url), token: OPERATOR_KEY })
const items = await findBuyable(customer.client, 3, 10)
let keys = 0
const key = () => {
  keys += 1
  return { idempotencyKey: `returns-${keys}` }
}

/** Two units of each product, paid, sent and delivered. */
async function bought(): Promise<Order> {
  const lines = items.map(({ variantId }) => ({ variantId, quantity: 2 }))
  const quoted = await quotedCart(customer.client, lines)
  const { id: orderId } = unwrap(await customer.client.placeOrder({ body: checkoutBody(quoted) }))
  const params = { orderId }
  const parcel = { carrier: 'DHL', trackingNumber: 'OUT-1' }
  const sent = unwrap(await operator.shipOrder({ params, body: parcel, ...key() }))
  await Promise.all(sent.items.map(({ id }) => deliver(id)))
  return eventually(
    async () => unwrap(await customer.client.getOrder({ params })),
    ({ status }) => status === 'delivered',
  )
}

async function deliver(shipmentId: string): Promise<void> {
  const at = systemClock.now().toISOString()
  for (const status of ['shipped', 'delivered'] as const) {
    const body = { status, at, eventId: `${shipmentId}-${status}` }
    unwrap(await operator.recordScan({ params: { shipmentId }, body, ...key() }))
  }
}

type Found = Readonly<{ restocked?: number; damaged?: number; sentBack?: number }>

/** Asks for a line's units to go back, sends them, and has them looked at. */
async function comeBack(
  order: Order,
  at: number,
  input: { wanted: 'refund' | 'exchange' | 'store_credit'; quantity: number; found: Found },
) {
  const { wanted, quantity, found } = input
  const lineId = order.lines[at]?.id ?? ''
  const body = { lines: [{ lineId, quantity, reason: 'defective' as const }], wanted }
  const asked = unwrap(
    await customer.client.requestReturn({ params: { orderId: order.id }, body, ...key() }),
  )
  const params = { orderId: order.id, returnId: asked.id }
  unwrap(await operator.approveReturn({ params, body: {}, ...key() }))
  const parcel = { carrier: 'DHL', trackingNumber: 'BACK-1' }
  unwrap(await customer.client.sendReturn({ params, body: parcel, ...key() }))
  unwrap(await operator.receiveReturn({ params, body: {}, ...key() }))
  const inspected = { lines: [{ lineId, ...found }] }
  unwrap(await operator.inspectReturn({ params, body: inspected, ...key() }))
  return params
}

/** What lies in the warehouses of an offer. */
async function stockOf(
  offerId: string,
): Promise<{ quantity: number; damaged: number; reserved: number }> {
  const { items: levels } = unwrap(await operator.getStock({ params: { offerId } }))
  const sum = (pick: (level: (typeof levels)[number]) => number) =>
    levels.reduce((all, level) => all + pick(level), 0)
  return {
    quantity: sum((level) => level.quantity),
    damaged: sum((level) => level.damaged),
    reserved: sum((level) => level.reserved),
  }
}

async function moneyOf(orderId: string) {
  const { refunds } = unwrap(await operator.getOrderMoney({ params: { orderId } }))
  const sum = (pick: (refund: (typeof refunds)[number]) => number) =>
    refunds.reduce((all, refund) => all + pick(refund), 0)
  return { card: sum((one) => one.toProvider.amount), credit: sum((one) => one.toPrepaid.amount) }
}

const shares = (line: Order['lines'][number]) => line.total.amount / line.quantity
const before = await Promise.all(items.map(({ offerId }) => stockOf(offerId)))
const order = await bought()
const [first, second, third] = order.lines as [
  Order['lines'][0],
  Order['lines'][0],
  Order['lines'][0],
]
const stock = (line: Order['lines'][number]) => stockOf(line.offerId)
const had = (line: Order['lines'][number]) =>
  before[items.findIndex(({ offerId }) => offerId === line.offerId)] as (typeof before)[number]

test('what was sent is out of stock', async () => {
  for (const line of order.lines) {
    assert.equal((await stock(line)).quantity, had(line).quantity - 2)
    assert.equal((await stock(line)).reserved, had(line).reserved)
  }
})

test('one unit is taken into stock again, one is damaged: both are refunded to the card', async () => {
  const found = { restocked: 1, damaged: 1 }
  const params = await comeBack(order, 0, { wanted: 'refund', quantity: 2, found })
  assert.equal((await stock(first)).quantity, had(first).quantity - 1)
  assert.equal((await stock(first)).damaged, had(first).damaged + 1)
  const again = key()
  const body = { resolution: 'refund' as const }
  const done = unwrap(await operator.resolveReturn({ params, body, ...again }))
  unwrap(await operator.resolveReturn({ params, body, ...again }))
  assert.equal(done.refunded?.amount, first.total.amount)
  assert.deepEqual(await moneyOf(order.id), { card: first.total.amount, credit: 0 })
  assert.equal((await stock(first)).quantity, had(first).quantity - 1)
})

test('a unit is exchanged: the same leaves again, and arrives, without money', async () => {
  const paid = await moneyOf(order.id)
  const found = { damaged: 1 }
  const params = await comeBack(order, 1, { wanted: 'exchange', quantity: 1, found })
  const parcel = { carrier: 'DHL', trackingNumber: 'AGAIN-1' }
  const body = { resolution: 'exchange' as const, ...parcel }
  const done = unwrap(await operator.resolveReturn({ params, body, ...key() }))
  assert.equal(done.resolution, 'exchange')
  const { quantity, damaged, reserved } = await stock(second)
  assert.deepEqual(
    { quantity, damaged, reserved },
    {
      quantity: had(second).quantity - 3,
      damaged: had(second).damaged + 1,
      reserved: had(second).reserved,
    },
  )
  const { items: shipments } = unwrap(
    await customer.client.getTracking({ params: { orderId: order.id } }),
  )
  const exchange = shipments.find(({ trackingNumber }) => trackingNumber === 'AGAIN-1')
  assert.ok(exchange)
  await deliver(exchange.id)
  assert.deepEqual(await moneyOf(order.id), paid)
})

test('a unit becomes store credit, with which the next order is paid', async () => {
  const found = { restocked: 1 }
  const params = await comeBack(order, 2, { wanted: 'store_credit', quantity: 1, found })
  const body = { resolution: 'store_credit' as const }
  const done = unwrap(await operator.resolveReturn({ params, body, ...key() }))
  const share = done.refunded?.amount ?? 0
  assert.ok(Math.abs(share - shares(third)) < 1)
  assert.equal((await stock(third)).quantity, had(third).quantity - 1)
  assert.deepEqual(await moneyOf(order.id), { card: first.total.amount, credit: share })
  const { items: credit } = unwrap(await customer.client.listStoreCredit({}))
  assert.deepEqual(credit, [{ amount: share, currency: 'USD' }])
  const quoted = await quotedCart(customer.client, [{ variantId: third.variantId, quantity: 1 }])
  const paying = { ...checkoutBody(quoted), email: 'returns@example.com', shippingAddress: ADDRESS }
  const payment = { method: 'card' as const, token: 'tok_success', useStoreCredit: true }
  const next = unwrap(await customer.client.placeOrder({ body: { ...paying, payment } }))
  assert.equal(next.payment.tenders?.[0]?.amount.amount, Math.min(share, next.totals.total.amount))
})

test('what is not taken goes back to the customer, and nothing is given for it', async () => {
  const paid = await moneyOf(order.id)
  const found = { sentBack: 1 }
  const params = await comeBack(order, 1, { wanted: 'refund', quantity: 1, found })
  const body = { resolution: 'rejected' as const, note: 'worn' }
  const done = unwrap(await operator.resolveReturn({ params, body, ...key() }))
  assert.equal(done.resolution, 'rejected')
  assert.deepEqual(await moneyOf(order.id), paid)
  assert.equal((await stock(second)).quantity, had(second).quantity - 3)
})

test('after all of this no unit and no cent is missing, anywhere', async () => {
  const lines = await auditShop(whole.shop, (ms) => systemClock.sleep(ms))
  for (const { invariant, breaches } of lines) assert.deepEqual(breaches, [], invariant)
})
