import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '#contracts/kit/problem.ts'
import { ADDRESS } from '../../../tests/support/checkout-fakes.ts'
import {
  isSameAddress,
  type Lifecycle,
  nextLifecycle,
  type OrderEvent,
  orderStatus,
  TRANSITIONS,
} from './model.ts'

const line = (
  ordered: number,
  more: Partial<Record<'cancelled' | 'shipped' | 'delivered' | 'lost', number>> = {},
) => ({
  ordered,
  cancelled: 0,
  shipped: 0,
  delivered: 0,
  lost: 0,
  ...more,
})
const part = (lifecycle: Lifecycle) => ({ lifecycle })

test('every lifecycle answers every event: by a new one, or by a refusal that names what is allowed', () => {
  const allowed: Record<string, string> = {
    'pending_payment pay': 'open',
    'pending_payment hold': 'on_hold',
    'pending_payment cancel': 'cancelled',
    'pending_payment expire': 'expired',
    'open hold': 'on_hold',
    'open cancel': 'cancelled',
    'on_hold release': 'open',
    'on_hold cancel': 'cancelled',
  }
  for (const from of Object.keys(TRANSITIONS) as Lifecycle[]) {
    for (const event of ['pay', 'hold', 'release', 'cancel', 'expire'] as OrderEvent[]) {
      const to = allowed[`${from} ${event}`]
      if (to) assert.equal(nextLifecycle(from, event), to)
      else {
        assert.throws(
          () => nextLifecycle(from, event),
          (error) => error instanceof Problem && error.code === 'invalid_transition',
        )
      }
    }
  }
})

test("an order's word is rolled up from its sellers' parts and its units", () => {
  const cases: readonly [string, Lifecycle[], ReturnType<typeof line>[]][] = [
    ['pending', ['pending_payment', 'pending_payment'], [line(1)]],
    ['expired', ['expired', 'expired'], [line(1, { cancelled: 1 })]],
    ['cancelled', ['cancelled'], [line(1, { cancelled: 1 })]],
    ['on_hold', ['open', 'on_hold'], [line(1)]],
    ['confirmed', ['open', 'open'], [line(2), line(1)]],
    ['confirmed', ['open', 'cancelled'], [line(2), line(1, { cancelled: 1 })]],
    ['partially_shipped', ['open'], [line(2, { shipped: 1 })]],
    ['shipped', ['open'], [line(2, { shipped: 2 })]],
    ['shipped', ['open'], [line(2, { shipped: 1, cancelled: 1 })]],
    ['shipped', ['open'], [line(2, { shipped: 2, delivered: 1 })]],
    ['shipped', ['open'], [line(2, { shipped: 2, lost: 2 })]],
    ['delivered', ['open'], [line(2, { shipped: 2, delivered: 1, lost: 1 })]],
    ['delivered', ['open', 'open'], [line(2, { shipped: 2, delivered: 2 })]],
    ['completed', ['completed'], [line(2, { shipped: 2, delivered: 2 })]],
  ]
  for (const [word, lifecycles, lines] of cases) {
    assert.equal(orderStatus(lifecycles.map(part), lines), word, `${word}: ${lifecycles}`)
  }
})

test('an address is the same to the letter, whatever the order of its fields', () => {
  const { name, ...rest } = ADDRESS
  assert.ok(isSameAddress(ADDRESS, { ...rest, name }))
  assert.ok(!isSameAddress(ADDRESS, { ...ADDRESS, postalCode: '10116' }))
  assert.ok(!isSameAddress(ADDRESS, { ...ADDRESS, region: 'BE' }))
})
