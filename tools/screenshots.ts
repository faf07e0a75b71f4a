import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fastify } from 'fastify'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { createFakeTransport } from '../apps/storefront/fake/transport.ts'
import { createStorefront } from '../apps/storefront/index.ts'
import { openBrowser } from '../tests/support/browser.ts'

const HELP = `Pictures of every page, narrow and wide, light and dark, in Arabic and Japanese too, into screenshots/.

usage: node tools/screenshots.ts [options]

  --url URL        a running shop; the storefront's own made-up shop if absent
  --only NAME      pages whose name holds this
  --width N        one width instead of 360 and 1280
  --scheme NAME    light or dark instead of both
  --language CODE  one language instead of en, and ar and ja in light
  --whole          the whole page instead of the first screen
  --chromium PATH  default /usr/bin/chromium
`

const OPTIONS = {
  url: { type: 'string' },
  only: { type: 'string', default: '' },
  width: { type: 'string' },
  scheme: { type: 'string' },
  language: { type: 'string' },
  whole: { type: 'boolean', default: false },
  chromium: { type: 'string', default: '/usr/bin/chromium' },
  help: { type: 'boolean', default: false },
} as const

const FOLDER = join(import.meta.dirname, '../screenshots')

type Shot = Readonly<{ name: string; path: string; before?: (page: Page) => Promise<void> }>

/** Pages that need no cart. Products are found by searching, so that any shop will do. */
const SHOTS: readonly Shot[] = [
  { name: 'home', path: '/' },
  { name: 'departments', path: '/departments' },
  { name: 'search', path: '/search?q=laptop' },
  { name: 'search-filtered', path: '/search?inStock=true&from=20&to=900&sort=rating' },
  { name: 'search-corrected', path: '/search?q=laptpo' },
  { name: 'search-none', path: '/search?q=qwertzuiopasdfgh' },
  {
    name: 'search-sheet',
    path: '/search?q=hp',
    before: async (page) => {
      const summary = page.locator('.sheet > summary')
      if (await summary.isVisible()) await summary.click()
    },
  },
  {
    name: 'suggestions',
    path: '/',
    before: async (page) => {
      await page.locator('.finder input[type=search]').pressSequentially('la', { delay: 30 })
      await page
        .locator('.suggestion')
        .first()
        .waitFor({ timeout: 3000 })
        .catch(() => {})
    },
  },
  { name: 'category', path: '/c/electronics' },
  { name: 'product', path: '/search?q=laptop', before: openFirst },
  { name: 'product-plain', path: '/search?q=cartridge', before: openFirst },
  { name: 'product-viewed', path: '/search?q=laptop', before: viewTwo },
  { name: 'wishlists-empty', path: '/wishlists' },
  { name: 'wishlists', path: '/search?q=laptop', before: wishForTwo },
  { name: 'cart-empty', path: '/cart' },
  { name: 'orders-none', path: '/orders' },
  { name: 'about', path: '/about' },
  { name: 'not-found', path: '/nowhere' },
  { name: 'preferences', path: '/preferences' },
  { name: 'privacy', path: '/privacy' },
  { name: 'sign-in', path: '/sign-in' },
  { name: 'register', path: '/register' },
]

async function openFirst(page: Page): Promise<void> {
  await page.locator('.tile-link').first().click()
  await page.waitForLoadState()
}

