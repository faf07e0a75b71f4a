import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { API_KEY, payment, startProvider, until } from './test-support.ts'

test('tok_success captures the whole amount and tells the card, never its number', async (t) => {
  const { client } = await startProvider(t)
  const { status, body } = await client.post('/v1/payments', payment('tok_success'))
  assert.equal(status, 201)
  assert.equal(body.status, 'succeeded')
  assert.equal(body.amountCaptured, 1999)
  assert.equal(body.card?.brand, 'visa')
  assert.equal(body.card?.last4, '4242')
  assert.deepEqual((await client.get(`/v1/payments/${body.id}`)).body, body)
})

for (const [token, declineCode] of [
  ['tok_declined', 'card_declined'],
  ['tok_insufficient_funds', 'insufficient_funds'],
  ['tok_stolen_card', 'stolen_card'],
] as const) {
  test(`${token} fails with ${declineCode} and charges nothing`, async (t) => {
    const { client } = await startProvider(t)
    const { status, body } = await client.post('/v1/payments', payment(token))
    assert.equal(status, 201)
    assert.equal(body.status, 'failed')
    assert.equal(body.declineCode, declineCode)
    assert.equal(body.amountCaptured, 0)
  })
}

test('tok_fraud is paid with a high risk score, tok_success with a low one', async (t) => {
  const { client } = await startProvider(t)
  const risky = await client.post('/v1/payments', payment('tok_fraud'))
  const usual = await client.post('/v1/payments', payment('tok_success'))
  assert.equal(risky.body.status, 'succeeded')
  assert.ok((risky.body.riskScore ?? 0) > 90)
  assert.ok((usual.body.riskScore ?? 100) < 20)
})

test('tok_error answers 500 and records nothing, however often it is sent', async (t) => {
  const { client, journal } = await startProvider(t)
  const sent = payment('tok_error')
  for (const _ of [1, 2]) {
    const { status, body } = await client.post('/v1/payments', sent, { key: 'same' })
    assert.equal(status, 500)
    assert.equal(body.code, 'provider_error')
  }
  assert.deepEqual((await client.get('/v1/payments?reference=ord_1')).body.items, [])
  assert.equal(journal(), '')
})

test('tok_timeout charges, answers nobody, and is found by reference and by key', async (t) => {
  const { client } = await startProvider(t, { hangMs: 50 })
  const sent = payment('tok_timeout')
  await assert.rejects(client.post('/v1/payments', sent, { key: 'lost' }))
  await assert.rejects(client.post('/v1/payments', sent, { key: 'lost' }), 'nor does its retry')
  const byKey = (await client.get('/v1/payments?idempotencyKey=lost')).body.items ?? []
  const byReference = (await client.get('/v1/payments?reference=ord_1')).body.items ?? []
  assert.equal(byKey.length, 1)
  assert.equal(byKey[0]?.status, 'succeeded')
  assert.equal(byKey[0]?.amountCaptured, 1999)
  assert.deepEqual(byReference, byKey)
})

test('tok_processing is decided later', async (t) => {
  const { client } = await startProvider(t)
  const { body } = await client.post('/v1/payments', payment('tok_processing'))
  assert.equal(body.status, 'processing')
  const path = `/v1/payments/${body.id}`
  await until(async () => (await client.get(path)).body.status === 'succeeded')
})

test('captures add up to what was authorized and no further', async (t) => {
  const { client } = await startProvider(t)
  const { body } = await client.post('/v1/payments', payment('tok_success', { capture: false }))
  assert.equal(body.status, 'authorized')
  assert.equal(body.amountCaptured, 0)
  const capture = `/v1/payments/${body.id}/capture`
  const first = await client.post(capture, { amount: 500 })
  assert.equal(first.status, 200)
  assert.equal(first.body.status, 'authorized')
  const tooMuch = await client.post(capture, { amount: 1500 })
  assert.equal(tooMuch.status, 422)
  assert.equal(tooMuch.body.code, 'amount_too_large')
  const rest = await client.post(capture, {})
  assert.equal(rest.body.status, 'succeeded')
  assert.equal(rest.body.amountCaptured, 1999)
  const again = await client.post(capture, {})
  assert.equal(again.status, 409)
  assert.equal(again.body.code, 'invalid_state')
})

test('cancel lets go of what is not captured, once', async (t) => {
  const { client } = await startProvider(t)
  const whole = await client.post('/v1/payments', payment('tok_success', { capture: false }))
  const cancel = `/v1/payments/${whole.body.id}/cancel`
  assert.equal((await client.post(cancel, {})).body.status, 'canceled')
  assert.equal((await client.post(cancel, {})).status, 409)
  assert.equal((await client.post(`/v1/payments/${whole.body.id}/capture`, {})).status, 409)

  const part = await client.post('/v1/payments', payment('tok_success', { capture: false }))
  await client.post(`/v1/payments/${part.body.id}/capture`, { amount: 700 })
  const canceled = await client.post(`/v1/payments/${part.body.id}/cancel`, {})
  assert.equal(canceled.body.status, 'succeeded')
  assert.equal(canceled.body.amountCanceled, 1299)
  assert.equal(canceled.body.amountCaptured, 700)
})

