import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { appendFileSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { openJournal } from './journal.ts'
import {
  API_KEY,
  type Client,
  clientOf,
  payment,
  startProvider,
  tempFolder,
  until,
  WEBHOOK_SECRET,
} from './test-support.ts'

/** The program in a process of its own, to be killed. */
async function spawnProvider(t: TestContext, dataFolder: string) {
  const main = new URL('./main.ts', import.meta.url).pathname
  const flags = ['--port', '0', '--data', dataFolder, '--api-key', API_KEY]
  const child = spawn(process.execPath, [main, ...flags, '--webhook-secret', WEBHOOK_SECRET])
  t.after(() => child.kill('SIGKILL'))
  let url = ''
  for await (const line of createInterface({ input: child.stdout })) {
    url = line.replace('test provider: ', '')
    break
  }
  const kill = () =>
    new Promise((resolve) => {
      child.once('exit', resolve)
      child.kill('SIGKILL')
    })
  return { client: clientOf(url), kill }
}

test('kill -9 in the middle of payments loses nothing that was answered', async (t) => {
  const dataFolder = tempFolder(t)
  const { client, kill } = await spawnProvider(t, dataFolder)
  const answered = new Map<string, string>()
  let isKilled = false
  const buyer = async (buyerId: number) => {
    for (let nth = 0; !isKilled; nth += 1) {
      const reference = `ord_${buyerId}_${nth}`
      const sent = payment('tok_success', { reference })
      const answer = await client
        .post('/v1/payments', sent, { key: reference })
        .catch(() => undefined)
      if (answer?.status === 201) answered.set(reference, answer.text)
      if (answered.size > 300 && !isKilled) {
        isKilled = true
        await kill()
      }
    }
  }
  await Promise.all(Array.from({ length: 8 }, (_, buyerId) => buyer(buyerId)))

  const again = await startProvider(t, { dataFolder })
  for (const [reference, text] of answered) {
    const found = await again.client.get(`/v1/payments?reference=${reference}`)
    assert.equal(found.text, `{"items":[${text}]}`)
  }
  const [reference = '', text] = [...answered][0] ?? []
  const sent = payment('tok_success', { reference })
  const replay = await again.client.post('/v1/payments', sent, { key: reference })
  assert.equal(replay.text, text)
  const more = await again.client.post('/v1/payments', payment('tok_success'))
  assert.equal(more.status, 201)
})

async function live(client: Client): Promise<void> {
  const key = 'key-of-refund'
  const open = await client.post('/v1/payments', payment('tok_success', { capture: false }))
  await client.post(`/v1/payments/${open.body.id}/capture`, { amount: 1500 })
  await client.post('/v1/refunds', { paymentId: open.body.id, amount: 600 }, { key })
  await client.post('/v1/payments', payment('tok_declined'))
  const yen = payment('tok_success', { reference: 'ord_2', currency: 'JPY', amount: 500 })
  await client.post('/v1/payments', yen)
}

test('all of it is there after a restart: payments, refunds, keys, sums', async (t) => {
  const dataFolder = tempFolder(t)
  const first = await startProvider(t, { dataFolder })
  await live(first.client)
  const paths = ['/v1/payments?reference=ord_1', '/v1/test/summary', '/v1/test/log?reference=ord_1']
  const before = await Promise.all(paths.map(async (path) => (await first.client.get(path)).text))
  await first.provider.stop()
  const { client } = await startProvider(t, { dataFolder })
  const after = await Promise.all(paths.map(async (path) => (await client.get(path)).text))
  assert.deepEqual(after, before)
  const paymentId = JSON.parse(before[0] as string).items[0].id
  const refund = { paymentId, amount: 600 }
  const replay = await client.post('/v1/refunds', refund, { key: 'key-of-refund' })
  assert.equal(replay.status, 201)
  assert.equal(replay.headers.get('idempotent-replayed'), 'true')
  assert.equal((await client.get(`/v1/payments/${paymentId}`)).body.amountRefunded, 600)
})

test('a line cut short by a crash is dropped, the lines before it stand', async (t) => {
  const dataFolder = tempFolder(t)
  const first = await startProvider(t, { dataFolder })
  const { body } = await first.client.post('/v1/payments', payment('tok_success'))
  await first.provider.stop()
  appendFileSync(join(dataFolder, 'journal.jsonl'), '{"seq":2,"at":"2026-')
  const second = await startProvider(t, { dataFolder })
  await second.client.post('/v1/payments', payment('tok_success', { reference: 'ord_2' }))
  await second.provider.stop()
  const third = await startProvider(t, { dataFolder })
  assert.deepEqual((await third.client.get('/v1/payments?reference=ord_1')).body.items, [body])
  assert.equal((await third.client.get('/v1/payments?reference=ord_2')).body.items?.length, 1)
})

test('the log and the balances tell captured less refunded, by reference and in all', async (t) => {
  const { client } = await startProvider(t)
  await live(client)
  const log = JSON.parse((await client.get('/v1/test/log?reference=ord_1')).text)
  assert.deepEqual(
    log.items.map((entry: { type: string }) => entry.type),
    ['payment.authorized', 'payment.captured', 'refund.succeeded', 'payment.failed'],
  )
  const euros = {
    currency: 'EUR',
    payments: 2,
    captured: 1500,
    refunded: 600,
    disputed: 0,
    net: 900,
  }
  const yen = { currency: 'JPY', payments: 1, captured: 500, refunded: 0, disputed: 0, net: 500 }
  assert.deepEqual(log.balances, [euros])
  const summary = JSON.parse((await client.get('/v1/test/summary')).text)
  assert.deepEqual(summary.currencies, [euros, yen])
  const lines = (await client.get('/v1/test/balances')).text.trim().split('\n')
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    [
      { reference: 'ord_1', ...euros },
      { reference: 'ord_2', ...yen },
    ],
  )
  const whole = (await client.get('/v1/test/log')).text.trim().split('\n')
  assert.deepEqual(
    whole.map((line) => JSON.parse(line).seq),
    [1, 2, 3, 4, 5],
  )
})

test('a full disk holds answers back, and a half-written line does not stay', async (t) => {
  const file = join(tempFolder(t), 'journal.jsonl')
  let isFull = false
  const errors: string[] = []
  const journal = openJournal({
    file,
    log: { error: (message) => errors.push(message) },
    onLine: () => undefined,
    write(fd, bytes, offset) {
      if (!isFull) return writeSync(fd, bytes, offset)
      writeSync(fd, bytes, offset, 5)
      throw new Error('ENOSPC')
    },
  })
  await journal.append('{"seq":1}', 'ord_1')
  isFull = true
  let isTold = false
  const second = journal.append('{"seq":2}', 'ord_1').then(() => {
    isTold = true
  })
  await until(() => journal.isFailing())
  assert.equal(isTold, false)
  assert.deepEqual(journal.linesOf('ord_1'), ['{"seq":1}'])
  isFull = false
  await second
  assert.equal(journal.isFailing(), false)
  await journal.close()
  assert.equal(readFileSync(file, 'utf8'), '{"seq":1}\n{"seq":2}\n')
  assert.deepEqual(errors, ['the journal cannot be written'])
})
