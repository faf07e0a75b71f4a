import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { money } from '#contracts/kit/money.ts'
import { Problem } from '#contracts/kit/problem.ts'
import { openFakePayPal } from '../../../../tests/support/fake-paypal.ts'
import { testPlatform, testVault } from '../../../../tests/support/platform.ts'
import { seededChance } from '../../../platform/chance.ts'
import { systemClock } from '../../../platform/clock.ts'
import type { CallContext } from '../../../platform/http/binding.ts'
import { silentLog } from '../../../platform/log.ts'
import { createPayments } from '../index.ts'
import { ProviderRefused, ProviderSilent } from '../provider.ts'
import { createPayPalAdapter } from './paypal.ts'
import { fromPayPalAmount, toPayPalAmount } from './paypal-bodies.ts'

const paypal = await openFakePayPal()
const adapter = createPayPalAdapter({
  clientId: 'client-id',
  clientSecret: 'client-secret',
  webhookId: 'WH-1',
  apiUrl: paypal.url,
  clock: systemClock,
  log: silentLog,
  chance: seededChance(1),
})
after(adapter.close)
const platform = await testPlatform()
const payments = createPayments({
  ...platform,
  clock: systemClock,
  log: silentLog,
  vault: testVault(),
  providers: [adapter],
})
const { api } = payments
const eur = (amount: number) => money(amount, 'EUR')

async function order(amount = 2_490) {
  const orderId = platform.ids.make('ord', 3)
  const returnUrl = 'https://shop.example/back'
  const input = { orderId, attempt: 1, amount: eur(amount), method: 'paypal', returnUrl }
  const payment = await api.charge(input)
  const ref = payment.shown.redirectUrl?.split('/').at(-1) ?? ''
  return { orderId, input, payment, ref }
}

async function tell(type: string, resource: object): Promise<void> {
  const context = paypal.message(type, resource) as unknown as CallContext
  const input = { params: { provider: 'paypal' }, query: undefined, body: {} }
  await payments.routes[0]!.handle(input, context)
}

const madeFor = (orderId: string) =>
  [...paypal.orders.values()].filter((one) => one.purchase_units[0]?.custom_id === orderId)

test('the shopper is sent on; his approval is captured by the webhook, once', async () => {
  const { orderId, payment, ref } = await order()
  assert.deepEqual([payment.state, payment.shown.status], ['requires_action', 'requires_action'])
  paypal.approve(ref)
  await Promise.all(
    Array.from({ length: 5 }, () => tell('CHECKOUT.ORDER.APPROVED', paypal.orders.get(ref)!)),
  )
  const paid = await api.getByOrder({ orderId })
  assert.deepEqual([paid?.state, paid?.captured], ['captured', 2_490])
  assert.equal(paypal.orders.get(ref)?.purchase_units[0]?.payments?.captures.length, 1)
  await api.refund({ key: 'a', orderId, amount: eur(490), reason: 'one was broken' })
  await api.refund({ key: 'a', orderId, amount: eur(490), reason: 'one was broken' })
  assert.equal((await api.getByOrder({ orderId }))?.refunded, 490)
  assert.deepEqual(await api.audit(), [])
})

test('an approval whose webhook was lost is found by asking, and captured', async () => {
  const { orderId, ref } = await order()
  assert.equal((await api.resolve({ orderId }))?.state, 'requires_action')
  paypal.approve(ref)
  assert.equal((await api.resolve({ orderId }))?.state, 'captured')
})

test('what was given up is never captured, even if it is approved after all', async () => {
  const { orderId, ref } = await order()
  await api.cancel({ key: 'x', orderId, reason: 'expired' })
  paypal.approve(ref)
  await tell('CHECKOUT.ORDER.APPROVED', paypal.orders.get(ref)!)
  assert.equal((await api.getByOrder({ orderId }))?.state, 'voided')
  assert.equal(paypal.orders.get(ref)?.status, 'APPROVED')
})

test('a funding that is declined at the capture fails the payment', async () => {
  const { orderId, ref } = await order(6_660)
  paypal.approve(ref)
  const failed = await api.resolve({ orderId })
  assert.deepEqual([failed?.state, failed?.shown.declineCode], ['failed', 'instrument_declined'])
})

