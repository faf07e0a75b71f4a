import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MAX_LINES } from '#contracts/cart/schemas.ts'
import { Problem } from '#contracts/kit/problem.ts'
import { fakeOffers, offerId, variant } from '../../../tests/support/cart-fakes.ts'
import { testPlatform } from '../../../tests/support/platform.ts'
import { systemClock } from '../../platform/clock.ts'
import { type Actor, GUEST } from '../../platform/http/actor.ts'
import { createExecutor } from '../../platform/http/execute.ts'
import { createIdempotency } from '../../platform/idempotency.ts'
import { silentLog } from '../../platform/log.ts'
import type { OfferSnapshot } from '../catalog/index.ts'
import { createCart } from './module.ts'

const refusal = (code: string) => (error: unknown) =>
  error instanceof Problem && error.code === code

const { db, ids } = await testPlatform()
const shop = fakeOffers()
const parts = createCart({ db, ids, clock: systemClock, log: silentLog, ...shop })
const cart = parts.api

let caller: Actor = GUEST
const execute = createExecutor({
  idempotency: createIdempotency({ db, clock: systemClock }),
  clock: systemClock,
  log: silentLog,
  authenticate: async () => caller,
  checkReplies: true,
})

/** One call of the HTTP API, its reply checked against the contract. */
async function call(
  actor: Actor,
  operation: string,
  params: Readonly<Record<string, string>> = {},
  { body, key }: Readonly<{ body?: unknown; key?: string }> = {},
) {
  const binding = parts.routes.find(({ route }) => route.operation === operation)
  assert.ok(binding)
  caller = actor
  const reply = await execute(binding, {
    params,
    query: {},
    body: body === undefined ? '' : JSON.stringify(body),
    headers: key === undefined ? {} : { 'idempotency-key': key },
    requestId: 'req_test',
    remoteAddress: '127.0.0.1',
  })
  return { status: reply.status, body: JSON.parse(reply.body as string) }
}

test('50 parallel adds of one thing give the sum of all', async () => {
  const { id } = await cart.create({})
  await Promise.all(
    Array.from({ length: 50 }, () =>
      cart.addLine({ cartId: id, variantId: variant(1), quantity: 3 }),
    ),
  )
  const after = await cart.get({ cartId: id })
  assert.deepEqual(
    after.lines.map((line) => [line.quantity, line.total.amount]),
    [[150, 15_000]],
  )
  assert.deepEqual([after.itemCount, after.subtotal.amount, after.version], [150, 15_000, 51])
})

test('adds under one key count once, however many come at once', async () => {
  const { id } = await cart.create({})
  await Promise.all(
    Array.from({ length: 20 }, () =>
      cart.addLine({ key: 'k1', cartId: id, variantId: variant(2), quantity: 2 }),
    ),
  )
  const after = await cart.addLine({ key: 'k2', cartId: id, variantId: variant(2), quantity: 1 })
  assert.deepEqual([after.itemCount, after.version], [3, 3])
})

test('parallel adds of many things stop at the limit of lines, and a refused one adds nothing', async () => {
  const { id } = await cart.create({})
  const results = await Promise.allSettled(
    Array.from({ length: MAX_LINES + 10 }, (_, n) =>
      cart.addLine({ cartId: id, variantId: variant(n + 1), quantity: 1 }),
    ),
  )
  const refused = results.filter((result) => result.status === 'rejected')
  assert.equal(refused.length, 10)
  assert.ok(refused.every(({ reason }) => refusal('cart.full')(reason)))
  const after = await cart.get({ cartId: id })
  assert.equal(after.lines.length, MAX_LINES)
  assert.equal(after.version, MAX_LINES + 1)
  const again = await cart.addLine({
    cartId: id,
    variantId: after.lines[0]?.variantId as string,
    quantity: 1,
  })
  assert.equal(again.itemCount, MAX_LINES + 1)
})

