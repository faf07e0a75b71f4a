import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { promotion } from '../../../tests/support/promotion.ts'
import { ALL_LINES, type LivePromotion, normalizeCode, type Promotion } from './model.ts'
import type { Basket } from './promotion-effects.ts'
import { choosePromotions } from './promotions.ts'

const NOW = '2026-03-01T12:00:00.000Z'

function basket(
  units: readonly (readonly [price: number, quantity: number])[],
  shipping = 500,
): Basket {
  return {
    currency: 'USD',
    lines: units.map(([unitAmount, quantity], n) => ({
      lineId: `lin_${n}`,
      offerId: `off_${n}`,
      productId: `prd_${n}`,
      sellerId: n % 2 ? 'sel_b' : 'sel_a',
      department: n % 2 ? 'books' : 'things',
      quantity,
      unitAmount,
    })),
    shippingAmount: shipping,
    convert: ({ amount }) => amount,
  }
}

function live(
  id: string,
  changes: Partial<Promotion>,
  state: Partial<LivePromotion> = {},
): LivePromotion {
  return { promotion: promotion(id, changes), used: 0, budgetUsedAmount: 0, coupon: null, ...state }
}

const usd = (amount: number) => ({ amount, currency: 'USD' })
const applied = (outcome: ReturnType<typeof choosePromotions>) =>
  Object.fromEntries(outcome.applied.map(({ promotion, amount }) => [promotion.id, amount]))
const reasons = (outcome: ReturnType<typeof choosePromotions>) =>
  Object.fromEntries(outcome.rejected.map(({ promotion, reason }) => [promotion.id, reason]))

test('on each line the best product promotion counts, and only that', () => {
  const outcome = choosePromotions(
    basket([
      [1000, 1],
      [5000, 1],
    ]),
    [
      live('ten', { class: 'product' }),
      live('three', { class: 'product', effect: { kind: 'fixed', amount: usd(300) } }),
    ],
    NOW,
  )
  assert.deepEqual(outcome.lineDiscounts, [300, 500])
  assert.deepEqual(applied(outcome), { ten: 500, three: 300 })
})

test('product promotions that combine stand on top of each other, on what is left', () => {
  const combinesWith = ['product'] as const
  const promotions = [
    live('half', { class: 'product', effect: { kind: 'percentage', percent: '50' }, combinesWith }),
    live('ten', { class: 'product', combinesWith }),
  ]
  assert.deepEqual(choosePromotions(basket([[1000, 1]]), promotions, NOW).lineDiscounts, [550])
})

test('classes combine only where both allow it', () => {
  const cart = basket([[10_000, 1]])
  const product = (combinesWith: Promotion['combinesWith']) =>
    live('product', { class: 'product', combinesWith })
  const order = (combinesWith: Promotion['combinesWith']) =>
    live('order', { effect: { kind: 'percentage', percent: '20' }, combinesWith })
  const alone = choosePromotions(cart, [product(['order']), order([])], NOW)
  assert.deepEqual(applied(alone), { order: 2000 })
  assert.deepEqual(reasons(alone), { product: 'it does not combine with order' })
  const both = choosePromotions(cart, [product(['order']), order(['product'])], NOW)
  assert.deepEqual(applied(both), { product: 1000, order: 1800 })
})

test('the set that is best for the buyer is chosen, though its parts are not', () => {
  const all = ['product', 'order', 'shipping'] as const
  const outcome = choosePromotions(
    basket([[10_000, 1]], 1500),
    [
      live('big', { effect: { kind: 'percentage', percent: '15' } }),
      live('small', { effect: { kind: 'percentage', percent: '5' }, combinesWith: all }),
      live('free', { class: 'shipping', effect: { kind: 'free_shipping' }, combinesWith: all }),
    ],
    NOW,
  )
  assert.deepEqual(applied(outcome), { small: 500, free: 1500 })
  assert.equal(outcome.shippingDiscount, 1500)
})

test('buy two get one reduces the cheapest unit of each full group, however the cart is written', () => {
  const effect = { kind: 'buy_x_get_y', buy: 2, get: 1, percent: '100' } as const
  const bundle = live('bundle', { class: 'product', effect })
  const discounts = (units: Parameters<typeof basket>[0]) =>
    choosePromotions(basket(units), [bundle], NOW).lineDiscounts
  assert.deepEqual(discounts([[1000, 2]]), [0])
  assert.deepEqual(discounts([[1000, 3]]), [1000])
  assert.deepEqual(discounts([[1000, 7]]), [2000])
  assert.deepEqual(
    discounts([
      [100, 1],
      [900, 1],
      [500, 1],
    ]),
    [100, 0, 0],
  )
  assert.deepEqual(
    discounts([
      [900, 2],
      [100, 4],
    ]),
    [0, 200],
  )
})

