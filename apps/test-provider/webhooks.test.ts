import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import {
  payment,
  type Received,
  startProvider,
  startReceiver,
  tempFolder,
  until,
  WEBHOOK_SECRET,
} from './test-support.ts'

const typesOf = (received: readonly Received[]) => received.map(({ body }) => body.type)

test('every webhook is signed over id, time and the very bytes', async (t) => {
  const { url, received } = await startReceiver(t)
  const { client } = await startProvider(t, { webhookUrl: url })
  const { body } = await client.post('/v1/payments', payment('tok_success'))
  await until(() => received.length === 1)
  const { headers, raw, body: event } = received[0] as Received
  const id = String(headers['webhook-id'])
  const timestamp = String(headers['webhook-timestamp'])
  const key = Buffer.from(WEBHOOK_SECRET.slice('whsec_'.length), 'base64')
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${raw}`).digest('base64')
  assert.equal(headers['webhook-signature'], `v1,${expected}`)
  assert.ok(Math.abs(Number(timestamp) * 1000 - Date.now()) < 300_000)
  assert.equal(event.id, id)
  assert.equal(event.type, 'payment.succeeded')
  assert.deepEqual(event.data.payment, body)
})

test('each change has its webhook, in the order of `sequence`', async (t) => {
  const { url, received } = await startReceiver(t)
  const { client } = await startProvider(t, { webhookUrl: url })
  const { body } = await client.post('/v1/payments', payment('tok_success', { capture: false }))
  await client.post(`/v1/payments/${body.id}/capture`, { amount: 1000 })
  await client.post(`/v1/payments/${body.id}/cancel`, {})
  await client.post('/v1/refunds', { paymentId: body.id, amount: 400 })
  await until(() => received.length === 4)
  const inOrder = [...received].sort((a, b) => a.body.sequence - b.body.sequence)
  assert.deepEqual(typesOf(inOrder), [
    'payment.authorized',
    'payment.captured',
    'payment.canceled',
    'refund.succeeded',
  ])
  assert.equal(inOrder[3]?.body.data.refund?.amount, 400)
  assert.equal(inOrder[3]?.body.data.payment.amountRefunded, 400)
})

test('tok_timeout is told by webhook though its answer never comes', async (t) => {
  const { url, received } = await startReceiver(t)
  const { client } = await startProvider(t, { webhookUrl: url, hangMs: 20 })
  await assert.rejects(client.post('/v1/payments', payment('tok_timeout')))
  await until(() => received.length === 1)
  assert.deepEqual(typesOf(received), ['payment.succeeded'])
})

test('tok_chargeback is disputed later, for all that is left, once', async (t) => {
  const { url, received } = await startReceiver(t)
  const { client } = await startProvider(t, { webhookUrl: url, disputeDelayMs: 3_000 })
  const { body } = await client.post('/v1/payments', payment('tok_chargeback'))
  await client.post('/v1/refunds', { paymentId: body.id, amount: 999 })
  await until(() => typesOf(received).includes('dispute.created'))
  await wait(60)
  const disputes = received.filter(({ body: event }) => event.type === 'dispute.created')
  assert.equal(disputes.length, 1)
  assert.equal(disputes[0]?.body.data.dispute?.amount, 1000)
  const refund = await client.post('/v1/refunds', { paymentId: body.id, amount: 1 })
  assert.equal(refund.status, 422)
})

for (const outcome of ['won', 'lost'] as const) {
  test(`a dispute that is ${outcome} is told once, and moves the money it should`, async (t) => {
    const { url, received } = await startReceiver(t)
    const { client } = await startProvider(t, { webhookUrl: url, disputeDelayMs: 30 })
    const { body } = await client.post('/v1/payments', payment('tok_chargeback'))
    await until(() => typesOf(received).includes('dispute.created'))
    const path = `/v1/test/disputes/${body.id}`
    const closed = await client.post(path, { outcome })
    const again = await client.post(path, { outcome: outcome === 'won' ? 'lost' : 'won' })
    assert.deepEqual(again.body, closed.body)
    await until(() => typesOf(received).includes('dispute.closed'))
    await wait(90)
    const types = typesOf(received).filter((type) => type.startsWith('dispute.'))
    assert.deepEqual(types.sort(), ['dispute.closed', 'dispute.created'])
    const told = received.find(({ body: event }) => event.type === 'dispute.closed')
    const held = told?.body.data.payment.amountDisputed
    assert.equal(held, outcome === 'won' ? 0 : body.amount)
    const unknown = await client.post('/v1/test/disputes/pay_none', { outcome })
    assert.equal(unknown.status, 404)
  })
}

test('a webhook comes again, the same bytes, until it is taken', async (t) => {
  const statuses = [500, 302, 404, 200]
  const { url, received } = await startReceiver(t, (nth) => statuses[nth - 1] ?? 200)
  const { client } = await startProvider(t, { webhookUrl: url })
  await client.post('/v1/payments', payment('tok_success'))
  await until(() => received.length === 4)
  await wait(60)
  assert.equal(received.length, 4)
  assert.equal(new Set(received.map(({ raw }) => raw)).size, 1)
  assert.equal(new Set(received.map(({ headers }) => headers['webhook-id'])).size, 1)
})

test('what a stopped provider had not delivered comes after its next start', async (t) => {
  const dataFolder = tempFolder(t)
  const first = await startProvider(t, { dataFolder, webhookUrl: 'http://127.0.0.1:1/none' })
  await first.client.post('/v1/payments', payment('tok_success'))
  await first.provider.stop()
  const { url, received } = await startReceiver(t)
  const second = await startProvider(t, { dataFolder, webhookUrl: url })
  await until(() => received.length === 1)
  await until(async () => (await second.client.get('/v1/test/log')).text.includes('delivered'))
  await second.provider.stop()
  await startProvider(t, { dataFolder, webhookUrl: url })
  await wait(60)
  assert.equal(received.length, 1)
})

async function runChaos(t: Parameters<typeof startProvider>[0], chaos: object) {
  const { url, received } = await startReceiver(t)
  const { client } = await startProvider(t, { webhookUrl: url })
  const set = await client.post('/v1/test/chaos', chaos)
  assert.equal(set.status, 200)
  for (let nth = 0; nth < 20; nth += 1) {
    await client.post('/v1/payments', payment('tok_success', { reference: `ord_${nth}` }))
  }
  const settled = async () => (await client.get('/v1/test/summary')).text.endsWith(':0}')
  await until(settled)
  // A message is settled by its first copy; the second is then still on its way, or another
  // message that was not yet written down.
  let before = -1
  await until(async () => {
    const now = received.length
    const complete = now === 2 * new Set(received.map(({ raw }) => raw)).size
    const steady = complete && now === before && (await settled())
    before = now
    if (complete && !steady) await new Promise((resolve) => setTimeout(resolve, 200))
    return steady
  })
  return received.map(({ body }) => body.data.payment.reference)
}

test('duplicates, loss and another order come as the seed says, and again the same', async (t) => {
  const chaos = { webhookReorder: true, webhookLoss: 0.3, webhookDuplicate: 1, seed: 7 }
  const first = await runChaos(t, chaos)
  const second = await runChaos(t, chaos)
  const references = new Set(first)
  assert.ok(references.size < 20 && references.size > 5, 'some were lost')
  assert.deepEqual([...new Set(second)].sort(), [...references].sort())
  const sorted = [...first].sort((a, b) => Number(a.slice(4)) - Number(b.slice(4)))
  assert.notDeepEqual(first, sorted)
  assert.deepEqual(
    [...references].filter((one) => first.filter((other) => other === one).length < 2),
    [],
  )
})

test('errors, resets and silence before or after the charge never charge twice', async (t) => {
  const { client } = await startProvider(t, { hangMs: 10 })
  const rates = { timeoutRate: 0.2, errorRate: 0.2, resetRate: 0.2 }
  await client.post('/v1/test/chaos', { ...rates, latencyMs: { min: 0, max: 3 }, seed: 11 })
  let failures = 0
  const buy = async (reference: string) => {
    for (;;) {
      const sent = payment('tok_success', { reference, amount: 100 })
      const answer = await client
        .post('/v1/payments', sent, { key: reference })
        .catch(() => undefined)
      if (answer?.status === 201) return
      failures += 1
    }
  }
  await Promise.all(Array.from({ length: 40 }, (_, nth) => buy(`ord_${nth}`)))
  await client.delete('/v1/test/chaos')
  const { currencies } = JSON.parse((await client.get('/v1/test/summary')).text)
  assert.ok(failures > 20)
  assert.equal(currencies[0].payments, 40)
  assert.equal(currencies[0].captured, 4000)
})

test('chaos that is not valid is refused', async (t) => {
  const { client } = await startProvider(t)
  for (const chaos of [
    { timeoutRate: 2 },
    { timeoutRate: 0.6, errorRate: 0.6 },
    { latencyMs: { min: 9, max: 1 } },
    { speed: 1 },
  ]) {
    assert.equal((await client.post('/v1/test/chaos', chaos)).status, 400)
  }
})

test('an answer without a length, in pieces, or none at all is read as what it is', async (t) => {
  const answers = [
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
    'nonsense\r\n\r\n',
    '',
    'HTTP/1.1 204 No Content\r\n\r\n',
  ]
  const seen: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', async (chunk) => {
      const answer = answers[seen.length] ?? ''
      seen.push(chunk.toString())
      for (const piece of answer.match(/[\s\S]{1,9}/g) ?? []) {
        socket.write(piece)
        await wait(1)
      }
      if (answer === '') socket.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const { client } = await startProvider(t, { webhookUrl })
  for (const reference of ['ord_1', 'ord_2', 'ord_3']) {
    await client.post('/v1/payments', payment('tok_success', { reference }))
    await until(async () => (await client.get('/v1/test/summary')).text.endsWith(':0}'))
  }
  assert.equal(seen.length, 5)
  assert.deepEqual(
    seen.map((raw) => /ord_[0-9]/.exec(raw)?.[0]),
    ['ord_1', 'ord_2', 'ord_3', 'ord_3', 'ord_3'],
  )
})
