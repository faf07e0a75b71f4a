/**
 * Goal: every way into an account works in a real browser, as people would go it. Method: Chromium with a virtual
 * authenticator and a real OpenID provider, on the whole shop in this process. Passwords, the authenticator app, resets,
 * sessions and the cart that comes along: `tests/scenarios/accounts.test.ts`.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { OAuth2Server } from 'oauth2-mock-server'
import type { BrowserContext, Page } from 'playwright-core'
import { openBrowser } from '../support/browser.ts'
import { eventually, findBuyable, unwrap } from '../support/shopper.ts'
import { openWholeShop, PASSWORD } from '../support/whole-shop.ts'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const PATIENCE_MS = 120_000

const provider = new OAuth2Server()
await provider.issuer.keys.generate('RS256')
await provider.start(0, '127.0.0.1')
const person = { sub: 'u1', email: 'olive@example.com', email_verified: true, aud: 'stoa' }
provider.service.on('beforeTokenSigning', (token: { payload: object }) =>
  Object.assign(token.payload, person),
)
const whole = await openWholeShop({
  OIDC_ISSUER: provider.issuer.url ?? '',
  OIDC_CLIENT_ID: 'stoa',
  OIDC_CLIENT_SECRET: 'the secret of the shop',
  OIDC_NAME: 'Olive ID',
})
/** As the shop names itself: passkeys are bound to that. */
const url = whole.url.replace('127.0.0.1', 'localhost')
const browser = await openBrowser(CHROMIUM)
after(async () => {
  await browser.close()
  await provider.stop()
})

type Visitor = Readonly<{ context: BrowserContext; page: Page; errors: string[] }>

async function visitor(): Promise<Visitor> {
  const context = await browser.newContext({ locale: 'en-US' })
  context.setDefaultTimeout(PATIENCE_MS)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4(01|22)/.test(message.text()))
      errors.push(message.text())
  })
  return { context, page, errors }
}

/** A platform authenticator that always says yes. */
async function authenticator({ context, page }: Visitor) {
  const session = await context.newCDPSession(page)
  await session.send('WebAuthn.enable', { enableUI: false })
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  const keys = async () =>
    (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials
  return { keys }
}

/** A browser that offers no passkey by itself: the virtual one would be taken at once. */
async function withoutOffers(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Object.assign(PublicKeyCredential, { isConditionalMediationAvailable: async () => false })
  })
}

async function signIn(page: Page, email: string): Promise<void> {
  await page.goto(`${url}/sign-in`)
  await page.fill('#email', email)
  await page.fill('#password', PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL(/\/account/)
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name })

/** Gives the password where it is asked for before a change. */
async function confirmSelf(page: Page): Promise<void> {
  await page.fill('#self', PASSWORD)
  await button(page, 'Confirm').click()
}

test('a passkey: added, used without a password, with the guest’s cart, renamed and removed', async () => {
  await whole.register('pat@example.com', 'Pat')
  const me = await visitor()
  const { page } = me
  const device = await authenticator(me)
  await signIn(page, 'pat@example.com')
  await page.goto(`${url}/account/security`)
  await button(page, 'Add a passkey').click()
  await confirmSelf(page)
  await page.fill('#name', 'My laptop')
  await button(page, 'Add a passkey').click()
  await page.getByText('My laptop').first().waitFor()
  assert.equal((await device.keys()).length, 1)

  await page.goto(`${url}/account`)
  await button(page, 'Sign out').first().click()
  await page.waitForURL(`${url}/`)
  const [item] = await findBuyable(whole.client, 1, 5)
  assert.ok(item)
  const product = unwrap(await whole.client.getProduct({ params: { id: item.productId } }))
  await page.goto(`${url}/p/${product.slug}`)
  await page.locator('#buy button').first().click()
  await page.locator('[data-cart-count]').first().waitFor()

  await withoutOffers(page)
  await page.goto(`${url}/sign-in`)
  await button(page, 'Sign in with a passkey').click()
  await page.waitForURL(/\/account/)
  await page.getByText('Hello, Pat').waitFor()
  await page.goto(`${url}/cart`)
  assert.equal(await page.locator('.cart-line').count(), 1)

  await page.goto(`${url}/account/security`)
  await page.getByText('Rename').click()
  await page.locator('main details input[name=name]').fill('Old laptop')
  await page.locator('main details button').click()
  await page.getByText('Old laptop').first().waitFor()
  await page.getByRole('button', { name: 'Remove: Old laptop' }).click()
  await confirmSelf(page)
  await page.getByText('Saved.').waitFor()
  assert.equal(await page.getByText('Old laptop').count(), 0)
  assert.deepEqual(me.errors, [])
  await me.context.close()
})

test('the browser offers a passkey in the field of the address, and that signs in', async () => {
  await whole.register('quinn@example.com', 'Quinn')
  const me = await visitor()
  const { page } = me
  const device = await authenticator(me)
  await signIn(page, 'quinn@example.com')
  await page.goto(`${url}/account/security`)
  await button(page, 'Add a passkey').click()
  await confirmSelf(page)
  await button(page, 'Add a passkey').click()
  await page.getByText('Saved.').waitFor()
  assert.equal((await device.keys()).length, 1)
  await page.context().clearCookies()
  // It may be left before all of it is loaded.
  await page.goto(`${url}/sign-in`, { waitUntil: 'commit' })
  await page.waitForURL(/\/account/)
  await page.getByText('Hello, Quinn').waitFor()
  assert.deepEqual(me.errors, [])
  await me.context.close()
})

