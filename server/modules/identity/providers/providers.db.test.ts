/**
 * Goal: a provider's word opens what it may open and nothing else. Method: a real OpenID Connect provider on a port of its
 * own, whose answers are then spoilt one by one; somebody who was at an address first is never overtaken by it, nor does
 * he overtake its owner.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { OAuth2Server } from 'oauth2-mock-server'
import { Secret, TOTP } from 'otpauth'
import * as factors from '#contracts/identity/factors.ts'
import * as providers from '#contracts/identity/providers.ts'
import * as routes from '#contracts/identity/routes.ts'
import { GOOD_PASSWORD, ORIGIN, testIdentity } from '../../../../tests/support/identity.ts'

const server = new OAuth2Server()
await server.issuer.keys.generate('RS256')
await server.start(0, '127.0.0.1')
after(() => server.stop())

const settings = {
  issuer: server.issuer.url ?? '',
  clientId: 'stoa',
  clientSecret: 'the secret of the shop',
  name: 'Example ID',
}
const { ask, claimed, clock, identity, linkTo, platform } = await testIdentity({ openId: settings })

type Claims = Record<string, unknown>
type Token = { header: Claims; payload: Claims }

/** What the provider says from now on. */
let claims: Claims = {}
let spoil: (token: Token) => void = () => {}
server.service.on('beforeTokenSigning', (token: Token) => {
  Object.assign(token.payload, claims)
  spoil(token)
})

function says(subject: string, email: string, more: Claims = {}) {
  claims = { sub: subject, email, email_verified: true, aud: 'stoa', ...more }
}

/** Goes to the provider as a browser would, and comes back with what it says. */
async function visit(url: string): Promise<Record<string, string>> {
  const sent = await fetch(url, { redirect: 'manual' })
  const back = new URL(sent.headers.get('location') ?? '')
  assert.equal(back.origin + back.pathname, `${ORIGIN}/sign-in/provider`)
  return Object.fromEntries(back.searchParams)
}

async function arrive() {
  const { body } = await ask(providers.beginProviderLogin)
  const { code, state } = await visit(body.url)
  return { ceremony: body.ceremony as string, returned: { code, state } }
}
const enter = async () => ask(providers.loginProvider, { body: await arrive() })

async function person(email: string): Promise<string> {
  await ask(routes.register, { body: { email, password: GOOD_PASSWORD, name: 'Ada' } })
  const body = { email, password: GOOD_PASSWORD }
  return (await ask(routes.login, { body })).body.token
}
async function proven(email: string): Promise<string> {
  const token = await person(email)
  const proof = await ask(routes.proveEmail, { token, body: { token: await linkTo(email) } })
  assert.equal(proof.status, 200)
  return token
}

test('a provider’s person gets a proven account without a password, and comes back to it', async () => {
  says('u1', 'New@Example.com', { name: 'Nell' })
  const first = await enter()
  assert.equal(first.status, 200, JSON.stringify(first.body))
  const { account } = first.body
  assert.deepEqual(
    [account.email, account.name, account.isEmailProven, account.hasPassword],
    ['new@example.com', 'Nell', true, false],
  )
  assert.deepEqual(claimed.at(-1), { customerId: account.id, email: 'new@example.com' })
  says('u1', 'moved@example.com')
  assert.equal((await enter()).body.account.id, account.id, 'known by its subject')
  const { token } = first.body
  const { items } = (await ask(providers.listProviderLogins, { token })).body
  assert.deepEqual(
    items.map(({ name }: { name: string }) => name),
    ['Example ID'],
  )
  const params = { providerLoginId: items[0].id }
  const last = await ask(providers.removeProviderLogin, { token, params })
  assert.equal(last.body.code, 'identity.last_way_in')
  assert.equal((await enter()).status, 200, 'it was not removed')
})

test('who has proven an address already keeps it: the provider is connected by his password alone', async () => {
  await proven('kept@example.com')
  says('u2', 'kept@example.com')
  const met = await enter()
  assert.deepEqual([met.status, met.body.status], [202, 'link_needed'])
  const { challenge } = met.body
  const wrong = await ask(providers.linkProviderByPassword, {
    body: { challenge, password: 'a wrong guess' },
  })
  assert.equal(wrong.body.code, 'identity.credentials_wrong')
  assert.equal((await enter()).status, 202, 'still not connected')
  const body = { challenge, password: GOOD_PASSWORD }
  assert.equal((await ask(providers.linkProviderByPassword, { body })).status, 200)
  assert.equal((await ask(providers.linkProviderByPassword, { body })).status, 422, 'once')
  assert.equal((await enter()).status, 200)
})

test('who opened an account in another’s name gets nothing of what its owner has by the provider', async () => {
  const squatter = await person('squatted@example.com')
  const link = await linkTo('squatted@example.com')
  says('u3', 'squatted@example.com')
  const owner = await enter()
  assert.equal(owner.status, 200)
  const his = (await ask(routes.getMe, { token: squatter })).body
  assert.notEqual(owner.body.account.id, his.id)
  assert.equal(his.isEmailProven, false)
  const late = await ask(routes.proveEmail, { token: squatter, body: { token: link } })
  assert.equal(late.body.code, 'identity.email_taken')
})

test('an address that the provider has not proven opens nothing', async () => {
  says('u4', 'unproven@example.com', { email_verified: false })
  assert.equal((await enter()).body.code, 'identity.provider_email_unproven')
  says('u4', 'unproven@example.com', { email: undefined })
  assert.equal((await enter()).status, 401, 'and what tells of another subject is not believed')
})

