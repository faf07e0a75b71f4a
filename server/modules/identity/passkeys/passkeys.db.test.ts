import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import * as factors from '#contracts/identity/factors.ts'
import * as passkeys from '#contracts/identity/passkeys.ts'
import * as routes from '#contracts/identity/routes.ts'
import { createAuthenticator } from '../../../../tests/support/authenticator.ts'
import { GOOD_PASSWORD, ORIGIN, testIdentity } from '../../../../tests/support/identity.ts'

const { ask, clock, identity, platform } = await testIdentity()

async function person(email: string): Promise<string> {
  await ask(routes.register, { body: { email, password: GOOD_PASSWORD, name: 'Ada' } })
  const body = { email, password: GOOD_PASSWORD }
  return (await ask(routes.login, { body })).body.token
}

type Authenticator = ReturnType<typeof createAuthenticator>
type Marks = Parameters<Authenticator['create']>[1]

async function add(token: string, device: Authenticator, marks?: Marks) {
  const { body } = await ask(passkeys.beginPasskey, { token })
  const credential = device.create(body.options, marks)
  return ask(passkeys.addPasskey, {
    token,
    body: { ceremony: body.ceremony, name: 'My key', credential },
  })
}

async function enter(device: Authenticator, marks?: Marks) {
  const { body } = await ask(passkeys.beginPasskeyLogin)
  const credential = device.get(body.options, marks)
  return ask(passkeys.loginPasskey, { body: { ceremony: body.ceremony, credential } })
}

test('a passkey is added, listed, named, signs in without an address, and is removed', async () => {
  const token = await person('passkey@example.com')
  const device = createAuthenticator({ origin: ORIGIN })
  const added = await add(token, device)
  assert.equal(added.status, 201, JSON.stringify(added.body))
  assert.equal(added.body.isSynced, true)
  const signedIn = await enter(device)
  assert.equal(signedIn.status, 200, JSON.stringify(signedIn.body))
  assert.equal(signedIn.body.account.email, 'passkey@example.com')
  const params = { passkeyId: added.body.id }
  const body = { name: 'Phone' }
  assert.equal((await ask(passkeys.renamePasskey, { token, params, body })).body.name, 'Phone')
  const { items } = (await ask(passkeys.listPasskeys, { token })).body
  assert.equal(items.length, 1)
  assert.notEqual(items[0].lastUsedAt, null)
  assert.equal((await ask(passkeys.removePasskey, { token, params })).status, 204)
  assert.equal((await ask(passkeys.removePasskey, { token, params })).status, 204, 'again')
  assert.equal((await enter(device)).body.code, 'identity.passkey_refused')
})

test('a challenge serves once, for a short time, and its own session alone', async () => {
  const token = await person('challenge@example.com')
  const other = await person('other@example.com')
  const device = createAuthenticator({ origin: ORIGIN })
  const begun = (await ask(passkeys.beginPasskey, { token })).body
  const body = {
    ceremony: begun.ceremony,
    name: 'Key',
    credential: device.create(begun.options),
  }
  assert.equal((await ask(passkeys.addPasskey, { token: other, body })).status, 422)
  assert.equal((await ask(passkeys.addPasskey, { token, body })).status, 422, 'used up by that')
  await add(token, device)
  const login = (await ask(passkeys.beginPasskeyLogin)).body
  const credential = device.get(login.options)
  const answer = { ceremony: login.ceremony, credential }
  const both = await Promise.all([
    ask(passkeys.loginPasskey, { body: answer }),
    ask(passkeys.loginPasskey, { body: answer }),
  ])
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 422])
  const late = (await ask(passkeys.beginPasskeyLogin)).body
  clock.advance(11 * 60_000)
  const body2 = { ceremony: late.ceremony, credential: device.get(late.options) }
  assert.equal(
    (await ask(passkeys.loginPasskey, { body: body2 })).body.code,
    'identity.link_invalid',
  )
})

