import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { addFirst, formFields, reachPayment, startTestShop, type TestShop } from './test-shop.ts'

type Failing = Readonly<{ operation: string; status: number; code: string }>

describe('what the API answers, as the pages tell it', () => {
  let shop: TestShop
  let failing: Failing | undefined
  const asked: string[] = []
  before(async () => {
    shop = await startTestShop({}, (transport) => async (request) => {
      asked.push(`${request.operation} ${request.url}`)
      if (request.operation !== failing?.operation) return transport(request)
      const { code, status } = failing
      const headers = { 'content-type': 'application/problem+json' }
      return { status, headers, body: JSON.stringify({ code, status, title: code }) }
    })
  })
  after(() => shop.close())

  const fail = async <T>(problem: Failing, work: () => Promise<T>): Promise<T> => {
    failing = problem
    try {
      return await work()
    } finally {
      failing = undefined
    }
  }

  test('orders that cannot be read are not called none', async () => {
    const browser = shop.browser()
    const { body } = await reachPayment(browser)
    const fields = { ...formFields(body, '/checkout/pay'), method: 'tok_success' }
    assert.match((await browser.post('/checkout/pay', fields)).location, /^\/orders\//)
    const down = { operation: 'getOrder', status: 503, code: 'overloaded' }
    const shown = await fail(down, () => browser.get('/orders'))
    assert.equal(shown.status, 503)
    assert.doesNotMatch(shown.body, /No orders yet/)
    assert.match((await browser.get('/orders')).body, /class="order-list"/)
  })

  test('a browser without orders is led on: to the shop, and to the orders of an account', async () => {
    const { body } = await shop.browser().get('/orders')
    assert.match(body, /No orders yet/)
    assert.match(body, /<a class="button" href="\/">/)
    assert.match(body, /href="\/sign-in\?back=%2Forders"/)
  })

  test('trying again after a form that failed leads to the page it stands on', async () => {
    const browser = shop.browser()
    const { body } = await reachPayment(browser)
    const fields = { ...formFields(body, '/checkout/pay'), method: 'tok_success' }
    const referer = 'http://shop.test/checkout?step=payment'
    const down = { operation: 'getCart', status: 503, code: 'overloaded' }
    const again = { ...fields, method: 'none' }
    const failed = await fail(down, () => browser.post('/checkout/pay', again, { referer }))
    assert.equal(failed.status, 503)
    assert.match(failed.body, /<a class="button" href="\/checkout\?step=payment">/)
  })

  test('a coupon that others have used up meanwhile is told as that', async () => {
    const browser = shop.browser()
    const { body } = await reachPayment(browser)
    const fields = { ...formFields(body, '/checkout/pay'), method: 'tok_success' }
    const gone = { operation: 'placeOrder', status: 409, code: 'pricing.coupon_exhausted' }
    const shown = await fail(gone, () => browser.post('/checkout/pay', fields))
    assert.match(shown.body, /The coupon has been used up. Nothing was charged./)
  })

  test('a cart that was ordered meanwhile says so where the shopper is led', async () => {
    const browser = shop.browser()
    const { body } = await reachPayment(browser)
    const fields = { ...formFields(body, '/checkout/pay'), method: 'tok_success' }
    const other = new Map(browser.cookies)
    await browser.post('/checkout/pay', fields)
    // Another window, which has not heard of the order.
    const window = shop.browser()
    for (const [name, value] of other) window.cookies.set(name, value)
    const late = await window.post('/checkout/pay', { ...fields, key: 'another-key' })
    assert.equal(late.location, '/cart')
    assert.match((await window.get('/cart')).body, /This cart has been ordered already/)
  })

  test('products are asked for in the language of the page, wherever they stand', async () => {
    const browser = shop.browser()
    await browser.get('/?lang=ja')
    const list = await browser.get('/search?q=hp')
    const link = /class="tile-link" href="([^"?]+)/.exec(list.body)?.[1] ?? ''
    asked.length = 0
    assert.equal((await browser.get(link)).status, 200)
    const products = asked.filter((request) => /^(getProduct|search|listProducts) /.test(request))
    assert.ok(products.length >= 2)
    for (const request of products) assert.match(request, /locale=ja/)
  })

  test('the bank is told in which language to ask for the card', async () => {
    const browser = shop.browser()
    await browser.get('/?lang=ar')
    await addFirst(browser, 'coffee')
    const { body } = await reachPayment(browser)
    const fields = { ...formFields(body, '/checkout/pay'), method: 'card', token: '' }
    const { location } = await browser.post('/checkout/pay', fields)
    assert.match(location, /^http:\/\/bank\.test\/v1\/hosted-form\?.*locale=ar/)
  })
})

