import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import * as factors from '#contracts/identity/factors.ts'
import * as routes from '#contracts/identity/routes.ts'
import { GOOD_PASSWORD, testIdentity } from '../../../../tests/support/identity.ts'

const { ask, clock, platform } = await testIdentity()
const email = 'totp@example.com'
const login = () => ask(routes.login, { body: { email, password: GOOD_PASSWORD } })
await ask(routes.register, { body: { email, password: GOOD_PASSWORD, name: 'Ada' } })
const token: string = (await login()).body.token

let secret = ''
let recoveryCodes: string[] = []
const codeNow = () =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now().getTime() })
const finish = (challenge: string, code: string) =>
  ask(routes.loginSecondFactor, { body: { challenge, code } })

test('an authenticator app counts once a code of it was confirmed; its secret is sealed', async () => {
  const begun = await ask(factors.beginTotp, { token })
  secret = begun.body.secret
  assert.match(begun.body.uri, /^otpauth:\/\/totp\/Stoa:totp%40example\.com\?/)
  assert.equal((await login()).status, 200, 'not yet asked for')
  const wrong = await ask(factors.confirmTotp, { token, body: { code: '000000' } })
  assert.equal(wrong.status, 401)
  const confirmed = await ask(factors.confirmTotp, { token, body: { code: codeNow() } })
  assert.equal(confirmed.status, 200, JSON.stringify(confirmed.body))
  recoveryCodes = confirmed.body.recoveryCodes
  assert.equal(new Set(recoveryCodes).size, 10)
  const { rows } = await platform.db.query({ text: 'select * from identity.accounts' })
  assert.doesNotMatch(JSON.stringify(rows), new RegExp(secret))
})

test('signing in asks for a code, each of which is accepted once', async () => {
  clock.advance(30_000)
  const first = await login()
  assert.equal(first.status, 202)
  assert.equal(first.body.token, undefined)
  assert.equal((await finish(first.body.challenge, '123456')).status, 401)
  const code = codeNow()
  const done = await finish(first.body.challenge, code)
  assert.equal(done.status, 200, JSON.stringify(done.body))
  assert.equal((await ask(routes.getMe, { token: done.body.token })).body.hasTotp, true)
  const second = await login()
  assert.equal((await finish(second.body.challenge, code)).status, 401, 'used before')
  assert.equal((await finish(first.body.challenge, codeNow())).status, 422, 'a challenge ends once')
})

test('a code cannot be guessed under one challenge', async () => {
  const { challenge } = (await login()).body
  const guesses = await Promise.all(
    Array.from({ length: 20 }, (_, n) => finish(challenge, String(100_000 + n))),
  )
  assert.equal(guesses.filter(({ status }) => status === 401).length, 5)
  clock.advance(30_000)
  assert.equal((await finish(challenge, codeNow())).status, 422)
})

test('a recovery code stands in once', async () => {
  const [code = ''] = recoveryCodes
  const one = await login()
  assert.equal((await finish(one.body.challenge, code.toUpperCase())).status, 200)
  const two = await login()
  assert.equal((await finish(two.body.challenge, code)).status, 401)
})

test('sensitive changes ask for a fresh sign-in, which the password gives', async () => {
  clock.advance(11 * 60_000)
  const stale = await ask(factors.removeTotp, { token })
  assert.equal(stale.body.code, 'identity.reauthentication_required')
  const body = { password: GOOD_PASSWORD }
  assert.equal((await ask(routes.reauthenticate, { token, body })).status, 204)
  assert.equal((await ask(factors.removeTotp, { token })).status, 204)
  assert.equal((await login()).status, 200)
})
