import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newKey, payment, startProvider, until } from './test-support.ts'

test('parallel requests with one key make one charge; the rest hear it or wait', async (t) => {
  const { client } = await startProvider(t)
  const key = newKey()
  const sent = payment('tok_success')
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => client.post('/v1/payments', sent, { key })),
  )
  const ids = new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.id))
  assert.equal(ids.size, 1)
  for (const { status, body } of answers) {
    if (status !== 201) assert.equal(body.code, 'idempotency_in_progress')
  }
  const { items } = (await client.get('/v1/payments?reference=ord_1')).body
  assert.equal(items?.length, 1)
})

test('the same key gives the same answer, though the payment has moved on', async (t) => {
  const { client } = await startProvider(t)
  const key = newKey()
  const sent = payment('tok_success', { capture: false, metadata: { b: '2', a: '1' } })
  const first = await client.post('/v1/payments', sent, { key })
  await client.post(`/v1/payments/${first.body.id}/capture`, {})
  const second = await client.post('/v1/payments', sent, { key })
  assert.equal(second.status, first.status)
  assert.equal(second.text, first.text)
  assert.equal(second.headers.get('idempotent-replayed'), 'true')
})

test('the same key with another body or route is refused and changes nothing', async (t) => {
  const { client } = await startProvider(t)
  const key = newKey()
  const { body } = await client.post('/v1/payments', payment('tok_success'), { key })
  const other = await client.post('/v1/payments', payment('tok_success', { amount: 1 }), { key })
  assert.equal(other.status, 422)
  assert.equal(other.body.code, 'idempotency_key_reused')
  const route = await client.post('/v1/refunds', { paymentId: body.id, amount: 1 }, { key })
  assert.equal(route.status, 422)
  const { items } = (await client.get('/v1/payments?reference=ord_1')).body
  assert.deepEqual(items, [body])
})

test('while the first still runs, the second and a question by key hear 409', async (t) => {
  const { client } = await startProvider(t)
  await client.post('/v1/test/chaos', { latencyMs: { min: 200, max: 200 } })
  const key = newKey()
  const sent = payment('tok_success')
  const both = Promise.all([1, 2].map(() => client.post('/v1/payments', sent, { key })))
  await client.delete('/v1/test/chaos')
  const question = `/v1/payments?idempotencyKey=${key}`
  await until(async () => (await client.get(question)).body.code === 'idempotency_in_progress')
  const answers = await both
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409])
  const made = answers.find(({ status }) => status === 201)?.body
  assert.deepEqual((await client.get(question)).body.items, [made])
})

test('after a day a key may be used anew, and still tells what it once did', async (t) => {
  let hours = 0
  const clock = { now: () => new Date(Date.UTC(2030, 0, 1, hours)) }
  const { client } = await startProvider(t, { clock })
  const key = newKey()
  const first = await client.post('/v1/payments', payment('tok_success'), { key })
  hours = 25
  await client.post('/v1/payments', payment('tok_success', { reference: 'ord_2' }))
  const found = await client.get(`/v1/payments?idempotencyKey=${key}`)
  assert.deepEqual(found.body.items, [first.body])
  const other = payment('tok_success', { reference: 'ord_3' })
  assert.equal((await client.post('/v1/payments', other, { key })).status, 201)
})

test('money is not moved without a key', async (t) => {
  const { client, journal } = await startProvider(t)
  for (const key of ['', ' ', 'x'.repeat(256)]) {
    const { status, body } = await client.post('/v1/payments', payment('tok_success'), { key })
    assert.equal(status, 400)
    assert.equal(body.code, 'idempotency_key_required')
  }
  assert.equal(journal(), '')
})

test('a refused request leaves its key free', async (t) => {
  const { client } = await startProvider(t)
  const key = newKey()
  const { body } = await client.post('/v1/payments', payment('tok_success', { capture: false }))
  const refund = { paymentId: body.id, amount: 100 }
  assert.equal((await client.post('/v1/refunds', refund, { key })).status, 409)
  await client.post(`/v1/payments/${body.id}/capture`, {})
  assert.equal((await client.post('/v1/refunds', refund, { key })).status, 201)
})