test('a quantity above the limit is refused and changes nothing, its key included', async () => {
  const { id } = await cart.create({})
  await cart.addLine({ cartId: id, variantId: variant(1), quantity: 998 })
  const add = (quantity: number) =>
    cart.addLine({ key: 'once', cartId: id, variantId: variant(1), quantity })
  await assert.rejects(add(2), refusal('cart.full'))
  assert.equal((await cart.get({ cartId: id })).version, 2)
  assert.equal((await add(1)).itemCount, 999)
})

test('a line is changed and removed; removing it again is no error', async () => {
  const { id } = await cart.create({})
  await cart.addLine({ cartId: id, variantId: variant(1), quantity: 1 })
  const { lines } = await cart.addLine({ cartId: id, variantId: variant(2), quantity: 1 })
  const lineId = lines[0]?.id as string
  const changed = await cart.changeLine({ cartId: id, lineId, quantity: 7 })
  assert.deepEqual([changed.lines[0]?.quantity, changed.version], [7, 4])
  assert.equal((await cart.changeLine({ cartId: id, lineId, quantity: 7 })).version, 4)
  const removed = await cart.removeLine({ cartId: id, lineId })
  assert.deepEqual([removed.lines.length, removed.subtotal.amount, removed.version], [1, 200, 5])
  assert.equal((await cart.removeLine({ cartId: id, lineId })).version, 5)
  await assert.rejects(cart.changeLine({ cartId: id, lineId, quantity: 1 }), refusal('not_found'))
})

test('what changed since a thing was put in is told, and no more once the shopper has seen it', async () => {
  const { id } = await cart.create({})
  for (const n of [201, 202, 203, 204])
    await cart.addLine({ cartId: id, variantId: variant(n), quantity: 2 })
  const change = (n: number, changes: Partial<OfferSnapshot>) =>
    shop.offers.set(offerId(n), { ...(shop.offers.get(offerId(n)) as OfferSnapshot), ...changes })
  change(201, { price: { amount: 100, currency: 'USD' } })
  shop.stock.set(offerId(202), 1)
  shop.stock.set(offerId(203), 0)
  change(204, { active: false })
  // Things put in within one millisecond stand in any order.
  const byVariant = <Line extends { variantId: string }>(lines: readonly Line[]) =>
    lines.toSorted((one, other) => (one.variantId < other.variantId ? -1 : 1))
  const told = await cart.get({ cartId: id })
  const lines = byVariant(told.lines)
  assert.deepEqual(
    lines.map(({ notices }) => notices),
    [['price_changed'], ['less_in_stock'], ['out_of_stock'], ['not_sold']],
  )
  assert.deepEqual(lines[0]?.unitPrice, { amount: 100, currency: 'USD' })
  assert.deepEqual(lines[0]?.listPrice, { amount: 20_100, currency: 'USD' })
  assert.deepEqual(lines[1]?.availability, { inStock: true, quantity: 1 })
  assert.equal(told.subtotal.amount, 2 * (100 + 20_200 + 20_300))
  const lineId = lines[0]?.id as string
  const seen = await cart.changeLine({ cartId: id, lineId, quantity: 2 })
  assert.deepEqual(byVariant(seen.lines)[0]?.notices, [])
  const checkout = await cart.getForCheckout({ cartId: id })
  assert.deepEqual(
    byVariant(checkout.lines).map(({ offer }) => offer?.price.amount ?? null),
    [100, 20_200, 20_300, null],
  )
})

test('prices are shown in the currency of the cart', async () => {
  const { id } = await cart.create({ currency: 'EUR', country: 'DE' })
  const after = await cart.addLine({ cartId: id, variantId: variant(1), quantity: 2 })
  assert.deepEqual(after.subtotal, { amount: 400, currency: 'EUR' })
})

