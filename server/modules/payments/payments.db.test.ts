import assert from 'node:assert/strict'
import { test } from 'node:test'
import { money } from '#contracts/kit/money.ts'
import { Problem } from '#contracts/kit/problem.ts'
import { createFakeProvider, type FakeToken } from '../../../tests/support/fake-provider.ts'
import { testClock, testPlatform, testVault } from '../../../tests/support/platform.ts'
import type { CallContext } from '../../platform/http/binding.ts'
import { silentLog } from '../../platform/log.ts'
import { createPayments } from './index.ts'

const clock = testClock()
const platform = await testPlatform({ clock })
const provider = createFakeProvider()
const payments = createPayments({
  ...platform,
  clock,
  log: silentLog,
  vault: testVault(),
  providers: [provider],
})
const { api } = payments
const [chase] = payments.tickers

const newOrder = () => platform.ids.make('ord', 7)

function charge(orderId: string, token: FakeToken, amount = 5_000, attempt = 1) {
  return api.charge({ orderId, attempt, amount: money(amount, 'EUR'), method: 'card', token })
}

async function deliver(orderId: string): Promise<void> {
  const { provider: name, headers, rawBody } = provider.webhook(orderId)
  const input = { params: { provider: name }, query: undefined, body: {} }
  const context = { headers, rawBody } as unknown as CallContext
  const reply = await payments.routes[0]!.handle(input, context)
  assert.equal(reply.status, 200)
}

async function eventsOf(orderId: string): Promise<string[]> {
  const { rows } = await platform.db.query({
    text: `select type from platform.outbox where aggregate_id = $1 order by seq`,
    values: [orderId],
  })
  return rows.map((row) => String(row.type).replace(/^payments\.|\.v1$/g, ''))
}

async function journalsOf(orderId: string): Promise<string[]> {
  const { rows } = await platform.db.query({
    text: `select kind from payments.journals where order_id = $1 order by kind`,
    values: [orderId],
  })
  return rows.map((row) => row.kind)
}

const refusesWith = (code: string) => (error: unknown) =>
  error instanceof Problem && error.code === code

test('a charge is captured, booked and told once, however often it is asked for', async () => {
  const orderId = newOrder()
  const all = await Promise.all(Array.from({ length: 50 }, () => charge(orderId, 'tok_success')))
  assert.equal(all.filter(({ state }) => state === 'captured').length > 0, true)
  const again = await charge(orderId, 'tok_success')
  assert.equal(again.state, 'captured')
  assert.deepEqual(again.shown, {
    status: 'completed',
    method: 'card',
    amount: money(5_000, 'EUR'),
    card: { brand: 'visa', last4: '4242' },
  })
  assert.equal(provider.paymentsOf(orderId).length, 1)
  assert.deepEqual(await eventsOf(orderId), ['payment_processed'])
  assert.deepEqual(await journalsOf(orderId), ['capture'])
})

test('a decline is final for its attempt, and another attempt is another charge', async () => {
  const orderId = newOrder()
  const declined = await charge(orderId, 'tok_declined')
  assert.equal(declined.state, 'failed')
  assert.equal(declined.shown.declineCode, 'card_declined')
  assert.equal((await charge(orderId, 'tok_success')).state, 'failed')
  assert.equal((await charge(orderId, 'tok_success', 5_000, 2)).state, 'captured')
  assert.deepEqual(await eventsOf(orderId), ['payment_failed', 'payment_processed'])
  assert.deepEqual(await journalsOf(orderId), ['capture'])
})

test('a charge that was taken and not answered is found by asking, not charged again', async () => {
  const orderId = newOrder()
  const charged = await charge(orderId, 'tok_timeout')
  assert.equal(charged.state, 'captured')
  assert.equal(provider.paymentsOf(orderId).length, 1)
})

test('silence leaves it unknown; the worker asks, and after 15 minutes nothing was charged', async () => {
  const orderId = newOrder()
  assert.equal((await charge(orderId, 'tok_lost')).state, 'unknown')
  assert.equal((await api.resolve({ orderId }))?.state, 'unknown')
  assert.equal(await chase!.run(), 0)
  clock.advance(20_000)
  assert.ok((await chase!.run()) >= 1)
  assert.equal((await api.getByOrder({ orderId }))?.state, 'unknown')
  clock.advance(16 * 60_000)
  await chase!.run()
  const given = await api.getByOrder({ orderId })
  assert.equal(given?.state, 'failed')
  assert.equal(given?.shown.declineCode, 'not_received')
  assert.deepEqual(await eventsOf(orderId), ['payment_failed'])
})

test('a shopper who comes again after silence is charged under the same key', async () => {
  const orderId = newOrder()
  await charge(orderId, 'tok_lost')
  assert.equal(
    (await charge(orderId, 'tok_success')).state,
    'unknown',
    'the first may be on its way',
  )
  clock.advance(20_000)
  assert.equal((await charge(orderId, 'tok_success')).state, 'captured')
  assert.equal(provider.paymentsOf(orderId).length, 1)
})

