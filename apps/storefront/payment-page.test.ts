import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { buildAssets } from './lib/assets.ts'
import { changesOf, type PaymentPage, type ServedPage } from './lib/payment-page.ts'
import {
  addFirst,
  PROVIDER_ORIGIN,
  reachPayment,
  startTestShop,
  type TestShop,
} from './test-shop.ts'

const LIST = join(import.meta.dirname, 'payment-page.json')
const expected = JSON.parse(readFileSync(LIST, 'utf8')) as PaymentPage
const assets = await buildAssets()
let shop: TestShop
let page: ServedPage

before(async () => {
  shop = await startTestShop()
  const { body, headers } = await reachPayment(shop.browser())
  page = { html: body, headers: headers as Record<string, string> }
})
after(() => shop.close())

/** What the shop serves at an address, as a browser would have it. */
async function bytesOf(address: string): Promise<Uint8Array> {
  return (await shop.app.inject({ url: address })).rawPayload
}

/** What to do about a script that was changed on purpose. */
const LOOK = 'look at the scripts, then `npm run generate`'

const changes = (served: ServedPage, provider: string | null = PROVIDER_ORIGIN, read = bytesOf) =>
  changesOf(expected, served, { bytesOf: read, provider })

test('the payment page runs what the list names with a reason, held to its hash, and nothing else', async () => {
  assert.match(page.html, /data-card-fields/)
  assert.deepEqual(await changes(page), [], LOOK)
  for (const { source, reason } of expected.scripts) assert.ok(reason.length > 20, source)
})

test('every part of the checkout has the same scripts and headers', async () => {
  const browser = shop.browser()
  await addFirst(browser, 'coffee')
  const { body, headers } = await browser.get('/checkout')
  const served = { html: body, headers: headers as Record<string, string> }
  assert.deepEqual(await changes(served), [], LOOK)
})

test('a shop without a provider frames and runs nothing of others', async () => {
  const alone = await startTestShop({ providerUrl: null })
  const browser = alone.browser()
  await addFirst(browser, 'coffee')
  const { body, headers } = await browser.get('/checkout')
  const served = { html: body, headers: headers as Record<string, string> }
  assert.deepEqual(await changes(served, null), [], LOOK)
  await alone.close()
})

test('whatever is put into the page, its scripts or its headers is told', async () => {
  const shown = (added: string) => ({
    ...page,
    html: page.html.replace('</head>', `${added}</head>`),
  })
  const own = assets.url('islands/order.ts')
  const policy = page.headers['content-security-policy'] ?? ''
  const under = (name: string, value: string) => ({
    ...page,
    headers: { ...page.headers, [name]: value },
  })
  const cases: [ServedPage, RegExp][] = [
    [shown('<script>steal()</script>'), /stands in the page itself: steal/],
    [shown('<script src="https://evil.example/skim.js"></script>'), /skim\.js is not in the list/],
    [shown(`<script type="module" src="${own}"></script>`), /order.* is not held to its hash/],
    [shown('<img src="x" onerror="steal()">'), /handler in an attribute/],
    [
      { ...page, html: page.html.replace(/<script[^>]*checkout-[^>]*><\/script>/, '') },
      /not on the page/,
    ],
    [
      under(
        'content-security-policy',
        policy.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'"),
      ),
      /script-src is 'self' 'unsafe-inline'/,
    ],
    [
      under('content-security-policy', policy.replace("connect-src 'self'", 'connect-src *')),
      /connect-src is \*/,
    ],
    [under('content-security-policy', ''), /script-src is missing/],
    [under('x-content-type-options', ''), /x-content-type-options is ""/],
  ]
  for (const [served, told] of cases) assert.match((await changes(served)).join('\n'), told)
  const changed = await changes(page, PROVIDER_ORIGIN, async (address) =>
    address.includes('checkout') ? Buffer.from('skimmed()') : bytesOf(address),
  )
  assert.match(changed.join('\n'), /checkout.* is not in the list, or was changed/)
  assert.match((await changes(page, 'https://other.example')).join('\n'), /script-src/)
})

test('browsers are told where to send reports: by https by name too, where they take no other', async () => {
  assert.match(String(page.headers['content-security-policy']), /report-uri \/api\//)
  assert.doesNotMatch(String(page.headers['content-security-policy']), /report-to/)
  const secure = await startTestShop({ secureCookies: true, publicUrl: 'https://shop.test' })
  const { headers } = await secure.browser().get('/')
  assert.match(String(headers['content-security-policy']), /report-uri \/api\/.*report-to policy/)
  const endpoint = 'policy="https://shop.test/api/v1/security/csp-reports"'
  assert.equal(headers['reporting-endpoints'], endpoint)
  await secure.close()
})
