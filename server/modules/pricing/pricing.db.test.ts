import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { Problem } from '#contracts/kit/problem.ts'
import { testClock, testPlatform } from '../../../tests/support/platform.ts'
import { promotion as anyPromotion } from '../../../tests/support/promotion.ts'
import { silentLog } from '../../platform/log.ts'
import type { PricedOffer, QuoteInput } from './api.ts'
import { loadDemoPromotions } from './demo.ts'
import type { Promotion } from './model.ts'
import { createPricing } from './module.ts'
import { insertRates, sweepQuotes } from './repository.ts'

const referenceFolder = join(import.meta.dirname, '../../../data/reference')
const clock = testClock(new Date('2026-03-02T12:00:00Z'))
const { db, ids } = await testPlatform({ clock })
const pricing = createPricing({ db, ids, clock, log: silentLog, referenceFolder })
await pricing.start?.()
const { api } = pricing
await loadDemoPromotions(api)

const refusal = (code: string) => (error: unknown) =>
  error instanceof Problem && error.code === code

const offer = (amount: number, currency = 'USD'): PricedOffer => ({
  offerId: 'off_1',
  variantId: 'var_1',
  productId: 'prd_1',
  sellerId: 'sel_1',
  sku: 'SKU',
  name: 'Thing',
  price: { amount, currency },
  listPrice: { amount, currency },
  taxClass: 'standard',
  department: 'things',
  onSale: false,
})

function input(changes: Partial<QuoteInput> = {}): QuoteInput {
  const option = (id: string, amount: number) => ({
    id,
    name: id,
    price: { amount, currency: 'EUR' },
    estimatedDelivery: { earliest: '2026-03-04', latest: '2026-03-06' },
  })
  return {
    cartId: ids.make('crt'),
    cartVersion: 3,
    currency: 'EUR',
    lines: [{ lineId: 'lin_1', quantity: 2, offer: offer(10_000) }],
    coupons: [],
    shippingAddress: {
      name: 'A B',
      line1: 'Street 1',
      city: 'Berlin',
      postalCode: '10115',
      country: 'DE',
    },
    shippingOptions: [option('express', 990), option('standard', 490)],
    shippingOptionId: null,
    ...changes,
  }
}

const promotion = (id: string, changes: Partial<Promotion> = {}): Promotion =>
  anyPromotion(id, {
    effect: { kind: 'fixed', amount: { amount: 100, currency: 'USD' } },
    priority: 1,
    needsCoupon: true,
    ...changes,
  })

async function usesOf(id: string): Promise<unknown> {
  const { rows } = await db.query({
    text: 'select used, budget_used_minor from pricing.promotions where id = $1',
    values: [id],
  })
  return rows[0]
}

test('a market is filled in from what is known of the shopper', async () => {
  const us = { country: 'US', currency: 'USD', taxIncluded: false }
  assert.deepEqual(await api.market({}), us)
  const de = { country: 'DE', currency: 'EUR', taxIncluded: true }
  assert.deepEqual(await api.market({ currency: 'EUR' }), de)
  assert.deepEqual(await api.market({ country: 'JP' }), {
    country: 'JP',
    currency: 'JPY',
    taxIncluded: true,
  })
  assert.deepEqual(await api.market({ country: 'DE', currency: 'USD' }), { ...de, currency: 'USD' })
  await assert.rejects(api.market({ currency: 'XXX' }), refusal('catalog.currency_not_sold'))
  await assert.rejects(api.market({ country: 'KP' }), refusal('pricing.market_unknown'))
  const { currencies, items, ratesAsOf } = await api.markets()
  assert.ok(currencies.includes('JPY') && items.length >= 40)
  assert.equal(ratesAsOf, '2026-03-02')
})

test('rates are the newest on or before the day, crossed through the euro to ten decimals', async () => {
  const { rows } = await db.query({
    text: `select currency, rate::float8 from pricing.fx_rates where as_of = '2026-03-02' and currency in ('USD', 'JPY')`,
  })
  const units = new Map(
    (rows as { currency: string; rate: number }[]).map(({ currency, rate }) => [currency, rate]),
  )
  const { rate } = await api.rate({ from: 'USD', to: 'JPY' })
  assert.match(rate, /^\d+\.\d{1,10}$/)
  const exact = (units.get('JPY') as number) / (units.get('USD') as number)
  assert.ok(Math.abs(Number(rate) - exact) < 1e-9)
  assert.deepEqual(await api.rate({ from: 'USD', to: 'USD' }), { rate: '1', asOf: '2026-03-02' })
  const sunday = createPricing({
    db,
    ids,
    clock: testClock(new Date('2026-03-01T12:00:00Z')),
    log: silentLog,
    referenceFolder,
  })
  assert.equal((await sunday.api.markets()).ratesAsOf, '2026-02-27')
})

