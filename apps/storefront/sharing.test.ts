import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import type { Changes } from './lib/page-cache.ts'
import { addFirst, startTestShop } from './test-shop.ts'

/** A shop whose API counts what it is asked for, and that can be told of changes. */
async function watchedShop() {
  const asked: string[] = []
  let tell: Parameters<Changes>[0] = () => {}
  const shop = await startTestShop(
    {
      changes(listener) {
        tell = listener
      },
    },
    (transport) => (request) => {
      asked.push(request.operation)
      return transport(request)
    },
  )
  return { shop, asked, tell: (ids: readonly string[]) => tell(ids) }
}

const PRODUCT = '/p/hp-80-original-cyan-ink-cartridge-175-ml-4'

describe('pages that visitors share', () => {
  test('are made once, and hold nothing of the visitor who came first', async () => {
    const { shop, asked } = await watchedShop()
    const first = shop.browser()
    await addFirst(first, 'coffee')
    await first.get(PRODUCT)
    const home = await first.get('/')
    assert.match(home.body, /data-cart-count>1</)
    assert.match(home.body, /hp-80-original-cyan/)
    asked.length = 0
    const other = await shop.browser().get('/')
    assert.deepEqual(asked, [])
    assert.match(other.body, /data-cart-count hidden>0</)
    assert.doesNotMatch(other.body, /hp-80-original-cyan|<!--own/)
    await shop.close()
  })

  test('differ by language, currency and address, not by where a link was followed', async () => {
    const { shop, asked } = await watchedShop()
    const browser = shop.browser()
    await browser.get(PRODUCT)
    asked.length = 0
    await browser.get(`${PRODUCT}?q_id=qry_01jd00000000000000000000fk.3`)
    // A look is counted all the same, and what came of the search is told.
    assert.deepEqual(asked.toSorted(), ['getProduct', 'recordSearchEvents'])
    const german = await shop.browser().get(PRODUCT, { 'accept-language': 'de-DE' })
    assert.match(german.body, /In den Warenkorb/)
    assert.match(german.body, /€/)
    await shop.close()
  })

  test('are made anew after a change of what they show', async () => {
    const { shop, asked, tell } = await watchedShop()
    const { body } = await shop.browser().get(PRODUCT)
    const id = /data-follow="([^"]+)"/.exec(body)?.[1] ?? ''
    asked.length = 0
    tell(['prd_another'])
    await shop.browser().get(PRODUCT)
    assert.deepEqual(asked, ['getProduct'])
    tell([id])
    asked.length = 0
    await shop.browser().get(PRODUCT)
    assert.deepEqual(asked, ['getProduct', 'search'])
    await shop.close()
  })

  test('are not sent to a browser that has them; one whose cart changed gets them anew', async () => {
    const { shop } = await watchedShop()
    const browser = shop.browser()
    await browser.get(PRODUCT)
    const page = await browser.get(PRODUCT)
    const tag = String(page.headers['etag'])
    const again = await browser.get(PRODUCT, { 'if-none-match': tag })
    assert.deepEqual([again.status, again.body], [304, ''])
    await addFirst(browser, 'coffee')
    assert.equal((await browser.get(PRODUCT, { 'if-none-match': tag })).status, 200)
    await shop.close()
  })

  test('come compressed as whole pages', async () => {
    const { shop } = await watchedShop()
    for (const encoding of ['br', 'gzip']) {
      const headers = { 'accept-encoding': encoding, host: 'shop.test' }
      const [first, second] = [
        await shop.app.inject({ url: PRODUCT, headers }),
        await shop.app.inject({ url: PRODUCT, headers }),
      ]
      assert.equal(second?.headers['content-encoding'], encoding)
      assert.deepEqual(second?.rawPayload, first?.rawPayload)
    }
    await shop.close()
  })

  test('the first brings its styles along, as its policy allows; later ones do not', async () => {
    const { shop } = await watchedShop()
    const browser = shop.browser()
    const first = await browser.get('/')
    const [, text = ''] = /<style>([\s\S]*?)<\/style>/.exec(first.body) ?? []
    assert.notEqual(text, '')
    const hash = createHash('sha256').update(text).digest('base64')
    assert.ok(String(first.headers['content-security-policy']).includes(`'sha256-${hash}'`))
    const next = await browser.get('/')
    assert.doesNotMatch(next.body, /<style/)
    assert.match(next.body, /<link rel="stylesheet"/)
    await shop.close()
  })

  for (const path of ['/', '/search?q=hp', '/c/electronics', PRODUCT]) {
    test(`the first page brings along all styles that it needs: ${path}`, async () => {
      const { shop } = await watchedShop()
      const { body } = await shop.browser().get(path)
      const [, own = ''] = /<style>([\s\S]*?)<\/style>/.exec(body) ?? []
      const sheet = /href="(\/assets\/main-[^"]+)" as="style"/.exec(body)?.[1] ?? ''
      const whole = (await shop.browser().get(sheet)).body
      const classes = [...body.matchAll(/ class="([^"]+)"/g)].flatMap(([, all = '']) =>
        all.split(' '),
      )
      const isIn = (text: string, name: string) => new RegExp(`\\.${name}(?![\\w-])`).test(text)
      const missing = new Set(classes.filter((name) => isIn(whole, name) && !isIn(own, name)))
      assert.deepEqual([...missing], [])
      await shop.close()
    })
  }
})
