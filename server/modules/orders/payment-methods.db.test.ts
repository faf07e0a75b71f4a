import assert from 'node:assert/strict'
import { test } from 'node:test'
import { money } from '#contracts/kit/money.ts'
import { Problem } from '#contracts/kit/problem.ts'
import { openCheckoutShop } from '../../../tests/support/checkout-shop.ts'
import type { Binding, CallContext } from '../../platform/http/binding.ts'
import { orderIdOf } from './flows/place-order.ts'

const DAY_MS = 24 * 60 * 60_000
const shop = await openCheckoutShop()
const { api } = shop.orders

const refusesWith = (code: string) => (error: unknown) =>
  error instanceof Problem && error.code === code

/** Calls a route of payments. */
async function call(operation: string, input: object) {
  const binding = shop.payments.routes.find(({ route }) => route.operation === operation) as Binding
  const whole = { params: {}, query: {}, body: {}, ...input }
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what the contract describes
  return (await binding.handle(whole, {} as CallContext)).body as any
}

async function place(key: string, payment: object) {
  const input = { ...(await shop.prepare(key, 'tok_success')), payment: payment as never }
  return { input, orderId: orderIdOf(input), ...(await api.place(input)) }
}

async function giftCard(amount: number): Promise<string> {
  const body = { reference: `g${amount}`, amount: money(amount, 'EUR'), count: 1, reason: 'sold' }
  return (await call('issueGiftCards', { body })).items[0].code
}

test('cash on delivery: the order stands, its payment is to come, and is booked when it did', async () => {
  const { order, settled, orderId } = await place('cod', { method: 'cash_on_delivery' })
  assert.deepEqual([settled, order.status, order.paymentStatus], [true, 'confirmed', 'pending'])
  const paid = await call('capturePayment', { params: { orderId } })
  assert.equal(paid.status, 'completed')
  assert.equal((await api.get({ orderId })).paymentStatus, 'completed')
})

test('a transfer: the order waits with its stock, the cart is done, and the money confirms it', async () => {
  const { order, settled, orderId, input } = await place('transfer', { method: 'bank_transfer' })
  assert.deepEqual([settled, order.status, order.paymentStatus], [false, 'pending', 'pending'])
  const { transfer, amount } = order.payment
  assert.equal(transfer?.iban, 'DE02120300000000202051')
  assert.equal((await shop.cart.getForCheckout({ cartId: input.cartId })).status, 'ordered')
  shop.clock.advance(3 * DAY_MS)
  await shop.settle()
  assert.equal(shop.inventory.stateOf(orderId), 'held')
  await call('receiveTransfer', { body: { reference: transfer?.reference, amount } })
  await shop.settle()
  assert.equal((await api.get({ orderId })).status, 'confirmed')
  assert.equal(shop.inventory.stateOf(orderId), 'committed')
})

test('a transfer that does not come ends the order after its days, and frees the stock', async () => {
  const { orderId, order } = await place('late', { method: 'bank_transfer' })
  shop.clock.advance(7 * DAY_MS + 60_000)
  await shop.settle()
  assert.equal((await api.get({ orderId })).status, 'expired')
  assert.equal(shop.inventory.stateOf(orderId), 'released')
  const { transfer, amount } = order.payment
  await call('receiveTransfer', { body: { reference: transfer?.reference, amount } })
  await shop.settle()
  assert.equal((await api.get({ orderId })).status, 'expired', 'late money does not revive it')
  const { refunds } = await call('getOrderMoney', { params: { orderId } })
  assert.deepEqual([refunds.length, refunds[0].state], [1, 'pending'], 'it is to be given back')
  const settled = { params: { orderId, refundId: refunds[0].id }, body: { outcome: 'succeeded' } }
  await call('settleRefund', settled)
})