test('rates are loaded once and never changed', async () => {
  const count = async () =>
    (await db.query({ text: 'select count(*)::int as n from pricing.fx_rates' })).rows[0]?.n
  const before = await count()
  await pricing.start?.()
  await insertRates(db, [{ currency: 'USD', asOf: '2026-03-02', rate: '9' }], 'test')
  assert.equal(await count(), before)
  await assert.rejects(db.query({ text: 'update pricing.fx_rates set rate = 9' }))
})

test('a margin is added to each conversion', async () => {
  const dear = createPricing({ db, ids, clock, log: silentLog, referenceFolder, fxMargin: '0.02' })
  const prices = [{ amount: 1_000_000, currency: 'USD' }]
  const [[plain], [marked]] = await Promise.all([
    api.display({ prices, currency: 'EUR' }),
    dear.api.display({ prices, currency: 'EUR' }),
  ])
  assert.ok(Math.abs((marked?.amount ?? 0) - (plain?.amount ?? 0) * 1.02) <= 1)
  const same = await dear.api.display({ prices, currency: 'USD' })
  assert.deepEqual(same, prices)
})

test('a quote is kept with what it was made from, and holds as shown', async () => {
  const asked = input()
  const kept = await api.quote(asked)
  const { quote } = kept
  const [shown] = await api.display({
    prices: [{ amount: 10_000, currency: 'USD' }],
    currency: 'EUR',
  })
  assert.deepEqual(quote.lines[0]?.unitPrice, shown)
  assert.equal(quote.shippingOptionId, 'standard')
  assert.equal(quote.total.amount, 2 * (shown?.amount ?? 0) + 490)
  assert.equal(quote.expiresAt, '2026-03-02T12:30:00.000Z')
  assert.deepEqual(Object.keys(kept.fxRates), ['USD/EUR'])
  const found = await api.getQuote({ quoteId: quote.quoteId, cartId: asked.cartId })
  assert.deepEqual(found, kept)
  assert.equal(await api.getQuote({ quoteId: quote.quoteId, cartId: ids.make('crt') }), null)
  const again = await api.evaluate(asked)
  assert.equal(again.fingerprint, kept.fingerprint)
  assert.equal(await api.getQuote({ quoteId: again.quote.quoteId, cartId: asked.cartId }), null)
})

test('a quote that decides on another total has another fingerprint', async () => {
  const asked = input()
  const { fingerprint } = await api.evaluate(asked)
  const changes: Partial<QuoteInput>[] = [
    { lines: [{ lineId: 'lin_1', quantity: 2, offer: offer(10_001) }] },
    { lines: [{ lineId: 'lin_1', quantity: 3, offer: offer(10_000) }] },
    { coupons: ['welcome10'] },
    { shippingOptionId: 'express' },
    { shippingAddress: { ...asked.shippingAddress, country: 'FR', postalCode: '75001' } },
  ]
  for (const change of changes)
    assert.notEqual((await api.evaluate({ ...asked, ...change })).fingerprint, fingerprint)
})

test('the rates of a quote stay locked when the day’s rates move', async () => {
  const asked = input()
  const kept = await api.quote(asked)
  const later = testClock(new Date('2026-04-13T12:00:00Z'))
  const after = createPricing({ db, ids, clock: later, log: silentLog, referenceFolder }).api
  assert.notEqual((await after.evaluate(asked)).fingerprint, kept.fingerprint)
  const locked = await after.evaluate({ ...asked, fxRates: kept.fxRates })
  assert.equal(locked.fingerprint, kept.fingerprint)
})

test('what is not sold, or there is no option for, is refused', async () => {
  const there = { ...input().shippingAddress, country: 'KP' }
  await assert.rejects(
    api.quote(input({ shippingAddress: there })),
    refusal('pricing.market_unknown'),
  )
  await assert.rejects(api.quote(input({ currency: 'XXX' })), refusal('catalog.currency_not_sold'))
  const option = { shippingOptionId: 'balloon' }
  await assert.rejects(api.quote(input(option)), refusal('shipping.option_unknown'))
})

test('a coupon is found in any spelling while it can be used', async () => {
  const [id, coupons] = ['prm_window', ['SPRING']]
  const window = promotion(id, {
    startsAt: '2026-03-01T00:00:00.000Z',
    endsAt: '2026-04-01T00:00:00.000Z',
  })
  await api.definePromotion({ promotion: window, coupons })
  assert.deepEqual(await api.coupon({ code: ' spring ' }), { code: 'SPRING', name: id })
  assert.equal(await api.coupon({ code: 'AUTUMN' }), null)
  await api.definePromotion({ promotion: { ...window, active: false }, coupons })
  assert.equal(await api.coupon({ code: 'SPRING' }), null)
  const stolen = api.definePromotion({ promotion: promotion('prm_thief'), coupons })
  await assert.rejects(stolen, /belongs to another promotion/)
  const { explain } = (await api.evaluate(input({ coupons: ['SPRING', 'NOPE'] }))).quote
  assert.ok(explain.includes('prm_window was not used: it is switched off'))
  assert.ok(explain.includes('The coupon NOPE is not known'))
})