test('a passkey that another shop’s account has gone from is refused in words', async () => {
  const { id } = await whole.register('rhea@example.com', 'Rhea')
  const me = await visitor()
  const { page } = me
  await authenticator(me)
  await signIn(page, 'rhea@example.com')
  await page.goto(`${url}/account/security`)
  await button(page, 'Add a passkey').click()
  await confirmSelf(page)
  await button(page, 'Add a passkey').click()
  await page.getByText('Saved.').waitFor()
  await withoutOffers(page)
  await whole.shop.db.query({
    text: 'delete from identity.passkeys where account_id = $1',
    values: [id],
  })
  await page.context().clearCookies()
  await page.goto(`${url}/sign-in`)
  await button(page, 'Sign in with a passkey').click()
  await page.getByText('The passkey was not accepted.').waitFor()
  await me.context.close()
})

test('a provider opens an account with its guest’s orders claimed, and comes back to it', async () => {
  const me = await visitor()
  const { page } = me
  await page.goto(`${url}/sign-in`)
  await button(page, 'Sign in with Olive ID').click()
  await page.waitForURL(/\/account/)
  await page.getByText('olive@example.com').first().waitFor()
  await page.goto(`${url}/account/security`)
  await page.getByText('This account has no password.').waitFor()
  await page.getByRole('button', { name: 'Remove: Olive ID' }).click()
  await page.getByText('This is your only way to sign in.').waitFor()
  assert.deepEqual(me.errors, [])
  await me.context.close()

  const again = await visitor()
  await again.page.goto(`${url}/sign-in`)
  await button(again.page, 'Sign in with Olive ID').click()
  await again.page.waitForURL(/\/account/)
  await again.page.getByText('olive@example.com').first().waitFor()
  await again.context.close()
})

test('an answer of the provider that another browser asked for is of no use', async () => {
  const me = await visitor()
  await me.page.goto(`${url}/sign-in/provider?code=stolen&state=stolen`)
  await me.page.getByText('This link is wrong').waitFor()
  await me.context.close()
})

test('who has an account already gives its password once, and the provider is connected', async () => {
  const email = 'sam@example.com'
  const sam = await whole.register(email, 'Sam')
  await whole.shop.db.query({
    text: `with a as (update identity.accounts set email_proven_at = now() where id = $1)
           update identity.logins set is_proven = true where account_id = $1`,
    values: [sam.id],
  })
  Object.assign(person, { sub: 'sam', email })
  const me = await visitor()
  const { page } = me
  await page.goto(`${url}/sign-in`)
  await button(page, 'Sign in with Olive ID').click()
  await page.getByText('You have an account already').first().waitFor()
  await page.fill('#password', 'not the password')
  await button(page, 'Sign in').click()
  await page.getByText('The e-mail address or the password is wrong.').waitFor()
  await page.fill('#password', PASSWORD)
  await button(page, 'Sign in').click()
  await page.waitForURL(/\/account/)
  await page.getByText('Hello, Sam').waitFor()
  await page.goto(`${url}/account/security`)
  await page.getByText('Olive ID').first().waitFor()
  assert.deepEqual(me.errors, [])
  await me.context.close()
})

test('an administrator makes a key, and invites somebody who joins by the mailed link', async () => {
  const admin = await whole.operator('admin')
  const me = await visitor()
  const { page } = me
  await signIn(page, admin.email)
  await page.goto(`${url}/account/keys`)
  await page.fill('#name', 'Warehouse program')
  await page.locator('input[value="inventory.read"]').check()
  await button(page, 'Create a key').click()
  const key = await page.locator('.key-shown').inputValue()
  const stock = await whole.ask('/api/v1/admin/api-keys', { token: key })
  assert.equal(stock.status, 403, 'it may do what was chosen alone')
  await page.goto(`${url}/account/keys`)
  await page.getByRole('button', { name: 'Revoke: Warehouse program' }).click()
  await page.getByText('The key is revoked.').waitFor()
  const gone = await eventually(
    () => whole.ask('/api/v1/admin/api-keys', { token: key }),
    ({ status }) => status === 401,
    PATIENCE_MS,
  )
  assert.equal(gone.status, 401)

  const email = 'tess@example.com'
  const body = { email, roles: ['support'] }
  const path = '/api/v1/admin/staff/invitations'
  const invited = await whole.ask(path, { method: 'POST', token: admin.token, body })
  assert.equal(invited.status, 201, invited.text)
  const mails = await eventually(
    async () => whole.shop.modules.shop?.identity.api.listMails({ limit: 50 }) ?? [],
    (list) => list.some(({ to }) => to === email),
    PATIENCE_MS,
  )
  const text = mails.find(({ to }) => to === email)?.text ?? ''
  const link = /https?:\S+\/invitation\?token=[\w-]+/.exec(text)?.[0] ?? ''
  const tess = await visitor()
  await tess.page.goto(link)
  await tess.page.fill('#name', 'Tess')
  await tess.page.fill('#password', PASSWORD)
  await button(tess.page, 'Accept the invitation').click()
  await tess.page.getByText('Welcome to the team.').waitFor()
  await signIn(tess.page, email)
  const joined = await whole.signIn(email)
  const account = unwrap(await joined.client.getMe({}))
  assert.deepEqual(account.operatorRoles, ['support'])
  assert.deepEqual([...me.errors, ...tess.errors], [])
  await tess.context.close()
  await me.context.close()
})
