import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import Stripe from 'stripe'
import { currencyExponent, money } from '#contracts/kit/money.ts'
import { Problem } from '#contracts/kit/problem.ts'
import { openFakeStripe } from '../../../../tests/support/fake-stripe.ts'
import { silentLog } from '../../../platform/log.ts'
import { ProviderRefused, ProviderSilent } from '../provider.ts'
import { createStripeAdapter } from './stripe.ts'
import { fromStripeAmount, toStripeAmount } from './stripe-amounts.ts'

const SECRET = 'whsec_of_a_test'
const stripe = await openFakeStripe()
const adapter = createStripeAdapter({
  secretKey: 'sk_test_fake',
  webhookSecrets: ['whsec_older', SECRET],
  apiUrl: stripe.url,
  log: silentLog,
})
const signer = new Stripe('sk_test_fake')
let keys = 0

function charge({ token = 'pm_card_visa', capture = true, amount = 1_000 } = {}) {
  keys += 1
  const key = `key-${keys}`
  const input = {
    key,
    reference: `ord_${keys}`,
    attempt: 2,
    token,
    capture,
    returnUrl: 'https://shop.example/back',
  }
  return {
    key,
    reference: input.reference,
    send: () => adapter.authorize({ ...input, amount: money(amount, 'EUR') }),
  }
}

function message(type: string, object: object, at = new Date()) {
  const seconds = Math.floor(at.getTime() / 1_000)
  const rawBody = JSON.stringify({
    id: 'evt_1',
    object: 'event',
    type,
    created: seconds,
    data: { object },
  })
  const signature = signer.webhooks.generateTestHeaderString({
    payload: rawBody,
    secret: SECRET,
    timestamp: seconds,
  })
  return { rawBody, headers: { 'stripe-signature': signature }, now: new Date() }
}

const isRefused = (code: string) => (error: unknown) =>
  error instanceof ProviderRefused && error.code === code

test('a card is charged, told with its settlement, and given back in parts', async () => {
  const { key, reference, send } = charge()
  const paid = await send()
  assert.deepEqual(
    [paid.status, paid.captured, paid.attempt, paid.reference, paid.card, paid.riskScore],
    ['captured', 1_000, 2, reference, { brand: 'visa', last4: '4242' }, 12],
  )
  assert.deepEqual(paid.settlement, {
    ref: `txn_${paid.ref}`,
    currency: 'USD',
    gross: 1_170,
    fee: 64,
  })
  const refund = { key: `${key}-r`, ref: paid.ref, amount: money(400, 'EUR'), reason: 'one of two' }
  const first = await adapter.refund(refund)
  assert.deepEqual([first.status, first.amount], ['succeeded', 400])
  assert.deepEqual(await adapter.refund(refund), first, 'the same key gives back once')
  const found = await adapter.find({ reference, key, ref: paid.ref })
  assert.equal(found?.refunded, 400)
})

