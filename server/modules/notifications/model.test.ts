import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PUSH_LANGUAGES } from '#contracts/notifications/schemas.ts'
import { isDrop, lowestPrice, ORDER_STEPS, outcomeOf, waitMs } from './model.ts'
import { write } from './texts.ts'

const NOW = new Date('2026-05-12T10:00:00Z')

test('an answer of a push service means what RFC 8030 says', () => {
  const means = {
    sent: [200, 201, 202],
    gone: [401, 403, 404, 410],
    later: [408, 429, 500, 503],
    refused: [302, 400, 413],
  }
  for (const [outcome, all] of Object.entries(means))
    for (const status of all) assert.equal(outcomeOf(status), outcome, String(status))
})

test('the next try comes later and later, and never before it was asked for', () => {
  assert.equal(waitMs(1, undefined, NOW), 20_000)
  assert.equal(waitMs(30, undefined, NOW), 3_600_000)
  assert.equal(waitMs(1, '90', NOW), 90_000)
  assert.equal(waitMs(1, 'Tue, 12 May 2026 10:10:00 GMT', NOW), 600_000)
  for (const odd of ['-1', 'soon', '', '0', '99999999999'])
    assert.ok(waitMs(1, odd, NOW) >= 20_000, odd)
})

test('a drop is one percent or more', () => {
  assert.ok(isDrop(10_000, 9_900) && isDrop(2, 1) && isDrop(1, 0))
  assert.ok(!isDrop(10_000, 9_901) && !isDrop(10_000, 10_000) && !isDrop(0, 0))
})

test('the lowest price is that of an offer that can be bought', () => {
  const offer = (amount: number, inStock: boolean, sale?: number) => ({
    price: { amount, currency: 'EUR' },
    ...(sale === undefined ? {} : { salePrice: { amount: sale, currency: 'EUR' } }),
    availability: { inStock },
  })
  const product = {
    variants: [
      { offers: [offer(900, false), offer(2_000, true, 1_500)] },
      { offers: [offer(1_800, true)] },
    ],
  }
  assert.equal(lowestPrice(product as never)?.amount, 1_500)
  assert.equal(lowestPrice({ variants: [] }), null)
})

test('every notice has its words in every language, and opens a page of the shop', () => {
  for (const language of PUSH_LANGUAGES) {
    for (const step of ORDER_STEPS) {
      const { title, body, url } = write({ kind: 'order', orderId: 'ord_1', step }, language)
      assert.ok(title && body && url === '/orders/ord_1')
    }
    const was = { amount: 2_490, currency: 'JPY' }
    const now = { amount: 1_990, currency: 'JPY' }
    const name = '$& {now}'
    const { title, body } = write(
      { kind: 'price', productId: 'p', slug: 'a b', name, was, now },
      language,
    )
    assert.doesNotMatch(title, /\{/)
    assert.ok(body.includes(name))
  }
})
