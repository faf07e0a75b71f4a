import assert from 'node:assert/strict'
import type { Browser, Page } from 'playwright-core'
import { tabTo } from './keyboard.ts'

type Shopper = Readonly<{ browser: Browser; url: string; javaScript: boolean }>

const HEART = '.tile form[data-wish] button'

async function open({ browser, javaScript }: Shopper): Promise<Page> {
  const options = { javaScriptEnabled: javaScript, viewport: { width: 360, height: 780 } }
  const context = await browser.newContext({ ...options, locale: 'en-US' })
  context.setDefaultTimeout(120_000)
  return context.newPage()
}

/** By keys alone: a thing on the list, shared, looked at by somebody else, into the cart, put aside, and back. */
export async function wishByKeyboard(shopper: Shopper): Promise<void> {
  const { url, javaScript } = shopper
  const page = await open(shopper)
  const press = async (selector: string) => {
    await tabTo(page, selector)
    await page.keyboard.press('Enter')
  }
  await page.goto(`${url}/search?inStock=true`)
  await press(HEART)
  await page.locator(javaScript ? '.toast a' : '.flash').waitFor()
  if (javaScript)
    assert.equal(await page.locator(HEART).first().getAttribute('aria-pressed'), 'true')
  await page.goto(`${url}/wishlists`)
  assert.equal(await page.locator('.wish-item').count(), 1)
  await press('.wishes-manage summary')
  await press('button[value=share]')
  const link = page.locator('#share-link')
  await link.waitFor()
  const other = await open(shopper)
  await other.goto(url + new URL(await link.inputValue()).pathname)
  assert.equal(await other.locator('.wish-item').count(), 1)
  await other.context().close()
  await press('.wish-actions button[value=cart]')
  await page.locator('.flash-good').waitFor()
  await page.goto(`${url}/cart`)
  await press('button[formaction="/cart/later"]')
  await page.locator('.later .wish-item').waitFor()
  await press('.later button[value=cart]')
  await page.locator('.cart-line').waitFor()
  assert.equal(await page.locator('.later').count(), 0)
  await page.context().close()
}

/** The days for a postal code, asked for on a product's page and still known on the next. */
export async function askForDays(shopper: Shopper): Promise<void> {
  const { url } = shopper
  const page = await open(shopper)
  await page.goto(`${url}/search?inStock=true`)
  await page.locator('.tile-link').first().click()
  await page.locator('.promise summary').click()
  await page.locator('#place').fill('73301')
  await page.locator('.promise button').click()
  await page.locator('.promise', { hasText: '73301' }).waitFor()
  await page.goto(`${url}/search?inStock=true&page=2`)
  await page.locator('.tile-link').first().click()
  await page.locator('.promise', { hasText: '73301' }).waitFor()
  assert.ok((await page.locator('.shelf-section', { hasText: 'Recently viewed' }).count()) > 0)
  await page.context().close()
}