test('who refuses at the bank finds his cart as it was, and an order that says nothing was charged', async () => {
  let isRefused = false
  let isPaid = false
  const bank = { providerUrl: 'http://localhost:4100' }
  const shop = await startTestShop(bank, (transport) => async (request) => {
    const answer = await transport(request)
    if (!isRefused || request.operation !== 'getOrder') return answer
    const order = JSON.parse(String(answer.body))
    const at = order.createdAt
    const events = [...order.events, { type: 'cancelled', at, note: 'payment_failed' }]
    const status = isPaid ? 'completed' : 'failed'
    const payment = { status, amount: order.totals.total }
    return { ...answer, body: JSON.stringify({ ...order, payment, events }) }
  })
  const browser = shop.browser()
  const { body } = await reachPayment(browser)
  const fields = { ...formFields(body, '/checkout/pay'), method: 'tok_requires_action' }
  assert.match((await browser.post('/checkout/pay', fields)).location, /\/v1\/actions\/.*locale=en/)
  isRefused = true
  const ordered = browser.cookies.get('cart')
  assert.equal((await browser.get('/checkout/return')).location, '/checkout')
  assert.notEqual(browser.cookies.get('cart'), ordered)

  const again = await browser.get('/checkout')
  assert.match(again.body, /The payment was not confirmed, and nothing was charged/)
  assert.match(again.body, /data-pay/, 'the address and the delivery are still known')
  const [order = ''] = /\/orders\/[\w-]+/.exec((await browser.get('/orders')).body) ?? []
  const shown = await browser.get(order)
  assert.match(shown.body, /so the order is cancelled. Nothing was charged/)
  assert.match(shown.body, /Cancelled<span class="quiet"> · Payment failed</)
  assert.doesNotMatch(shown.body, /payment_failed|class="progress"|Expected/)

  const kept = browser.cookies.get('cart')
  assert.equal((await browser.get('/checkout/return')).location, '/checkout', 'a reload')
  assert.equal(browser.cookies.get('cart'), kept, 'makes no third cart')
  isPaid = true
  const soon = (await browser.get(order)).body
  assert.match(soon, /order-status"><strong>Paid</, 'paid, before the order has heard of it')
  await shop.close()
})

test('who calls the shop by the other name of his own machine comes back under that name', async () => {
  const shop = await startTestShop({ publicUrl: 'http://localhost:3000' })
  const browser = shop.browser()
  const { body } = await reachPayment(browser)
  const fields = { ...formFields(body, '/checkout/pay'), method: 'card', token: '' }
  for (const [host, back] of [
    ['127.0.0.1:3000', 'http://127.0.0.1:3000/checkout?step=payment'],
    ['127.0.0.1:9', 'http://localhost:3000/checkout?step=payment'],
    ['evil.test:3000', 'http://localhost:3000/checkout?step=payment'],
  ] as const) {
    const { location } = await browser.post('/checkout/pay', fields, {
      host,
      origin: `http://${host}`,
    })
    assert.equal(new URL(location).searchParams.get('returnUrl'), back)
  }
  await shop.close()
})

test('search engines get a picture of each product, a drawn one where there is no photograph', async () => {
  const shop = await startTestShop()
  const browser = shop.browser()
  const list = await browser.get('/search?q=hp')
  const link = /class="tile-link" href="([^"?]+)/.exec(list.body)?.[1] ?? ''
  const { body } = await browser.get(link)
  await shop.close()
  const text = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(body)?.[1] ?? '{}'
  const [product] = JSON.parse(text)['@graph']
  assert.ok(product.image.length > 0)
  for (const image of product.image) assert.match(image, /^https?:\/\//)
})
