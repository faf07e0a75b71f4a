import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { TransportRequest } from '@stoa/client'
import { addFirst, formFields, reachPayment, startTestShop } from './test-shop.ts'

const asked: TransportRequest[] = []
let redirect: string | undefined
const shop = await startTestShop(
  // No page is kept: each step asks the API.
  { newId: () => `made-up-${asked.length}-number`, pageCacheSize: 0 },
  (transport) => async (request) => {
    asked.push(request)
    const reply = await transport(request)
    if (request.operation !== 'search' || !redirect) return reply
    return { ...reply, body: JSON.stringify({ ...JSON.parse(String(reply.body)), redirect }) }
  },
)
after(() => shop.close())

const QUERY_ID = 'qry_01jd00000000000000000000fk'

/** The calls of this operation that a step makes. */
async function callsOf(operation: string, step: () => Promise<unknown>) {
  const from = asked.length
  await step()
  await new Promise((resolve) => setImmediate(resolve))
  return asked.slice(from).filter((request) => request.operation === operation)
}

const eventsOf = async (step: () => Promise<unknown>) =>
  (await callsOf('recordSearchEvents', step)).flatMap(({ body }) => JSON.parse(body ?? '').events)

describe('following', () => {
  test('a browser keeps one number, which goes along with searches and looks at products', async () => {
    const browser = shop.browser()
    const [first] = await callsOf('search', () => browser.get('/search?q=coffee'))
    const number = browser.cookies.get('visitor')
    assert.match(number ?? '', /^made-up-/)
    assert.equal(first?.headers['x-visitor-id'], number)
    const { body } = await browser.get('/search?q=coffee', { 'user-agent': 'Firefox' })
    const link = /class="tile-link" href="([^"]+)"/.exec(body)?.[1] ?? ''
    const [look] = await callsOf('getProduct', () => browser.get(link, { 'user-agent': 'Firefox' }))
    assert.equal(look?.headers['x-visitor-id'], number)
    assert.equal(look?.headers['user-agent'], 'Firefox')
    assert.equal(browser.cookies.get('visitor'), number)
  })

  for (const name of ['sec-gpc', 'dnt']) {
    test(`who sends ${name} gets no number, and one that he had is not used`, async () => {
      const browser = shop.browser()
      await browser.get('/', { [name]: '1' })
      assert.equal(browser.cookies.has('visitor'), false)
      browser.cookies.set('visitor', 'an-older-number')
      const [search] = await callsOf('search', () =>
        browser.get('/search?q=coffee', { [name]: '1' }),
      )
      assert.equal(search?.headers['x-visitor-id'], undefined)
      assert.equal(search?.headers[name], '1')
    })
  }

  test('a result that is opened is told with its place, without a detour and without a script', async () => {
    const browser = shop.browser()
    const { body } = await browser.get('/search?q=hp')
    const links = [...body.matchAll(/class="tile-link" href="([^"]+)"/g)].map((match) => match[1])
    assert.match(links[1] ?? '', new RegExp(`^/p/[^?]+\\?q_id=${QUERY_ID}\\.2$`))
    const events = await eventsOf(async () => {
      const page = await browser.get(links[1] ?? '')
      assert.equal(page.status, 200)
      assert.match(page.body, /<link rel="canonical" href="http:\/\/shop\.test\/p\/[^"?]+">/)
    })
    assert.deepEqual(
      events.map(({ kind, queryId, position }) => [kind, queryId, position]),
      [['click', QUERY_ID, 2]],
    )
    assert.deepEqual(await eventsOf(() => browser.get((links[1] ?? '').replace(/\?.*/, ''))), [])
    const forged = (links[1] ?? '').replace(/q_id=.*/, 'q_id=qry_x.1')
    assert.deepEqual(await eventsOf(() => browser.get(forged)), [])
  })

  test('further pages belong to the first one’s search; categories’ links stay plain', async () => {
    const browser = shop.browser()
    const { body } = await browser.get('/search?q=a')
    const next = /rel="next" href="([^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&') ?? ''
    assert.match(next, new RegExp(`page=2&q_id=${QUERY_ID}$`))
    const [search] = await callsOf('search', () => browser.get(next))
    assert.equal(search?.query['queryId'], QUERY_ID)
    const category = await browser.get('/c/electronics')
    assert.doesNotMatch(category.body, /q_id=/)
  })

  test('what is put into the cart and ordered is told', async () => {
    const browser = shop.browser()
    const added = await eventsOf(() => addFirst(browser, 'coffee'))
    assert.deepEqual(
      added.map(({ kind, queryId }) => [kind, queryId]),
      [
        ['click', QUERY_ID],
        ['cart', QUERY_ID],
      ],
    )
    const page = await reachPayment(browser)
    const fields = formFields(page.body, '/checkout/pay')
    const ordered = await eventsOf(async () => {
      const paid = await browser.post('/checkout/pay', { ...fields, method: 'tok_success' })
      assert.match(paid.location, /^\/orders\/ord_/)
    })
    assert.deepEqual(
      ordered.map(({ kind }) => kind),
      ['order'],
    )
  })

  test('a shop without its search log serves all pages the same', async () => {
    const deaf = await startTestShop({}, (transport) => (request) => {
      if (request.operation === 'recordSearchEvents') throw new Error('gone')
      return transport(request)
    })
    const browser = deaf.browser()
    const { body } = await browser.get('/search?q=hp')
    const link = /class="tile-link" href="([^"]+)"/.exec(body)?.[1] ?? ''
    assert.equal((await browser.get(link)).status, 200)
    await deaf.close()
  })

  test('a search that the shop leads elsewhere goes there, but never off the shop', async () => {
    redirect = '/c/electronics'
    const browser = shop.browser()
    const led = await browser.get('/search?q=hp')
    assert.deepEqual([led.status, led.location], [302, '/c/electronics'])
    for (const own of ['/search?q=hp&brand=HP', '/search?q=hp&page=2']) {
      assert.equal((await browser.get(own)).status, 200, own)
    }
    for (const foreign of ['//evil.test', 'https://evil.test', '/\\evil.test']) {
      redirect = foreign
      assert.equal((await browser.get('/search?q=hp')).location, '/', foreign)
    }
    redirect = undefined
  })
})