test('somebody signed in connects the provider; it is his and nobody else’s then', async () => {
  const token = await person('linker@example.com')
  const other = await person('other-linker@example.com')
  says('u5', 'quite-another@example.net')
  const begin = async (as: string) => {
    const { body } = await ask(providers.beginProviderLink, { token: as })
    const { code, state } = await visit(body.url)
    return { ceremony: body.ceremony, returned: { code, state } }
  }
  const body = await begin(token)
  const stolen = await ask(providers.addProviderLogin, { token: other, body })
  assert.equal(stolen.body.code, 'identity.link_invalid', 'of another session')
  const added = await ask(providers.addProviderLogin, { token, body: await begin(token) })
  assert.equal(added.status, 201, JSON.stringify(added.body))
  const twice = await ask(providers.addProviderLogin, { token: other, body: await begin(other) })
  assert.equal(twice.body.code, 'identity.factor_exists')
  assert.equal((await enter()).body.account.email, 'linker@example.com')
  const params = { providerLoginId: added.body.id }
  assert.equal((await ask(providers.removeProviderLogin, { token, params })).status, 204)
  assert.notEqual((await enter()).body.account?.email, 'linker@example.com')
  clock.advance(11 * 60_000)
  const stale = await ask(providers.beginProviderLink, { token })
  assert.equal(stale.body.code, 'identity.reauthentication_required')
})

test('an authenticator app is asked for after the provider too', async () => {
  const token = await person('careful@example.com')
  says('u6', 'careful@example.com')
  const { body } = await ask(providers.beginProviderLink, { token })
  const { code, state } = await visit(body.url)
  const linked = { ceremony: body.ceremony, returned: { code, state } }
  assert.equal((await ask(providers.addProviderLogin, { token, body: linked })).status, 201)
  const { secret } = (await ask(factors.beginTotp, { token })).body
  const totp = new TOTP({ secret: Secret.fromBase32(secret) })
  await ask(factors.confirmTotp, {
    token,
    body: { code: totp.generate({ timestamp: clock.now().getTime() }) },
  })
  assert.equal((await enter()).body.status, 'second_factor_needed')
})

test('a spoilt answer is refused, and opens no account', async (t) => {
  const nobody = async () => {
    const { rows } = await platform.db.query({
      text: `select count(*)::int as n from identity.accounts where email = 'spoilt@example.com'`,
    })
    assert.equal(rows[0]?.['n'], 0)
  }
  const cases: Readonly<Record<string, (token: Token) => void>> = {
    'another nonce': ({ payload }) => Object.assign(payload, { nonce: 'another' }),
    'no nonce': ({ payload }) => void delete payload['nonce'],
    'for another client': ({ payload }) => Object.assign(payload, { aud: 'somebody-else' }),
    'of another issuer': ({ payload }) => Object.assign(payload, { iss: 'https://evil.example' }),
    'out of date': ({ payload }) => Object.assign(payload, { exp: 1_000, iat: 900 }),
    'signed by nobody’s key': ({ header }) => Object.assign(header, { kid: 'unknown' }),
  }
  for (const [name, spoiling] of Object.entries(cases)) {
    await t.test(name, async () => {
      says('spoilt', 'spoilt@example.com')
      spoil = spoiling
      const refused = await enter()
      spoil = () => {}
      assert.equal(refused.body.code, 'identity.provider_refused', JSON.stringify(refused.body))
      await nobody()
    })
  }
  says('spoilt', 'spoilt@example.com')
  await t.test('another state', async () => {
    const { ceremony, returned } = await arrive()
    const body = { ceremony, returned: { ...returned, state: 'another' } }
    assert.equal((await ask(providers.loginProvider, { body })).status, 401)
    const again = { ceremony, returned }
    assert.equal((await ask(providers.loginProvider, { body: again })).status, 422, 'it has ended')
    await nobody()
  })
  await t.test('a code that another browser was given', async () => {
    const [mine, his] = [await arrive(), await arrive()]
    const body = {
      ceremony: mine.ceremony,
      returned: { ...mine.returned, code: his.returned.code },
    }
    assert.equal((await ask(providers.loginProvider, { body })).status, 401)
    await nobody()
  })
  await t.test('the person said no', async () => {
    const { ceremony, returned } = await arrive()
    const body = { ceremony, returned: { error: 'access_denied', state: returned.state } }
    assert.equal((await ask(providers.loginProvider, { body })).status, 401)
  })
})

test('an answer that comes twice at once opens one session', async () => {
  says('u7', 'twice@example.com')
  const body = await arrive()
  const both = await Promise.all([
    ask(providers.loginProvider, { body }),
    ask(providers.loginProvider, { body }),
  ])
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 422])
})

test('a provider that is away is told of, and is asked again when it is back', async () => {
  const port = Number(new URL(settings.issuer).port)
  const own = await testIdentity({ openId: settings })
  await server.stop()
  const away = await own.ask(providers.beginProviderLogin)
  assert.equal(away.body.code, 'identity.provider_unreachable')
  await server.start(port, '127.0.0.1')
  assert.equal((await own.ask(providers.beginProviderLogin)).status, 200)
})

test('without a provider there is nothing to sign in with', async () => {
  const own = await testIdentity()
  assert.deepEqual((await own.ask(providers.listProviders)).body.items, [])
  assert.equal((await own.ask(providers.beginProviderLogin)).status, 404)
  assert.deepEqual((await ask(providers.listProviders)).body.items, [{ name: 'Example ID' }])
  assert.ok(identity)
})
