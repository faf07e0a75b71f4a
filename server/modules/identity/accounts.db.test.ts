import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as routes from '#contracts/identity/routes.ts'
import { GOOD_PASSWORD, ORIGIN, testIdentity } from '../../../tests/support/identity.ts'

const shop = await testIdentity()
const { ask, clock, linkTo, mailTo, platform } = shop

let people = 0
/** A registered person, by default with a proven address. */
async function person({ isProven = true } = {}) {
  people += 1
  const email = `person${people}@example.com`
  const registered = await ask(routes.register, {
    body: { email, password: GOOD_PASSWORD, name: 'Ada Lovelace' },
    from: `198.51.100.${people % 250}`,
  })
  assert.equal(registered.status, 201)
  const signedIn = await ask(routes.login, { body: { email, password: GOOD_PASSWORD } })
  assert.equal(signedIn.status, 200, JSON.stringify(signedIn.body))
  const { token, account, deviceToken } = signedIn.body
  if (isProven) {
    const proven = await ask(routes.proveEmail, { body: { token: await linkTo(email) }, token })
    assert.equal(proven.status, 200, JSON.stringify(proven.body))
  }
  return { email, token: token as string, id: account.id as string, deviceToken }
}

test('a person registers, signs in, proves the address and is known by the token', async () => {
  const { email, token, id } = await person()
  const me = await ask(routes.getMe, { token })
  assert.equal(me.status, 200)
  assert.equal(me.body.email, email)
  assert.equal(me.body.isEmailProven, true)
  assert.deepEqual(me.body.permissions, [])
  assert.ok(shop.claimed.some((claim) => claim.customerId === id && claim.email === email))
  assert.equal((await ask(routes.getMe)).status, 401)
  assert.equal((await ask(routes.getMe, { token: `${token}x` })).status, 401)
})

test('registering a taken address answers alike, makes no way into the account, and tells its owner', async () => {
  const { email, id } = await person()
  const free = await ask(routes.register, {
    body: { email: 'free@example.com', password: 'another plum 77', name: 'Eve' },
  })
  const taken = await ask(routes.register, {
    body: { email: email.toUpperCase(), password: 'another plum 77', name: 'Eve' },
  })
  assert.deepEqual([taken.status, taken.body], [free.status, free.body])
  assert.match((await mailTo(email))?.subject ?? '', /already have an account/)
  const eve = await ask(routes.login, { body: { email, password: 'another plum 77' } })
  assert.equal(eve.status, 200, 'signing in does not tell that the address is taken')
  assert.notEqual(eve.body.account.id, id)
  assert.equal(eve.body.account.isEmailProven, false)
  const owner = await ask(routes.login, { body: { email, password: GOOD_PASSWORD } })
  assert.equal(owner.body.account.id, id)
})

test('an account opened in advance with another person’s address is not made theirs by their click', async () => {
  const email = 'victim@example.com'
  const body = { email, password: 'attackers plum 9', name: 'Mallory' }
  await ask(routes.register, { body })
  const mallory = await ask(routes.login, { body: { email, password: body.password } })
  const token = await linkTo(email)
  const clicked = await ask(routes.proveEmail, { body: { token, password: 'my own password 1' } })
  assert.equal(clicked.status, 401)
  assert.equal((await ask(routes.proveEmail, { body: { token } })).status, 401)
  await ask(routes.requestPasswordReset, { body: { email } })
  const reset = await ask(routes.resetPassword, {
    body: { token: await linkTo(email), password: 'owners own plum 3' },
  })
  assert.equal(reset.status, 200, JSON.stringify(reset.body))
  assert.equal((await ask(routes.getMe, { token: mallory.body.token })).status, 401)
  assert.equal((await ask(routes.login, { body: { email, password: body.password } })).status, 401)
  const owner = await ask(routes.login, { body: { email, password: 'owners own plum 3' } })
  assert.equal(owner.body.account.isEmailProven, true)
})

test('a wrong password and an unknown address get the same answer', async () => {
  const { email } = await person()
  const wrong = await ask(routes.login, { body: { email, password: 'not the password' } })
  const unknown = await ask(routes.login, {
    body: { email: 'nobody@example.com', password: 'not the password' },
  })
  assert.deepEqual([wrong.status, wrong.body], [unknown.status, unknown.body])
  assert.equal(wrong.status, 401)
  assert.equal(wrong.body.code, 'identity.credentials_wrong')
})

