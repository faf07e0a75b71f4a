import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import * as factors from '#contracts/identity/factors.ts'
import * as keys from '#contracts/identity/keys.ts'
import * as passkeys from '#contracts/identity/passkeys.ts'
import * as routes from '#contracts/identity/routes.ts'
import * as staff from '#contracts/identity/staff.ts'
import { createAuthenticator } from '../../../../tests/support/authenticator.ts'
import {
  GOOD_PASSWORD,
  OPERATOR_KEY,
  ORIGIN,
  testIdentity,
} from '../../../../tests/support/identity.ts'

const { ask, clock, identity, linkTo } = await testIdentity({ staffSecondFactor: true })
const SELLER = 'sel_01jd0000000000000000000000'

async function operator(email: string): Promise<void> {
  const made = { email, name: 'Ada', password: GOOD_PASSWORD, role: 'admin' } as const
  await identity.api.createOperator(made)
}
const login = (email: string) => ask(routes.login, { body: { email, password: GOOD_PASSWORD } })
const tokenOf = async (email: string): Promise<string> => (await login(email)).body.token
const roster = (token: string) => ask(staff.listStaff, { token })
const codeOf = (secret: string) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now().getTime() })

async function addApp(token: string): Promise<string> {
  const { secret } = (await ask(factors.beginTotp, { token })).body
  const confirmed = await ask(factors.confirmTotp, { token, body: { code: codeOf(secret) } })
  assert.equal(confirmed.status, 200, JSON.stringify(confirmed.body))
  clock.advance(30_000)
  return secret
}

async function addPasskey(token: string, device: ReturnType<typeof createAuthenticator>) {
  const { body } = await ask(passkeys.beginPasskey, { token })
  const credential = device.create(body.options)
  return ask(passkeys.addPasskey, {
    token,
    body: { ceremony: body.ceremony, name: 'My key', credential },
  })
}

async function enterBy(device: ReturnType<typeof createAuthenticator>) {
  const { body } = await ask(passkeys.beginPasskeyLogin)
  const credential = device.get(body.options)
  return ask(passkeys.loginPasskey, { body: { ceremony: body.ceremony, credential } })
}

test('an operator without a second factor acts as a shopper until he has set one up', async () => {
  const email = 'app@example.com'
  await operator(email)
  const signedIn = (await login(email)).body
  assert.equal(signedIn.secondFactorRequired, true)
  const { token } = signedIn
  const refused = await roster(token)
  assert.deepEqual([refused.status, refused.body.code], [403, 'second_factor_required'])
  const key = { name: 'x', scopes: ['catalog.read'], expiresInDays: 1 }
  assert.equal((await ask(keys.createApiKey, { token, body: key })).status, 403)
  assert.equal((await ask(routes.getMe, { token })).status, 200, 'as a shopper he may')
  assert.equal((await ask(routes.getSession, { token })).body.secondFactorRequired, true)
  const secret = await addApp(token)
  assert.equal((await roster(token)).status, 200, 'at once, in the session that set it up')
  assert.equal((await ask(routes.getSession, { token })).body.secondFactorRequired, undefined)
  const { challenge } = (await login(email)).body
  const body = { challenge, code: codeOf(secret) }
  const again = (await ask(routes.loginSecondFactor, { body })).body
  assert.equal(again.secondFactorRequired, undefined)
  assert.equal((await roster(again.token)).status, 200)
})

test('another session that showed the password alone gains nothing by it', async () => {
  const email = 'two@example.com'
  await operator(email)
  const [early, own] = [await tokenOf(email), await tokenOf(email)]
  await addApp(own)
  assert.equal((await roster(own)).status, 200)
  assert.equal((await roster(early)).body.code, 'second_factor_required')
  for (const [route, asked] of [
    [factors.removeTotp, {}],
    [factors.renewRecoveryCodes, {}],
    [passkeys.beginPasskey, {}],
  ] as const)
    assert.equal((await ask(route, { token: early, ...asked })).body.code, 'second_factor_required')
})

test('a passkey that looks who holds it counts; a password beside it sets up no other factor', async () => {
  const email = 'key@example.com'
  await operator(email)
  const device = createAuthenticator({ origin: ORIGIN })
  const owner = await tokenOf(email)
  const added = await addPasskey(owner, device)
  assert.equal(added.status, 201)
  assert.equal((await roster(owner)).status, 200)
  const entered = await enterBy(device)
  assert.equal((await roster(entered.body.token)).status, 200)
  const thief = await tokenOf(email)
  assert.equal((await roster(thief)).body.code, 'second_factor_required')
  assert.equal((await ask(factors.beginTotp, { token: thief })).body.code, 'second_factor_required')
  const params = { passkeyId: added.body.id }
  const removed = await ask(passkeys.removePasskey, { token: thief, params })
  assert.equal(removed.body.code, 'second_factor_required')
  assert.equal((await enterBy(device)).status, 200, 'it is still there')
})

test('another password keeps what its session had shown; a removed factor opens nothing more', async () => {
  const email = 'change@example.com'
  await operator(email)
  const token = await tokenOf(email)
  await addApp(token)
  const body = { currentPassword: GOOD_PASSWORD, newPassword: 'another kettle orbit 43' }
  const changed = (await ask(routes.changePassword, { token, body })).body
  assert.equal((await roster(changed.token)).status, 200)
  assert.equal((await ask(factors.removeTotp, { token: changed.token })).status, 204)
  assert.equal((await roster(changed.token)).body.code, 'second_factor_required')
})

test('the staff of sellers likewise; shoppers are asked for nothing; the installation’s key goes on', async () => {
  const email = 'seller@example.com'
  const invited = { email, role: 'owner' }
  const params = { sellerId: SELLER }
  const asked = { token: OPERATOR_KEY, params, body: invited }
  assert.equal((await ask(staff.inviteToTeam, asked)).status, 201)
  const accepted = { token: await linkTo(email), password: GOOD_PASSWORD, name: 'Sel' }
  assert.equal((await ask(staff.acceptInvitation, { body: accepted })).status, 200)
  const token = await tokenOf(email)
  const refused = await ask(staff.listTeam, { token, params })
  assert.equal(refused.body.code, 'second_factor_required')
  const secret = await addApp(token)
  assert.ok(secret)
  assert.equal((await ask(staff.listTeam, { token, params })).status, 200)
  const made = await ask(keys.createSellerApiKey, {
    token,
    params,
    body: { name: 'x', scopes: ['everything'], expiresInDays: 1 },
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  assert.equal((await ask(staff.listTeam, { token: made.body.key, params })).status, 200)
  const shopper = 'shopper@example.com'
  await ask(routes.register, { body: { email: shopper, password: GOOD_PASSWORD, name: 'S' } })
  assert.equal((await login(shopper)).body.secondFactorRequired, undefined)
  assert.equal((await roster(await tokenOf(shopper))).body.code, 'forbidden')
})
