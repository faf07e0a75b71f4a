import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { ADDRESS, PLENTY, type Stop, seeOrder } from './steps.ts'

const MOST_TABS = 120

/** Presses Tab until the focus is on what is wanted, as somebody without a pointer does. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let count = 0; count < MOST_TABS; count += 1) {
    if ((await page.locator(`${selector}:focus`).count()) > 0) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`${selector} cannot be reached by ${MOST_TABS} tabs`)
}

/** The whole way with Tab, Space, Enter, arrows and letters. */
export async function byKeyboard(page: Page, { url, query }: Stop): Promise<void> {
  await page.goto(url)
  await page.keyboard.press('Tab')
  assert.equal(await page.locator(':focus').getAttribute('href'), '#main', 'first, the skip link')
  await tabTo(page, '.finder input[type=search]')
  await page.keyboard.type(query)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/search/)
  await tabTo(page, PLENTY)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/p\//)
  await tabTo(page, '#buy select[name=quantity]')
  await page.keyboard.press('ArrowDown')
  await tabTo(page, '#buy button')
  await page.keyboard.press('Enter')
  await page.locator('.toast a, .cart-line').first().waitFor()
  await page.goto(`${url}/cart`)
  await tabTo(page, '.cart-sum .button-large')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/checkout/)
  for (const [name, value] of Object.entries(ADDRESS)) {
    await tabTo(page, `#${name}`)
    await page.keyboard.type(value)
  }
  await tabTo(page, '#region')
  await page.keyboard.type('Tex')
  await tabTo(page, '.is-open .button-large')
  await page.keyboard.press('Enter')
  await tabTo(page, 'input[name=shippingOptionId]')
  await page.keyboard.press('Space')
  await tabTo(page, '.is-open .button-large')
  await page.keyboard.press('Enter')
  await page.locator('form[data-pay]').waitFor()
  await tabTo(page, 'input[name=method]')
  await page.keyboard.press('ArrowDown')
  assert.equal(await page.locator('input[name=method]:checked').inputValue(), 'tok_success')
  await tabTo(page, 'form[data-pay] .button-large')
  await page.keyboard.press('Enter')
  await seeOrder(page)
}