for (const token of ['tok_down', 'tok_error'] as const) {
  test(`a second call that fails (${token}) does not end what the first may still bring`, async () => {
    const orderId = newOrder()
    await charge(orderId, 'tok_lost')
    clock.advance(20_000)
    assert.equal((await charge(orderId, token)).state, 'unknown')
    clock.advance(20_000)
    assert.equal((await charge(orderId, 'tok_success')).state, 'captured')
    assert.equal(provider.paymentsOf(orderId).length, 1)
  })
}

test('a provider that breaks and has no record charged nothing; one out of reach neither', async () => {
  const [broken, away] = [newOrder(), newOrder()]
  assert.equal((await charge(broken, 'tok_error')).shown.declineCode, 'provider_error')
  assert.equal((await charge(away, 'tok_down')).shown.declineCode, 'provider_unavailable')
})

test('ten webhooks at once, and late older ones, count once', async () => {
  const orderId = newOrder()
  assert.equal((await charge(orderId, 'tok_requires_action')).state, 'requires_action')
  const before = provider.webhook(orderId)
  provider.decide(orderId, true)
  await Promise.all(Array.from({ length: 10 }, () => deliver(orderId)))
  const context = { headers: {}, rawBody: before.rawBody } as unknown as CallContext
  await payments.routes[0]!.handle(
    { params: { provider: 'fake' }, query: undefined, body: {} },
    context,
  )
  assert.equal((await api.getByOrder({ orderId }))?.state, 'captured')
  assert.deepEqual(await eventsOf(orderId), ['payment_processed'])
  assert.deepEqual(await journalsOf(orderId), ['capture'])
})

test('a webhook that overtakes the answer and the answer itself count once', async () => {
  const orderId = newOrder()
  const slow = charge(orderId, 'tok_timeout')
  while (provider.paymentsOf(orderId).length === 0) await new Promise((r) => setImmediate(r))
  await Promise.all([deliver(orderId), slow, deliver(orderId)])
  assert.equal((await slow).state, 'captured')
  assert.deepEqual(await eventsOf(orderId), ['payment_processed'])
})

test('a webhook about other money than was asked for changes nothing', async () => {
  const orderId = newOrder()
  await charge(orderId, 'tok_requires_action')
  provider.decide(orderId, true)
  const { rawBody } = provider.webhook(orderId)
  const notice = JSON.parse(rawBody)
  const forged = { ...notice, payment: { ...notice.payment, amount: 1, captured: 1 } }
  const context = { headers: {}, rawBody: JSON.stringify(forged) } as unknown as CallContext
  await payments.routes[0]!.handle(
    { params: { provider: 'fake' }, query: undefined, body: {} },
    context,
  )
  assert.equal((await api.getByOrder({ orderId }))?.state, 'requires_action')
  await deliver(orderId)
  assert.equal((await api.getByOrder({ orderId }))?.state, 'captured')
})

test('refunds never exceed the payment, and one key refunds once', async () => {
  const orderId = newOrder()
  await charge(orderId, 'tok_success', 1_000)
  const refund = (key: string, amount: number) =>
    api.refund({ key, orderId, amount: money(amount, 'EUR'), reason: 'a test' })
  const parallel = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) => refund(`r${n}`, 300)),
  )
  assert.equal(parallel.filter(({ status }) => status === 'fulfilled').length, 3)
  const refused = parallel.filter((one) => one.status === 'rejected')
  assert.ok(refused.every((one) => refusesWith('payments.refund_too_large')(one.reason)))
  assert.equal((await api.getByOrder({ orderId }))?.refunded, 900)
  await Promise.all([refund('last', 100), refund('last', 100)])
  await refund('last', 100)
  assert.equal((await api.getByOrder({ orderId }))?.shown.status, 'refunded')
  assert.equal(provider.paymentsOf(orderId)[0]?.refunded, 1_000)
  await assert.rejects(
    api.refund({ key: 'x', orderId, amount: money(1, 'USD'), reason: 'other money' }),
    refusesWith('payments.refund_too_large'),
  )
})

test('a refund without an answer is sent again under its key until there is one', async () => {
  const orderId = newOrder()
  await charge(orderId, 'tok_success', 1_000)
  provider.failAll('silent')
  const input = { key: 'r', orderId, amount: money(400, 'EUR'), reason: 'a test' }
  assert.equal((await api.refund(input)).refunded, 0)
  provider.failAll(null)
  clock.advance(11_000)
  await chase!.run()
  await chase!.run()
  assert.equal((await api.getByOrder({ orderId }))?.refunded, 400)
  assert.equal(provider.paymentsOf(orderId)[0]?.refunded, 400)
  assert.ok((await eventsOf(orderId)).includes('payment_refunded'))
})

