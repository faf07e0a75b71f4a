import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { addFirst, type Browser, formFields, startTestShop, type TestShop } from './test-shop.ts'

describe('wish lists, without JavaScript', () => {
  let shop: TestShop
  before(async () => {
    shop = await startTestShop()
  })
  after(() => shop.close())

  async function wish(browser: Browser, words: string): Promise<void> {
    const { body } = await browser.get(`/search?q=${words}`)
    const from = { referer: `http://shop.test/search?q=${words}` }
    const put = await browser.post('/wishlists/wish', formFields(body, '/wishlists/wish'), from)
    assert.deepEqual([put.status, put.location], [303, `/search?q=${words}`])
  }

  test('a thing is put on a list, seen there, moved to the cart and then is on the list no more', async () => {
    const browser = shop.browser()
    assert.match((await browser.get('/wishlists')).body, /Nothing is on this list yet/)
    await wish(browser, 'lavazza')
    assert.match((await browser.get('/')).body, /Added to your wish list: Lavazza/)
    await wish(browser, 'lavazza')
    const { body } = await browser.get('/wishlists')
    assert.equal(body.match(/class="wish-item"/g)?.length, 1)
    const moving = { ...formFields(body, '/wishlists/item'), action: 'cart' }
    await browser.post('/wishlists/item', moving, { referer: 'http://shop.test/wishlists' })
    assert.match((await browser.get('/cart')).body, /cart-line.*Lavazza/s)
    assert.match((await browser.get('/wishlists')).body, /Nothing is on this list yet/)
  })

  test('the island is answered in JSON, and a product that is none is refused', async () => {
    const browser = shop.browser()
    const { body } = await browser.get('/search?q=lavazza')
    const fields = formFields(body, '/wishlists/wish')
    const json = { accept: 'application/json' }
    const put = await browser.post('/wishlists/wish', fields, json)
    assert.deepEqual([put.status, JSON.parse(put.body).link.href], [200, '/wishlists'])
    const off = await browser.post('/wishlists/wish', { ...fields, off: '1' }, json)
    assert.match(JSON.parse(off.body).text, /Removed from your wish list: Lavazza/)
    const wrong = await browser.post('/wishlists/wish', { variantId: 'nothing' }, json)
    assert.deepEqual([wrong.status, JSON.parse(wrong.body).ok], [422, false])
  })

  test('a list is named, shared with whoever has the link, and shared no more', async () => {
    const browser = shop.browser()
    const made = await browser.post('/wishlists/new', { name: 'Garden' })
    assert.match(made.location, /^\/wishlists\?list=wsl_/)
    await wish(browser, 'lavazza')
    const change = async (action: string) => {
      const { body } = await browser.get(made.location)
      const list = /name="list" value="(wsl_\w+)"/.exec(body)?.[1] ?? ''
      await browser.post('/wishlists/change', { list, action, name: 'Balcony' })
      return (await browser.get(made.location)).body
    }
    assert.match(await change('rename'), /<h1>Wish lists.*Balcony/s)
    const link = /http:\/\/shop\.test(\/wishlists\/shared\/\w+)/.exec(await change('share'))?.[1]
    assert.ok(link)
    const other = shop.browser()
    const shared = await other.get(link)
    assert.match(shared.body, /<h1><bdi>Balcony.*Lavazza/s)
    assert.doesNotMatch(shared.body, /wsl_/)
    await change('unshare')
    assert.equal((await other.get(link)).status, 404)
    await change('delete')
    assert.doesNotMatch((await browser.get('/wishlists')).body, /Balcony/)
  })

  test('what is in the cart is put aside and comes back', async () => {
    const browser = shop.browser()
    await addFirst(browser, 'lavazza')
    const { body } = await browser.get('/cart')
    await browser.post('/cart/later', formFields(body, '/cart/line'))
    const aside = await browser.get('/cart')
    assert.match(aside.body, /Your cart is empty.*Saved for later.*Lavazza/s)
    const back = { ...formFields(aside.body, '/wishlists/item'), action: 'cart' }
    await browser.post('/wishlists/item', back, { referer: 'http://shop.test/cart' })
    const again = await browser.get('/cart')
    assert.match(again.body, /class="cart-line"/)
    assert.doesNotMatch(again.body, /<h2 id="later"/)
  })
})

describe('a product’s page for one visitor', () => {
  test('days for a postal code are remembered, and what is none is refused', async () => {
    const shop = await startTestShop()
    const browser = shop.browser()
    const { body } = await browser.get('/search?q=lavazza')
    const product = (/class="tile-link"\s+href="([^"?]+)/.exec(body)?.[1] ?? '') as string
    const page = await browser.get(product)
    assert.match(page.body, /Arrives .* in United States/)
    const form = formFields(page.body, '/delivery-place')
    const said = await browser.post('/delivery-place', { ...form, postalCode: '73301' })
    assert.equal(said.location, product)
    assert.match((await browser.get(product)).body, /Arrives .* in 73301/)
    await browser.post('/delivery-place', { ...form, postalCode: '1' })
    const after = await browser.get(product)
    assert.match(after.body, /1 is not a postal code in United States\./)
    assert.match(after.body, /in 73301/)
    await shop.close()
  })

  test('the days are those of the offer that the page sells, of a kept page too', async () => {
    const asked: string[] = []
    const shop = await startTestShop({}, (transport) => (request) => {
      if (request.operation === 'promiseDelivery') asked.push(String(request.query['offerId']))
      return transport(request)
    })
    const browser = shop.browser()
    const { body } = await browser.get('/search?q=lavazza')
    const product = /class="tile-link"\s+href="([^"?]+)/.exec(body)?.[1] ?? ''
    const { offerId = '' } = formFields((await browser.get(product)).body, '/cart/add')
    assert.ok(offerId)
    const form = formFields((await browser.get(product)).body, '/delivery-place')
    await browser.post('/delivery-place', { ...form, postalCode: '73301' })
    asked.length = 0
    await browser.get(product)
    assert.deepEqual(asked, [offerId])
    await shop.close()
  })

  test('what was viewed before stands beneath, but not the product itself', async () => {
    const shop = await startTestShop()
    const browser = shop.browser()
    const linkOf = async (words: string) =>
      /class="tile-link"\s+href="([^"?]+)/.exec(
        (await browser.get(`/search?q=${words}`)).body,
      )?.[1] ?? ''
    const [first, second] = [await linkOf('lavazza'), await linkOf('laptop')]
    assert.doesNotMatch((await browser.get(first)).body, /Recently viewed/)
    const { body } = await browser.get(second)
    const shelf = /Recently viewed([\s\S]*?)<\/section>/.exec(body)?.[1] ?? ''
    assert.ok(shelf.includes(first))
    assert.ok(!shelf.includes(second))
    await shop.close()
  })
})

test('the cart in short brings along all that it refers to, and says when it is empty', async () => {
  const shop = await startTestShop()
  const browser = shop.browser()
  assert.match((await browser.get('/cart/drawer')).body, /Your cart is empty/)
  await addFirst(browser, 'lavazza')
  const { body, headers } = await browser.get('/cart/drawer')
  assert.match(body, /Lavazza.*Subtotal.*Check out/s)
  assert.match(String(headers['cache-control']), /no-store/)
  for (const [, name] of body.matchAll(/<use href="#([\w-]+)"/g))
    assert.ok(body.includes(`<symbol id="${name}"`), name)
  await shop.close()
})
