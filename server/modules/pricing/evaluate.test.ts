import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { convert, MAX_AMOUNT, MAX_ORDER_AMOUNT, type Money, ratio } from '#contracts/kit/money.ts'
import type { Problem } from '#contracts/kit/problem.ts'
import { promotion } from '../../../tests/support/promotion.ts'
import type { PricedOffer } from './api.ts'
import { type EvaluationInput, evaluate } from './evaluate.ts'
import { ALL_LINES, type LivePromotion, type Promotion } from './model.ts'
import { readTaxTable } from './reference.ts'

const taxes = await readTaxTable(join(import.meta.dirname, '../../../data/reference'))

/** Units for one dollar: of two, no, three and four decimals. */
const RATES: Readonly<Record<string, string>> = {
  USD: '1',
  EUR: '0.8558712770',
  GBP: '0.7451044163',
  JPY: '159.8339609723',
  KWD: '0.3062000000',
  CLF: '0.0245000000',
}

function toCurrency(amount: Money, to: string): Money {
  const rate = Number(RATES[to]) / Number(RATES[amount.currency])
  return amount.currency === to ? amount : convert(amount, to, rate.toFixed(10))
}

const offer = (id: string, price: Money, changes: Partial<PricedOffer> = {}): PricedOffer => ({
  offerId: `off_${id}`,
  variantId: `var_${id}`,
  productId: `prd_${id}`,
  sellerId: 'sel_a',
  sku: id,
  name: id,
  price,
  listPrice: price,
  taxClass: 'standard',
  department: 'things',
  onSale: false,
  ...changes,
})

const live = (...promotions: readonly Promotion[]): LivePromotion[] =>
  promotions.map((one) => ({
    promotion: one,
    used: 0,
    budgetUsedAmount: 0,
    coupon: one.needsCoupon ? 'CODE' : null,
  }))

type Basket = Partial<EvaluationInput> & Readonly<{ prices?: readonly number[] }>

function price({ prices = [1000], currency = 'EUR', ...changes }: Basket) {
  return evaluate({
    currency,
    taxIncluded: true,
    place: { country: 'DE', postalCode: '10115' },
    now: '2026-03-01T12:00:00.000Z',
    lines: prices.map((amount, n) => ({
      lineId: `lin_${n}`,
      quantity: 1,
      offer: offer(String(n), { amount, currency }),
    })),
    shipping: null,
    promotions: [],
    taxes,
    convert: toCurrency,
    ...changes,
  })
}

const amounts = (evaluation: ReturnType<typeof price>) => ({
  subtotal: evaluation.subtotal.amount,
  discount: evaluation.discount.amount,
  shipping: evaluation.shipping.amount,
  tax: evaluation.tax.amount,
  total: evaluation.total.amount,
})

test('a discount on prices with tax is a gross amount: 50 less 10 is 40', () => {
  const off = live(
    promotion('p', { effect: { kind: 'fixed', amount: { amount: 1000, currency: 'EUR' } } }),
  )
  const evaluation = price({ prices: [5000], promotions: off })
  assert.deepEqual(amounts(evaluation), {
    subtotal: 5000,
    discount: 1000,
    shipping: 0,
    tax: 639,
    total: 4000,
  })
  assert.equal(evaluation.lines[0]?.net.amount, 3361)
})

test('a discount of all leaves exactly nothing, tax included', () => {
  const off = live(promotion('p', { effect: { kind: 'percentage', percent: '100' } }))
  const evaluation = price({ prices: [333, 1, 99_999], promotions: off })
  assert.deepEqual([evaluation.tax.amount, evaluation.total.amount], [0, 0])
})

test('tax is rounded once a line, not once a unit', () => {
  const evaluation = price({
    taxIncluded: false,
    currency: 'USD',
    place: { country: 'US', region: 'CA', postalCode: '94105' },
    lines: [{ lineId: 'lin_1', quantity: 7, offer: offer('1', { amount: 99, currency: 'USD' }) }],
  })
  // 6.93 at 8.25 % is 0.571725; a unit's 0.081675 rounded and taken seven times would be 0.56.
  assert.equal(evaluation.tax.amount, 57)
  assert.deepEqual(evaluation.lines[0]?.taxes, [
    {
      name: 'Sales tax',
      rate: '0.0825',
      jurisdiction: 'US-CA',
      base: { amount: 693, currency: 'USD' },
      amount: { amount: 57, currency: 'USD' },
    },
  ])
})

test('an order discount is spread by largest remainder in order of line id', () => {
  const off = live(
    promotion('p', { effect: { kind: 'fixed', amount: { amount: 100, currency: 'EUR' } } }),
  )
  const { lines } = price({ prices: [1000, 1000, 1000], promotions: off })
  assert.deepEqual(
    lines.map(({ discount }) => discount.amount),
    [34, 33, 33],
  )
})