test('a sale before or after its refund leaves the same ledger', async () => {
  const splits = [
    { sellerId: 'sel_a', goodsNet: 600, tax: 133, shipping: 100, commission: 60 },
    { sellerId: 'sel_b', goodsNet: 100, tax: 17, shipping: 50, commission: 10 },
  ]
  const balances = async (orderId: string) => {
    const { rows } = await platform.db.query({
      text: `select account_id, sum(case side when 'C' then amount else -amount end)::int as balance
             from payments.postings p join payments.journals j on j.id = p.journal_id
             where j.order_id = $1 group by account_id order by account_id`,
      values: [orderId],
    })
    return rows
  }
  const [first, second] = [newOrder(), newOrder()]
  for (const orderId of [first, second]) await charge(orderId, 'tok_success', 1_000)
  const refund = (orderId: string) =>
    api.refund({ key: 'r', orderId, amount: money(333, 'EUR'), reason: 'a test' })
  const sale = (orderId: string) => api.recordSale({ orderId, currency: 'EUR', splits })
  await Promise.all([sale(first), sale(first), sale(first)])
  await refund(first)
  await refund(second)
  await sale(second)
  assert.deepEqual(await balances(second), await balances(first))
  assert.deepEqual(await journalsOf(first), ['capture', 'refund', 'sale', 'sale_reversal'])
})

test('cancelling voids what is open and refunds what was taken, once', async () => {
  const [open, taken, none] = [newOrder(), newOrder(), newOrder()]
  await charge(open, 'tok_requires_action')
  await charge(taken, 'tok_success')
  const cancel = (orderId: string) => api.cancel({ key: 'c', orderId, reason: 'a test' })
  assert.equal((await cancel(open))?.state, 'voided')
  const all = await Promise.all([cancel(taken), cancel(taken), cancel(taken)])
  assert.equal(all.length, 3)
  assert.equal((await cancel(taken))?.refunded, 5_000)
  assert.equal(provider.paymentsOf(taken)[0]?.refunded, 5_000)
  assert.equal(await cancel(none), null)
})

test('what the shopper approved just before a cancellation goes back', async () => {
  const orderId = newOrder()
  await charge(orderId, 'tok_requires_action')
  provider.decide(orderId, true)
  const cancelled = await api.cancel({ key: 'c', orderId, reason: 'a test' })
  assert.equal(cancelled?.shown.status, 'refunded')
})

test('an order that costs nothing is paid without a provider', async () => {
  const orderId = newOrder()
  const calls = provider.calls.authorize
  const paid = await charge(orderId, 'tok_success', 0)
  assert.equal(paid.state, 'captured')
  assert.equal(paid.shown.status, 'completed')
  assert.equal(provider.calls.authorize, calls)
})

test('a method that no provider takes is refused before anything is written', async () => {
  const orderId = newOrder()
  const input = { orderId, attempt: 1, amount: money(1, 'EUR'), method: 'cheque' }
  await assert.rejects(api.charge(input), refusesWith('payments.provider_unavailable'))
  assert.equal(await api.getByOrder({ orderId }), null)
})

test('the database refuses a journal that does not balance, and any change of the ledger', async () => {
  const refused = { code: '23514' }
  const { db } = platform
  const book = (amounts: string, accounts = '{a,b}') =>
    db.query({
      text: `insert into payments.journals (shard, id, order_id, source_type, source_id, kind,
               currency, account_ids, purposes, amounts, created_at)
             values (1, 'jnl_x', 'ord_x', 'order', 'ord_x', 'sale', 'EUR', $1, '{goods,goods}', $2, now())`,
      values: [accounts, amounts],
    })
  for (const amounts of ['{-5,4}', '{-5,5,0}', '{0,0}', '{5}', '{}', '{-5,NULL}']) {
    await assert.rejects(book(amounts), refused, amounts)
  }
  await assert.rejects(book('{-5,5}', '{a,NULL}'), refused)
  await assert.rejects(db.query({ text: `update payments.journals set amounts = '{}'` }), refused)
  await assert.rejects(db.query({ text: 'delete from payments.journals' }), refused)
  await assert.rejects(
    db.query({ text: 'update payments.payments set refunded = captured + 1' }),
    refused,
  )
})

test('the audit is clean after all of this, and finds one cent', async () => {
  assert.deepEqual(await api.audit(), [])
  const { db } = platform
  await db.query({
    text: `update payments.payments set captured = captured - 1
           where order_id = (select order_id from payments.payments
                             where captured > refunded + refund_claimed limit 1)`,
  })
  const found = await api.audit()
  assert.equal(found.length, 3, found.join('\n'))
  assert.ok(found.some((breach) => /ledger \d+, payments \d+/.test(breach)))
  assert.ok(found.some((breach) => /the provider holds \d+, the shop \d+/.test(breach)))
})
