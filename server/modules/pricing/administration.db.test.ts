import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import * as routes from '#contracts/pricing/promotions.ts'
import { operatorOf } from '../../../tests/support/operator.ts'
import { testClock, testPlatform } from '../../../tests/support/platform.ts'
import { silentLog } from '../../platform/log.ts'
import type { QuoteInput } from './api.ts'
import { createPricing } from './module.ts'

const referenceFolder = join(import.meta.dirname, '../../../data/reference')
const clock = testClock(new Date('2026-03-02T12:00:00Z'))
const platform = await testPlatform({ clock })
const { db, ids } = platform
const pricing = createPricing({ db, ids, clock, log: silentLog, referenceFolder })
await pricing.start?.()
const { api } = pricing
const operator = operatorOf(platform, pricing.routes)
const keyed = (key: string) => ({ 'idempotency-key': key })

const TENTH = { name: 'A tenth', class: 'order', effect: { kind: 'percentage', percent: '10' } }

async function create(more: object = {}): Promise<routes.PromotionRecord> {
  const body = { ...TENTH, ...more }
  const headers = keyed(ids.make('key'))
  const { status, body: made } = await operator(routes.createPromotion, { body, headers })
  assert.equal(status, 201)
  return made
}

const addCoupons = (promotionId: string, key: string, body: object) =>
  operator(routes.createPromotionCodes, { params: { promotionId }, body, headers: keyed(key) })

function cart(coupons: readonly string[] = []): QuoteInput {
  const name = { offerId: 'off_1', variantId: 'var_1', productId: 'prd_1', sellerId: 'sel_1' }
  const price = { amount: 10_000, currency: 'EUR' }
  const offer = { ...name, sku: 'SKU', name: 'Thing', price, listPrice: price, onSale: false }
  return {
    cartId: ids.make('crt'),
    cartVersion: 1,
    currency: 'EUR',
    coupons,
    lines: [
      {
        lineId: 'lin_1',
        quantity: 1,
        offer: { ...offer, taxClass: 'standard', department: 'things' },
      },
    ],
    shippingAddress: {
      name: 'A B',
      line1: 'Street 1',
      city: 'Berlin',
      postalCode: '10115',
      country: 'DE',
    },
    shippingOptions: [],
    shippingOptionId: null,
  }
}

const discountOf = async (coupons: readonly string[] = []) =>
  (await api.evaluate(cart(coupons))).quote.discount.amount

test('a promotion counts as soon as it is written, is changed by version, and switched off', async () => {
  const made = await create()
  assert.equal(await discountOf(), 1_000)
  const params = { promotionId: made.id }
  const fifth = { ...TENTH, effect: { kind: 'percentage', percent: '20' } }
  const headers = { 'if-match': `"${made.version}"` }
  const changed = await operator(routes.replacePromotion, { params, body: fifth, headers })
  assert.equal(changed.body.version, made.version + 1)
  assert.equal(await discountOf(), 2_000)
  const stale = await operator(routes.replacePromotion, { params, body: TENTH, headers })
  assert.equal(stale.status, 412)
  assert.equal(await discountOf(), 2_000)
  const same = await operator(routes.replacePromotion, { params, body: fifth })
  assert.equal(same.body.version, made.version + 1, 'the same again changes nothing')
  const off = await operator(routes.switchPromotion, { params, body: { active: false } })
  assert.equal(off.body.active, false)
  assert.equal(await discountOf(), 0)
  const { rows } = await db.query({
    text: `select entry::json ->> 'action' as action from platform.audit_queue
           where entry::json ->> 'entityId' = $1 order by id`,
    values: [made.id],
  })
  assert.deepEqual(
    rows.map(({ action }) => action),
    ['created', 'updated', 'updated'].map((word) => `pricing.promotion.${word}`),
  )
})

test('a promotion that means nothing is refused with the field', async () => {
  const wrong: readonly [object, string][] = [
    [{ effect: { kind: 'free_shipping' } }, 'body.effect'],
    [{ effect: { kind: 'percentage', percent: '0.00' } }, 'body.effect.percent'],
    [{ effect: { kind: 'percentage', percent: '101' } }, 'body.effect.percent'],
    [{ startsAt: '2026-03-02T00:00:00Z', endsAt: '2026-03-01T00:00:00Z' }, 'body.endsAt'],
    [{ perCodeLimit: 1 }, 'body.perCodeLimit'],
    [{ sellerSharePercent: 101 }, 'body.sellerSharePercent'],
    [{ budget: { amount: 0, currency: 'EUR' } }, 'body.budget'],
  ]
  for (const [more, path] of wrong) {
    const body = { ...TENTH, ...more }
    const headers = keyed(ids.make('key'))
    const { status, problem } = await operator(routes.createPromotion, { body, headers })
    assert.equal(status, 400, JSON.stringify(more))
    assert.ok(
      problem.errors?.some((error) => error.path === path),
      JSON.stringify(problem),
    )
  }
  const body = { ...TENTH, minimum: { amount: 1, currency: 'XXX' } }
  const foreign = await operator(routes.createPromotion, { body, headers: keyed('foreign') })
  assert.equal(foreign.problem.code, 'catalog.currency_not_sold')
  assert.equal(await discountOf(), 0)
})

