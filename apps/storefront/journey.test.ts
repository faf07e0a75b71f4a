import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  ADDRESS,
  addFirst,
  formFields,
  reachPayment,
  startTestShop,
  type TestShop,
} from './test-shop.ts'

describe('without JavaScript', () => {
  let shop: TestShop
  before(async () => {
    shop = await startTestShop()
  })
  after(() => shop.close())

  test('from search to a tracked order', async () => {
    const browser = shop.browser()
    const results = await browser.get('/search?q=lavazza')
    const link = /class="tile-link"\s+href="([^"]+)"/.exec(results.body)?.[1] ?? ''
    const product = await browser.get(link)
    assert.equal(product.status, 200)
    const added = await browser.post('/cart/add', {
      ...formFields(product.body, '/cart/add'),
      quantity: '2',
    })
    assert.equal(added.status, 303)
    assert.equal(added.location, '/cart')
    const cart = await browser.get('/cart')
    assert.match(cart.body, /Added to your cart: Lavazza/)
    assert.match(cart.body, /name="quantity"[^>]*value="2"/s)

    assert.match((await browser.get('/checkout')).body, /name="email"/)
    assert.equal((await browser.post('/checkout/address', ADDRESS)).location, '/checkout')
    const shipping = await browser.get('/checkout')
    assert.match(shipping.body, /name="shippingOptionId"/)
    await browser.post('/checkout/shipping', formFields(shipping.body, '/checkout/shipping'))
    const payment = await browser.get('/checkout')
    assert.match(payment.body, /Pay \$/)
    const placed = await browser.post('/checkout/pay', {
      ...formFields(payment.body, '/checkout/pay'),
      method: 'tok_success',
    })
    assert.equal(placed.status, 303)
    assert.match(placed.location, /^\/orders\/ord_\w+\?placed=1$/)
    const order = await browser.get(placed.location)
    assert.match(order.body, /Thank you\. Your order is placed\./)
    assert.match(order.body, /Handed to the carrier/)
    assert.match((await browser.get('/orders')).body, /Order S-/)
    assert.equal(browser.cookies.has('cart'), false)
    assert.equal(browser.cookies.has('checkout'), false, 'the address is forgotten')
  })

  test('sending the payment twice is one order', async () => {
    const browser = shop.browser()
    const payment = await reachPayment(browser)
    const fields = { ...formFields(payment.body, '/checkout/pay'), method: 'tok_success' }
    const cookies = new Map(browser.cookies)
    const first = await browser.post('/checkout/pay', fields)
    for (const [name, value] of cookies) browser.cookies.set(name, value)
    const second = await browser.post('/checkout/pay', fields)
    assert.equal(second.location, first.location)
  })

  test('a declined payment says so, keeps everything, and asks again under another key', async () => {
    const browser = shop.browser()
    const payment = await reachPayment(browser)
    const fields = formFields(payment.body, '/checkout/pay')
    const declined = await browser.post('/checkout/pay', { ...fields, method: 'tok_declined' })
    assert.equal(declined.status, 402)
    assert.match(declined.body, /Nothing was charged/)
    const again = formFields(declined.body, '/checkout/pay')
    assert.notEqual(again['key'], fields['key'])
    const placed = await browser.post('/checkout/pay', { ...again, method: 'tok_success' })
    assert.match(placed.location, /^\/orders\//)
  })

  test('a bank that asks gets the shopper, who comes back to the order', async () => {
    const browser = shop.browser()
    const payment = await reachPayment(browser)
    const fields = { ...formFields(payment.body, '/checkout/pay'), method: 'tok_requires_action' }
    const asked = await browser.post('/checkout/pay', fields)
    // The made-up order names localhost:4100, which is not this shop's provider: it is not followed.
    assert.match(asked.location, /^\/orders\//)
    assert.match((await browser.get('/checkout/return')).location, /^\/orders\/ord_/)
  })

  test('a changed total is shown and asked about, and nothing is ordered', async () => {
    const browser = shop.browser()
    const payment = await reachPayment(browser)
    const fields = { ...formFields(payment.body, '/checkout/pay'), method: 'tok_success' }
    await addFirst(browser, 'hp')
    const refused = await browser.post('/checkout/pay', fields)
    assert.equal(refused.status, 409)
    assert.match(refused.body, /The total has changed from \$\d+\.\d\d to \$[\d,]+\.\d\d/)
    assert.equal(browser.cookies.has('orders'), false)
  })

  test('without a token the card is asked for on the provider’s page, which comes back with one', async () => {
    const browser = shop.browser()
    const payment = await reachPayment(browser)
    const asked = await browser.post('/checkout/pay', formFields(payment.body, '/checkout/pay'))
    assert.equal(asked.status, 303)
    const target = new URL(asked.location)
    assert.equal(target.origin, 'http://bank.test')
    assert.equal(target.searchParams.get('returnUrl'), 'http://shop.test/checkout?step=payment')
    const back = await browser.get('/checkout?step=payment&payment_token=tok_card_1')
    assert.match(back.body, /Card entered/)
    assert.equal(formFields(back.body, '/checkout/pay')['token'], 'tok_card_1')
  })

  test('wrong fields are named beside them and in a summary, and what was typed stays', async () => {
    const browser = shop.browser()
    await addFirst(browser, 'coffee')
    const wrong = await browser.post('/checkout/address', { ...ADDRESS, email: 'anna', city: '' })
    assert.equal(wrong.status, 422)
    assert.match(wrong.body, /2 things need your attention/)
    assert.match(wrong.body, /href="#email"/)
    assert.match(wrong.body, /id="city-error"/)
    assert.match(wrong.body, /value="5 Main Street"/)
    assert.match(
      (await browser.get('/checkout')).body,
      /value="5 Main Street"/,
      'also after a reload',
    )
  })

  test('what only the country’s rules can tell is shown at its field too', async () => {
    const browser = shop.browser()
    await addFirst(browser, 'coffee')
    await browser.post('/checkout/address', { ...ADDRESS, postalCode: 'nowhere' })
    const page = await browser.get('/checkout')
    assert.equal(page.status, 422)
    assert.match(page.body, /id="postalCode-error"/)
  })

  test('an order can be cancelled from its page', async () => {
    const browser = shop.browser()
    const payment = await reachPayment(browser)
    const fields = { ...formFields(payment.body, '/checkout/pay'), method: 'tok_success' }
    const { location } = await browser.post('/checkout/pay', fields)
    const path = location.split('?')[0] ?? ''
    const page = await browser.get(path)
    await browser.post(`${path}/cancel`, formFields(page.body, `${path}/cancel`))
    assert.match((await browser.get(path)).body, /The order is cancelled\./)
  })
})
