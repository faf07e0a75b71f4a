/**
 * Goal: nobody reads or changes what is another's. Source: reliability.md, S1.
 * Method: made from the contract. Every route is called by each kind of caller that it is not for, with ids of objects
 * that belong to somebody else; each answer has to be the declared refusal, without a byte of that person's data, and
 * afterwards everything of that person is as before. The owner's own calls prove that the ids are the right ones.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  OPERATOR_ROLES,
  type OperatorRole,
  type Permission,
} from '../../contracts/kit/permissions.ts'
import type { RouteSpec } from '../../contracts/kit/route.ts'
import { allRoutes } from '../../contracts/routes.ts'
import { fillPath } from '../../server/platform/http/execute.ts'
import { sampleOf } from '../support/samples.ts'
import { ADDRESS, checkoutBody, findBuyable, quotedCart, unwrap } from '../support/shopper.ts'
import { OPERATOR_KEY, openWholeShop, type Reply } from '../support/whole-shop.ts'

// Without the demo's warehouse, which would send the order on meanwhile.
const whole = await openWholeShop({ STOA_DEMO: 'off' })
const { ask } = whole

const OWNER_NAME = 'Wilhelmina Quetzalcoatl'
const owner = await whole.register('wilhelmina@owner.example', OWNER_NAME)
const stranger = await whole.register('stranger@example.com', 'A Stranger')
const [item] = await findBuyable(owner.client, 1, 5)
assert.ok(item)
const line = { variantId: item.variantId, quantity: 1 }
const address = { ...ADDRESS, name: OWNER_NAME, line1: '77 Nowhere Else Lane' }
const bought = await quotedCart(owner.client, [line])
const params = { cartId: bought.cart.id }
const quote = unwrap(await owner.client.quoteCart({ params, body: { shippingAddress: address } }))
const order = unwrap(
  await owner.client.placeOrder({
    body: { ...checkoutBody({ ...bought, quote }), shippingAddress: address },
  }),
)
const open = await quotedCart(owner.client, [line])
const wishes = { name: OWNER_NAME, kind: 'wishes' } as const
const wishlist = unwrap(await owner.client.createWishlist({ body: wishes }))
const wished = { params: { wishlistId: wishlist.id }, body: { variantId: item.variantId } }
const wish = unwrap(await owner.client.addWish(wished))
const booked = unwrap(await owner.client.addAddress({ body: { address } }))
const session = unwrap(await owner.client.listSessions({})).items[0]
assert.ok(session)

/** The owner's ids, by the names that routes give them. */
const OWNED: Readonly<Record<string, string>> = {
  orderId: order.id,
  cartId: open.cart.id,
  lineId: open.cart.lines[0]?.id ?? '',
  quoteId: open.quote.quoteId,
  addressId: booked.id,
  wishlistId: wishlist.id,
  itemId: wish.itemId,
  sessionId: session.id,
  customerId: owner.id,
  offerId: item.offerId,
  variantId: item.variantId,
  productId: item.productId,
}
/** What no stranger's answer may hold. */
const MARKS = [owner.email, OWNER_NAME, '77 Nowhere Else Lane', order.number, session.id, booked.id]

const staff: Readonly<Record<string, string>> = Object.fromEntries(
  await Promise.all(
    (Object.keys(OPERATOR_ROLES) as OperatorRole[]).map(
      async (role) => [role, (await whole.operator(role)).token] as const,
    ),
  ),
)
const { rows: sellers } = await whole.shop.db.query({
  text: 'select distinct seller_id from catalog.offers where id <> $1 limit 1',
  values: [item.offerId],
})
const seller = await whole.member(
  sellers[0]?.['seller_id'] ?? 'sel_01jd0000000000000000000000',
  'owner',
)

function inputOf(route: RouteSpec): { path: string; body: unknown } {
  const drawnParams = (route.params ? sampleOf(route.params) : {}) as Record<string, string>
  const params = { ...drawnParams, ...OWNED }
  const drawn = route.body ? sampleOf(route.body) : undefined
  const isObject = typeof drawn === 'object' && drawn !== null && !Array.isArray(drawn)
  if (!isObject) return { path: fillPath(route.path, params), body: drawn }
  const owned = Object.keys(drawn)
    .filter((name) => OWNED[name] !== undefined)
    .map((name) => [name, OWNED[name]])
  const body = { ...drawn, ...Object.fromEntries(owned) }
  for (const name of ['shippingAddress', 'address'])
    if (name in body) body[name as never] = ADDRESS as never
  return { path: fillPath(route.path, params), body }
}

async function call(route: RouteSpec, token: string | undefined): Promise<Reply> {
  const { path, body } = inputOf(route)
  const isUpload = route.upload !== undefined
  return ask(path, {
    method: route.method,
    token,
    body,
    headers: {
      'idempotency-key': `s01-${route.operation}-${Math.random()}`,
      ...(isUpload ? { 'content-type': route.upload?.[0] ?? '' } : {}),
    },
    ...(isUpload ? { raw: 'x' } : {}),
  })
}

function assertRefused(reply: Reply, statuses: readonly number[], who: string): void {
  assert.ok(statuses.includes(reply.status), `${who}: ${reply.status} ${reply.text.slice(0, 200)}`)
  for (const mark of MARKS) assert.ok(!reply.text.includes(mark), `${who} was told "${mark}"`)
}

