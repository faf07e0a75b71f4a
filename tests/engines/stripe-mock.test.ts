import assert from 'node:assert/strict'
import { test } from 'node:test'
import { money } from '#contracts/kit/money.ts'
import { createStripeAdapter } from '../../server/modules/payments/index.ts'
import { silentLog } from '../../server/platform/log.ts'
import { openStripeMock } from '../support/stripe-mock.ts'

/**
 * Stripe's own mock knows Stripe's OpenAPI description: it refuses a call that Stripe would not
 * understand, and answers in Stripe's shapes. It keeps nothing; what needs a memory is proved
 * beside the adapter.
 */
const mock = await openStripeMock()
const skip = 'reason' in mock ? mock.reason : false
const url = 'url' in mock ? mock.url : 'http://127.0.0.1:9'
const adapter = createStripeAdapter({
  secretKey: 'sk_test_123',
  webhookSecrets: ['whsec_123'],
  apiUrl: url,
  log: silentLog,
})
const amount = money(1_000, 'USD')
const of = { reference: 'ord_1', attempt: 1, amount }

for (const token of ['pm_card_visa', 'ctoken_1ABC']) {
  for (const capture of [true, false]) {
    test(`Stripe understands a charge by ${token}, captured ${capture}`, { skip }, async () => {
      const seen = await adapter.authorize({
        key: `key-${token}-${capture}`,
        reference: 'ord_1',
        attempt: 1,
        amount,
        token,
        capture,
        returnUrl: 'https://shop.example/orders/1',
      })
      assert.match(seen.ref, /^pi_/)
      assert.equal(seen.currency, 'USD')
    })
  }
}

test('Stripe understands every other command', { skip }, async () => {
  const captured = await adapter.capture({ key: 'c', ref: 'pi_123', amount, of })
  const voided = await adapter.void({ key: 'v', ref: 'pi_123', of })
  const found = await adapter.find({ reference: 'ord_1', key: 'k', ref: 'pi_123' })
  const refund = await adapter.refund({ key: 'r', ref: 'pi_123', amount, reason: 'returned' })
  for (const payment of [captured, voided, found]) assert.match(payment?.ref ?? '', /^pi_/)
  assert.match(refund.ref, /^re_/)
  assert.ok(Number.isInteger(refund.amount))
})

test('Stripe understands the search for a charge that was not answered', { skip }, async () => {
  assert.equal(await adapter.find({ reference: 'ord_1', key: 'key-of-nobody' }), null)
})