test('S18: a reset link has our own origin, works once, for 30 minutes, and is kept as a hash', async () => {
  const { email, token } = await person()
  const spoofed = { host: 'evil.test', 'x-forwarded-host': 'evil.test' }
  const asked = await ask(routes.requestPasswordReset, { body: { email }, headers: spoofed })
  const nobody = await ask(routes.requestPasswordReset, { body: { email: 'no@example.com' } })
  assert.deepEqual([asked.status, asked.body], [nobody.status, nobody.body])
  assert.equal(await mailTo('no@example.com'), undefined)
  const mail = await mailTo(email)
  assert.match(mail?.text ?? '', new RegExp(`${ORIGIN}/reset\\?token=`))
  assert.doesNotMatch(mail?.text ?? '', /evil/)
  const link = await linkTo(email)
  const { rows } = await platform.db.query({
    text: 'select * from identity.one_time_tokens',
  })
  assert.doesNotMatch(JSON.stringify(rows), new RegExp(link.slice(8)))
  const weak = await ask(routes.resetPassword, { body: { token: link, password: 'password1' } })
  assert.equal(weak.body.code, 'identity.password_common')
  const body = { token: link, password: 'brand new plum 5' }
  const [one, two] = await Promise.all([
    ask(routes.resetPassword, { body }),
    ask(routes.resetPassword, { body }),
  ])
  assert.deepEqual([one.status, two.status].sort(), [200, 422])
  assert.equal((await ask(routes.getMe, { token })).status, 401, 'S17: a reset ends sessions')
  assert.equal((await ask(routes.login, { body: { email, password: GOOD_PASSWORD } })).status, 401)
  await ask(routes.requestPasswordReset, { body: { email } })
  const late = await linkTo(email)
  clock.advance(30 * 60_000 + 1)
  const tooLate = await ask(routes.resetPassword, {
    body: { token: late, password: 'plum 66 late' },
  })
  assert.equal(tooLate.body.code, 'identity.link_invalid')
})

test('S17: each sign-in has a token of its own; changing the password ends the other sessions', async () => {
  const { email, token: first } = await person()
  const login = { body: { email, password: GOOD_PASSWORD } }
  const { token: second } = (await ask(routes.login, login)).body
  assert.notEqual(first, second)
  const change = { currentPassword: GOOD_PASSWORD, newPassword: 'changed plum 123' }
  const wrong = { ...change, currentPassword: 'not the password' }
  assert.equal((await ask(routes.changePassword, { body: wrong, token: first })).status, 401)
  const changed = await ask(routes.changePassword, { body: change, token: first })
  assert.equal(changed.status, 200, JSON.stringify(changed.body))
  assert.equal((await ask(routes.getMe, { token: changed.body.token })).status, 200)
  for (const token of [first, second])
    assert.equal((await ask(routes.getMe, { token })).status, 401)
  assert.equal((await ask(routes.login, login)).status, 401)
})

test('sessions are listed and ended one by one or all others at once; tokens are kept as hashes', async () => {
  const { email, token } = await person()
  const others = []
  for (let made = 0; made < 3; made += 1) {
    const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' }
    const body = { email, password: GOOD_PASSWORD }
    others.push((await ask(routes.login, { body, headers })).body.token as string)
  }
  const { items } = (await ask(routes.listSessions, { token })).body
  assert.equal(items.length, 4)
  assert.equal(items.filter((one: { isCurrent: boolean }) => one.isCurrent).length, 1)
  assert.ok(items.some((one: { device: string }) => one.device === 'Firefox, Linux'))
  const stranger = await person()
  const stolen = { params: { sessionId: items[1].id }, token: stranger.token }
  assert.equal((await ask(routes.revokeSession, stolen)).status, 404)
  const other = items.find((one: { isCurrent: boolean }) => !one.isCurrent)
  const ended = await ask(routes.revokeSession, { params: { sessionId: other.id }, token })
  assert.equal(ended.status, 204)
  const alive = await Promise.all(others.map((one) => ask(routes.getMe, { token: one })))
  assert.equal(alive.filter(({ status }) => status === 200).length, 2)
  assert.equal((await ask(routes.revokeOtherSessions, { token })).status, 204)
  const after = await Promise.all(others.map((one) => ask(routes.getMe, { token: one })))
  assert.ok(after.every(({ status }) => status === 401))
  assert.equal((await ask(routes.getSession, { token })).status, 200, 'the own one lives on')
  const { rows } = await platform.db.query({ text: 'select * from identity.sessions' })
  assert.doesNotMatch(JSON.stringify(rows), new RegExp(token.slice(8)))
})