describe('for search engines', () => {
  const get = (path: string) => shop.browser().get(path)

  test('the index names a sitemap of pages and the parts with all products', async () => {
    const index = await get('/sitemap.xml')
    assert.match(String(index.headers['content-type']), /^application\/xml/)
    assert.deepEqual(
      [...index.body.matchAll(/<loc>([^<]+)<\/loc>/g)].map((match) => match[1]),
      ['http://shop.test/sitemaps/pages.xml', 'http://shop.test/sitemaps/products-1.xml'],
    )
    assert.match(index.body, /<lastmod>2026-04-13T/)
    const pages = await get('/sitemaps/pages.xml')
    assert.match(pages.body, /<loc>http:\/\/shop\.test\/c\/electronics<\/loc>/)
    const part = await get('/sitemaps/products-1.xml')
    const places = [...part.body.matchAll(/<loc>http:\/\/shop\.test(\/p\/[^<]+)<\/loc>/g)]
    assert.ok(places.length > 10)
    assert.match(part.body, /<\/urlset>\n$/)
    assert.equal((await get(places.at(-1)?.[1] ?? '')).status, 200)
    assert.match((await get('/robots.txt')).body, /Sitemap: http:\/\/shop\.test\/sitemap\.xml/)
  })

  test('a part that is none is not found; one that breaks off is no whole reply', async () => {
    assert.equal((await get('/sitemaps/products-9.xml')).status, 404)
    assert.equal((await get('/sitemaps/products-x.xml')).status, 404)
    const broken = await startTestShop(
      {},
      (transport) => async (request) =>
        request.query['cursor'] ? { status: 500, headers: {}, body: '{}' } : transport(request),
    )
    await assert.rejects(broken.browser().get('/sitemaps/products-1.xml'))
    await broken.close()
  })

  test('a category is listed once: not with filters or in another order; searches are not listed', async () => {
    const isListed = async (path: string) => /rel="canonical"/.test((await get(path)).body)
    assert.equal(await isListed('/c/electronics'), true)
    assert.equal(await isListed('/c/electronics?brand=HP'), false)
    assert.equal(await isListed('/c/electronics?sort=price'), false)
    assert.equal(await isListed('/search?q=hp'), false)
    assert.match((await get('/search?q=hp')).body, /<meta name="robots" content="noindex">/)
  })
})
