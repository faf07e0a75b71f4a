/**
 * Goal: whoever asks to be told of something is told of it, in one notice, and can end it. Method: a real Chromium, whose
 * push service is played: the API's answers by the test, the messages by Chromium's own tool.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { openBrowser } from '../support/browser.ts'
import { startFakeStorefront } from '../support/fake-storefront.ts'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const PATIENCE = { timeout: 240_000 }
const STEP_MS = 60_000

const shop = await startFakeStorefront()
const browser = await openBrowser(CHROMIUM)
after(async () => {
  await browser.close()
  await shop.stop()
})

type Asked = { method: string; path: string; body: string }

/** The routes of push, as the shop answers them. */
async function playApi(context: BrowserContext): Promise<Asked[]> {
  const asked: Asked[] = []
  let watches: { subject: string; kind: string }[] = []
  await context.route('**/api/v1/push/**', async (route) => {
    const request = route.request()
    const path = new URL(request.url()).pathname
    const body = request.postData() ?? ''
    asked.push({ method: request.method(), path, body })
    const known = { id: 'psb_1', watches }
    if (path.endsWith('/key')) return route.fulfill({ json: { publicKey: 'BPm' } })
    if (request.method() === 'PUT') {
      watches = [{ subject: JSON.parse(body).wanted.productId, kind: 'price' }]
      return route.fulfill({ json: { ...known, watches } })
    }
    if (request.method() === 'DELETE') {
      watches = []
      return route.fulfill({ status: 204 })
    }
    if (watches.length === 0) return route.fulfill({ status: 404, json: {} })
    return route.fulfill({ json: known })
  })
  return asked
}

/** Chromium here has no push service: a subscription as one would be. */
async function playPushManager(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const keys = { p256dh: 'p', auth: 'a' }
    PushManager.prototype.subscribe = async () =>
      ({ toJSON: () => ({ endpoint: 'https://push.example/1', keys }) }) as never
    PushManager.prototype.getSubscription = async () => null
  })
}

async function openProduct(page: Page): Promise<void> {
  await page.goto(`${shop.url}/search?q=coffee&inStock=true`)
  const path = (await page.locator('.tile-link').first().getAttribute('href')) ?? ''
  await page.goto(shop.url + path)
}

test('news of a price begins and ends with one button, which remembers', PATIENCE, async () => {
  const context = await browser.newContext({ locale: 'en-US' })
  const asked = await playApi(context)
  await playPushManager(context)
  const page = await context.newPage()
  page.setDefaultTimeout(STEP_MS)
  await openProduct(page)
  const button = page.locator('[data-news] button')
  await button.waitFor()
  assert.ok(
    !asked.some(({ method }) => method === 'PUT'),
    'nobody is asked before the button is pressed',
  )
  assert.equal(await button.getAttribute('aria-pressed'), 'false')
  await button.click()
  await page.locator('[data-news] button[aria-pressed=true]').waitFor()
  const put = JSON.parse(asked.find(({ method }) => method === 'PUT')?.body ?? '')
  assert.equal(put.wanted.kind, 'price')
  assert.equal(put.wanted.currency, 'USD')
  assert.equal(put.subscription.endpoint, 'https://push.example/1')
  await page.reload()
  await page.locator('[data-news] button[aria-pressed=true]').waitFor()
  await page.goto(`${shop.url}/preferences`)
  await page.locator('[data-news-end] button').click()
  await page.getByText('gets no more notifications').waitFor()
  assert.ok(asked.some(({ method, path }) => method === 'DELETE' && path.endsWith('/psb_1')))
  await page.reload()
  await page.waitForLoadState('networkidle')
  assert.equal(await page.locator('[data-news-end]').isVisible(), false)
  await context.close()
})

test(
  'two messages of one tag are one notice, and it leads to this shop only',
  PATIENCE,
  async () => {
    const context = await browser.newContext({ locale: 'en-US' })
    await context.grantPermissions(['notifications'], { origin: shop.url })
    const page = await context.newPage()
    page.setDefaultTimeout(STEP_MS)
    const tools = await context.newCDPSession(page)
    const registered = new Promise<string>((resolve) => {
      tools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const own = registrations.find(({ scopeURL }) => scopeURL.startsWith(shop.url))
        if (own) resolve(own.registrationId)
      })
    })
    await tools.send('ServiceWorker.enable')
    await page.goto(`${shop.url}/`)
    await page.evaluate(async () => void (await navigator.serviceWorker.ready))
    const registrationId = await registered
    const notice = {
      title: 'Now $10',
      body: 'It was $12.',
      url: 'https://elsewhere.test/p/thing',
      tag: 't1',
      language: 'en',
    }
    for (const body of ['It was $12.', 'It was $11.']) {
      const data = JSON.stringify({ ...notice, body })
      await tools.send('ServiceWorker.deliverPushMessage', {
        origin: shop.url,
        registrationId,
        data,
      })
    }
    const shown = await page.evaluate(async () => {
      const { getNotifications } = ServiceWorkerRegistration.prototype
      for (;;) {
        const all = await getNotifications.call(await navigator.serviceWorker.ready)
        if (all[0]?.body === 'It was $11.') return all.map(({ title, data }) => ({ title, data }))
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    })
    assert.deepEqual(shown, [{ title: 'Now $10', data: '/p/thing' }])
    await context.close()
  },
)
