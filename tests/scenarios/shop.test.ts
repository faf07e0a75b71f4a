/**
 * Goal: the main job over HTTP by the SDK, bad input, the last-units race and the audit, on one real shop.
 * Method: `stoa start` as its own process with the first rows of each demo set.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Client, createClient, httpTransport } from '../../packages/client/src/index.ts'
import {
  killShops,
  runStoa,
  type ShopProcess,
  smallDataFolder,
  startShopProcess,
  temporaryHome,
} from '../support/shop-process.ts'
import {
  ADDRESS,
  buy,
  checkoutBody,
  eventually,
  findBuyable,
  quotedCart,
  refused,
  unwrap,
} from '../support/shopper.ts'

let shop: ShopProcess
let client: Client
let operator: Client
const { home, remove } = temporaryHome()
const data = await smallDataFolder()

before(async () => {
  shop = await startShopProcess({
    home,
    dataFolder: data.folder,
    // The test is the warehouse: on a slow machine the demo's would come between.
    env: { DATABASE_POOL_SIZE: '16', DEMO_SHIP_SECONDS: '3600' },
  })
  client = shop.client
  operator = createClient({ transport: httpTransport(shop.url), token: shop.operatorKey() })
})

after(async () => {
  await killShops()
  data.remove()
  remove()
})

test('search → product → cart → quote → checkout → order → shipment → tracking', async () => {
  const [first, second] = await findBuyable(client, 2)
  assert.ok(first && second)
  const { cart, quote } = await quotedCart(client, [
    { variantId: first.variantId, quantity: 2 },
    { variantId: second.variantId, quantity: 1 },
  ])
  assert.equal(cart.itemCount, 3)
  assert.equal(
    quote.total.amount,
    quote.lines.reduce((sum, line) => sum + line.net.amount, 0) +
      quote.shipping.amount +
      quote.tax.amount,
  )
  assert.ok(quote.shippingOptions.length >= 1)
  const order = unwrap(
    await client.placeOrder({
      body: checkoutBody({ cart, quote }),
      idempotencyKey: `journey-${cart.id}`,
    }),
  )
  assert.equal(order.status, 'confirmed')
  assert.equal(order.paymentStatus, 'completed')
  assert.deepEqual(order.totals.total, quote.total)
  assert.equal(
    order.sellerOrders.reduce((sum, part) => sum + part.totals.total.amount, 0),
    quote.total.amount,
  )
  const again = unwrap(
    await client.placeOrder({
      body: checkoutBody({ cart, quote }),
      idempotencyKey: `journey-${cart.id}`,
    }),
  )
  assert.equal(again.id, order.id)
  unwrap(
    await operator.shipOrder({
      params: { orderId: order.id },
      body: { carrier: 'Test Post', trackingNumber: 'TP1' },
    }),
  )
  const tracking = unwrap(await client.getTracking({ params: { orderId: order.id } }))
  const [parcel] = tracking.items
  assert.ok(parcel)
  for (const { id } of tracking.items) {
    unwrap(
      await operator.recordScan({
        params: { shipmentId: id },
        body: {
          eventId: `scan-${id}`,
          status: 'delivered',
          at: new Date(Date.now() + 1000).toISOString(),
          location: 'New York',
        },
      }),
    )
  }
  const delivered = await eventually(
    async () => unwrap(await client.getOrder({ params: { orderId: order.id } })),
    (one) => one.status === 'delivered',
  )
  assert.ok(delivered.events.length >= 3)
})

test('a declined card leaves nothing behind, and the same cart buys with another', async () => {
  const [item] = await findBuyable(client, 1)
  assert.ok(item)
  const quoted = await quotedCart(client, [{ variantId: item.variantId, quantity: 1 }])
  refused(
    await client.placeOrder({ body: checkoutBody(quoted, 'tok_declined') }),
    'payments.declined',
  )
  const order = unwrap(await client.placeOrder({ body: checkoutBody(quoted, 'tok_success') }))
  assert.equal(order.status, 'confirmed')
  refused(await client.placeOrder({ body: checkoutBody(quoted, 'tok_success') }), 'cart.not_open')
})

test('an answer that never comes leaves the order pending; the webhook or the question settles it, once', async () => {
  const [item] = await findBuyable(client, 1)
  assert.ok(item)
  const quoted = await quotedCart(client, [{ variantId: item.variantId, quantity: 1 }])
  const order = unwrap(
    await client.placeOrder({
      body: checkoutBody(quoted, 'tok_timeout'),
      signal: AbortSignal.timeout(60_000),
    }),
  )
  const settled = await eventually(
    async () => unwrap(await client.getOrder({ params: { orderId: order.id } })),
    (one) => one.status === 'confirmed',
  )
  assert.equal(settled.paymentStatus, 'completed')
})

test('3-D Secure: the shopper is sent to the provider and comes back to a confirmed order', async () => {
  const [item] = await findBuyable(client, 1)
  assert.ok(item)
  const quoted = await quotedCart(client, [{ variantId: item.variantId, quantity: 1 }])
  const order = unwrap(
    await client.placeOrder({ body: checkoutBody(quoted, 'tok_requires_action') }),
  )
  assert.equal(order.payment.status, 'requires_action')
  const action = await fetch(order.payment.redirectUrl as string)
  const form = await action.text()
  assert.equal(action.status, 200)
  const decision = /name="([^"]+)"[^>]*value="(approve[^"]*)"/i.exec(form)
  assert.ok(decision, 'the page offers to approve')
  await fetch(order.payment.redirectUrl as string, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ [decision[1] as string]: decision[2] as string }),
  })
  await eventually(
    async () => unwrap(await client.getOrder({ params: { orderId: order.id } })),
    (one) => one.status === 'confirmed',
  )
})

test('a changed price gives 409 with the new quote, and buys at it', async () => {
  const [item] = await findBuyable(client, 1)
  assert.ok(item)
  const quoted = await quotedCart(client, [{ variantId: item.variantId, quantity: 1 }])
  const { unitPrice } = quoted.quote.lines[0] as { unitPrice: { amount: number; currency: string } }
  const offer = unwrap(await client.getProduct({ params: { id: item.productId } })).variants.find(
    (one) => one.id === item.variantId,
  )
  assert.ok(offer)
  const price = { amount: unitPrice.amount + 500, currency: offer.price.currency }
  unwrap(
    await operator.changeOffer({
      params: { offerId: item.offerId },
      body: { price, salePrice: null },
    }),
  )
  const problem = refused(
    await client.placeOrder({ body: checkoutBody(quoted) }),
    'orders.price_changed',
  )
  const quote = problem['quote'] as typeof quoted.quote
  assert.equal(quote.total.amount > quoted.quote.total.amount, true)
  const order = unwrap(
    await client.placeOrder({ body: checkoutBody({ cart: quoted.cart, quote }) }),
  )
  assert.deepEqual(order.totals.total, quote.total)
  await eventually(
    async () => unwrap(await client.getProduct({ params: { id: item.productId } })),
    (product) =>
      product.variants.find((one) => one.id === item.variantId)?.price.amount === price.amount,
  )
})

test('200 buyers at once for 10 units: 10 orders, 190 clear refusals', async () => {
  const [item] = await findBuyable(client, 1)
  assert.ok(item)
  await setStock(item.offerId, 10)
  const quotes = await Promise.all(
    Array.from({ length: 200 }, () =>
      quotedCart(client, [{ variantId: item.variantId, quantity: 1 }]),
    ),
  )
  const results = await Promise.all(
    quotes.map((quoted) => client.placeOrder({ body: checkoutBody(quoted) })),
  )
  const sold = results.filter((result) => result.ok)
  assert.equal(sold.length, 10)
  for (const result of results) {
    if (result.ok) assert.equal(result.data.status, 'confirmed')
    else {
      assert.equal(
        result.problem.code,
        'inventory.insufficient_stock',
        JSON.stringify(result.problem),
      )
      assert.equal(result.problem.status, 409)
    }
  }
  // Its page tells so a moment later; the next tests buy what pages say is there.
  await eventually(
    async () => unwrap(await client.getProduct({ params: { id: item.productId } })),
    ({ variants }) => variants.find(({ id }) => id === item.variantId)?.availability.quantity === 0,
  )
})

/** Puts all of an offer's stock to `quantity` in its first warehouse. */
async function setStock(offerId: string, quantity: number): Promise<void> {
  const { items } = unwrap(await operator.getStock({ params: { offerId } }))
  for (const [place, level] of items.entries()) {
    const wanted = (place === 0 ? quantity : 0) + level.reserved
    unwrap(
      await operator.setStock({
        params: { offerId, warehouseId: level.warehouseId },
        body: { quantity: wanted, expected: level.quantity, reason: 'scenario' },
      }),
    )
  }
}