test('gift cards pay with a card, and alone; a cancelled order gives them back', async () => {
  const code = await giftCard(1_000)
  const paid = { method: 'card', token: 'tok_success', giftCards: [code] }
  const { order, orderId } = await place('gift', paid)
  assert.equal(order.status, 'confirmed')
  const total = order.totals.total.amount
  assert.equal(shop.provider.paymentsOf(orderId)[0]?.amount, total - 1_000)
  await api.cancel({ key: 'c', orderId, by: 'customer' })
  assert.equal((await api.get({ orderId })).paymentStatus, 'refunded')
  const large = await giftCard(50_000)
  const alone = await place('gift alone', { method: 'prepaid', giftCards: [code, large] })
  assert.equal(alone.order.status, 'confirmed')
  assert.equal(shop.provider.paymentsOf(alone.orderId).length, 0)
  const body = { code: large }
  const left = await call('getGiftCardBalance', { body })
  assert.equal(left.balance.amount, 50_000 + 1_000 - alone.order.totals.total.amount)
})

test('a way to pay that will not do is refused before anything is held', async () => {
  const cases = [
    [{ method: 'paypal' }, 'payments.method_not_offered'],
    [{ method: 'prepaid' }, 'payments.prepaid_too_little'],
    [
      { method: 'card', token: 'tok_success', giftCards: ['AAAA-BBBB-CCCC-DDDD'] },
      'payments.gift_card_unusable',
    ],
  ] as const
  for (const [payment, code] of cases) {
    const input = { ...(await shop.prepare(code, 'tok_success')), payment: payment as never }
    await assert.rejects(api.place(input), refusesWith(code))
    assert.equal(shop.inventory.stateOf(orderIdOf(input)), undefined)
  }
})

test('units are refunded one by one as all at once, each from its own seller, never twice', async () => {
  const { order, orderId } = await place('units', { method: 'card', token: 'tok_success' })
  const [first, second] = order.lines
  const one = [{ lineId: first!.id, quantity: 1 }]
  const refund = (key: string, more: object) =>
    api.refund({ key, orderId, reason: 'damaged', ...more })
  await refund('a', { lines: one })
  await refund('a', { lines: one })
  await refund('b', { lines: one })
  await assert.rejects(refund('c', { lines: one }), refusesWith('orders.refund_not_possible'))
  const payment = shop.provider.paymentsOf(orderId)[0]
  assert.equal(payment?.refunded, first!.total.amount)
  const { rows } = await shop.db.query({
    text: `select a.owner, sum(case p.side when 'C' then p.amount else -p.amount end)::int as left
           from payments.journals j
           join payments.postings p on p.shard = j.shard and p.journal_id = j.id
           join payments.ledger_accounts a on a.id = p.account_id
           where j.order_id = $1 and a.kind = 'seller_payable' and p.purpose = 'goods'
           group by a.owner order by a.owner`,
    values: [orderId],
  })
  assert.deepEqual(rows, [
    { owner: first!.sellerId, left: 0 },
    { owner: second!.sellerId, left: second!.net.amount },
  ])
  await refund('d', { lines: [{ lineId: second!.id, quantity: 1 }], shipping: true })
  await assert.rejects(refund('e', { shipping: true }), refusesWith('orders.refund_not_possible'))
  const tooMuch = refund('f', { amount: money(1, 'EUR') })
  await assert.rejects(tooMuch, refusesWith('payments.refund_too_large'))
  assert.equal((await api.get({ orderId })).paymentStatus, 'refunded')
})

test('a refund that cannot be paid counts no unit; the payment of an open order can be given up', async () => {
  const { order, orderId } = await place('over', { method: 'card', token: 'tok_success' })
  const all = order.totals.total
  await api.refund({ key: 'all', orderId, amount: all, reason: 'grace' })
  const lines = [{ lineId: order.lines[0]!.id, quantity: 1 }]
  const late = api.refund({ key: 'late', orderId, lines, reason: 'damaged' })
  await assert.rejects(late, refusesWith('payments.refund_too_large'))
  const { rows } = await shop.db.query({
    text: 'select sum(refunded_qty)::int as n from orders.order_lines where order_id = $1',
    values: [orderId],
  })
  assert.equal(rows[0]?.n, 0)
  await assert.rejects(api.voidPayment({ orderId }), refusesWith('invalid_transition'))
  const open = await place('open', { method: 'card', token: 'tok_requires_action' })
  const ended = await api.voidPayment({ orderId: open.orderId })
  assert.equal(ended.status, 'cancelled')
  assert.equal(shop.provider.paymentsOf(open.orderId)[0]?.status, 'voided')
})

test('the audit is clean after all of this', async () => {
  await shop.settle()
  assert.deepEqual(await shop.audit(), [])
})
