import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { Problem } from '#contracts/kit/problem.ts'
import { verifyStandardWebhook } from './standard-webhooks.ts'

const key = Buffer.alloc(32, 7)
const secret = `whsec_${key.toString('base64')}`
const now = new Date('2026-03-01T12:00:00Z')
const rawBody = '{"id":"evt_1"}'

function signed(at = now, body = rawBody, with_ = key): Record<string, string> {
  const timestamp = String(at.getTime() / 1000)
  const mac = createHmac('sha256', with_).update(`evt_1.${timestamp}.${body}`).digest('base64')
  return {
    'webhook-id': 'evt_1',
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${mac}`,
  }
}

const verify = (headers: Record<string, string>, body = rawBody, secrets = [secret]) =>
  verifyStandardWebhook({ secrets, headers, rawBody: body, now })
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000)

test('a genuine message passes, also beside another signature, and under an old secret', () => {
  verify(signed())
  verify(signed(minutesAgo(5)))
  const headers = signed()
  verify({ ...headers, 'webhook-signature': `v1,AAAA ${headers['webhook-signature']}` })
  const newer = `whsec_${Buffer.alloc(32, 8).toString('base64')}`
  verify(signed(), rawBody, [newer, secret])
})

const { 'webhook-signature': _, ...unsigned } = signed()
const { 'webhook-id': __, ...nameless } = signed()
const refused: readonly [string, Record<string, string>, string?][] = [
  ['without a signature', unsigned],
  ['without an id', nameless],
  ['with another secret', signed(now, rawBody, Buffer.alloc(32, 9))],
  ['with another body', signed(), '{"id":"evt_2"}'],
  ['with another id', { ...signed(), 'webhook-id': 'evt_2' }],
  ['more than 300 s old', signed(minutesAgo(5.1))],
  ['more than 300 s ahead', signed(minutesAgo(-5.1))],
  ['with a time that is none', { ...signed(), 'webhook-timestamp': '1e9' }],
  ['with the other scheme', { ...signed(), 'webhook-signature': 'v1a,AAAA' }],
]
for (const [how, headers, body] of refused) {
  test(`a message is refused ${how}`, () => {
    assert.throws(
      () => verify(headers, body),
      (error) => error instanceof Problem && error.code === 'payments.signature_invalid',
    )
  })
}
