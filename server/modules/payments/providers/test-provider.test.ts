import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { money } from '#contracts/kit/money.ts'
import { BANK_KEY, BANK_SECRET, openTestBank } from '../../../../tests/support/test-bank.ts'
import { systemClock } from '../../../platform/clock.ts'
import { silentLog } from '../../../platform/log.ts'
import { type ProviderNotice, ProviderRefused, ProviderSilent } from '../provider.ts'
import { createTestProviderAdapter } from './test-provider.ts'

type Delivery = Readonly<{ headers: Record<string, string>; rawBody: string }>

const deliveries: Delivery[] = []
const shop = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const headers = request.headers as Record<string, string>
  deliveries.push({ headers, rawBody: Buffer.concat(chunks).toString() })
  response.end()
})
await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
const { port } = shop.address() as AddressInfo
const bank = await openTestBank({ webhookUrl: `http://127.0.0.1:${port}/hook` })
const adapter = createTestProviderAdapter({
  baseUrl: bank.url,
  apiKey: BANK_KEY,
  webhookSecrets: [BANK_SECRET],
  clock: systemClock,
  log: silentLog,
})
after(() => {
  adapter.close()
  shop.close()
  shop.closeAllConnections()
})

let count = 0
function authorize(token: string, amount = 1_000) {
  count += 1
  const [key, reference] = [`key-${count}`, `order-${count}`]
  const input = { key, reference, attempt: 2, amount: money(amount, 'EUR'), token }
  const done = adapter.authorize({ ...input, capture: true, returnUrl: undefined })
  return { key, reference, done }
}

async function noticeOf(reference: string): Promise<ProviderNotice | null> {
  for (let tries = 0; tries < 6_000; tries += 1) {
    const found = deliveries.find(({ rawBody }) => rawBody.includes(`"${reference}"`))
    if (found) return adapter.verifyWebhook({ ...found, now: new Date(systemClock.now()) })
    await systemClock.sleep(10)
  }
  throw new Error('no webhook came')
}

test('a payment is taken, found again and given back in parts', async () => {
  const { key, reference, done } = authorize('tok_success')
  const paid = await done
  assert.deepEqual(
    [paid.status, paid.captured, paid.attempt, paid.reference, paid.card?.last4],
    ['captured', 1_000, 2, reference, '4242'],
  )
  assert.deepEqual(await adapter.find({ reference, key }), paid)
  assert.deepEqual(await adapter.find({ reference, key, ref: paid.ref }), paid)
  const refund = { key: 'refund-1', ref: paid.ref, amount: money(400, 'EUR'), reason: 'half' }
  const first = await adapter.refund(refund)
  assert.deepEqual(await adapter.refund(refund), first, 'the same key, the same refund')
  assert.equal((await adapter.find({ reference, key }))?.refunded, 400)
  await assert.rejects(
    adapter.refund({ ...refund, key: 'refund-2', amount: money(601, 'EUR') }),
    (error) => error instanceof ProviderRefused && error.code === 'amount_too_large',
  )
  assert.equal((await noticeOf(reference))?.payment.ref, paid.ref)
})

test('declines, tokens of nobody, and a shopper who must act', async () => {
  assert.equal((await authorize('tok_declined').done).declineCode, 'card_declined')
  await assert.rejects(
    authorize('tok_nobody').done,
    (error) => error instanceof ProviderRefused && error.code === 'invalid_token',
  )
  const asked = await authorize('tok_requires_action').done
  const of = { reference: asked.reference, attempt: 1, amount: money(1_000, 'EUR') }
  assert.equal(asked.status, 'requires_action')
  assert.ok(asked.redirectUrl?.startsWith(bank.url))
  assert.equal((await adapter.void({ key: 'void-1', ref: asked.ref, of })).status, 'voided')
  const paid = await authorize('tok_success').done
  await assert.rejects(adapter.void({ key: 'void-2', ref: paid.ref, of }), ProviderRefused)
})

test('an answer that never comes is silence; asking and the webhook tell what was charged', async () => {
  const { key, reference, done } = authorize('tok_timeout')
  await assert.rejects(done, (error) => error instanceof ProviderSilent && !error.answered)
  assert.equal((await adapter.find({ reference, key }))?.status, 'captured')
  assert.equal((await noticeOf(reference))?.payment.captured, 1_000)
})

test('a bank that breaks has answered, and has no record of a charge', async () => {
  const { key, reference, done } = authorize('tok_error')
  await assert.rejects(done, (error) => error instanceof ProviderSilent && error.answered)
  assert.equal(await adapter.find({ reference, key }), null)
})

test('what fails half of the time is repeated under its key, and charged once', async () => {
  await bank.chaos({ errorRate: 0.3, resetRate: 0.3, seed: 7 })
  const all = await Promise.allSettled(
    Array.from({ length: 30 }, () => authorize('tok_success').done),
  )
  await bank.chaos({})
  assert.ok(all.filter(({ status }) => status === 'fulfilled').length > 15)
  for (const one of all) {
    if (one.status === 'rejected') assert.ok(one.reason instanceof ProviderSilent)
  }
})

test('a bank that is not there was certainly not reached', async () => {
  const nowhere = createTestProviderAdapter({
    baseUrl: 'http://127.0.0.1:9',
    apiKey: BANK_KEY,
    webhookSecrets: [BANK_SECRET],
    clock: systemClock,
    log: silentLog,
  })
  await assert.rejects(
    nowhere.refund({ key: 'k', ref: 'pay_1', amount: money(1, 'EUR'), reason: 'none' }),
    (error) => error instanceof ProviderRefused && error.code === 'unreachable',
  )
  nowhere.close()
})

test('a dispute is told when it opens and when it ends', async () => {
  const { reference, done } = authorize('tok_chargeback')
  const paid = await done
  const outcomeOf = async (wanted: string) => {
    for (let waited = 0; waited < 60_000; waited += 50) {
      const found = deliveries.find(({ rawBody }) => {
        const { type, data } = JSON.parse(rawBody)
        return type === wanted && data.payment.reference === reference
      })
      if (found)
        return (await adapter.verifyWebhook({ ...found, now: new Date(systemClock.now()) }))
          ?.dispute
      await systemClock.sleep(50)
    }
    return undefined
  }
  const opened = await outcomeOf('dispute.created')
  assert.deepEqual([opened?.status, opened?.paymentRef, opened?.amount], ['open', paid.ref, 1_000])
  await bank.closeDispute(paid.ref, 'won')
  assert.equal((await outcomeOf('dispute.closed'))?.status, 'won')
})
