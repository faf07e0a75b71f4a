/**
 * Goal: the shop is of use without a connection, and never shows what was as what is. Method: a real Chromium, and a
 * storefront whose server goes away and comes back.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { TransportRequest } from '@stoa/client'
import type { BrowserContext, Page } from 'playwright-core'
import { openBrowser } from '../support/browser.ts'
import { startFakeStorefront } from '../support/fake-storefront.ts'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const PATIENCE = { timeout: 240_000 }
const STEP_MS = 60_000

const added: TransportRequest[] = []
let losesAnswer = false
const shop = await startFakeStorefront({}, (transport) => async (request) => {
  if (request.operation === 'addCartLine') added.push(request)
  const reply = await transport(request)
  if (request.operation === 'addCartLine' && losesAnswer) {
    losesAnswer = false
    void shop.vanish()
    await new Promise(() => {})
  }
  return reply
})
const browser = await openBrowser(CHROMIUM, [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
])

after(async () => {
  await browser.close()
  await shop.stop()
})

/** A visitor whose browser has the worker, and has seen one product and the cart. */
async function visitor(): Promise<Readonly<{ context: BrowserContext; page: Page }>> {
  const context = await browser.newContext({ locale: 'en-US' })
  const page = await context.newPage()
  page.setDefaultTimeout(STEP_MS)
  await page.goto(`${shop.url}/`)
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
    while (!navigator.serviceWorker.controller)
      await new Promise((resolve) => setTimeout(resolve, 50))
  })
  return { context, page }
}

async function openProduct(page: Page): Promise<string> {
  await page.goto(`${shop.url}/search?q=coffee&inStock=true`)
  const path = (await page.locator('.tile-link').first().getAttribute('href')) ?? ''
  await page.goto(shop.url + path)
  return path
}

/** Until the worker has kept what it was given. */
async function until(page: Page, kept: (paths: readonly string[]) => boolean): Promise<void> {
  for (;;) {
    const paths = await page.evaluate(async () => {
      const all: string[] = []
      for (const name of await caches.keys())
        for (const { url } of await (await caches.open(name)).keys())
          all.push(new URL(url).pathname)
      return all
    })
    if (kept(paths)) return
    await page.waitForTimeout(100)
  }
}

const isMarked = (page: Page) =>
  page.evaluate(() => document.documentElement.dataset['seenAt'] !== undefined)

test(
  'a page that was seen is there without a connection, and says of when it is',
  PATIENCE,
  async () => {
    const { context, page } = await visitor()
    const product = await openProduct(page)
    const path = new URL(page.url()).pathname
    await until(page, (paths) => paths.includes(path))
    assert.equal(await isMarked(page), false)
    await shop.vanish()
    try {
      await page.goto(shop.url + product)
      assert.equal(await isMarked(page), true)
      assert.match((await page.locator('.flash-note').textContent()) ?? '', /as it was on/)
      assert.equal(await page.locator('.buy-box .stock').first().isVisible(), false)
      await page.goto(`${shop.url}/c/electronics`)
      assert.match((await page.locator('h1').textContent()) ?? '', /No connection/)
      await page.locator('.seen-pages a').first().waitFor()
      await page.goto(`${shop.url}/checkout`)
      assert.match((await page.locator('h1').textContent()) ?? '', /No connection/)
    } finally {
      await shop.comeBack()
    }
    await page.goto(shop.url + product)
    assert.equal(await isMarked(page), false)
    await context.close()
  },
)

/** Until what was kept has been sent; that may be before this page could hear of it. */
async function cartComesTo(page: Page, quantity: string): Promise<void> {
  const field = page.locator('.cart-line input[name=quantity]')
  for (;;) {
    await page.goto(`${shop.url}/cart`)
    if ((await field.count()) > 0 && (await field.inputValue()) === quantity) return
    await page.waitForTimeout(250)
  }
}

test(
  'what is put into the cart without a connection is in it once there is one',
  PATIENCE,
  async () => {
    const { context, page } = await visitor()
    await openProduct(page)
    await shop.vanish()
    try {
      await page.locator('form#buy button').first().click()
      await page.getByText('as soon as you are back online').waitFor()
    } finally {
      await shop.comeBack()
    }
    await page.evaluate(() => dispatchEvent(new Event('online')))
    await page.getByText('your cart is up to date').waitFor()
    await page.goto(`${shop.url}/cart`)
    assert.equal(await page.locator('.cart-line').count(), 1)
    const quantity = page.locator('.cart-line input[name=quantity]')
    assert.equal(await quantity.inputValue(), '1')

    await until(page, (paths) => paths.includes('/cart'))
    await shop.vanish()
    try {
      await quantity.fill('3')
      await page.locator('.cart-change button').first().click()
      await page.locator('.flash-note').waitFor()
      assert.equal(await isMarked(page), true)
    } finally {
      await shop.comeBack()
    }
    await cartComesTo(page, '3')
    await context.close()
  },
)

test('a change whose answer was lost is sent again and carried out once', PATIENCE, async () => {
  const { context, page } = await visitor()
  await openProduct(page)
  await page.locator('form#buy button').first().click()
  await page.locator('.toast a').waitFor()
  added.length = 0
  losesAnswer = true
  await page.locator('form#buy button').first().click()
  await page.getByText('as soon as you are back online').waitFor()
  await shop.comeBack()
  await cartComesTo(page, '2')
  const keys = added.map(({ headers }) => headers['idempotency-key'])
  assert.ok(keys.length >= 2)
  assert.equal(new Set(keys).size, 1)
  await context.close()
})

test(
  'nothing of accounts, orders or the checkout is kept, and nothing at all after signing out',
  PATIENCE,
  async () => {
    const { context, page } = await visitor()
    for (const path of ['/sign-in', '/orders', '/checkout', '/preferences', '/about'])
      await page.goto(shop.url + path)
    await until(page, (paths) => paths.includes('/about'))
    await until(
      page,
      (paths) => !paths.some((path) => /sign-in|orders|checkout|preferences|api/.test(path)),
    )
    const beside = await context.newPage()
    beside.setDefaultTimeout(STEP_MS)
    await beside.goto(`${shop.url}/offline`)
    await page.evaluate(() => {
      const form = document.createElement('form')
      form.method = 'post'
      form.action = '/sign-out'
      document.body.append(form)
      form.submit()
    })
    await until(beside, (paths) => !paths.includes('/about'))
    await context.close()
  },
)

test('a barcode before the camera is searched for', PATIENCE, async () => {
  const context = await browser.newContext()
  await context.addInitScript(() => {
    Object.assign(window, {
      BarcodeDetector: class {
        async detect() {
          return [{ rawValue: '4006381333931' }]
        }
      },
    })
  })
  const page = await context.newPage()
  page.setDefaultTimeout(STEP_MS)
  await page.goto(`${shop.url}/`)
  await page.locator('[data-scan]').click()
  await page.waitForURL(/q=4006381333931/)
  await context.close()
})
