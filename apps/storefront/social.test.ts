import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import sharp from 'sharp'
import { startTestShop, type TestShop } from './test-shop.ts'

describe('where a page is shared', () => {
  let shop: TestShop
  before(async () => {
    shop = await startTestShop()
  })
  after(() => shop.close())

  const productPage = async (headers = {}) => {
    const browser = shop.browser()
    const results = await browser.get('/search?q=coffee', headers)
    const path = /class="tile-link"\s+href="([^"?]+)/.exec(results.body)?.[1] ?? ''
    return { path, ...(await browser.get(path, headers)) }
  }
  const pictureOf = (body: string) =>
    /property="og:image" content="http:\/\/shop\.test([^"]+)"/.exec(body)?.[1] ?? ''

  test('products and categories have a picture of their own, which may be kept for ever', async () => {
    const { body } = await productPage()
    const category = await shop.browser().get('/c/electronics')
    for (const path of [pictureOf(body), pictureOf(category.body)]) {
      const { statusCode, headers, rawPayload } = await shop.app.inject({ url: path })
      assert.equal(statusCode, 200, path)
      assert.match(String(headers['cache-control']), /immutable/)
      const { width, height, format } = await sharp(rawPayload).metadata()
      assert.deepEqual({ width, height, format }, { width: 1200, height: 630, format: 'jpeg' })
      assert.ok(rawPayload.length < 150_000)
    }
    assert.match(body, /og:type" content="product"/)
  })

  test('another language, another picture; an old address leads to the present one', async () => {
    const english = await productPage()
    const arabic = await productPage({ 'accept-language': 'ar' })
    assert.notEqual(pictureOf(english.body), pictureOf(arabic.body))
    const old = pictureOf(english.body).replace(/-[\w-]{16}\.jpg$/, `-${'x'.repeat(16)}.jpg`)
    const { status, location } = await shop.browser().get(old)
    assert.equal(status, 302)
    assert.equal(location, pictureOf(english.body))
  })

  test('what is no page, no market or no language has no picture', async () => {
    const tag = 'x'.repeat(16)
    for (const path of [
      `/og/p/nothing/en-US-USD-${tag}.jpg`,
      `/og/c/electronics/xx-US-USD-${tag}.jpg`,
      `/og/c/electronics/en-ZZ-USD-${tag}.jpg`,
      '/og/p/x.jpg',
    ])
      assert.equal((await shop.browser().get(path)).status, 404, path)
  })

  test('structured data has what shopping engines ask for', async () => {
    const { path, body } = await productPage()
    const text = /<script type="application\/ld\+json">([\s\S]*?)<\/script>/.exec(body)?.[1] ?? ''
    const [product, trail] = JSON.parse(text)['@graph']
    assert.equal(product['@type'], 'Product')
    assert.ok(product.name && product.url.endsWith(path) && product.image.length > 0)
    for (const offer of product.offers) {
      assert.match(offer.price, /^\d+(\.\d+)?$/)
      assert.match(offer.priceCurrency, /^[A-Z]{3}$/)
      assert.match(
        offer.availability,
        /^https:\/\/schema\.org\/(InStock|OutOfStock|BackOrder|PreOrder)$/,
      )
    }
    assert.equal(trail['@type'], 'BreadcrumbList')
    const names = trail.itemListElement.map(({ position }: { position: number }) => position)
    assert.deepEqual(
      names,
      names.map((_: number, place: number) => place + 1),
    )
    assert.match(body, new RegExp(`rel="canonical" href="http://shop\\.test${path}"`))
  })

  test('sitemaps name each page in every language', async () => {
    for (const path of ['/sitemaps/pages.xml', '/sitemaps/products-1.xml']) {
      const { body } = await shop.browser().get(path)
      const entries = body.split('<url>').slice(1)
      for (const entry of entries) {
        const languages = [...entry.matchAll(/hreflang="([^"]+)"/g)].map((match) => match[1])
        assert.deepEqual(languages, ['x-default', 'en', 'de', 'es', 'ja', 'ar'])
      }
      assert.match(body, /xmlns:xhtml="http:\/\/www\.w3\.org\/1999\/xhtml"/)
      assert.match(body, /href="http:\/\/shop\.test\/[^"]*\?lang=ar"/)
    }
  })
})
