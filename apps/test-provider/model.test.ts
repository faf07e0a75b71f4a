import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { behaviourOf, brandOf, holdsCardNumber, passesLuhn } from './cards.ts'
import { exponentOf, formatAmount } from './currencies.ts'
import {
  cancelPayment,
  capturePayment,
  disputePayment,
  openPayment,
  type Payment,
  refundable,
  refundPayment,
} from './model.ts'
import { ProviderProblem } from './problem.ts'

const AT = '2030-01-01T00:00:00.000Z'
const CARD = { brand: 'visa', last4: '4242', expiryMonth: 1, expiryYear: 2031, fingerprint: 'f' }

function authorized(amount: number): Payment {
  const input = { amount, currency: 'EUR', token: 'tok_success', capture: false, reference: 'r' }
  const behaviour = behaviourOf('success')
  return openPayment(input, { id: 'pay_1', card: CARD, behaviour, actionUrl: undefined, at: AT })
}

type Step = (payment: Payment) => Payment

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.integer({ min: 1, max: 80 }).map(
    (amount): Step =>
      (payment) =>
        capturePayment(payment, { amount, at: AT }),
  ),
  fc.integer({ min: 1, max: 80 }).map(
    (amount): Step =>
      (payment) =>
        refundPayment(payment, { amount, at: AT }),
  ),
  fc.constant<Step>((payment) => cancelPayment(payment, AT)),
  fc.constant<Step>((payment) => disputePayment(payment, AT)),
)

test('no order of captures, refunds, cancels and disputes breaks a cap', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.array(step, { maxLength: 30 }),
      (amount, steps) => {
        let payment = authorized(amount)
        for (const take of steps) {
          const before = payment
          try {
            payment = take(payment)
            assert.equal(payment.version, before.version + 1)
          } catch (error) {
            assert.ok(error instanceof ProviderProblem)
            assert.equal(payment, before)
          }
          assert.ok(payment.amountCaptured + payment.amountCanceled <= payment.amount)
          assert.ok(refundable(payment) >= 0)
          if (payment.status === 'canceled') assert.equal(payment.amountCaptured, 0)
        }
      },
    ),
  )
})

test('Luhn, brands and card numbers in text', () => {
  assert.equal(passesLuhn('4242424242424242'), true)
  assert.equal(passesLuhn('4242424242424241'), false)
  assert.equal(brandOf('378282246310005'), 'amex')
  assert.equal(brandOf('2223003122003222'), 'mastercard')
  assert.equal(holdsCardNumber('{"note":"4242 4242 4242 4242"}'), true)
  assert.equal(holdsCardNumber('{"note":"4242-4242-4242-4242"}'), true)
  assert.equal(holdsCardNumber('{"note":"4242424242424241"}'), false)
  assert.equal(holdsCardNumber('{"reference":"ord_4242424242424242abc"}'), false)
})

test('amounts are shown by the exponent of their currency', () => {
  assert.equal(exponentOf('JPY'), 0)
  assert.equal(exponentOf('KWD'), 3)
  assert.equal(exponentOf('ZZZ'), undefined)
  assert.equal(formatAmount(2490, 'EUR'), '€24.90')
  assert.equal(formatAmount(5, 'EUR'), '€0.05')
  assert.equal(formatAmount(500, 'JPY'), '¥500')
  assert.match(formatAmount(1234567, 'KWD'), /1,234\.567/)
})
