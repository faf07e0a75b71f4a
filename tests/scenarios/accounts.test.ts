import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, test } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import type { Browser, Page } from 'playwright-core'
import { openBrowser } from '../support/browser.ts'
import {
  killShops,
  type ShopProcess,
  smallDataFolder,
  startShopProcess,
  temporaryHome,
} from '../support/shop-process.ts'
import { eventually, findBuyable } from '../support/shopper.ts'

const CHROMIUM = '/usr/bin/chromium'
const skip = existsSync(CHROMIUM) ? false : 'Chromium is not installed'
/** For a machine that is many times slower than a developer's. */
const PATIENCE_MS = 120_000
const EMAIL = 'zoe@example.com'
const PASSWORD = 'amber harbour violin 3'
const NEW_PASSWORD = 'quiet copper meadow 8'

const home = temporaryHome()
let shop: ShopProcess
let browser: Browser

after(async () => {
  await browser?.close()
  await killShops()
  home.remove()
})

async function newContext() {
  const context = await browser.newContext({ baseURL: shop.url })
  context.setDefaultTimeout(PATIENCE_MS)
  return context
}

/** The address in the newest mail to somebody. */
async function linkInMail(path: string): Promise<string> {
  const headers = { authorization: `Bearer ${shop.operatorKey()}` }
  const page = await eventually(
    async () => (await fetch(`${shop.url}/dev/mail`, { headers })).text(),
    (text) => text.includes(`${path}?token=`),
  )
  const token = new RegExp(`${path}\\?token=([\\w-]+)`).exec(page)?.[1]
  return `${shop.url}${path}?token=${token}`
}

async function signIn(page: Page, password: string): Promise<void> {
  await page.goto(`${shop.url}/sign-in`)
  await page.fill('#email', EMAIL)
  await page.fill('#password', password)
  await page.click('main form button')
}

const submit = (page: Page) => page.click('main form button.button')

test('accounts in a browser: register, cart, proof, app, reset, sessions', { skip }, async (t) => {
  const data = await smallDataFolder(40)
  after(() => data.remove())
  shop = await startShopProcess({
    home: home.home,
    dataFolder: data.folder,
    env: { STOA_DEMO: 'on' },
  })
  browser = await openBrowser(CHROMIUM)
  const laptop = await newContext()
  const page = await laptop.newPage()
  let secret = ''

  await t.test('a guest registers, and keeps the cart', async () => {
    const [goods] = await findBuyable(shop.client, 1)
    await page.goto(`/p/${goods?.slug}`)
    await page.click('form[action="/cart/add"] button')
    await eventually(
      () => laptop.cookies(),
      (cookies) => cookies.some(({ name }) => name === 'cart'),
    )
    await page.goto('/register')
    await page.fill('#name', 'Zoe Example')
    await page.fill('#email', EMAIL)
    await page.fill('#password', PASSWORD)
    await submit(page)
    await page.waitForSelector('text=Check your e-mail')
    const id = (await laptop.cookies()).find(({ name }) => name === 'cart')?.value.split('.')[0]
    await page.goto('/cart')
    assert.match((await page.textContent('main')) ?? '', new RegExp(goods?.name.slice(0, 12) ?? ''))
    const asGuest = await shop.client.getCart({ params: { cartId: id ?? '' } })
    assert.equal(asGuest.ok, false, 'the cart is the customer’s alone now')
  })

  await t.test('the link in the mail proves the address', async () => {
    await page.goto(await linkInMail('/verify'))
    await submit(page)
    await page.waitForSelector('text=The address is confirmed')
  })

  await t.test('no script can read the session', async () => {
    const session = (await laptop.cookies()).find(({ name }) => name === 'session')
    assert.ok(session)
    const seen = await page.evaluate(() => ({
      cookies: document.cookie,
      kept: JSON.stringify([localStorage, sessionStorage]),
    }))
    assert.equal(seen.cookies, '')
    assert.ok(!seen.kept.includes(session.value) && !seen.kept.includes('@'), seen.kept)
    assert.deepEqual([session.httpOnly, session.sameSite], [true, 'Lax'])
  })

  await t.test('an authenticator app is set up, and asked for at the next sign-in', async () => {
    await page.goto('/account/security')
    await page.click('form[action$="/totp"] button')
    await page.fill('#self', PASSWORD)
    await page.click('.account-page form button')
    await page.waitForSelector('.qr')
    secret = (await page.inputValue('input[name="secret"]')) ?? ''
    const totp = new TOTP({ secret: Secret.fromBase32(secret) })
    await page.fill('#code', totp.generate())
    await page.click('.account-page form button')
    await page.waitForSelector('.recovery-codes')
    assert.equal(await page.locator('.recovery-codes li').count(), 10)
    const [recovery] = await page.locator('.recovery-codes li').allTextContents()
    await page.goto('/account')
    await page.click('form[action="/sign-out"] button')
    await page.waitForSelector('text=You are signed out')
    assert.equal(
      (await laptop.cookies()).some(({ name }) => name === 'cart'),
      false,
    )
    await signIn(page, PASSWORD)
    await page.fill('#code', '000000')
    await submit(page)
    await page.waitForSelector('text=The code is wrong')
    await page.fill('#code', recovery ?? '')
    await submit(page)
    await page.waitForSelector('text=Hello, Zoe Example')
    await page.goto('/cart')
    assert.ok((await page.locator('.cart-line').count()) === 1, 'the cart is back')
    await page.goto('/account/security')
    await page.click('form[action$="/totp-remove"] button')
    await page.fill('#self', PASSWORD)
    await page.click('.account-page form button')
    await page.waitForSelector('text=Saved.')
  })

  await t.test('a session on another device is ended from here', async () => {
    const phone = await newContext()
    const other = await phone.newPage()
    await signIn(other, PASSWORD)
    await other.waitForSelector('text=Hello, Zoe Example')
    await page.goto('/account/security')
    await page.click('text=Sign out everywhere else')
    await page.waitForSelector('text=Done.')
    await other.goto('/account')
    assert.match(other.url(), /\/sign-in/)
    await phone.close()
  })

  await t.test(
    'a forgotten password is set anew by mail; the old one and the session end',
    async () => {
      const phone = await newContext()
      const other = await phone.newPage()
      await other.goto('/forgot')
      await other.fill('#email', EMAIL)
      await submit(other)
      await other.goto(await linkInMail('/reset'))
      await other.fill('#password', NEW_PASSWORD)
      await submit(other)
      await other.waitForSelector('text=The new password is set')
      await signIn(other, PASSWORD)
      await other.waitForSelector('text=is wrong')
      await signIn(other, NEW_PASSWORD)
      await other.waitForSelector('text=Hello, Zoe Example')
      await page.goto('/account')
      assert.match(page.url(), /\/sign-in/)
      await phone.close()
    },
  )

  await t.test('another site’s form changes nothing', async () => {
    const forged = await fetch(`${shop.url}/account/details/name`, {
      method: 'POST',
      headers: { origin: 'https://evil.test', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'name=Mallory',
    })
    assert.equal(forged.status, 403)
  })
})
