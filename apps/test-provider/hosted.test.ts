import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wordsFor } from './pages/words.ts'
import { payment, startProvider, startReceiver } from './test-support.ts'

const SHOP = 'http://shop.test:3000'
const GOOD = { number: '4242 4242 4242 4242', expiry: '12 / 40', cvc: '123' }
const RETURN_URL = `${SHOP}/checkout?step=pay`

function formUrl(url: string, more: Record<string, string> = {}): string {
  const query = { amount: '2490', currency: 'EUR', returnUrl: RETURN_URL, ...more }
  return `${url}/v1/hosted-form?${new URLSearchParams(query)}`
}

function submit(address: string, fields: Record<string, string>): Promise<Response> {
  return fetch(address, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) })
}

const now = { now: () => new Date('2030-06-30T12:00:00Z') }

test('the card form works without a script and brings the shopper back with a token', async (t) => {
  const { provider, client } = await startProvider(t, { shopOrigins: [SHOP], clock: now })
  const address = formUrl(provider.url)
  const shown = await fetch(address)
  const page = await shown.text()
  assert.equal(shown.status, 200)
  assert.match(page, /€24\.90/)
  assert.doesNotMatch(page, /<script/)
  for (const word of ['cc-number', 'cc-exp', 'cc-csc', 'inputmode="numeric"', '<label for="cvc"']) {
    assert.ok(page.includes(word), word)
  }
  const done = await submit(address, GOOD)
  assert.equal(done.status, 303)
  const back = new URL(done.headers.get('location') ?? '')
  assert.equal(back.origin, SHOP)
  assert.equal(back.searchParams.get('step'), 'pay')
  const token = back.searchParams.get('payment_token') ?? ''
  const paid = await client.post('/v1/payments', payment(token))
  assert.equal(paid.body.status, 'succeeded')
  assert.deepEqual(
    { ...paid.body.card, fingerprint: '' },
    { brand: 'visa', last4: '4242', expiryMonth: 12, expiryYear: 2040, fingerprint: '' },
  )
  const again = await client.post('/v1/payments', payment(token))
  assert.equal(again.body.code, 'invalid_token', 'a token pays once')
})

test('card errors stand beside their fields, and no number comes back', async (t) => {
  const { provider, journal } = await startProvider(t, { shopOrigins: [SHOP], clock: now })
  const cases: [Record<string, string>, string][] = [
    [{ ...GOOD, number: '' }, 'Enter the card number.'],
    [{ ...GOOD, number: '4242 4242 4242 4241' }, 'Check the digits.'],
    [{ ...GOOD, number: '4539 1488 0343 6467' }, 'Only test cards work here.'],
    [{ ...GOOD, expiry: '05 / 30' }, 'This card has expired.'],
    [{ ...GOOD, expiry: '13 / 40' }, 'MM / YY'],
    [{ ...GOOD, cvc: '12' }, 'Enter the 3 digits'],
    [{ ...GOOD, number: '3782 822463 10005' }, 'Enter the 4 digits'],
  ]
  for (const [fields, message] of cases) {
    const response = await submit(formUrl(provider.url), fields)
    const page = await response.text()
    assert.equal(response.status, 422)
    assert.ok(page.includes(message), message)
    assert.match(page, /aria-invalid="true"/)
    if (fields.number) assert.ok(!page.includes(fields.number), 'the number is not shown again')
  }
  assert.equal((await submit(formUrl(provider.url), { ...GOOD, expiry: '06 / 30' })).status, 303)
  assert.equal(journal().trim().split('\n').length, 1)
})

test("the bank's pages speak the shopper's language: the shop's word comes before the browser's", async (t) => {
  const { provider, client } = await startProvider(t, { shopOrigins: [SHOP], clock: now })
  const german = { headers: { 'accept-language': 'de-AT,en;q=0.5' } }
  const read = async (address: string, more = {}) => (await fetch(address, more)).text()

  assert.match(await read(formUrl(provider.url), german), /<html lang="de" dir="ltr">/)
  assert.match(await read(formUrl(provider.url), german), /24,90\s€ an shop\.test/)
  assert.match(await read(formUrl(provider.url, { locale: 'xx' }), german), /lang="de"/)
  const arabic = await read(formUrl(provider.url, { locale: 'ar' }), german)
  assert.match(arabic, /<html lang="ar" dir="rtl">/)
  assert.match(arabic, /locale=ar/, 'and stays in it when the form is sent')
  const wrong = await submit(formUrl(provider.url, { locale: 'es' }), { ...GOOD, number: '' })
  assert.ok((await wrong.text()).includes('Escribe el número de la tarjeta.'))

  const parent = encodeURIComponent(SHOP)
  const fields = await read(`${provider.url}/v1/fields?parent=${parent}&locale=ja`)
  assert.ok(fields.includes('カード番号') && fields.includes('セキュリティコード'))
  const refused = await client.post('/v1/tokens?locale=de', { ...GOOD, cvc: '1' })
  assert.ok(refused.text.includes('Geben Sie die 3 Ziffern von der Rückseite der Karte ein.'))

  const sent = payment('tok_requires_action', { returnUrl: RETURN_URL })
  const action = (await client.post('/v1/payments', sent)).body.nextAction?.url ?? ''
  assert.ok((await read(`${action}?locale=es`)).includes('¿Eres tú?'))
  const unclear = await submit(`${action}?locale=de`, { choice: 'perhaps' })
  assert.ok((await unclear.text()).includes('„Bestätigen“'))
})

