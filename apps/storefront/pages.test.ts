import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { addFirst, formFields, startTestShop, type TestShop } from './test-shop.ts'

const PAGES = [
  '/',
  '/departments',
  '/search',
  '/search?q=laptop',
  '/c/electronics',
  '/c/electronics/print/toner',
  '/cart',
  '/orders',
  '/about',
  '/privacy',
  '/shipping',
  '/preferences',
]

describe('pages', () => {
  let shop: TestShop
  before(async () => {
    shop = await startTestShop()
  })
  after(() => shop.close())

  for (const path of PAGES) {
    test(`${path} is whole, has one heading of the first rank, and loads nothing from elsewhere`, async () => {
      const { status, body, headers } = await shop.browser().get(path)
      assert.equal(status, 200)
      assert.equal(body.match(/<h1[ >]/g)?.length, 1)
      assert.match(
        String(headers['content-security-policy']),
        /default-src 'none'; script-src 'self'/,
      )
      assert.doesNotMatch(body, /<script(?![^>]*(src="\/assets\/|type="application\/ld\+json"))/)
      assert.doesNotMatch(body, / (style|on\w+)="/)
      assert.doesNotMatch(body, /undefined|\[object|NaN/)
      const ids = [...body.matchAll(/ id="([^"]+)"/g)].map((match) => match[1])
      assert.equal(new Set(ids).size, ids.length, 'no id twice')
    })
    test(`${path} is all in German for those who read German`, async () => {
      const { body } = await shop.browser().get(path, { 'accept-language': 'de-DE,de;q=0.9' })
      assert.match(body, /<html lang="de"/)
      assert.match(body, /Warenkorb/)
    })
  }

  test('text of others stays text', async () => {
    const results = await shop.browser().get('/search?q=paper')
    assert.match(results.body, /&lt;script&gt;alert\(1\)&lt;\/script&gt; &quot;paper&quot;/)
    const link = /class="tile-link"\s+href="([^"]+)"/.exec(results.body)?.[1] ?? ''
    const { body } = await shop.browser().get(link)
    assert.doesNotMatch(body, /<script>alert|<b>pens/)
    const data = /<script type="application\/ld\+json">([\s\S]*?)<\/script>/.exec(body)?.[1] ?? ''
    assert.equal(
      JSON.parse(data)['@graph'][0].name,
      '<script>alert(1)</script> "paper" & <b>pens</b>',
    )
    const words = await shop
      .browser()
      .get(`/search?q=${encodeURIComponent('"><img src=x onerror=alert(1)>')}`)
    assert.doesNotMatch(words.body, /<img/)
  })

  test('an old address of a product leads to the one that counts', async () => {
    const { status, location } = await shop.browser().get('/p/hp-cyan-cartridge-4?variant=fake-4-0')
    assert.equal(status, 301)
    assert.equal(location, '/p/hp-80-original-cyan-ink-cartridge-175-ml-4?variant=fake-4-0')
  })

  test('filters are links that keep the others, and prices go to the API in minor units', async () => {
    const asked: string[] = []
    const watched = await startTestShop({}, (transport) => (request) => {
      if (request.operation === 'search') asked.push(request.url)
      return transport(request)
    })
    const { body } = await watched
      .browser()
      .get('/search?q=hp&brand=HP&from=20&to=1.299,50&sort=price')
    await watched.close()
    assert.match(asked[0] ?? '', /minPrice=2000/)
    assert.match(asked[0] ?? '', /maxPrice=129950/)
    assert.match(
      body,
      /href="\?q=hp&amp;from=20&amp;to=1299.50&amp;sort=price"[^>]*aria-current="true"/,
    )
    assert.match(body, /Remove filter: HP/)
  })

  test('a corrected and a relaxed query are told', async () => {
    assert.match(
      (await shop.browser().get('/search?q=laptpo')).body,
      /Showing results for\s+<a[^>]*><strong>laptop/,
    )
    assert.match((await shop.browser().get('/search?q=coffee+xyzzy')).body, /Left out: xyzzy/)
  })

  test('a price cut shows the price before and never more per cent than it is', async () => {
    const { body } = await shop.browser().get('/search?q=acer')
    assert.match(body, /<s>\$549\.95<\/s> <span class="tag-off">−12%/)
  })

  test('a page that is not there helps to go on; an API address is left to the API', async () => {
    const missing = await shop.browser().get('/nowhere')
    assert.equal(missing.status, 404)
    assert.match(missing.body, /This page is not here/)
    assert.match((await shop.browser().get('/api/v1/nothing')).body, /Route GET/)
    assert.equal((await shop.browser().get('/orders/ord_nothing1234')).status, 404)
  })

  test('an API that fails gives a page with a number to name, not a blank', async () => {
    const broken = await startTestShop(
      {},
      (transport) => async (request) =>
        request.operation === 'search'
          ? {
              status: 500,
              headers: {},
              body: '{"code":"internal","status":500,"title":"x","requestId":"req-77"}',
            }
          : transport(request),
    )
    const { status, body } = await broken.browser().get('/search?q=a')
    await broken.close()
    assert.equal(status, 500)
    assert.match(body, /req-77/)
  })

  test('country, currency and language are remembered, and the cart moves along', async () => {
    const browser = shop.browser()
    await addFirst(browser, 'coffee')
    const moved = await browser.post('/preferences', {
      country: 'DE',
      currency: 'USD',
      language: 'de',
      back: '//evil.test',
    })
    assert.equal(moved.location, '/')
    const { body } = await browser.get('/cart')
    assert.match(body, /<html lang="de"/)
    assert.match(body, /4<span class="point">,<\/span><span class="minor">72<\/span>/)
    assert.equal(browser.cookies.get('market'), 'DE.EUR.de')
  })

  test('bundled files are hashed, kept for ever, compressed, and small', async () => {
    const { body } = await shop.browser().get('/search?q=laptop')
    const scripts = [...body.matchAll(/src="(\/assets\/[^"]+\.js)"/g)].map(
      (match) => match[1] ?? '',
    )
    assert.equal(scripts.length, 1)
    let bytes = 0
    for (const path of scripts) {
      const { headers } = await shop.browser().get(path, { 'accept-encoding': 'br' })
      assert.match(String(headers['cache-control']), /immutable/)
      assert.equal(headers['content-encoding'], 'br')
      bytes += Number(headers['content-length'])
    }
    assert.ok(bytes < 15_000, `${bytes} bytes of JavaScript`)
  })
})

describe('forms of other sites', () => {
  let shop: TestShop
  before(async () => {
    shop = await startTestShop()
  })
  after(() => shop.close())

  const refused: readonly (readonly [string, Record<string, string>])[] = [
    ['another origin', { origin: 'http://evil.test' }],
    ['no page at all', { origin: 'null' }],
    ['another site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling of the site', { 'sec-fetch-site': 'same-site' }],
  ]
  for (const [who, headers] of refused) {
    test(`a form from ${who} is refused and changes nothing`, async () => {
      const browser = shop.browser()
      await addFirst(browser, 'coffee')
      const line = formFields((await browser.get('/cart')).body, '/cart/line')
      const { status } = await browser.post('/cart/line', { ...line, remove: '1' }, headers)
      assert.equal(status, 403)
      assert.match((await browser.get('/cart')).body, /Lavazza/)
    })
  }

  test('cookies are out of reach of scripts and of other sites’ forms', async () => {
    const secure = await startTestShop({ secureCookies: true })
    const browser = secure.browser()
    const { headers } = await addFirst(browser, 'coffee')
    await secure.close()
    for (const cookie of [headers['set-cookie']].flat()) {
      assert.match(String(cookie), /HttpOnly; Secure; SameSite=Lax/)
    }
  })
})