test('what is not sold cannot be added', async () => {
  const { id } = await cart.create({})
  const add = (variantId: string, offer?: string) =>
    cart.addLine({ cartId: id, variantId, offerId: offer, quantity: 1 })
  await assert.rejects(add(variant(999)), refusal('cart.variant_not_sold'))
  await assert.rejects(add(variant(1), offerId(2)), refusal('cart.variant_not_sold'))
  await assert.rejects(
    cart.addLine({ cartId: ids.make('crt'), variantId: variant(1), quantity: 1 }),
    refusal('not_found'),
  )
  assert.equal((await cart.get({ cartId: id })).version, 1)
})

test('coupons are checked, kept once and taken off', async () => {
  const { id } = await cart.create({})
  await assert.rejects(cart.addCoupon({ cartId: id, code: 'bad' }), refusal('cart.coupon_unknown'))
  await cart.addCoupon({ cartId: id, code: 'good1' })
  const twice = await cart.addCoupon({ cartId: id, code: 'GOOD1' })
  assert.deepEqual([twice.coupons, twice.version], [['GOOD1'], 2])
  const off = await cart.removeCoupon({ cartId: id, code: 'good1' })
  assert.deepEqual([off.coupons, off.version], [[], 3])
})

test('an ordered cart is closed', async () => {
  const { id } = await cart.create({})
  await cart.markOrdered({ cartId: id, orderId: 'ord_1' })
  await cart.markOrdered({ cartId: id, orderId: 'ord_2' })
  await assert.rejects(
    cart.addLine({ cartId: id, variantId: variant(1), quantity: 1 }),
    refusal('cart.not_open'),
  )
  assert.equal((await cart.get({ cartId: id })).status, 'ordered')
})

test('the first guest cart becomes the customer’s own and is closed to others', async () => {
  const { id } = await cart.create({})
  await cart.addLine({ cartId: id, variantId: variant(1), quantity: 1 })
  const owned = await cart.merge({ guestCartId: id, customerId: 'cus_first' })
  assert.equal(owned.id, id)
  assert.equal((await cart.get({ cartId: id, customerId: 'cus_first' })).itemCount, 1)
  for (const customerId of [null, 'cus_other']) {
    await assert.rejects(cart.get({ cartId: id, customerId }), refusal('not_found'))
    await assert.rejects(
      cart.addLine({ cartId: id, customerId, variantId: variant(1), quantity: 1 }),
      refusal('not_found'),
    )
  }
  await assert.rejects(
    cart.merge({ guestCartId: id, customerId: 'cus_other' }),
    refusal('not_found'),
  )
  assert.equal((await cart.get({ cartId: id })).itemCount, 1)
})

test('20 parallel sign-ins with one guest cart merge it once; a stale tab is told where it went', async () => {
  const customerId = 'cus_merge'
  const own = await cart.create({})
  await cart.addLine({ cartId: own.id, variantId: variant(1), quantity: 600 })
  await cart.addLine({ cartId: own.id, variantId: variant(2), quantity: 1 })
  await cart.addCoupon({ cartId: own.id, code: 'GOOD1' })
  await cart.merge({ guestCartId: own.id, customerId })
  const guest = await cart.create({})
  await cart.addLine({ cartId: guest.id, variantId: variant(1), quantity: 600 })
  await cart.addLine({ cartId: guest.id, variantId: variant(3), quantity: 4 })
  for (const code of ['GOOD1', 'GOOD2']) await cart.addCoupon({ cartId: guest.id, code })
  const merged = await Promise.all(
    Array.from({ length: 20 }, () => cart.merge({ guestCartId: guest.id, customerId })),
  )
  assert.deepEqual(new Set(merged.map(({ id }) => id)), new Set([own.id]))
  const after = await cart.get({ cartId: own.id, customerId })
  assert.deepEqual(
    after.lines.map(({ variantId, quantity }) => [variantId, quantity]),
    [
      [variant(1), 999],
      [variant(2), 1],
      [variant(3), 4],
    ],
  )
  assert.deepEqual(after.coupons, ['GOOD1', 'GOOD2'])
  await assert.rejects(
    cart.addLine({ cartId: guest.id, customerId, variantId: variant(1), quantity: 1 }),
    (error: unknown) =>
      refusal('cart.not_open')(error) && (error as Problem).options.data?.cartId === own.id,
  )
})