test('a minimum is counted on what is left after earlier classes, and what is missing is told', () => {
  const outcome = choosePromotions(
    basket([[4000, 1]]),
    [live('fifty', { minimum: usd(5000) })],
    NOW,
  )
  assert.deepEqual(reasons(outcome), { fifty: '10.00 USD are missing to its minimum' })
  const all = ['product', 'order'] as const
  const after = choosePromotions(
    basket([[5000, 1]]),
    [
      live('product', { class: 'product', combinesWith: all }),
      live('order', { minimum: usd(5000), combinesWith: all }),
    ],
    NOW,
  )
  assert.deepEqual(applied(after), { product: 500 })
})

test('a promotion counts for its targets alone', () => {
  const target = { ...ALL_LINES, sellerIds: ['sel_b'], departments: ['books'] }
  const cart = basket([
    [1000, 1],
    [1000, 1],
  ])
  assert.deepEqual(choosePromotions(cart, [live('p', { target })], NOW).lineDiscounts, [0, 100])
})

test('what is over, not begun, used up, without its coupon or over its budget is rejected with its reason', () => {
  const outcome = choosePromotions(
    basket([[1000, 1]]),
    [
      live('over', { endsAt: NOW }),
      live('early', { startsAt: '2026-03-01T12:00:00.001Z' }),
      live('used', { totalLimit: 3 }, { used: 3 }),
      live('coupon', { needsCoupon: true }),
      live('budget', { budget: usd(1000) }, { budgetUsedAmount: 901 }),
      live('off', { active: false }),
      live('else', { target: { ...ALL_LINES, productIds: ['prd_9'] } }),
    ],
    NOW,
  )
  assert.deepEqual(applied(outcome), {})
  assert.deepEqual(reasons(outcome), {
    over: 'it has ended',
    early: 'it has not begun',
    used: 'it has been used up',
    coupon: 'it needs a coupon',
    budget: 'its budget is used up',
    off: 'it is switched off',
    else: 'nothing in the cart belongs to it',
  })
})

test('many promotions are still decided quickly and the same way, whatever their order', () => {
  const promotions = Array.from({ length: 20 }, (_, n) =>
    live(`p${String(n).padStart(2, '0')}`, {
      class: n % 2 ? 'product' : 'order',
      effect: { kind: 'percentage', percent: String((n % 7) + 1) },
      combinesWith: n % 3 ? ['product', 'order'] : [],
    }),
  )
  const cart = basket(Array.from({ length: 50 }, (_, n) => [1000 + n, 2] as const))
  const one = choosePromotions(cart, promotions, NOW)
  const other = choosePromotions(cart, promotions.toReversed(), NOW)
  assert.deepEqual(one.lineDiscounts, other.lineDiscounts)
  assert.deepEqual(applied(one), applied(other))
})

test('codes are compared without regard to case, width and spaces', () => {
  assert.equal(normalizeCode(' wel come１０ '), 'WELCOME10')
})

test('no promotion alone is better for the buyer than the chosen set, whose members all combine', () => {
  const classes = ['product', 'order', 'shipping'] as const
  const anyPromotion = fc.record({
    class: fc.constantFrom(...classes),
    percent: fc.integer({ min: 1, max: 100 }),
    combinesWith: fc.subarray([...classes]),
    minimum: fc.option(fc.integer({ min: 0, max: 3000 }), { nil: null }),
  })
  const units = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 1, max: 4 })),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  fc.assert(
    fc.property(units, fc.array(anyPromotion, { maxLength: 5 }), (lines, wanted) => {
      const cart = basket(lines)
      const promotions = wanted.map(({ percent, minimum, ...rest }, n) =>
        live(`p${n}`, {
          ...rest,
          effect: { kind: 'percentage', percent: String(percent) },
          minimum: minimum === null ? null : usd(minimum),
        }),
      )
      const gain = (some: readonly LivePromotion[]) =>
        choosePromotions(cart, some, NOW).applied.reduce((all, { amount }) => all + amount, 0)
      const { applied: chosen } = choosePromotions(cart, promotions, NOW)
      for (const one of promotions) assert.ok(gain(promotions) >= gain([one]))
      for (const { promotion: a } of chosen)
        for (const { promotion: b } of chosen)
          if (a !== b && !(a.class === 'product' && b.class === 'product'))
            assert.ok(a.combinesWith.includes(b.class) && b.combinesWith.includes(a.class))
    }),
    { numRuns: 3000 },
  )
})