test('a decline is an answer, with its reason; a card that needs its holder sends him on', async () => {
  const declined = await charge({ token: 'pm_card_visa_chargeDeclinedInsufficientFunds' }).send()
  assert.deepEqual([declined.status, declined.declineCode], ['failed', 'insufficient_funds'])
  const asked = await charge({ token: 'pm_card_authenticationRequired' }).send()
  assert.equal(asked.status, 'requires_action')
  assert.match(asked.redirectUrl ?? '', /^https:\/\/hooks\.stripe\.com\//)
})

test('what is authorised is captured in part, or cancelled; what was taken is not', async () => {
  const of = { reference: 'ord', attempt: 1, amount: money(1_000, 'EUR') }
  const held = await charge({ capture: false }).send()
  assert.deepEqual([held.status, held.captured], ['authorized', 0])
  const part = { key: 'cap-1', ref: held.ref, amount: money(600, 'EUR'), of }
  assert.equal((await adapter.capture(part)).captured, 600)
  const other = await charge({ capture: false }).send()
  assert.equal((await adapter.void({ key: 'void-1', ref: other.ref, of })).status, 'voided')
  await assert.rejects(
    adapter.void({ key: 'void-2', ref: held.ref, of }),
    isRefused('payment_intent_unexpected_state'),
  )
})

test('a connection that breaks after the charge is repeated under its key, and charged once', async () => {
  const { reference, send } = charge()
  stripe.misbehave('reset_after')
  assert.equal((await send()).status, 'captured')
  const made = [...stripe.intents.values()].filter((one) => one.metadata['order_id'] === reference)
  assert.equal(made.length, 1)
})

test('what breaks again and again is silence; the charge is found by its key, never made again', async () => {
  const { key, reference, send } = charge()
  stripe.misbehave('error_after', 'error_after', 'error_after')
  await assert.rejects(send, (error) => error instanceof ProviderSilent && !error.answered)
  assert.equal((await adapter.find({ reference, key }))?.status, 'captured')
  assert.equal(await adapter.find({ reference, key: 'of-nobody' }), null)
})

test('a Stripe that is not there was certainly not reached', async () => {
  const away = createStripeAdapter({
    secretKey: 'sk_test_fake',
    webhookSecrets: [],
    apiUrl: 'http://127.0.0.1:9',
    log: silentLog,
  })
  await assert.rejects(
    away.find({ reference: 'o', key: 'k', ref: 'pi_1' }),
    isRefused('unreachable'),
  )
})

test('a genuine message is read, also under an old secret; a forged or old one is refused', async () => {
  const { reference, send } = charge()
  const paid = await send()
  const intent = stripe.intents.get(paid.ref) as object
  const told = message('payment_intent.succeeded', intent)
  const notice = await adapter.verifyWebhook(told)
  assert.deepEqual([notice?.payment.reference, notice?.payment.captured], [reference, 1_000])
  const refusals = [
    { ...told, rawBody: told.rawBody.replace('1000', '1001') },
    { ...told, headers: {} },
    message('payment_intent.succeeded', intent, new Date(Date.parse('2026-01-01'))),
  ]
  for (const forged of refusals) {
    await assert.rejects(
      adapter.verifyWebhook(forged),
      (error) => error instanceof Problem && error.code === 'payments.signature_invalid',
    )
  }
  assert.equal(
    await adapter.verifyWebhook(message('customer.created', { object: 'customer' })),
    null,
  )
})

test('refunds and disputes are told with the payment they are about', async () => {
  const paid = await charge().send()
  const about = { payment_intent: paid.ref, currency: 'eur' }
  const refund = { object: 'refund', id: 're_x', amount: 250, status: 'pending', ...about }
  const told = await adapter.verifyWebhook(message('refund.created', refund))
  assert.deepEqual(
    [told?.payment.ref, told?.refund],
    [
      paid.ref,
      { ref: 're_x', paymentRef: paid.ref, status: 'pending', amount: 250, failureCode: undefined },
    ],
  )
  const base = { object: 'dispute', id: 'dp_1', amount: 1_000, reason: 'fraudulent', ...about }
  const entry = { currency: 'eur', fee: 1_500 }
  const dispute = { ...base, status: 'needs_response', balance_transactions: [entry] }
  const opened = await adapter.verifyWebhook(message('charge.dispute.created', dispute))
  assert.deepEqual(
    [opened?.dispute?.status, opened?.dispute?.amount, opened?.dispute?.fee],
    ['open', 1_000, 1_500],
  )
  const asked = { ...dispute, status: 'warning_needs_response' }
  const enquiry = await adapter.verifyWebhook(message('charge.dispute.created', asked))
  assert.equal(enquiry?.dispute, undefined, 'an enquiry takes no money')
})

test("amounts are Stripe's: by exponent, and by its special cases; nothing is rounded", () => {
  const cases = [
    [1_234, 'USD', 1_234],
    [500, 'JPY', 500],
    [500, 'ISK', 50_000],
    [500, 'UGX', 50_000],
    [1_230, 'KWD', 1_230],
    [700, 'MGA', 7],
  ] as const
  for (const [ours, currency, theirs] of cases) {
    assert.equal(toStripeAmount(ours, currency), theirs, currency)
    assert.equal(fromStripeAmount(theirs, currency), ours, currency)
  }
  const isNone = isRefused('amount_not_representable')
  assert.throws(() => toStripeAmount(1_234, 'KWD'), isNone)
  assert.throws(() => toStripeAmount(750, 'MGA'), isNone)
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 99_999_999 }),
      fc.constantFrom('USD', 'EUR', 'JPY', 'ISK', 'HUF', 'BHD', 'TWD', 'CLP'),
      (units, currency) => {
        const ours = units * 10 ** Math.max(0, currencyExponent(currency) - 2)
        assert.equal(fromStripeAmount(toStripeAmount(ours, currency), currency), ours)
      },
    ),
  )
})
