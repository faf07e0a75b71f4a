import assert from 'node:assert/strict'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { byKeyboard } from './keyboard.ts'
import { happenMeanwhile } from './meanwhile.ts'
import { ADDRESS, type Journey, PLENTY, type Stop, seeOrder } from './steps.ts'

/** For a machine that is many times slower than a developer's. */
const PATIENCE_MS = 120_000

const WIDTHS = { narrow: 360, wide: 1280 } as const

/** Every way through the shop. */
export const JOURNEYS: readonly Journey[] = [
  ...(['narrow', 'wide'] as const).flatMap((size) =>
    [true, false].flatMap((javaScript) =>
      (['tok_success', 'card', 'tok_declined', 'tok_requires_action'] as const).map((pay) => ({
        name: `${size}, JavaScript ${javaScript ? 'on' : 'off'}, ${pay}`,
        width: WIDTHS[size],
        javaScript,
        pay,
      })),
    ),
  ),
  ...[true, false].map((javaScript) => ({
    name: `keyboard alone, JavaScript ${javaScript ? 'on' : 'off'}`,
    width: WIDTHS.wide,
    javaScript,
    pay: 'tok_success' as const,
    walk: byKeyboard,
  })),
  ...(['price', 'stock'] as const).flatMap((meanwhile) =>
    [true, false].map((javaScript) => ({
      name: `${meanwhile} changed meanwhile, JavaScript ${javaScript ? 'on' : 'off'}`,
      width: WIDTHS.narrow,
      javaScript,
      pay: 'tok_success' as const,
      meanwhile,
    })),
  ),
]

/** One of each kind: a few seconds each, for every change of the code. */
export const SHORT: readonly Journey[] = JOURNEYS.filter(
  ({ width, javaScript, pay, meanwhile, walk }) =>
    meanwhile !== undefined ||
    walk !== undefined ||
    pay === 'card' ||
    (width === WIDTHS.narrow) === javaScript,
)

/** With a pointer: as most people do. */
async function byPointer(page: Page, stop: Stop): Promise<void> {
  const { url, query } = stop
  await page.goto(url)
  await page.locator('.finder input[type=search]').fill(query)
  await page.locator('.finder-button').click()
  await page.waitForURL(/\/search/)
  await page.locator(PLENTY).first().click()
  await page.waitForURL(/\/p\//)
  await addTwo(page, stop)
  await page.goto(`${url}/cart`)
  assert.equal(await page.locator('.cart-line input[name=quantity]').inputValue(), '2')
  await page.locator('.cart-sum .button-large').click()
  await page.waitForURL(/\/checkout/)
  for (const [name, value] of Object.entries(ADDRESS)) await page.locator(`#${name}`).fill(value)
  await page.locator('#region').selectOption('TX')
  await page.locator('.is-open .button-large').click()
  await page.locator('input[name=shippingOptionId]').first().check()
  await page.locator('.is-open .button-large').click()
  await page.locator('form[data-pay]').waitFor()
  if (stop.journey.meanwhile) return happenMeanwhile(page, stop, () => pay(page, stop))
  await pay(page, stop)
  await seeOrder(page)
}

/** Two of a product: by its quantity where two are left, else one and what is left. */
async function addTwo(page: Page, { journey }: Stop): Promise<void> {
  await page.locator('#buy select[name=quantity]').selectOption('2')
  const isNarrow = journey.width < 900
  await page.locator(isNarrow ? '.buy-bar button' : '#buy button').click()
  if (!journey.javaScript) return page.waitForURL(/\/cart/)
  await page.locator('.toast a').waitFor()
  assert.equal(await page.locator('[data-cart-count]').first().textContent(), '2')
}

async function pay(page: Page, { journey }: Stop): Promise<void> {
  const button = page.locator('form[data-pay] .button-large')
  if (journey.pay === 'card') return payByCard(page, journey)
  if (journey.javaScript) await settle(page)
  await page.locator(`input[value=${journey.pay}]`).check()
  await button.click()
  if (journey.pay === 'tok_declined') {
    await page.locator('.notice-block').waitFor()
    await page.locator('input[value=tok_success]').check()
    await page.locator('form[data-pay] .button-large').click()
  }
  if (journey.pay === 'tok_requires_action') {
    await page.locator('button[value=approve]').click()
  }
}

/** Chromium learns late where it scrolled another origin's frame to; a click before that goes astray. */
async function settle(page: Page): Promise<void> {
  await page.locator('form[data-pay] .button-large').scrollIntoViewIfNeeded()
  for (let frames = 0; frames < 5; frames += 1)
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
  await page.waitForTimeout(500)
}

async function payByCard(page: Page, { javaScript }: Journey): Promise<void> {
  const fill = async (fields: Pick<Page, 'locator'>) => {
    await fields.locator('#number').fill('4242424242424242')
    await fields.locator('#expiry').fill('12 / 34')
    await fields.locator('#cvc').fill('123')
  }
  if (javaScript) {
    await fill(page.frameLocator('.card-fields iframe'))
    await settle(page)
    await page.locator('form[data-pay] .button-large').click()
    return
  }
  await page.locator('form[data-pay] .button-large').click()
  await page.waitForURL(/hosted-form/)
  await fill(page)
  await page.locator('button').click()
  await page.waitForURL(/payment_token/)
  await page.locator('form[data-pay] .button-large').click()
}

export type Outcome = Readonly<{ name: string; error: unknown; seconds: number }>

/** Goes one way in a browser of its own; an error on the page or in its console is one. */
export async function run(
  browser: Browser,
  journey: Journey,
  stop: Omit<Stop, 'journey'>,
): Promise<Outcome> {
  const began = performance.now()
  const context: BrowserContext = await browser.newContext({
    viewport: { width: journey.width, height: 800 },
    javaScriptEnabled: journey.javaScript,
    locale: 'en-US',
  })
  context.setDefaultTimeout(PATIENCE_MS)
  const page = await context.newPage()
  const broken: string[] = []
  page.on('pageerror', (error) => broken.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/40[29]|422/.test(message.text()))
      broken.push(message.text())
  })
  let error: unknown
  try {
    await (journey.walk ?? byPointer)(page, { ...stop, journey })
    assert.deepEqual(broken, [], 'no error in the console')
  } catch (caught) {
    error = new Error(`at ${page.url()}: ${caught instanceof Error ? caught.message : caught}`)
  }
  await context.close()
  return { name: journey.name, error, seconds: (performance.now() - began) / 1000 }
}
