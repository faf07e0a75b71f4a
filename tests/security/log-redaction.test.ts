/**
 * Goal: the log of a shop tells what happened and not to whom, and nothing in it opens anything. Source: S22, ASVS 5 V16.2.5.
 * Method: a whole journey, its mistakes and its failures included, at the most talkative level. Each secret and each word of
 * the person that came up on the way is then looked for in every line.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import { ADDRESS, buy, checkoutBody, findBuyable, quotedCart } from '../support/shopper.ts'
import { BANK_KEY, BANK_SECRET } from '../support/test-bank.ts'
import { OPERATOR_KEY, openWholeShop, PASSWORD } from '../support/whole-shop.ts'

const whole = await openWholeShop({ LOG_LEVEL: 'debug' })
const { ask, printed, shop } = whole
const CARD = '4242424242424242'
const EMAIL = 'ottoline.q@nowhere.example'
const NAME = 'Ottoline Quartermaine'
const STREET = '3 Marmalade Wharf'

/** What must never be in a line, by what it is. */
const secrets = new Map<string, string>([
  ['password', PASSWORD],
  ['wrong password', 'a wrong guess 4711'],
  ['operator key', OPERATOR_KEY],
  ["bank's key", BANK_KEY],
  ["bank's webhook secret", BANK_SECRET],
  ['e-mail address', EMAIL],
  ["guest's e-mail address", 'guest.q@nowhere.example'],
  ['name', NAME],
  ['street', STREET],
  ['card', CARD],
])

async function signUp(): Promise<string> {
  const person = await whole.register(EMAIL, NAME)
  secrets.set('session', person.token)
  for (const password of ['a wrong guess 4711', PASSWORD]) {
    const body = { email: EMAIL, password }
    const reply = await ask('/api/v1/auth/login', { method: 'POST', body })
    if (reply.status === 200) secrets.set('device token', reply.json.deviceToken)
  }
  const mails = await shop.modules.shop?.identity.api.listMails({ limit: 20 })
  const link = mails?.map(({ text }) => /token=([\w-]+)/.exec(text)?.[1]).find(Boolean)
  assert.ok(link)
  secrets.set('mailed link', link)
  const proof = { method: 'POST', token: person.token, body: { token: link } }
  for (let n = 0; n < 2; n += 1) await ask('/api/v1/auth/email/proofs', proof)
  const begun = await ask('/api/v1/auth/totp', { method: 'POST', token: person.token })
  secrets.set('authenticator secret', begun.json.secret)
  const totp = new TOTP({ secret: Secret.fromBase32(begun.json.secret) })
  const confirm = { method: 'POST', token: person.token, body: { code: totp.generate() } }
  const confirmed = await ask('/api/v1/auth/totp/confirmations', confirm)
  secrets.set('recovery code', confirmed.json.recoveryCodes[0])
  const half = await ask('/api/v1/auth/login', {
    method: 'POST',
    body: { email: EMAIL, password: PASSWORD },
  })
  secrets.set('challenge', half.json.challenge)
  const body = { challenge: half.json.challenge, code: '000000' }
  await ask('/api/v1/auth/login/second-factor', { method: 'POST', body })
  return person.token
}

async function shopAround(token: string): Promise<void> {
  const address = { ...ADDRESS, name: NAME, line1: STREET }
  await ask('/api/v1/me/addresses', { method: 'POST', token, body: { address } })
  const [item] = await findBuyable(whole.client, 1, 5)
  const lines = [{ variantId: item?.variantId ?? '', quantity: 1 }]
  const order = await buy(whole.client, lines)
  const quoted = await quotedCart(whole.client, lines)
  const good = {
    ...checkoutBody(quoted),
    email: 'guest.q@nowhere.example',
    shippingAddress: address,
  }
  const bodies = [
    { ...good, payment: { ...good.payment, token: 'tok_declined' } },
    { ...good, payment: { method: 'card', token: CARD } },
    { ...good, cardNumber: CARD },
    { ...good, email: NAME },
  ]
  for (const [n, body] of bodies.entries()) {
    const headers = { 'idempotency-key': `log-${n}` }
    await ask('/api/v1/checkout', { method: 'POST', body, headers })
  }
  const json = { 'content-type': 'application/json' }
  await ask('/api/v1/checkout', { method: 'POST', headers: json, raw: `{"card":"${CARD}", "x"` })
  await ask(`/api/v1/orders/${order.id}?token=${token}`, { token: `${token}x` })
  await ask('/api/v1/me', {
    headers: { cookie: `__Host-session=${token}`, authorization: 'Basic eA==' },
  })
  await ask('/api/v1/payments/webhooks/test', {
    method: 'POST',
    headers: {
      ...json,
      'webhook-signature': BANK_SECRET,
      'webhook-id': 'x',
      'webhook-timestamp': '1',
    },
    raw: JSON.stringify({ email: EMAIL, card: CARD }),
  })
  await ask('/api/v1/admin/products?limit=1', { token: OPERATOR_KEY })
}

/** The database and the bank fail in the middle of it: errors are what logs are most talkative about. */
async function failAround(token: string): Promise<void> {
  await shop.db.query({ text: 'alter table identity.addresses rename to addresses_away' })
  const address = { ...ADDRESS, name: NAME, line1: STREET }
  const broken = await ask('/api/v1/me/addresses', { method: 'POST', token, body: { address } })
  await shop.db.query({ text: 'alter table identity.addresses_away rename to addresses' })
  assert.equal(broken.status, 500)
  assert.doesNotMatch(broken.text, /addresses_away|identity\.|select|insert/i)
}

test('S22: no line of the log of a whole journey has a secret, a card or a word of the person in it', async () => {
  const token = await signUp()
  await shopAround(token)
  await failAround(token)
  assert.ok(
    printed.some((line) => line.includes('request failed')),
    'failures are logged',
  )
  const told = [...secrets].flatMap(([what, secret]) =>
    printed.filter((line) => line.includes(secret)).map((line) => `${what}: ${line.slice(0, 300)}`),
  )
  assert.deepEqual(told, [])
  assert.deepEqual(
    printed.filter((line) => /[\w.]+@[\w-]+\.\w/.test(line)),
    [],
  )
})