test('the bank says in every language what it says in English', () => {
  const english = wordsFor('en')
  for (const language of ['de', 'es', 'ja', 'ar']) {
    const words = wordsFor(`${language}-XX`)
    assert.equal(words.language, language)
    assert.deepEqual(Object.keys(words), Object.keys(english))
    assert.deepEqual(Object.keys(words.decided), Object.keys(english.decided))
    assert.deepEqual(Object.keys(words.faults), Object.keys(english.faults))
    assert.ok(words.payTo('€1', 'shop.test').includes('€1'))
    assert.ok(words.ending('visa', '4242').includes('4242'))
  }
})

test('only pages of the shop may be returned to or frame the fields', async (t) => {
  const { provider } = await startProvider(t, { shopOrigins: [SHOP] })
  for (const returnUrl of [
    'https://evil.test/',
    `${SHOP}.evil.test/`,
    'javascript:alert(1)',
    '//x',
  ]) {
    assert.equal((await fetch(formUrl(provider.url, { returnUrl }))).status, 400)
    assert.equal((await submit(formUrl(provider.url, { returnUrl }), GOOD)).status, 400)
  }
  const framed = await fetch(`${provider.url}/v1/fields?parent=${encodeURIComponent(SHOP)}`)
  const policy = framed.headers.get('content-security-policy') ?? ''
  assert.ok(policy.includes(`frame-ancestors ${SHOP};`))
  assert.ok(policy.includes("script-src 'self'"))
  assert.ok(!policy.includes('unsafe'))
  const other = await fetch(`${provider.url}/v1/fields?parent=https://evil.test`)
  assert.equal(other.status, 400)
  const policyOfForm = (await fetch(formUrl(provider.url))).headers.get('content-security-policy')
  assert.ok(policyOfForm?.includes("frame-ancestors 'none'"))
})

test('the loader is small, and may be loaded with integrity by the shop', async (t) => {
  const { provider } = await startProvider(t)
  const response = await fetch(`${provider.url}/v1/fields.js`)
  assert.ok((await response.text()).length <= 2048)
  assert.equal(response.headers.get('access-control-allow-origin'), '*')
})

for (const [number, status] of [
  ['4000000000000002', 'failed'],
  ['4000000000009995', 'failed'],
  ['4000000000003220', 'requires_action'],
  ['5555555555554444', 'succeeded'],
] as const) {
  test(`the fields' token of ${number.slice(-4)} pays as the card does: ${status}`, async (t) => {
    const { client } = await startProvider(t)
    const made = await client.post('/v1/tokens', { ...GOOD, number })
    assert.equal(made.status, 201)
    const paid = await client.post('/v1/payments', payment(made.body.token ?? ''))
    assert.equal(paid.body.status, status)
  })
}

test('3-D Secure: approve pays, refuse fails, and only the first word counts', async (t) => {
  const { client } = await startProvider(t)
  for (const [choice, status] of [
    ['approve', 'succeeded'],
    ['refuse', 'failed'],
  ] as const) {
    const sent = payment('tok_requires_action', { returnUrl: RETURN_URL })
    const { body } = await client.post('/v1/payments', sent)
    assert.equal(body.status, 'requires_action')
    const address = body.nextAction?.url ?? ''
    const shown = await fetch(address)
    const page = await shown.text()
    assert.ok(page.includes('Approve') && page.includes('Refuse') && page.includes('€19.99'))
    assert.ok(shown.headers.get('content-security-policy')?.includes(`form-action 'self' ${SHOP};`))
    const decided = await submit(address, { choice })
    assert.equal(decided.status, 303)
    const back = new URL(decided.headers.get('location') ?? '')
    assert.equal(back.searchParams.get('payment_id'), body.id)
    assert.equal(back.searchParams.get('payment_status'), status)
    await submit(address, { choice: 'approve' })
    const after = (await client.get(`/v1/payments/${body.id}`)).body
    assert.equal(after.status, status)
    assert.equal(after.nextAction, undefined)
  }
  const unknown = await client.get('/v1/actions/guess')
  assert.equal(unknown.status, 404)
})

test('markup in a reference is shown as text', async (t) => {
  const { client } = await startProvider(t)
  const reference = '<img src=x onerror=alert(1)>"'
  const { body } = await client.post('/v1/payments', payment('tok_requires_action', { reference }))
  const page = await (await fetch(body.nextAction?.url ?? '')).text()
  assert.ok(page.includes('&lt;img src=x onerror=alert(1)&gt;&quot;'))
  assert.ok(!page.includes('<img'))
})

test('no card number and no CVC is in the journal, an answer or a webhook', async (t) => {
  const { url, received } = await startReceiver(t)
  const options = { webhookUrl: url, shopOrigins: [SHOP] }
  const { provider, client, journal } = await startProvider(t, options)
  const seen: string[] = []
  const cvc = '987'
  for (const number of ['4242424242424242', '4000000000000002', '5555555555554444']) {
    const made = await client.post('/v1/tokens', { number, expiry: '12/40', cvc })
    const paid = await client.post('/v1/payments', payment(made.body.token ?? ''))
    const refused = await client.post('/v1/tokens', { number, expiry: '1', cvc, [number]: number })
    const leaked = await client.post(
      '/v1/payments',
      payment('tok_success', { metadata: { number } }),
    )
    assert.equal(leaked.body.code, 'card_number_refused')
    const form = await submit(formUrl(provider.url), { number, expiry: number, cvc })
    seen.push(made.text, paid.text, refused.text, leaked.text, await form.text())
  }
  seen.push(journal(), (await client.get('/v1/test/log')).text, ...received.map(({ raw }) => raw))
  const text = seen.join('\n')
  assert.doesNotMatch(text, /4242424242424242|4000000000000002|5555555555554444/)
  assert.doesNotMatch(text, /"?cvc"?:\s*"?987/)
  assert.doesNotMatch(text, /value="987"/)
})