/** A second product, below which the first stands. */
async function viewTwo(page: Page): Promise<void> {
  const search = page.url()
  await openFirst(page)
  await page.goto(search)
  await page.locator('.tile-link').nth(1).click()
  await page.waitForURL(/\/p\//)
}

async function wishForTwo(page: Page): Promise<void> {
  for (const place of [0, 1]) {
    await page.locator('.tile form[data-wish] button').nth(place).click()
    await page.locator('.toast a').waitFor()
  }
  await page.goto(new URL('/wishlists', page.url()).href)
}

type Target = Readonly<{
  context: BrowserContext
  url: string
  folder: string
  suffix: string
  whole: boolean
  only: string
}>

async function take(page: Page, target: Target, name: string): Promise<void> {
  if (!name.includes(target.only)) return
  await page.evaluate(() => document.fonts.ready)
  const path = join(target.folder, `${name}-${target.suffix}.png`)
  await page.screenshot({ path, fullPage: target.whole })
}

/** The way to an order, with a picture at each step. */
async function journey(target: Target): Promise<void> {
  const page = await target.context.newPage()
  for (const words of ['laptop', 'coffee', 'hp']) {
    await page.goto(`${target.url}/search?q=${words}&inStock=true`)
    const add = page.locator('[data-add] button').first()
    if ((await add.count()) === 0) continue
    await add.click()
    await page.locator('.toast a').waitFor()
  }
  await take(page, target, 'added')
  await page.goto(`${target.url}/cart`)
  await take(page, target, 'cart')
  await page.locator('button[formaction="/cart/later"]').first().click()
  await page.locator('.later').waitFor()
  await take(page, target, 'cart-later')
  await page.goto(`${target.url}/checkout`)
  await take(page, target, 'checkout-address')
  await page.locator('.step button.button-large').click()
  await page.waitForLoadState()
  await take(page, target, 'checkout-errors')
  await fillAddress(page)
  await page.locator('.step button.button-large').click()
  await page.waitForURL(/checkout$/)
  await take(page, target, 'checkout-shipping')
  await page.locator('.step button.button-large').click()
  await page.locator('form[data-pay]').waitFor()
  await page.waitForTimeout(500)
  await take(page, target, 'checkout-payment')
  // A click sent while the provider's frame has just been scrolled may land in the frame.
  await page.locator('form[data-pay] button.button-large').scrollIntoViewIfNeeded()
  await page.waitForTimeout(500)
  await page.locator('input[value=tok_declined]').check()
  await page.locator('form[data-pay] button.button-large').click()
  await page.locator('.notice-block').waitFor()
  await take(page, target, 'checkout-declined')
  await page.locator('input[value=tok_success]').check()
  await page.locator('form[data-pay] button.button-large').click()
  await page.waitForURL(/orders\//)
  await take(page, target, 'order')
  const drop = page.locator('.aftercare > summary')
  if ((await drop.count()) > 0) await drop.first().click()
  await take(page, target, 'order-items')
  await page.goto(`${target.url}/orders`)
  await take(page, target, 'orders')
  await page.close()
}

async function fillAddress(page: Page): Promise<void> {
  const fields = {
    email: 'anna@example.com',
    name: 'Anna Example',
    line1: '5 Main Street',
    city: 'Austin',
    postalCode: '73301',
  }
  for (const [name, value] of Object.entries(fields)) await page.locator(`#${name}`).fill(value)
  await page.locator('#region').selectOption('TX')
}

async function startFake(): Promise<Readonly<{ url: string; stop: () => Promise<void> }>> {
  const app = fastify()
  const now = () => new Date('2026-05-12T10:00:00Z')
  let count = 0
  const silent = () => {}
  await app.register(
    createStorefront({
      transport: createFakeTransport({ now }),
      publicUrl: 'http://127.0.0.1',
      providerUrl: 'http://127.0.0.1:4100',
      secureCookies: false,
      newId() {
        count += 1
        return `key-${count}`
      },
      now,
      log: { warn: silent, error: silent },
    }),
  )
  return { url: await app.listen({ port: 0 }), stop: () => app.close() }
}

type Options = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']
type Look = Readonly<{ width: number; colorScheme: 'light' | 'dark'; language: string }>

/** Every width in every scheme; of languages that are not in English letters, the light one is enough. */
function looks({ width, scheme, language }: Options): Look[] {
  const widths = width ? [Number(width)] : [360, 1280]
  const schemes = scheme ? [scheme as Look['colorScheme']] : (['light', 'dark'] as const)
  const languages = language ? [language] : ['en', 'ar', 'ja']
  return languages.flatMap((code) =>
    widths.flatMap((wide) =>
      schemes
        .filter((colorScheme) => code === 'en' || language || colorScheme === 'light')
        .map((colorScheme) => ({ width: wide, colorScheme, language: code })),
    ),
  )
}

async function takeAll(browser: Browser, url: string, values: Options, look: Look): Promise<void> {
  const { width, colorScheme, language } = look
  const context = await browser.newContext({
    viewport: { width, height: width < 700 ? 780 : 900 },
    colorScheme,
    locale: language === 'en' ? 'en-US' : language,
  })
  const target: Target = {
    context,
    url,
    folder: FOLDER,
    suffix: [width, colorScheme, ...(language === 'en' ? [] : [language])].join('-'),
    whole: values.whole,
    only: values.only,
  }
  for (const { name, path, before } of SHOTS.filter((shot) => shot.name.includes(values.only))) {
    const page = await context.newPage()
    await page.goto(url + path)
    await before?.(page)
    await take(page, target, name)
    await page.close()
  }
  if (/^$|added|cart|checkout|order/.test(values.only)) await journey(target)
  await context.close()
}

async function run(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const shop = values.url ? { url: values.url, stop: async () => {} } : await startFake()
  mkdirSync(FOLDER, { recursive: true })
  const browser = await openBrowser(values.chromium)
  try {
    for (const look of looks(values)) await takeAll(browser, shop.url, values, look)
  } finally {
    await browser.close()
    await shop.stop()
  }
}

await run()