test('refunds add up to what was captured and no further, also in parallel', async (t) => {
  const { client } = await startProvider(t)
  const paid = await client.post('/v1/payments', payment('tok_success'))
  const paymentId = paid.body.id
  const refund = { paymentId, amount: 1000, reason: 'returned' }
  const answers = await Promise.all([1, 2, 3].map(() => client.post('/v1/refunds', refund)))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 422, 422])
  const made = answers.find(({ status }) => status === 201)?.body
  assert.equal(made?.status, 'succeeded')
  assert.deepEqual((await client.get(`/v1/refunds/${made?.id}`)).body, made)
  const after = await client.get(`/v1/payments/${paymentId}`)
  assert.equal(after.body.amountRefunded, 1000)
})

test('a refund of what was not captured, or that the bank sends back, moves nothing', async (t) => {
  const { client } = await startProvider(t)
  const open = await client.post('/v1/payments', payment('tok_success', { capture: false }))
  const early = await client.post('/v1/refunds', { paymentId: open.body.id, amount: 1 })
  assert.equal(early.status, 409)
  const paid = await client.post('/v1/payments', payment('tok_refund_fails'))
  const failed = await client.post('/v1/refunds', { paymentId: paid.body.id, amount: 500 })
  assert.equal(failed.body.status, 'failed')
  assert.equal((await client.get(`/v1/payments/${paid.body.id}`)).body.amountRefunded, 0)
})

test('what is not valid is refused by name and changes nothing', async (t) => {
  const { client, journal } = await startProvider(t)
  const cases: [object, string][] = [
    [payment('tok_success', { amount: 19.99 }), 'amount'],
    [payment('tok_success', { amount: 0 }), 'amount'],
    [payment('tok_success', { amount: -5 }), 'amount'],
    [payment('tok_success', { amount: '1999' }), 'amount'],
    [payment('tok_success', { amount: 1e15 }), 'amount'],
    [payment('tok_success', { currency: 'eur' }), 'currency'],
    [payment('tok_success', { currency: 'ZZZ' }), 'currency'],
    [payment('nothing'), 'token'],
    [payment('tok_success', { reference: '' }), 'reference'],
    [payment('tok_success', { returnUrl: 'javascript:alert(1)' }), 'returnUrl'],
    [payment('tok_success', { paid: true }), 'paid'],
    [JSON.parse('{"__proto__":{"amount":1}}'), 'amount'],
    [[], ''],
  ]
  for (const [body, path] of cases) {
    const answer = await client.post('/v1/payments', body)
    assert.equal(answer.status, 400, JSON.stringify(body))
    assert.equal(answer.body.code, 'validation_failed')
    assert.ok(
      answer.body.errors?.some((error) => error.path === path),
      answer.text,
    )
  }
  const unknown = await client.post('/v1/payments', payment('tok_unknown'))
  assert.equal(unknown.status, 422)
  assert.equal(unknown.body.code, 'invalid_token')
  assert.equal(journal(), '')
})

test('a port in use is an error, and leaves nothing running', async (t) => {
  const { provider } = await startProvider(t)
  const port = Number(new URL(provider.url).port)
  await assert.rejects(startProvider(t, { port }), { code: 'EADDRINUSE' })
})

test('without the key of the shop nothing is told', async (t) => {
  const { provider } = await startProvider(t)
  for (const authorization of ['', 'Bearer ', `Bearer ${API_KEY}x`, `bearer${API_KEY}`]) {
    const response = await fetch(`${provider.url}/v1/test/log`, { headers: { authorization } })
    assert.equal(response.status, 401)
  }
})

test('nonsense is answered and the next request is served', async (t) => {
  const { provider, client } = await startProvider(t)
  const { hostname, port } = new URL(provider.url)
  const garbage = connect(Number(port), hostname)
  garbage.end('\0\0nonsense\r\n\r\n')
  await new Promise((resolve) => garbage.once('close', resolve).resume())
  const headers = {
    authorization: `Bearer ${API_KEY}`,
    'content-type': 'application/json',
    'idempotency-key': 'k',
  }
  const send = async (body: string, more: Record<string, string> = {}) => {
    const init = { method: 'POST', headers: { ...headers, ...more }, body }
    return (await fetch(`${provider.url}/v1/payments`, init)).status
  }
  assert.equal(await send('{"amount":'), 400)
  assert.equal(await send('['.repeat(60_000)), 400)
  assert.equal(await send('null'), 400)
  assert.equal(await send('{}', { 'content-type': 'text/plain' }), 415)
  assert.equal(await send(`{"reference":"${'x'.repeat(70_000)}"}`), 413)
  assert.equal((await client.get('/v1/payments/%')).status, 404)
  assert.equal((await client.get('/v1/payments')).status, 400)
  assert.equal((await client.get('/v1/../etc/passwd')).status, 404)
  assert.equal((await client.post('/v1/payments', payment('tok_success'))).status, 201)
})
