/**
 * Goal: nothing that anybody wrote runs as a script on anybody's page. Source: reliability.md, S13.
 * Method: a corpus of attacks as names, descriptions, brands and search words; every page that shows them is opened in
 * Chromium. No script of theirs runs, no element of theirs is there, and the pages' policy has nothing to report.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, test } from 'node:test'
import { openBrowser } from '../support/browser.ts'
import { eventually, findBuyable } from '../support/shopper.ts'
import { OPERATOR_KEY, openWholeShop, PASSWORD } from '../support/whole-shop.ts'

const CHROMIUM = '/usr/bin/chromium'
const skip = existsSync(CHROMIUM) ? false : 'Chromium is not installed'

const whole = await openWholeShop()

const CORPUS = [
  '<script>window.pwned=1</script>',
  '"><img src=x onerror=window.pwned=1>',
  "'-window.pwned=1-'",
  '</title></script><svg/onload=window.pwned=1>',
  '<iframe srcdoc="<script>parent.pwned=1</script>">',
  '<a href="javascript:window.pwned=1" id=pwned>x</a>',
  '{{constructor.constructor("window.pwned=1")()}}',
  '</script><script type=module>window.pwned=1</script>',
  '<style>@import"//evil.example"</style><base href="//evil.example/">',
  '\u2028<body onpageshow=window.pwned=1>',
]

test('S13: what operators, sellers and shoppers write is text on every page', {
  skip,
}, async (t) => {
  const { ask, url } = whole
  const goods = await findBuyable(whole.client, CORPUS.length, 1)
  for (const [place, payload] of CORPUS.entries()) {
    const path = whole.pathOf('editProduct', { productId: goods[place]?.productId ?? '' })
    const body = { name: `Thing ${payload}`, description: `Words ${payload}`, brand: payload }
    const reply = await ask(path, { method: 'PATCH', token: OPERATOR_KEY, body })
    assert.equal(reply.status, 200, reply.text)
  }
  await eventually(
    async () => (await ask('/api/v1/search?q=thing&limit=100')).json.total,
    (total) => total >= CORPUS.length,
  )
  const browser = await openBrowser(CHROMIUM)
  after(() => browser.close())
  const context = await browser.newContext({ baseURL: url })
  context.setDefaultTimeout(120_000)
  const told: string[] = []
  await context.exposeFunction('tellOfBreach', (words: string) => void told.push(words))
  await context.addInitScript(`addEventListener('securitypolicyviolation', (event) =>
    tellOfBreach(event.violatedDirective + ' ' + event.blockedURI + ' on ' + location.pathname))`)
  const page = await context.newPage()
  page.on('dialog', (dialog) => {
    told.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  const look = async (path: string) => {
    await page.goto(path)
    const found = await page.evaluate(`({
      ran: window.pwned === 1,
      links: [...document.querySelectorAll('a[href]')].filter((a) => a.protocol === 'javascript:').length,
      foreign: document.querySelectorAll('#pwned, iframe[srcdoc], [onerror], [onload], [onpageshow], base').length,
    })`)
    assert.deepEqual(found, { ran: false, links: 0, foreign: 0 }, path)
  }

  await t.test('products, listings and search words', async () => {
    for (const item of goods) {
      const { json } = await ask(`/api/v1/products/${item.productId}`)
      await look(`/p/${json.slug}`)
    }
    await look('/search?q=thing')
    await look('/')
    for (const payload of CORPUS) await look(`/search?q=${encodeURIComponent(payload)}`)
    for (const payload of CORPUS.slice(0, 3)) {
      await look(`/search?q=a&brand=${encodeURIComponent(payload)}`)
      await look(`/nowhere/${encodeURIComponent(payload)}`)
    }
  })

  await t.test('a shopper’s own name and addresses', async () => {
    const shopper = await whole.register('xss@shopper.example', `Eve ${CORPUS[0]}${CORPUS[1]}`)
    const address = {
      name: CORPUS[1],
      line1: CORPUS[3],
      city: CORPUS[5],
      region: 'NY',
      postalCode: '10001',
      country: 'US',
    }
    const added = await ask('/api/v1/me/addresses', {
      method: 'POST',
      token: shopper.token,
      body: { address },
    })
    assert.ok([201, 400].includes(added.status), added.text)
    await page.goto('/sign-in')
    await page.fill('#email', shopper.email)
    await page.fill('#password', PASSWORD)
    await page.click('main form button')
    await page.waitForURL(({ pathname }) => pathname !== '/sign-in')
    for (const path of ['/account', '/account/addresses', '/account/details', '/']) await look(path)
  })

  assert.deepEqual(told, [])
})

test('S13: a picture that is a page or a drawing with scripts is not taken in', async () => {
  const files = [
    ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ['image/png', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['image/jpeg', '<!doctype html><script>alert(1)</script>'],
    ['text/html', '<script>alert(1)</script>'],
  ] as const
  for (const [type, raw] of files) {
    const headers = { 'content-type': type }
    const asked = { method: 'POST', token: OPERATOR_KEY, raw, headers }
    const reply = await whole.ask('/api/v1/admin/media', asked)
    assert.ok(reply.status >= 400 && reply.status < 500, `${type}: ${reply.status}`)
  }
})
