/**
 * Goal: an order and a cart answer to their own id and owner alone, cost what the shop says, and take nothing that the
 * contract does not name. Source: reliability.md, S2 to S5.
 * Method: the whole shop over HTTP.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RouteSpec } from '../../contracts/kit/route.ts'
import { allRoutes } from '../../contracts/routes.ts'
import { sampleOf } from '../support/samples.ts'
import { buy, checkoutBody, findBuyable, quotedCart, unwrap } from '../support/shopper.ts'
import { OPERATOR_KEY, openWholeShop } from '../support/whole-shop.ts'

const whole = await openWholeShop()
const { ask, client } = whole
const [item, other] = await findBuyable(client, 2, 5)
assert.ok(item && other)
const line = { variantId: item.variantId, quantity: 1 }
const json = { 'content-type': 'application/json' }
let keys = 0
const newKey = () => ({ 'idempotency-key': `orders-${++keys}` })

test('S2: a guest’s order opens to its whole id and to nothing like it', async () => {
  const order = await buy(client, [line])
  const second = await buy(client, [line])
  assert.equal((await ask(`/api/v1/orders/${order.id}`)).json.number, order.number)
  const end = order.id.at(-1) === '0' ? '1' : '0'
  const likes = [
    '',
    'null',
    'undefined',
    '[]',
    '%00',
    '*',
    order.number,
    order.id.slice(0, -1),
    order.id.slice(0, 10),
    order.id.slice(0, -1) + end,
    `${order.id}%20`,
    `${order.id}${order.id}`,
    order.id.toUpperCase(),
    `${second.id},${order.id}`,
    `%5B%22${order.id}%22%5D`,
  ]
  for (const like of likes) {
    for (const path of [`/api/v1/orders/${like}`, `/api/v1/orders/${like}/tracking`]) {
      const reply = await ask(path)
      assert.ok([400, 401, 404].includes(reply.status), `${path}: ${reply.status}`)
      assert.ok(!reply.text.includes('Ada Lovelace') && !reply.text.includes(second.number), path)
    }
  }
  const replies = await ask(`/api/v1/orders/${second.id}?orderId=${order.id}`)
  assert.notEqual(replies.json.number, order.number, 'a second id in the query does not count')
})

test('S3: a cart that is somebody’s cannot be taken along at sign-in, and logging out lets go of it', async () => {
  const owner = await whole.register('owner@s3.example', 'The Owner')
  const thief = await whole.register('thief@s3.example', 'The Thief')
  const { cart } = await quotedCart(owner.client, [line])
  const body = { email: thief.email, password: 'plum kettle orbit 42', cartId: cart.id }
  const signedIn = await ask('/api/v1/auth/login', { method: 'POST', body })
  assert.equal(signedIn.status, 200)
  const theirs = await ask('/api/v1/me/cart', { token: signedIn.json.token })
  assert.ok(!theirs.text.includes(cart.id), 'the cart stays where it is')
  assert.equal((await ask(`/api/v1/carts/${cart.id}`, { token: owner.token })).json.lines.length, 1)
  assert.equal((await ask(`/api/v1/carts/${cart.id}`)).status, 404)
  await ask('/api/v1/auth/logout', { method: 'POST', token: owner.token })
  assert.equal((await ask(`/api/v1/carts/${cart.id}`, { token: owner.token })).status, 401)
  assert.equal((await ask(`/api/v1/carts/${cart.id}`)).status, 404)
  assert.equal((await ask(`/api/v1/carts/${cart.id}`, { token: thief.token })).status, 404)
})

test('S4: no field sets a price, and no number of things is wrong enough to pay less', async () => {
  const { cart, quote } = await quotedCart(client, [line])
  const lines = `/api/v1/carts/${cart.id}/lines`
  const named = { ...line, price: { amount: 1, currency: 'USD' } }
  const added = await ask(lines, { method: 'POST', body: named })
  assert.equal(added.status, 400)
  assert.equal(added.json.errors[0].path, 'body.price')
  for (const quantity of [-1, 0, 1e9, 1.5, '2', null, [1], Number.MAX_SAFE_INTEGER]) {
    const body = { variantId: other.variantId, quantity }
    const reply = await ask(lines, { method: 'POST', body })
    assert.equal(reply.status, 400, `${quantity}: ${reply.text}`)
  }
  for (const raw of ['{"variantId":"x","quantity":NaN}', '{"quantity":1e999}', '{"quantity":-0}'])
    assert.equal((await ask(lines, { method: 'POST', raw, headers: json })).status, 400, raw)
  const body = checkoutBody({ cart, quote })
  const free = { amount: 0, currency: 'USD' }
  for (const extra of [
    { total: free },
    { paid: true },
    { currencyCode: 'IDR' },
    { currency: 'KRW' },
    { discount: free },
  ]) {
    const reply = await ask('/api/v1/checkout', {
      method: 'POST',
      body: { ...body, ...extra },
      headers: newKey(),
    })
    assert.equal(reply.status, 400, JSON.stringify(extra))
  }
  const foreign = await ask(`/api/v1/carts/${cart.id}/quote`, {
    method: 'POST',
    body: { shippingAddress: body.shippingAddress, currency: 'XXX' },
  })
  assert.ok([400, 409, 422].includes(foreign.status), foreign.text)
  assert.deepEqual((await ask(`/api/v1/carts/${cart.id}`)).json.lines, cart.lines)
  const order = unwrap(await client.placeOrder({ body }))
  assert.deepEqual(order.totals.total, quote.total, 'what is charged is what the shop reckoned')
})

test('S4: a quote of another cart, or of goods that were added since, is not charged', async () => {
  const cheap = await quotedCart(client, [line])
  const dear = await quotedCart(client, [{ ...line, quantity: 3 }])
  const swapped = { ...checkoutBody(dear), quoteId: cheap.quote.quoteId }
  const refused = await ask('/api/v1/checkout', {
    method: 'POST',
    body: swapped,
    headers: newKey(),
  })
  assert.ok([404, 409, 422].includes(refused.status), refused.text)
  const more = { variantId: other.variantId, quantity: 1 }
  unwrap(await client.addCartLine({ params: { cartId: cheap.cart.id }, body: more }))
  const stale = checkoutBody(cheap)
  const changed = await ask('/api/v1/checkout', { method: 'POST', body: stale, headers: newKey() })
  assert.ok([409, 422].includes(changed.status), changed.text)
})

test('S5: no body takes a column of the database that its contract does not name', async (t) => {
  const { rows } = await whole.shop.db.query({
    text: `select distinct column_name as name from information_schema.columns
           where table_schema not in ('pg_catalog', 'information_schema')`,
    values: [],
  })
  const columns = rows.map(({ name }) => String(name))
  const camel = (name: string) =>
    name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
  const names = [...new Set([...columns, ...columns.map(camel), 'isAdmin', 'role', 'permissions'])]
  assert.ok(names.length > 200)
  const shopper = await whole.register('shopper@s5.example', 'A Shopper')
  const seller = await whole.member('sel_01jd0000000000000000000000', 'owner')
  const tokenFor = ({ access }: RouteSpec) =>
    access.includes('operator')
      ? OPERATOR_KEY
      : access.includes('seller')
        ? seller.token
        : access.includes('customer')
          ? shopper.token
          : undefined
  for (const route of allRoutes.filter(({ body }) => body !== undefined)) {
    const drawn = sampleOf(route.body as NonNullable<typeof route.body>)
    if (typeof drawn !== 'object' || drawn === null || Array.isArray(drawn)) continue
    await t.test(`${route.method} ${route.path}`, async () => {
      const body = { ...Object.fromEntries(names.map((name) => [name, 1])), ...drawn }
      const params = (route.params ? sampleOf(route.params) : {}) as Record<string, string>
      const reply = await ask(whole.pathOf(route.operation, params), {
        method: route.method,
        token: tokenFor(route),
        body,
        headers: newKey(),
      })
      // Webhooks are looked at by their signature first.
      assert.ok([400, 401].includes(reply.status), `${reply.status} ${reply.text.slice(0, 200)}`)
      if (route.access.includes('provider')) return
      assert.equal(reply.status, 400)
      const told = reply.json.errors as { message: string }[]
      assert.ok(
        told.some(({ message }) => message === 'is not a field of this request'),
        reply.text,
      )
    })
  }
  const me = await ask('/api/v1/me', { token: shopper.token })
  assert.deepEqual([me.json.operatorRoles, me.json.isEmailProven], [[], false])
})
