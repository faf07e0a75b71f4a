import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type Attempt,
  applyHappening,
  askDelayMs,
  type Happening,
  happeningsOf,
  providerKey,
  toPayment,
  UNTOUCHED,
} from './model.ts'
import type { ProviderPayment } from './provider.ts'

const fresh: Attempt = {
  ...UNTOUCHED,
  shard: 1,
  orderId: 'ord_1',
  attempt: 1,
  id: 'pay_1',
  provider: 'fake',
  providerKey: 'k',
  method: 'card',
  currency: 'EUR',
  amount: 1000,
  state: 'unknown',
  createdAt: '2026-03-01T12:00:00.000Z',
}

const seen: ProviderPayment = {
  ref: 'p',
  reference: 'ord_1',
  attempt: 1,
  status: 'captured',
  currency: 'EUR',
  amount: 1000,
  captured: 1000,
  refunded: 0,
}

const fold = (happenings: readonly Happening[]) => happenings.reduce(applyHappening, fresh)

/** A life that a provider can tell of: what happened, in the order in which it did. */
const life = fc
  .record({
    asked: fc.boolean(),
    end: fc.constantFrom('captured', 'authorized', 'failed', 'voided', 'open'),
    refunds: fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 3 }),
  })
  .map(({ asked, end, refunds }): Happening[] => {
    const all: Happening[] = asked ? [{ type: 'ACTION_REQUIRED', ref: 'p', amount: 0 }] : []
    if (end === 'failed') all.push({ type: 'AUTH_FAIL', ref: 'p', amount: 0 })
    if (end === 'open') return all
    if (end !== 'failed') all.push({ type: 'AUTH_OK', ref: 'p', amount: 1000 })
    if (end === 'voided') all.push({ type: 'VOID_OK', ref: 'p', amount: 0 })
    if (end !== 'captured') return all
    all.push({ type: 'CAPTURE_OK', ref: 'p', amount: 1000 })
    refunds.forEach((amount, n) => {
      all.push({ type: 'REFUND_OK', ref: `r${n}`, amount })
    })
    return all
  })

test('news in any order end in the same state, and no invariant breaks on the way there', () => {
  const shuffled = life.chain((all) =>
    fc.tuple(
      fc.constant(all),
      fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
    ),
  )
  fc.assert(
    fc.property(shuffled, ([told, mixed]) => {
      const expected = fold(told)
      assert.deepEqual(fold(mixed), expected)
      assert.ok(expected.captured + expected.voided <= expected.authorized)
      assert.ok(expected.refunded <= expected.captured)
    }),
    { numRuns: 20_000 },
  )
})

test('a state never goes back', () => {
  const captured = fold(happeningsOf(seen))
  assert.equal(captured.state, 'captured')
  for (const status of ['requires_action', 'failed', 'processing', 'authorized'] as const) {
    const late = happeningsOf({ ...seen, status, captured: 0 })
    const again = late.filter(({ type }) => type !== 'AUTH_OK').reduce(applyHappening, captured)
    assert.equal(again.state, 'captured', status)
  }
})

test('what is shown follows from the state and the refunds', () => {
  const captured = fold(happeningsOf(seen))
  assert.equal(toPayment(fresh).shown.status, 'pending')
  assert.equal(toPayment(captured).shown.status, 'completed')
  const some = { type: 'REFUND_OK', ref: 'r', amount: 400 } as const
  const rest = { type: 'REFUND_OK', ref: 's', amount: 600 } as const
  assert.equal(toPayment(applyHappening(captured, some)).shown.status, 'partially_refunded')
  const all = applyHappening(applyHappening(captured, some), rest)
  assert.equal(toPayment(all).shown.status, 'refunded')
  assert.equal(
    toPayment({ ...fresh, state: 'requires_action', redirectUrl: 'https://b' }).shown.redirectUrl,
    'https://b',
  )
})

test('a key at the provider is its order, operation and group, and nothing else', () => {
  assert.equal(providerKey('o', 'charge', '1'), providerKey('o', 'charge', '1'))
  const keys = [
    providerKey('o', 'charge', '1'),
    providerKey('o', 'charge', '2'),
    providerKey('o', 'refund', '1'),
    providerKey('p', 'charge', '1'),
  ]
  assert.equal(new Set(keys).size, keys.length)
  assert.match(keys[0] as string, /^[\w-]{43}$/)
})

test('a silent provider is asked less and less often', () => {
  assert.deepEqual([0, 1, 2].map(askDelayMs), [2_000, 4_000, 8_000])
  assert.equal(askDelayMs(1_000), 300_000)
})