test('cancelling gives the stock and the money back', async () => {
  const [item] = await findBuyable(client, 1)
  assert.ok(item)
  const available = async () => {
    const { items } = unwrap(await operator.getStock({ params: { offerId: item.offerId } }))
    return items.reduce((sum, level) => sum + level.available, 0)
  }
  const before = await available()
  const order = await buy(client, [{ variantId: item.variantId, quantity: 2 }])
  const cancelled = unwrap(await client.cancelOrder({ params: { orderId: order.id } }))
  assert.equal(cancelled.status, 'cancelled')
  const settled = await eventually(
    async () => unwrap(await client.getOrder({ params: { orderId: order.id } })),
    (one) => one.paymentStatus === 'refunded',
  )
  assert.equal(settled.status, 'cancelled')
  await eventually(available, (now) => now === before)
  refused(await client.cancelOrder({ params: { orderId: order.id } }), 'invalid_transition')
})

test('bad input gets the contract code and the path of the wrong field, never a 500', async () => {
  const [item] = await findBuyable(client, 1)
  assert.ok(item)
  const quoted = await quotedCart(client, [{ variantId: item.variantId, quantity: 1 }])
  const path = (suffix: string) => `/api/v1/carts/${quoted.cart.id}${suffix}`
  const line = { variantId: item.variantId, quantity: 1 }
  const good = checkoutBody(quoted)
  const cases: [
    name: string,
    method: string,
    url: string,
    body: unknown,
    status: number,
    code: string,
    field?: string,
  ][] = [
    [
      'unknown product',
      'GET',
      '/api/v1/products/prd_01jd3x8h2mfj0a3kq5v7w9ybcd',
      undefined,
      404,
      'not_found',
    ],
    [
      'a strange id',
      'GET',
      `/api/v1/products/${encodeURIComponent("'; drop table x; --")}`,
      undefined,
      404,
      'not_found',
    ],
    [
      'unknown cart',
      'GET',
      '/api/v1/carts/crt_01jd3x8h2mfj0a3kq5v7w9ybcd',
      undefined,
      404,
      'not_found',
    ],
    [
      'malformed cart id',
      'GET',
      '/api/v1/carts/1',
      undefined,
      400,
      'validation_failed',
      'params.cartId',
    ],
    [
      'negative quantity',
      'POST',
      path('/lines'),
      { ...line, quantity: -1 },
      400,
      'validation_failed',
      'body.quantity',
    ],
    [
      'zero',
      'POST',
      path('/lines'),
      { ...line, quantity: 0 },
      400,
      'validation_failed',
      'body.quantity',
    ],
    [
      'huge quantity',
      'POST',
      path('/lines'),
      { ...line, quantity: 1e9 },
      400,
      'validation_failed',
      'body.quantity',
    ],
    [
      'a fraction',
      'POST',
      path('/lines'),
      { ...line, quantity: 1.5 },
      400,
      'validation_failed',
      'body.quantity',
    ],
    [
      'text where a number belongs',
      'POST',
      path('/lines'),
      { ...line, quantity: 'two' },
      400,
      'validation_failed',
      'body.quantity',
    ],
    [
      'a price that the client sends',
      'POST',
      path('/lines'),
      { ...line, price: 1 },
      400,
      'validation_failed',
      'body.price',
    ],
    [
      'unknown variant',
      'POST',
      path('/lines'),
      { ...line, variantId: 'var_01jd3x8h2mfj0a3kq5v7w9ybcd' },
      422,
      'cart.variant_not_sold',
    ],
    [
      'a wrong currency',
      'POST',
      '/api/v1/carts',
      { currency: 'XXX' },
      400,
      'catalog.currency_not_sold',
    ],
    [
      'no currency at all',
      'POST',
      '/api/v1/carts',
      { currency: 'euro' },
      400,
      'validation_failed',
      'body.currency',
    ],
    [
      'address without a country',
      'POST',
      path('/quote'),
      { shippingAddress: { ...ADDRESS, country: undefined } },
      400,
      'validation_failed',
      'body.shippingAddress.country',
    ],
    [
      'address with a wrong postcode',
      'POST',
      path('/quote'),
      { shippingAddress: { ...ADDRESS, postalCode: 'ABC' } },
      400,
      'shipping.address_invalid',
      'body.shippingAddress.postalCode',
    ],
    [
      'a total that the client sends',
      'POST',
      '/api/v1/checkout',
      { ...good, total: 1 },
      400,
      'validation_failed',
      'body.total',
    ],
    [
      'an unknown quote',
      'POST',
      '/api/v1/checkout',
      { ...good, quoteId: 'quo_01jd3x8h2mfj0a3kq5v7w9ybcd' },
      422,
      'orders.quote_unknown',
    ],
    [
      'a page beyond the end',
      'GET',
      '/api/v1/search?q=hp&page=0',
      undefined,
      400,
      'validation_failed',
      'query.page',
    ],
    [
      'a negative price',
      'GET',
      '/api/v1/search?q=hp&minPrice=-5',
      undefined,
      400,
      'validation_failed',
      'query.minPrice',
    ],
    ['no such route', 'GET', '/api/v1/nothing', undefined, 404, 'not_found'],
    [
      "an operator's route",
      'GET',
      `/api/v1/admin/stock/${item.offerId}`,
      undefined,
      401,
      'unauthenticated',
    ],
  ]
  for (const [name, method, url, body, status, code, field] of cases) {
    const reply = await fetch(shop.url + url, {
      method,
      headers: {
        'content-type': 'application/json',
        'idempotency-key': `bad-${name.replaceAll(' ', '-')}`,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const problem = (await reply.json()) as { code: string; errors?: { path: string }[] }
    assert.equal(
      `${reply.status} ${problem.code}`,
      `${status} ${code}`,
      `${name}: ${JSON.stringify(problem)}`,
    )
    assert.match(reply.headers.get('content-type') ?? '', /problem\+json/)
    if (field)
      assert.ok(
        problem.errors?.some((error) => error.path === field),
        `${name}: ${JSON.stringify(problem.errors)}`,
      )
  }
  const raw = async (body: string, type = 'application/json') =>
    fetch(`${shop.url}/api/v1/checkout`, {
      method: 'POST',
      headers: { 'content-type': type, 'idempotency-key': 'raw' },
      body,
    })
  assert.equal((await raw('{"cartId":')).status, 400)
  assert.equal((await raw(JSON.stringify({ x: 'x'.repeat(2_000_000) }))).status, 413)
  assert.equal((await raw('<xml/>', 'application/xml')).status, 415)
  assert.equal((await raw('{"__proto__":{"admin":true}}')).status, 400)
  const noKey = await fetch(`${shop.url}/api/v1/checkout`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(good),
  })
  assert.equal(((await noKey.json()) as { code: string }).code, 'idempotency_key_required')
  const order = unwrap(
    await client.placeOrder({ body: good, idempotencyKey: `once-${quoted.cart.id}` }),
  )
  refused(
    await client.placeOrder({
      body: { ...good, email: 'b@example.com' },
      idempotencyKey: `once-${quoted.cart.id}`,
    }),
    'idempotency_key_reused',
  )
  assert.equal(order.status, 'confirmed')
})

test('one key at 50 requests at once is one order and one charge', async () => {
  const [item] = await findBuyable(client, 1)
  assert.ok(item)
  const quoted = await quotedCart(client, [{ variantId: item.variantId, quantity: 1 }])
  const results = await Promise.all(
    Array.from({ length: 50 }, () =>
      client.placeOrder({ body: checkoutBody(quoted), idempotencyKey: `fifty-${quoted.cart.id}` }),
    ),
  )
  const ids = new Set(results.flatMap((result) => (result.ok ? [result.data.id] : [])))
  assert.equal(ids.size, 1)
  for (const result of results)
    if (!result.ok) assert.equal(result.problem.code, 'idempotency_in_progress')
})

test('the API describes itself, and the reference page shows it', async () => {
  const document = (await (await fetch(`${shop.url}/api/openapi.json`)).json()) as {
    openapi: string
    paths: object
  }
  assert.equal(document.openapi, '3.1.0')
  assert.ok(Object.keys(document.paths).length > 20)
  assert.equal((await fetch(`${shop.url}/api/reference`)).status, 200)
  assert.match(await (await fetch(`${shop.url}/metrics`)).text(), /stoa_http_request_seconds/)
})

test('after all that, every invariant holds', async () => {
  const { code, output } = await runStoa(['audit'], {
    home,
    dataFolder: data.folder,
    env: { PORT: new URL(shop.url).port },
  })
  assert.equal(code, 0, output)
  assert.match(output, /Every invariant holds/)
})