test('what the marketplace bears of a discount is told line by line, each promotion by its share', () => {
  const [fixed, off] = [
    { kind: 'fixed', amount: { amount: 100, currency: 'EUR' } },
    { kind: 'percentage', percent: '10' },
  ] as const
  const whole = price({
    prices: [1000, 1000, 1000],
    promotions: live(promotion('p', { effect: fixed })),
  })
  assert.deepEqual(whole.marketplaceDiscounts, { lin_0: 34, lin_1: 33, lin_2: 33 })
  const own = promotion('own', { effect: off, sellerSharePercent: 100 })
  assert.deepEqual(price({ promotions: live(own) }).marketplaceDiscounts, {})
  const half = promotion('half', { effect: off, sellerSharePercent: 50 })
  assert.deepEqual(price({ prices: [1010, 0], promotions: live(half) }).marketplaceDiscounts, {
    lin_0: 51,
  })
})

test('shipping is taxed where it is, and its discount is taken off before the tax', () => {
  const shipping = { name: 'Standard', price: { amount: 490, currency: 'EUR' } }
  const full = price({ shipping })
  assert.deepEqual(amounts(full), {
    subtotal: 1000,
    discount: 0,
    shipping: 490,
    tax: 160 + 78,
    total: 1490,
  })
  const free = promotion('free', { class: 'shipping', effect: { kind: 'free_shipping' } })
  const evaluation = price({ shipping, promotions: live(free) })
  assert.deepEqual(amounts(evaluation), {
    subtotal: 1000,
    discount: 0,
    shipping: 0,
    tax: 160,
    total: 1000,
  })
})

test('each class of goods has its own rate', () => {
  const classes = ['standard', 'books', 'food']
  const rates = (country: string, region?: string) =>
    price({
      place: { country, region, postalCode: '1' },
      lines: classes.map((taxClass, n) => ({
        lineId: `lin_${n}`,
        quantity: 1,
        offer: offer(String(n), { amount: 1000, currency: 'EUR' }, { taxClass }),
      })),
    }).lines.map(({ taxes: lines }) => lines.map(({ name, rate }) => `${name} ${rate}`).join())
  assert.deepEqual(rates('DE'), ['VAT 0.19', 'VAT 0.07', 'VAT 0.07'])
  assert.deepEqual(rates('FR'), ['VAT 0.2', 'VAT 0.055', 'VAT 0.055'])
  assert.deepEqual(rates('GB'), ['VAT 0.2', '', ''])
  assert.deepEqual(rates('JP'), ['VAT 0.1', 'VAT 0.1', 'VAT 0.08'])
  assert.deepEqual(rates('US', 'New York'), ['Sales tax 0.04', 'Sales tax 0.04', ''])
  assert.deepEqual(rates('US', 'OR'), ['', '', ''])
  assert.deepEqual(rates('CA', 'ON'), ['HST 0.13', 'HST 0.13', ''])
  assert.deepEqual(rates('CA', 'Québec'), ['GST 0.05,QST 0.09975', 'GST 0.05,QST 0.09975', ''])
})

test('places outside the tax territory of their country are known by postal code', () => {
  const rate = (country: string, postalCode: string) =>
    taxes.taxes({ country, postalCode }, 'standard', '2026-03-01')[0]?.rate
  assert.equal(rate('ES', '28001'), '0.21')
  assert.equal(rate('ES', '35001'), undefined)
  assert.equal(rate('PT', '9000-001'.replace('-', '')), '0.22')
  assert.equal(rate('FR', '97110'), '0.085')
})

test('a rate of tax changes on its day', () => {
  const rate = (day: string) =>
    taxes.taxes({ country: 'FI', postalCode: '00100' }, 'standard', day)[0]?.rate
  assert.deepEqual([rate('2024-08-31'), rate('2024-09-01')], ['0.24', '0.255'])
})

const PLACES = [
  { country: 'DE', postalCode: '10115', taxIncluded: true },
  { country: 'FR', postalCode: '75001', taxIncluded: true },
  { country: 'JP', postalCode: '100-0001', taxIncluded: true },
  { country: 'US', region: 'CA', postalCode: '94105', taxIncluded: false },
  { country: 'US', region: 'OR', postalCode: '97201', taxIncluded: false },
  { country: 'CA', region: 'QC', postalCode: 'H3Z 2Y7', taxIncluded: false },
  { country: 'CA', region: 'QC', postalCode: 'H3Z 2Y7', taxIncluded: true },
]

const anyPromotion = fc
  .record({
    kind: fc.constantFrom('percentage', 'fixed', 'bundle', 'free', 'shippingShare') as fc.Arbitrary<
      'percentage' | 'fixed' | 'bundle' | 'free' | 'shippingShare'
    >,
    productClass: fc.boolean(),
    percent: fc.constantFrom('0.5', '10', '33.333', '100'),
    amount: fc.integer({ min: 1, max: 20_000 }),
    combines: fc.boolean(),
    minimum: fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: null }),
    seller: fc.option(fc.constantFrom('sel_a', 'sel_b'), { nil: null }),
  })
  .map(({ kind, productClass, percent, amount, combines, minimum, seller }): Promotion => {
    const effect: Promotion['effect'] =
      kind === 'fixed'
        ? { kind: 'fixed', amount: { amount, currency: 'USD' } }
        : kind === 'bundle'
          ? { kind: 'buy_x_get_y', buy: 2, get: 1, percent }
          : kind === 'free'
            ? { kind: 'free_shipping' }
            : { kind: 'percentage', percent }
    const onShipping = kind === 'free' || kind === 'shippingShare'
    return promotion('', {
      effect,
      class: onShipping ? 'shipping' : productClass || kind === 'bundle' ? 'product' : 'order',
      combinesWith: combines ? ['product', 'order', 'shipping'] : [],
      minimum: minimum === null ? null : { amount: minimum, currency: 'USD' },
      target: { ...ALL_LINES, sellerIds: seller === null ? [] : [seller] },
    })
  })