test('codes are made in bulk, once per key, and each is used as often as it may be', async () => {
  const made = await create({ needsCoupon: true, perCodeLimit: 1, combinesWith: [] })
  const wanted = { count: 500, prefix: 'SPRING-' }
  const { body: first } = await addCoupons(made.id, 'bulk', wanted)
  const again = await addCoupons(made.id, 'bulk', wanted)
  assert.deepEqual(again.body.codes, first.codes)
  assert.equal(new Set(first.codes).size, 500)
  const [code = '', other = ''] = first.codes
  assert.match(code, /^SPRING-[0-9A-HJKMNP-TV-Z]{10}$/)
  const { quote } = await api.quote(cart([code]))
  assert.equal(quote.discount.amount, 1_000)
  const redeem = (key: string) => api.redeem({ key, quoteId: quote.quoteId })
  const all = await Promise.allSettled(['a', 'b', 'c', 'd'].map(redeem))
  assert.equal(all.filter(({ status }) => status === 'fulfilled').length, 1)
  assert.equal(await api.coupon({ code }), null)
  assert.equal(await discountOf([code]), 0)
  assert.equal(await discountOf([other]), 1_000)
  const winner = 'abcd'[all.findIndex(({ status }) => status === 'fulfilled')] ?? ''
  await api.unredeem({ key: winner })
  assert.equal(await discountOf([code]), 1_000)
})

test('a code is one promotion’s; it is listed, and taken away', async () => {
  const [one, two] = [await create({ needsCoupon: true }), await create({ needsCoupon: true })]
  await addCoupons(one.id, 'own', { codes: ['Hello-World', 'MORNING'] })
  const taken = await addCoupons(two.id, 'theft', { codes: ['NEW-ONE', 'hello-world'] })
  assert.equal(taken.problem.code, 'pricing.coupon_taken')
  assert.equal(await api.coupon({ code: 'NEW-ONE' }), null, 'all of them or none')
  const params = { promotionId: one.id }
  const page = await operator(routes.listPromotionCodes, { params, query: { limit: '1' } })
  assert.deepEqual(page.body.items, [{ code: 'HELLO-WORLD', used: 0 }])
  const query = { cursor: String(page.body.nextCursor) }
  const rest = await operator(routes.listPromotionCodes, { params, query })
  assert.deepEqual(rest.body, { items: [{ code: 'MORNING', used: 0 }], nextCursor: null })
  const code = 'morning'
  assert.equal(
    (await operator(routes.removePromotionCode, { params: { ...params, code } })).status,
    204,
  )
  assert.equal(
    (await operator(routes.removePromotionCode, { params: { ...params, code } })).status,
    404,
  )
  assert.equal(await api.coupon({ code }), null)
})

test('usage tells what was taken off and who bears it; limits never fall below it', async () => {
  const made = await create({ needsCoupon: true, totalLimit: 5, sellerSharePercent: 30 })
  await addCoupons(made.id, 'used', { codes: ['USED-ONE', 'USED-TWO'] })
  for (const [key, code] of [
    ['u1', 'USED-ONE'],
    ['u2', 'USED-TWO'],
    ['u3', 'USED-ONE'],
  ] as const) {
    const { quote } = await api.quote(cart([code]))
    await api.redeem({ key, quoteId: quote.quoteId })
  }
  await api.unredeem({ key: 'u3' })
  const params = { promotionId: made.id }
  const { body } = await operator(routes.getPromotionUsage, { params })
  const eur = (amount: number) => ({ amount, currency: 'EUR' })
  assert.deepEqual(body, {
    promotionId: made.id,
    orders: 2,
    givenBack: 1,
    codes: 2,
    discounts: [{ discount: eur(2_000), bySellers: eur(600), byMarketplace: eur(1_400) }],
  })
  const later = await operator(routes.getPromotionUsage, {
    params,
    query: { from: '9999-01-01T00:00:00Z' },
  })
  assert.equal(later.body.orders, 0)
  const record = (await operator(routes.getPromotion, { params })).body
  assert.deepEqual([record.used, record.coupons], [2, 2])
  const tight = { ...TENTH, needsCoupon: true, totalLimit: 1 }
  const refused = await operator(routes.replacePromotion, { params, body: tight })
  assert.equal(refused.problem.code, 'pricing.limit_below_use')
  assert.equal((await operator(routes.getPromotion, { params })).body.totalLimit, 5)
})

test('promotions are listed, the newest first, the switched off apart', async () => {
  const all = await operator(routes.listPromotions, { query: { limit: '2' } })
  assert.equal(all.body.items.length, 2)
  assert.ok((all.body.items[0]?.id ?? '') > (all.body.items[1]?.id ?? ''))
  assert.ok(all.body.nextCursor)
  const off = await operator(routes.listPromotions, { query: { active: 'false' } })
  assert.deepEqual(
    off.body.items.map(({ active }) => active),
    [false],
  )
  const unknown = { params: { promotionId: 'prm_nobody' } }
  assert.equal((await operator(routes.getPromotion, unknown)).status, 404)
})