test('a session ends when it is not used, and after its whole life however it is used', async () => {
  const { email, token } = await person()
  clock.advance(15 * 86_400_000)
  assert.equal((await ask(routes.getMe, { token })).status, 401)
  const { token: used } = (await ask(routes.login, { body: { email, password: GOOD_PASSWORD } }))
    .body
  for (let day = 0; day < 59; day += 1) {
    clock.advance(86_400_000)
    assert.equal((await ask(routes.getMe, { token: used })).status, 200)
  }
  clock.advance(2 * 86_400_000)
  assert.equal((await ask(routes.getMe, { token: used })).status, 401)
})

test('S12, S22: a browser gets its token in a cookie alone, which another site cannot use', async () => {
  const { email } = await person()
  const body = { email, password: GOOD_PASSWORD }
  const headers = { 'sec-fetch-site': 'same-origin' }
  const signedIn = await ask(routes.login, { body, headers })
  assert.equal(signedIn.body.token, undefined)
  const setCookie = signedIn.headers['set-cookie'] ?? ''
  assert.match(setCookie, /^__Host-session=ses_[\w-]+; Path=\/; HttpOnly; SameSite=Lax; Secure; /)
  const cookie = setCookie.split(';')[0] as string
  assert.equal((await ask(routes.getMe, { headers: { cookie } })).status, 200)
  const change = { body: { name: 'New Name' } }
  for (const site of ['cross-site', 'same-site', 'none']) {
    const refused = await ask(routes.updateMe, {
      ...change,
      headers: { cookie, 'sec-fetch-site': site },
    })
    assert.equal(refused.status, 403, site)
  }
  const foreign = { cookie, origin: 'https://evil.test' }
  assert.equal((await ask(routes.updateMe, { ...change, headers: foreign })).status, 403)
  assert.equal((await ask(routes.updateMe, { ...change, headers: { cookie } })).status, 403)
  const own = await ask(routes.updateMe, { ...change, headers: { cookie, ...headers } })
  assert.equal(own.body.name, 'New Name')
})

test('logging out ends the session on the server', async () => {
  const { token } = await person()
  const left = await ask(routes.logout, { token })
  assert.equal(left.status, 204)
  assert.match(left.headers['set-cookie'] ?? '', /Max-Age=0/)
  assert.equal((await ask(routes.getMe, { token })).status, 401)
})

test('common, short and own passwords are refused, long phrases in any script are not', async () => {
  const attempt = (password: string) =>
    ask(routes.register, {
      body: { email: 'grace.hopper@example.com', password, name: 'Grace Hopper' },
    })
  for (const [password, code] of [
    ['short7!', 'identity.password_too_short'],
    ['x'.repeat(129), 'identity.password_too_long'],
    ['Password123', 'identity.password_common'],
    ['grace.hopper1', 'identity.password_common'],
    ['GraceHopper!', 'identity.password_common'],
    ['aaaaaaaaaaaa', 'identity.password_common'],
  ] as const) {
    const refused = await attempt(password)
    assert.deepEqual([refused.status, refused.body.code], [422, code], password)
  }
  assert.equal((await attempt('пароль из трёх слов')).status, 201)
  assert.equal((await attempt('y 7'.repeat(40))).status, 201)
})

test('a new e-mail address counts when its link is followed; the old one is told', async () => {
  const { email, token, id } = await person()
  const body = { email: 'moved@example.com', password: GOOD_PASSWORD }
  assert.equal((await ask(routes.changeEmail, { body, token })).status, 202)
  assert.equal((await ask(routes.getMe, { token })).body.email, email)
  const link = await linkTo('moved@example.com')
  assert.equal((await ask(routes.proveEmail, { body: { token: link }, token })).status, 200)
  assert.equal((await ask(routes.getMe, { token })).body.email, 'moved@example.com')
  assert.match((await mailTo(email))?.subject ?? '', /was changed/)
  const again = await ask(routes.login, { body })
  assert.equal(again.body.account.id, id)
  assert.equal((await ask(routes.login, { body: { email, password: GOOD_PASSWORD } })).status, 401)
})

test('a guest’s cart goes along at sign-in', async () => {
  const { email, id } = await person()
  const cartId = platform.ids.make('crt')
  const body = { email, password: GOOD_PASSWORD, cartId }
  const signedIn = await ask(routes.login, { body })
  assert.equal(signedIn.body.cartId, cartId)
  assert.deepEqual(shop.merged.at(-1), { guestCartId: cartId, customerId: id })
})