const anyBasket = fc.record({
  currency: fc.constantFrom(...Object.keys(RATES)),
  where: fc.constantFrom(...PLACES),
  lines: fc.array(
    fc.record({
      amount: fc.integer({ min: 0, max: 500_000 }),
      quantity: fc.integer({ min: 1, max: 12 }),
      taxClass: fc.constantFrom('standard', 'books', 'food'),
      sellerId: fc.constantFrom('sel_a', 'sel_b', 'sel_c'),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  shipping: fc.integer({ min: 0, max: 5000 }),
  promotions: fc.array(anyPromotion, { maxLength: 3 }),
})

test('100,000 random baskets in six currencies add up: no line below zero, every part accounted for', () => {
  fc.assert(
    fc.property(anyBasket, ({ currency, where, lines, shipping, promotions }) => {
      const { taxIncluded, ...place } = where
      const evaluation = price({
        currency,
        taxIncluded,
        place,
        lines: lines.map(({ amount, quantity, ...rest }, n) => ({
          lineId: `lin_${n}`,
          quantity,
          offer: offer(String(n), { amount, currency: 'USD' }, rest),
        })),
        shipping: { name: 'Standard', price: { amount: shipping, currency } },
        promotions: live(...promotions.map((one, n) => ({ ...one, id: `p${n}`, name: `p${n}` }))),
      })
      const sum = (pick: (line: (typeof evaluation.lines)[number]) => Money) =>
        evaluation.lines.reduce((all, line) => all + pick(line).amount, 0)
      const { shippingTax, total, subtotal, discount, tax } = evaluation
      const parts = sum((line) => line.net) + sum((line) => line.tax)
      assert.equal(parts + shippingTax.net.amount + shippingTax.tax.amount, total.amount)
      assert.equal(
        sum((line) => line.discount),
        discount.amount,
      )
      assert.equal(
        subtotal.amount -
          discount.amount +
          evaluation.shipping.amount +
          (taxIncluded ? 0 : tax.amount),
        total.amount,
      )
      const goods = discount.amount + shipping - evaluation.shipping.amount
      assert.equal(
        evaluation.applied.reduce((all, { amount }) => all + amount, 0),
        goods,
      )
      for (const line of evaluation.lines) {
        const borne = evaluation.marketplaceDiscounts[line.lineId] ?? 0
        assert.ok(borne >= 0 && borne <= line.discount.amount)
        assert.ok(line.discount.amount >= 0 && line.net.amount >= 0 && line.tax.amount >= 0)
        const named = line.taxes.reduce((all, { amount }) => all + amount.amount, 0)
        assert.equal(named, line.tax.amount)
        for (const { rate, base, amount } of line.taxes) {
          const { numerator, denominator } = ratio(rate)
          const exact = (base.amount * Number(numerator)) / Number(denominator)
          assert.ok(Math.abs(amount.amount - exact) <= 1)
        }
      }
    }),
    { numRuns: 100_000, seed: 20_260_301 },
  )
})

test('whatever things cost, a cart is priced exactly or refused: no sum outgrows a number', () => {
  const units = fc.oneof(fc.integer({ min: 0, max: 2_000_000 }), fc.nat(MAX_AMOUNT))
  const line = fc.record({ amount: units, quantity: fc.integer({ min: 1, max: 999 }) })
  const currency = fc.constantFrom('EUR', 'USD', 'JPY', 'KWD')
  const seen = { priced: 0, refused: 0 }
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 12 }),
      ...[currency, currency, fc.boolean(), fc.oneof(fc.nat(2_000_000), fc.nat(MAX_AMOUNT))],
      (lines, from, to, taxIncluded, shipping) => {
        const input: Basket = {
          currency: to,
          taxIncluded,
          lines: lines.map(({ amount, quantity }, n) => ({
            lineId: `lin_${n}`,
            quantity,
            offer: offer(String(n), { amount, currency: from }),
          })),
          shipping: { name: 'Standard', price: { amount: shipping, currency: to } },
        }
        try {
          assert.ok(price(input).total.amount <= MAX_ORDER_AMOUNT)
          seen.priced += 1
        } catch (error) {
          assert.equal((error as Problem).code, 'pricing.total_too_high')
          seen.refused += 1
        }
      },
    ),
    { numRuns: 300 },
  )
  assert.ok(seen.priced > 0 && seen.refused > 0, JSON.stringify(seen))
})