test('a merge loses no line, even above the limit', async () => {
  const customerId = 'cus_many'
  const fill = async (from: number) => {
    const { id } = await cart.create({})
    for (let n = from; n < from + 60; n += 1)
      await cart.addLine({ cartId: id, variantId: variant(n), quantity: 1 })
    return id
  }
  const [own, guest] = [await fill(1), await fill(61)]
  await cart.merge({ guestCartId: own, customerId })
  const after = await cart.merge({ guestCartId: guest, customerId })
  assert.equal(after.lines.length, 120)
  await assert.rejects(
    cart.addLine({ cartId: own, customerId, variantId: variant(200), quantity: 1 }),
    refusal('cart.full'),
  )
})

test('over HTTP a guest holds a cart by its id, and a customer’s is shown to that customer alone', async () => {
  const made = await call(GUEST, 'createCart')
  assert.equal(made.status, 201)
  const cartId: string = made.body.id
  const line = { variantId: variant(1), quantity: 2 }
  const added = await call(GUEST, 'addCartLine', { cartId }, { body: line, key: 'http-1' })
  assert.equal(added.status, 200)
  const again = await call(GUEST, 'addCartLine', { cartId }, { body: line, key: 'http-1' })
  assert.deepEqual(again.body, added.body)
  const lineId: string = added.body.lines[0].id
  const changed = await call(GUEST, 'changeCartLine', { cartId, lineId }, { body: { quantity: 5 } })
  assert.equal(changed.body.itemCount, 5)
  const coupon = await call(GUEST, 'addCoupon', { cartId, code: 'nope' })
  assert.deepEqual([coupon.status, coupon.body.code], [422, 'cart.coupon_unknown'])
  assert.equal((await call(GUEST, 'addCoupon', { cartId, code: 'good1' })).status, 200)
  assert.equal((await call(GUEST, 'removeCoupon', { cartId, code: 'good1' })).status, 200)
  const customer = { kind: 'customer', id: 'cus_http' } as const
  await cart.merge({ guestCartId: cartId, customerId: customer.id })
  assert.equal((await call(customer, 'getCart', { cartId })).status, 200)
  assert.equal((await call({ kind: 'operator', id: 'op' }, 'getCart', { cartId })).status, 200)
  assert.equal((await call(GUEST, 'getCart', { cartId })).status, 404)
  assert.equal(
    (await call({ ...customer, id: 'cus_2' }, 'removeCartLine', { cartId, lineId })).status,
    404,
  )
  assert.equal((await call(customer, 'removeCartLine', { cartId, lineId })).body.itemCount, 0)
  const wrong = await call(GUEST, 'addCartLine', { cartId }, { body: { ...line, quantity: 1000 } })
  assert.deepEqual(wrong.body.errors[0].path, 'body.quantity')
})

test('forgotten carts of guests and old keys are swept, a customer’s cart is not', async () => {
  const [guest, owned] = [await cart.create({}), await cart.create({})]
  await cart.addLine({ key: 'k', cartId: guest.id, variantId: variant(1), quantity: 1 })
  await cart.merge({ guestCartId: owned.id, customerId: 'cus_sweep' })
  const later = {
    ...systemClock,
    now: () => new Date(systemClock.now().getTime() + 91 * 86_400_000),
  }
  const [sweep] = createCart({ db, ids, clock: later, log: silentLog, ...shop }).jobs
  await sweep?.run(null, { signal: new AbortController().signal, attempt: 1 })
  await assert.rejects(cart.get({ cartId: guest.id }), refusal('not_found'))
  assert.equal((await cart.get({ cartId: owned.id })).status, 'open')
})