test('the demo’s coupon takes ten per cent off the goods', async () => {
  const { quote } = await api.quote(input({ coupons: ['WELCOME10'] }))
  assert.equal(quote.discount.amount, Math.round(quote.subtotal.amount / 10))
  assert.equal(quote.total.amount, quote.subtotal.amount - quote.discount.amount + 490)
})

test('of 200 orders at once a coupon with a limit of 10 is used by 10, and given back once', async () => {
  const limited = promotion('prm_limited', { totalLimit: 10 })
  await api.definePromotion({ promotion: limited, coupons: ['LIMITED'] })
  const { quote } = await api.quote(input({ coupons: ['LIMITED'] }))
  const keys = Array.from({ length: 200 }, (_, n) => `order-${n}`)
  const redeem = (key: string) => api.redeem({ key, quoteId: quote.quoteId })
  const results = await Promise.allSettled(keys.map(redeem))
  const used = keys.filter((_, n) => results[n]?.status === 'fulfilled')
  assert.equal(used.length, 10)
  for (const result of results)
    if (result.status === 'rejected')
      assert.ok(refusal('pricing.coupon_exhausted')(result.reason), String(result.reason))
  assert.deepEqual(await usesOf('prm_limited'), { used: 10, budget_used_minor: 0 })
  await redeem(used[0] as string)
  assert.equal(await api.coupon({ code: 'LIMITED' }), null)
  await Promise.all([1, 2, 3].map(() => api.unredeem({ key: used[0] as string })))
  await api.unredeem({ key: 'never-used' })
  assert.deepEqual(await usesOf('prm_limited'), { used: 9, budget_used_minor: 0 })
})

test('a budget is never exceeded, by a cent', async () => {
  const budget = { amount: 1050, currency: 'USD' }
  const one = promotion('prm_budget', { budget })
  await api.definePromotion({ promotion: one, coupons: ['BUDGET'] })
  const { quote } = await api.quote(
    input({
      currency: 'USD',
      coupons: ['BUDGET'],
      shippingOptions: [],
    }),
  )
  const keys = Array.from({ length: 40 }, (_, n) => `budget-${n}`)
  const results = await Promise.allSettled(
    keys.map((key) => api.redeem({ key, quoteId: quote.quoteId })),
  )
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 10)
  assert.deepEqual(await usesOf('prm_budget'), { used: 10, budget_used_minor: 1000 })
})

test('a customer’s own limit holds in a race, whatever the spelling of the e-mail', async () => {
  const one = promotion('prm_customer', { perCustomerLimit: 2 })
  await api.definePromotion({ promotion: one, coupons: ['CUSTOMER'] })
  const { quote } = await api.quote(input({ coupons: ['CUSTOMER'] }))
  const redeem = (key: string, customer: string) =>
    api.redeem({ key, quoteId: quote.quoteId, customer: [customer] })
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) => redeem(`own-${n}`, n % 2 ? 'A@b.org' : ' a@B.org')),
  )
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 2)
  await redeem('own-other', 'c@d.org')
  // Its row was never touched: there is no limit in all.
  assert.deepEqual(await usesOf('prm_customer'), { used: 0, budget_used_minor: 0 })
})

test('who comes under another name is counted by those that are the same, and given back under all', async () => {
  const one = promotion('prm_names', { perCustomerLimit: 1 })
  await api.definePromotion({ promotion: one, coupons: ['NAMES'] })
  const { quote } = await api.quote(input({ coupons: ['NAMES'] }))
  const redeem = (key: string, customer: readonly string[]) =>
    api.redeem({ key, quoteId: quote.quoteId, customer })
  const refusal = { code: 'pricing.coupon_exhausted' }
  await redeem('names-1', ['acc_one', 'one@b.org', 'x@b.org'])
  await assert.rejects(redeem('names-2', ['one@b.org', 'y@b.org']), refusal)
  await assert.rejects(redeem('names-3', ['acc_two', 'two@b.org', 'x@b.org']), refusal)
  await redeem('names-4', ['acc_two', 'two@b.org', 'y@b.org'])
  await api.unredeem({ key: 'names-1' })
  const rivals = ['acc_one', 'one@b.org', 'x@b.org'].flatMap((name, n) =>
    Array.from({ length: 5 }, (_, m) => redeem(`names-${n}-${m}`, [`new-${n}-${m}@b.org`, name])),
  )
  const results = await Promise.allSettled(rivals)
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 3)
})

test('old quotes are forgotten, those that may still be asked for are not', async () => {
  const asked = input()
  const { quote } = await api.quote(asked)
  const find = () => api.getQuote({ quoteId: quote.quoteId, cartId: asked.cartId })
  await sweepQuotes(db, quote.expiresAt)
  assert.ok(await find())
  await sweepQuotes(db, '2026-03-03T00:00:00Z')
  assert.equal(await find(), null)
})