test('a line that breaks before or after the deed makes one order and one capture', async () => {
  for (const how of ['reset_before', 'reset_after', 'error_before', 'error_after'] as const) {
    paypal.misbehave(how)
    const { orderId, ref } = await order()
    assert.equal(madeFor(orderId).length, 1, how)
    paypal.approve(ref)
    paypal.misbehave(how)
    await api.resolve({ orderId })
    const paid = await api.resolve({ orderId })
    assert.equal(paid?.state, 'captured', how)
    assert.equal(madeFor(orderId)[0]?.purchase_units[0]?.payments?.captures.length, 1, how)
  }
})

test('a refund whose answer was lost is sent again under its key, and given once', async () => {
  const { orderId, ref } = await order()
  paypal.approve(ref)
  await api.resolve({ orderId })
  paypal.misbehave('reset_after')
  await api.refund({ key: 'r', orderId, amount: eur(2_490), reason: 'all' })
  assert.equal(paypal.orders.get(ref)?.purchase_units[0]?.payments?.refunds.length, 1)
  assert.equal((await api.getByOrder({ orderId }))?.shown.status, 'refunded')
  await assert.rejects(
    adapter.refund({ key: 'more', ref, amount: eur(1), reason: 'x' }),
    (error) => error instanceof ProviderRefused && error.code === 'refund_amount_exceeded',
  )
})

test('a token that was taken back is asked for anew; wrong credentials charge nothing', async () => {
  paypal.revoke()
  assert.equal((await order()).payment.state, 'requires_action')
  const settings = { clock: systemClock, log: silentLog, chance: seededChance(1) }
  const wrong = { clientId: 'x', clientSecret: 'y', webhookId: 'z', apiUrl: paypal.url }
  const stranger = createPayPalAdapter({ ...settings, ...wrong })
  await assert.rejects(
    stranger.find({ reference: 'o', key: 'k', ref: 'PP1' }),
    (error) => error instanceof ProviderRefused && error.code === 'credentials_refused',
  )
  stranger.close()
})

test('a forged message is refused; a dispute is told with the payment it is about', async () => {
  const { orderId, ref } = await order()
  paypal.approve(ref)
  await api.resolve({ orderId })
  const told = paypal.message('CUSTOMER.DISPUTE.CREATED', {
    dispute_id: 'PP-D-1',
    status: 'OPEN',
    reason: 'MERCHANDISE_OR_SERVICE_NOT_RECEIVED',
    dispute_amount: { currency_code: 'EUR', value: '24.90' },
    disputed_transactions: [{ seller_transaction_id: `CAP-${ref}` }],
  })
  const forged = { ...told, rawBody: told.rawBody.replace('24.90', '24.91') }
  for (const message of [forged, { ...told, headers: {} }]) {
    await assert.rejects(
      adapter.verifyWebhook(message),
      (error) => error instanceof Problem && error.code === 'payments.signature_invalid',
    )
  }
  const notice = await adapter.verifyWebhook(told)
  assert.deepEqual(
    [notice?.payment.reference, notice?.dispute?.status, notice?.dispute?.amount],
    [orderId, 'open', 2_490],
  )
})

test('a PayPal that is silent leaves it unknown; amounts are written as PayPal wants them', async () => {
  paypal.misbehave('error_after', 'error_after', 'error_after')
  const input = { key: 'k', reference: 'o', attempt: 1, amount: eur(1), token: undefined }
  await assert.rejects(
    adapter.authorize({ ...input, capture: true, returnUrl: undefined }),
    ProviderSilent,
  )
  assert.deepEqual(toPayPalAmount(money(1_234, 'JPY')), { currency_code: 'JPY', value: '1234' })
  assert.deepEqual(toPayPalAmount(money(123_400, 'HUF')), { currency_code: 'HUF', value: '1234' })
  assert.throws(() => toPayPalAmount(money(123_450, 'HUF')), ProviderRefused)
  assert.deepEqual(fromPayPalAmount({ currency_code: 'HUF', value: '1234' }), money(123_400, 'HUF'))
  assert.deepEqual(await api.audit(), [])
})
