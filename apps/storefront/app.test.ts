import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import sharp from 'sharp'
import { startTestShop, type TestShop } from './test-shop.ts'
import { asSeen, changesCart, forgetsAfter, isSettled, keptAs, mayKeep } from './workers/rules.ts'

describe('the shop as an app', () => {
  let shop: TestShop
  before(async () => {
    shop = await startTestShop()
  })
  after(() => shop.close())

  test('its manifest names pictures that are there, in their size', async () => {
    const { body } = await shop.browser().get('/manifest.webmanifest?lang=ar')
    const manifest = JSON.parse(body)
    assert.equal(manifest.dir, 'rtl')
    assert.equal(manifest.share_target.action, '/share')
    const purposes = new Set<string>()
    for (const { src, sizes, purpose, type } of manifest.icons) {
      purposes.add(purpose)
      const reply = await shop.app.inject({ url: src })
      assert.equal(reply.statusCode, 200)
      assert.equal(reply.headers['content-type'], type)
      if (type !== 'image/png') continue
      const { width, height } = await sharp(reply.rawPayload).metadata()
      assert.equal(`${width}x${height}`, sizes)
    }
    assert.deepEqual([...purposes].sort(), ['any', 'maskable'])
    const unknown = await shop.browser().get('/manifest.webmanifest?lang=xx')
    assert.equal(JSON.parse(unknown.body).lang, 'en')
    assert.equal((await shop.browser().get('/icons/constructor.png')).status, 404)
  })

  test('what another app shares is opened if it is of this shop, and searched for if it is words', async () => {
    const shared = async (fields: Record<string, string>) =>
      (await shop.browser().get(`/share?${new URLSearchParams(fields)}`)).location
    assert.equal(
      await shared({ text: 'See http://shop.test/p/thing-4?variant=a' }),
      '/p/thing-4?variant=a',
    )
    assert.equal(
      await shared({ title: 'Coffee  mill', url: 'https://elsewhere.test/x' }),
      '/search?q=Coffee+mill',
    )
    assert.equal(await shared({ url: 'https://elsewhere.test/x' }), '/')
    assert.equal(await shared({}), '/')
    assert.equal(await shared({ text: 'http://shop.test//elsewhere.test' }), '/')
  })

  test('its worker is made for the files of this shop and may not be kept', async () => {
    const { body, headers } = await shop.browser().get('/service-worker.js')
    assert.equal(headers['cache-control'], 'no-cache')
    const facts = JSON.parse(/^self\.SHOP=(\{.*?\});/.exec(body)?.[1] ?? '')
    for (const file of facts.files) assert.equal((await shop.browser().get(file)).status, 200)
    const page = await shop.browser().get(facts.offline, { 'accept-language': 'es' })
    assert.equal(page.headers['content-language'], 'es')
    assert.match(page.body, /Sin conexión/)
  })

  test('one change of the cart that is sent twice under its key is carried out once', async () => {
    const browser = shop.browser()
    const results = await browser.get('/search?q=coffee&inStock=true')
    const variantId = /name="variantId" value="([^"]+)"/.exec(results.body)?.[1] ?? ''
    const key = { 'idempotency-key': '0123456789abcdef' }
    await browser.post('/cart/add', { variantId }, key)
    await browser.post('/cart/add', { variantId }, key)
    assert.match((await browser.get('/cart')).body, /name="quantity"[^>]* value="1"/)
  })
})

test('the worker keeps what shows goods, and nothing of accounts, orders or the checkout', () => {
  for (const path of ['/', '/c/a/b', '/p/x', '/search', '/cart', '/about'])
    assert.ok(mayKeep(path), path)
  const never = [
    '/account',
    '/orders',
    '/orders/ord_1',
    '/checkout',
    '/sign-in',
    '/api/v1/carts',
    '/c/',
  ]
  for (const path of never) assert.ok(!mayKeep(path), path)
  assert.ok(forgetsAfter('/sign-out') && forgetsAfter('/preferences'))
  assert.ok(!forgetsAfter('/cart/add') && changesCart('/cart/add') && !changesCart('/cart/coupon'))
})

test('a kept page names nobody and says when it was seen', () => {
  const page = '<html lang="en"><!--own--><a>Ada</a><!--/own--><p>Goods</p><!--own-->Ada<!--/own-->'
  const seen = asSeen(page, '2026-05-12T10:00:00Z')
  assert.equal(seen, '<html data-seen-at="2026-05-12T10:00:00Z" lang="en"><p>Goods</p>')
  assert.equal(keptAs('https://shop.test/search?q=tea&q_id=7&lang=de'), '/search?q=tea')
})

test('a change stays in the queue as long as the shop cannot take it', () => {
  // 0 is a redirect that the worker does not follow: the form was taken.
  for (const status of [0, 200, 403, 422]) assert.ok(isSettled(status), String(status))
  for (const status of [408, 429, 500, 503]) assert.ok(!isSettled(status), String(status))
})
