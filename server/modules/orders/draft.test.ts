import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Money, money } from '#contracts/kit/money.ts'
import type { Quote } from '#contracts/pricing/schemas.ts'
import { ADDRESS } from '../../../tests/support/checkout-fakes.ts'
import { seededChance } from '../../platform/chance.ts'
import { systemClock } from '../../platform/clock.ts'
import { createIds, timeOf } from '../../platform/ids.ts'
import type { KeptQuote } from '../pricing/index.ts'
import { draftOrder } from './draft.ts'

const ids = createIds({ clock: systemClock, chance: seededChance(5) })
const eur = (amount: number): Money => money(amount, 'EUR')

const lineOf = fc.record({
  seller: fc.integer({ min: 1, max: 12 }),
  quantity: fc.integer({ min: 1, max: 9 }),
  unit: fc.integer({ min: 0, max: 99_999 }),
  discount: fc.integer({ min: 0, max: 100 }),
  rate: fc.constantFrom<number>(0, 7, 19, 20),
})
const basket = fc.record({
  lines: fc.array(lineOf, { minLength: 1, maxLength: 15 }),
  shippingNet: fc.integer({ min: 0, max: 5_000 }),
  shippingTax: fc.integer({ min: 0, max: 900 }),
  taxIncluded: fc.boolean(),
})
type Basket = typeof basket extends fc.Arbitrary<infer T> ? T : never

function quoteOf({ lines, shippingNet, shippingTax, taxIncluded }: Basket): Quote {
  const made = lines.map(
    ({ seller, quantity, unit, discount, rate }, n): Quote['lines'][number] => {
      const subtotal = unit * quantity
      const off = Math.floor((subtotal * discount) / 100)
      const shown = subtotal - off
      const net = taxIncluded ? Math.round((shown * 100) / (100 + rate)) : shown
      const tax = taxIncluded ? shown - net : Math.round((net * rate) / 100)
      return {
        lineId: `lin_${n}`,
        offerId: `off_${n}`,
        variantId: 'v',
        productId: 'p',
        sellerId: `sel_${seller}`,
        sku: 's',
        name: 'n',
        quantity,
        unitPrice: eur(unit),
        subtotal: eur(subtotal),
        discount: eur(off),
        net: eur(net),
        tax: eur(tax),
        total: eur(net + tax),
        taxes: [],
      }
    },
  )
  const sum = (pick: (line: Quote['lines'][number]) => Money) =>
    made.reduce((all, line) => all + pick(line).amount, 0)
  return {
    quoteId: ids.make('quo'),
    expiresAt: '2026-03-01T12:30:00Z',
    currency: 'EUR',
    taxIncluded,
    lines: made,
    subtotal: eur(sum((line) => line.subtotal)),
    discount: eur(sum((line) => line.discount)),
    shipping: eur(taxIncluded ? shippingNet + shippingTax : shippingNet),
    tax: eur(sum((line) => line.tax) + shippingTax),
    total: eur(sum((line) => line.total) + shippingNet + shippingTax),
    shippingOptionId: 'standard',
    shippingOptions: [
      {
        id: 'standard',
        name: 'Standard',
        price: eur(499),
        estimatedDelivery: { earliest: '2026-03-04', latest: '2026-03-06' },
      },
    ],
    explain: [],
  }
}

function draft(quote: Quote, marketplaceDiscounts?: KeptQuote['marketplaceDiscounts']) {
  const kept: KeptQuote = {
    quote,
    cartId: 'crt_1',
    cartVersion: 1,
    shippingAddress: ADDRESS,
    fxRates: {},
    createdAt: '2026-03-01T12:00:00Z',
    fingerprint: '',
    ...(marketplaceDiscounts ? { marketplaceDiscounts } : {}),
  }
  const input = {
    orderId: ids.make('ord', 9),
    cartId: 'crt_1',
    customerId: null,
    email: 'ada@example.com',
    language: null,
    billingAddress: ADDRESS,
    kept,
    commissionVatRate: '0.2',
    commissionRate: '0.125',
    placedAt: new Date('2026-03-01T12:00:00Z'),
  }
  return draftOrder(input, ids)
}

test('the parts of all sellers add up to the order in every column, tax included or not', () => {
  fc.assert(
    fc.property(basket, (given) => {
      const quote = quoteOf(given)
      const { order, lines, sellerOrders } = draft(quote)
      assert.equal(order.total, quote.total.amount)
      const columns = [
        'total',
        'subtotal',
        'discount',
        'shipping',
        'goodsNet',
        'goodsTax',
        'shippingNet',
        'shippingTax',
      ] as const
      for (const column of columns) {
        const sum = sellerOrders.reduce((all, part) => all + part[column], 0)
        assert.equal(sum, order[column], column)
      }
      for (const part of sellerOrders) {
        const own = lines.filter(({ sellerId }) => sellerId === part.sellerId)
        assert.equal(
          own.reduce((all, line) => all + line.net, 0),
          part.goodsNet,
        )
        assert.equal(
          own.reduce((all, line) => all + line.commission, 0),
          part.commission,
        )
        assert.ok(part.shippingNet >= 0 && part.shippingTax >= 0)
      }
      assert.equal(new Set(sellerOrders.map(({ sellerId }) => sellerId)).size, sellerOrders.length)
    }),
    { numRuns: 2_000 },
  )
})

test("a line's commission is its net times the rate, rounded half up once, and frozen with it", () => {
  const given = { seller: 1, quantity: 3, unit: 33, discount: 0, rate: 19 }
  const { lines } = draft(
    quoteOf({ lines: [given], shippingNet: 0, shippingTax: 0, taxIncluded: false }),
  )
  assert.equal(lines[0]?.commission, 12)
  assert.equal(lines[0]?.commissionRate, '0.125')
})

test('a discount that the marketplace bears, less its tax, does not lessen the commission', () => {
  const given = { seller: 1, quantity: 1, unit: 11_900, discount: 10, rate: 19 }
  const quote = quoteOf({ lines: [given], shippingNet: 0, shippingTax: 0, taxIncluded: true })
  const lineId = quote.lines[0]!.lineId
  const { lines, sellerOrders } = draft(quote, { [lineId]: 1_190 })
  const [line] = lines
  assert.equal(line?.marketplaceDiscount, 1_000)
  const base = (line?.net ?? 0) + 1_000
  assert.deepEqual([line?.commission, line?.commissionVat], [base / 8, base / 8 / 5])
  assert.equal(sellerOrders[0]?.marketplaceDiscount, 1_000)
  assert.equal(draft(quote).lines[0]?.marketplaceDiscount, 0)
})

test("an order's partition key is the time in its id", () => {
  const { order } = draft(
    quoteOf({ lines: [], shippingNet: 0, shippingTax: 0, taxIncluded: false } as Basket),
  )
  assert.equal(order.createdAt, timeOf(order.id).toISOString())
})