/** Everything of the owner that a route shows. */
async function whatIsOwned(): Promise<unknown> {
  const read = async (operation: string, params = {}) =>
    (await ask(whole.pathOf(operation, params), { token: owner.token })).json
  const me = await read('getMe')
  return {
    me,
    cart: await read('getCart', { cartId: open.cart.id }),
    wishlist: await read('getWishlist', { wishlistId: wishlist.id }),
    order: await read('getOrder', { orderId: order.id }),
    addresses: await read('listAddresses'),
  }
}

const isStaffRoute = ({ access }: RouteSpec) =>
  access.every((kind) => kind === 'operator' || kind === 'seller')
const lacks = (permission: Permission | undefined): OperatorRole[] =>
  (Object.keys(OPERATOR_ROLES) as OperatorRole[]).filter(
    (role) => !(OPERATOR_ROLES[role] as readonly Permission[]).includes(permission ?? 'everything'),
  )

const before = await whatIsOwned()

test('S1: routes for staff refuse guests, customers, other sellers, and staff without the right', async (t) => {
  const routes = allRoutes.filter(isStaffRoute)
  assert.ok(routes.length > 80)
  for (const route of routes) {
    await t.test(`${route.method} ${route.path}`, async () => {
      assertRefused(await call(route, undefined), [401], 'a guest')
      assertRefused(await call(route, 'ses_nobodys-token'), [401], 'a made-up token')
      assertRefused(await call(route, stranger.token), [403], 'a customer')
      if (!route.access.includes('seller'))
        assertRefused(await call(route, seller.token), [403], 'a seller')
      const without = lacks(route.permission)
      assert.ok(without.length > 0, `every role may ${route.permission}`)
      for (const role of without) assertRefused(await call(route, staff[role]), [403], role)
    })
  }
})

test('S1: routes for whoever is signed in refuse guests, and show others nothing', async (t) => {
  for (const route of allRoutes.filter(({ access }) => access.includes('customer'))) {
    await t.test(`${route.method} ${route.path}`, async () => {
      assertRefused(await call(route, undefined), [401], 'a guest')
      if (!/:\w/.test(route.path)) {
        // What ends the caller's own session or account is for the identity module's tests.
        if (route.method === 'GET')
          assertRefused(await call(route, stranger.token), [200, 403], 'another')
        return
      }
      // What is not there for the caller is deleted already; the last test looks whether it still is.
      for (const token of [stranger.token, seller.token, staff['support']])
        assertRefused(await call(route, token), [404, 403, 204], 'another')
    })
  }
})

test('S1: carts and orders of somebody who is signed in are nobody else’s', async (t) => {
  const routes = allRoutes.filter(
    ({ access, path }) => access.includes('holder') && /:\w/.test(path),
  )
  assert.ok(routes.length >= 10)
  for (const route of routes) {
    // What is not there is deleted already, whoever asks.
    const isNobodys = [...route.path.matchAll(/:(\w+)/g)].some(([, name = '']) => !(name in OWNED))
    const refusals = route.method === 'DELETE' && isNobodys ? [404, 204] : [404]
    await t.test(`${route.method} ${route.path}`, async () => {
      for (const [who, token] of [
        ['a guest', undefined],
        ['another customer', stranger.token],
        ['another seller', seller.token],
      ] as const)
        assertRefused(await call(route, token), refusals, who)
      for (const role of route.access.includes('operator') ? lacks(route.permission) : [])
        assertRefused(await call(route, staff[role]), [404, 403], role)
    })
  }
  const buying = allRoutes.find(({ operation }) => operation === 'placeOrder') as RouteSpec
  const body = checkoutBody(open)
  for (const token of [undefined, stranger.token]) {
    const reply = await ask(buying.path, {
      method: 'POST',
      token,
      body,
      headers: { 'idempotency-key': `s01-${Math.random()}` },
    })
    assertRefused(reply, [404, 409], 'a buyer of another’s cart')
    assert.ok(reply.status !== 409 || reply.json.code === 'orders.quote_expired', reply.text)
  }
})

test('S1: what is open to all tells nothing of a person, whatever ids are given', async (t) => {
  const routes = allRoutes.filter(
    ({ access, method }) => access.includes('public') && method === 'GET',
  )
  for (const route of routes) {
    await t.test(`${route.method} ${route.path}`, async () => {
      if (route.operation === 'followProducts') return
      const reply = await call(route, undefined)
      assert.ok(reply.status < 500, reply.text)
      for (const mark of MARKS) assert.ok(!reply.text.includes(mark), mark)
    })
  }
})

test('S1: all that was tried changed nothing, and the owner and the operator still get in', async () => {
  assert.deepEqual(await whatIsOwned(), before)
  for (const operation of ['getCart', 'getOrder', 'getTracking', 'listAddresses', 'listOrders']) {
    const reply = await ask(whole.pathOf(operation, OWNED), { token: owner.token })
    assert.equal(reply.status, 200, operation)
  }
  for (const operation of ['getOrder', 'getOrderMoney', 'getStock', 'getAdminOffer']) {
    const reply = await ask(whole.pathOf(operation, OWNED), { token: OPERATOR_KEY })
    assert.equal(reply.status, 200, operation)
  }
  assert.ok(MARKS.every((mark) => JSON.stringify(before).includes(mark) || mark === session.id))
})