test('an answer for another site, another challenge or by another key is refused', async () => {
  const token = await person('phished@example.com')
  const device = createAuthenticator({ origin: ORIGIN })
  await add(token, device)
  const elsewhere = await enter(device, { origin: 'https://shop.test.evil.example' })
  assert.equal(elsewhere.body.code, 'identity.passkey_refused')
  const [one, two] = [await ask(passkeys.beginPasskeyLogin), await ask(passkeys.beginPasskeyLogin)]
  const mixed = { ceremony: one.body.ceremony, credential: device.get(two.body.options) }
  assert.equal((await ask(passkeys.loginPasskey, { body: mixed })).status, 401)
  const forged = createAuthenticator({ origin: ORIGIN }).get(
    (await ask(passkeys.beginPasskeyLogin)).body.options,
  )
  const begun = (await ask(passkeys.beginPasskeyLogin)).body
  const right = device.get(begun.options)
  const body = {
    ceremony: begun.ceremony,
    credential: {
      ...right,
      response: { ...right.response, signature: forged.response.signature },
    },
  }
  assert.equal((await ask(passkeys.loginPasskey, { body })).status, 401)
})

test('a counter that does not grow tells of a copy, which is refused', async () => {
  const token = await person('copied@example.com')
  const device = createAuthenticator({ origin: ORIGIN })
  await add(token, device)
  assert.equal((await enter(device, { counter: 50 })).status, 200)
  assert.equal((await enter(device, { counter: 12 })).body.code, 'identity.passkey_refused')
  assert.equal((await enter(device, { counter: 51 })).status, 200)
})

test('synced passkeys count nothing, and that is no copy', async () => {
  const token = await person('synced@example.com')
  const device = createAuthenticator({ origin: ORIGIN })
  await add(token, device, { counter: 0 })
  for (const _ of [1, 2]) assert.equal((await enter(device, { counter: 0 })).status, 200)
})

test('one that has seen who holds it needs no code; one that has not does', async () => {
  const token = await person('coded@example.com')
  const device = createAuthenticator({ origin: ORIGIN })
  await add(token, device)
  const { secret } = (await ask(factors.beginTotp, { token })).body
  const totp = new TOTP({ secret: Secret.fromBase32(secret) })
  const code = totp.generate({ timestamp: clock.now().getTime() })
  await ask(factors.confirmTotp, { token, body: { code } })
  assert.equal((await enter(device)).status, 200)
  const unseen = await enter(device, { isVerified: false })
  assert.equal(unseen.status, 202)
  assert.equal(unseen.body.status, 'second_factor_needed')
})

test('staff sign in only by a passkey that has seen who holds it', async () => {
  const email = 'staff@example.com'
  const name = 'Grace'
  await identity.api.createOperator({ email, name, password: GOOD_PASSWORD, role: 'admin' })
  const token = (await ask(routes.login, { body: { email, password: GOOD_PASSWORD } })).body.token
  const device = createAuthenticator({ origin: ORIGIN })
  const begun = (await ask(passkeys.beginPasskey, { token })).body
  assert.equal(begun.options.authenticatorSelection.userVerification, 'required')
  assert.equal((await add(token, device, { isVerified: false })).status, 401)
  assert.equal((await add(token, device)).status, 201)
  assert.equal((await add(token, device)).status, 409, 'the same key again')
  assert.equal((await enter(device, { isVerified: false })).body.code, 'identity.passkey_refused')
  assert.equal((await enter(device)).status, 200)
})

test('adding and removing ask for a fresh sign-in, and are told of by mail', async () => {
  const token = await person('fresh@example.com')
  const device = createAuthenticator({ origin: ORIGIN })
  const { id } = (await add(token, device)).body
  const { rows } = await platform.db.query({
    text: 'select count(*)::int as n from platform.mails',
  })
  assert.ok(rows[0]?.['n'] > 0)
  clock.advance(11 * 60_000)
  for (const reply of [
    await ask(passkeys.beginPasskey, { token }),
    await ask(passkeys.removePasskey, { token, params: { passkeyId: id } }),
  ])
    assert.equal(reply.body.code, 'identity.reauthentication_required')
  assert.equal((await enter(device)).status, 200, 'it was not removed')
})
