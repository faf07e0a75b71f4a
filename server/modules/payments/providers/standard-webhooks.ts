import { createHmac, timingSafeEqual } from 'node:crypto'
import { paymentsProblem } from '#contracts/payments/problems.ts'

/** How old, or how far ahead, a signed message may be. */
export const WEBHOOK_TOLERANCE_SECONDS = 300

type Headers = Readonly<Record<string, string | string[] | undefined>>

/**
 * Checks a message by the Standard Webhooks specification (symmetric scheme v1).
 * @param secrets `whsec_…`, several while one is being changed.
 * @throws payments.signature_invalid if it is forged, unsigned, too old or from the future.
 */
export function verifyStandardWebhook(input: {
  secrets: readonly string[]
  headers: Headers
  rawBody: string
  now: Date
}): void {
  const id = header(input.headers, 'webhook-id')
  const timestamp = header(input.headers, 'webhook-timestamp')
  const signatures = header(input.headers, 'webhook-signature').split(' ')
  const age = Math.abs(input.now.getTime() / 1000 - Number(timestamp))
  if (!/^\d{1,12}$/.test(timestamp) || age > WEBHOOK_TOLERANCE_SECONDS) {
    throw paymentsProblem('payments.signature_invalid', { detail: 'The message is too old' })
  }
  const signed = `${id}.${timestamp}.${input.rawBody}`
  const expected = input.secrets.map((secret) => sign(secret, signed))
  const genuine = signatures.some((given) => expected.some((wanted) => sameText(given, wanted)))
  if (!genuine) throw paymentsProblem('payments.signature_invalid')
}

function header(headers: Headers, name: string): string {
  const value = headers[name]
  if (typeof value === 'string' && value !== '') return value
  throw paymentsProblem('payments.signature_invalid', { detail: `${name} is missing` })
}

function sign(secret: string, text: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return `v1,${createHmac('sha256', key).update(text).digest('base64')}`
}

/** Compares in a time that does not depend on where they differ. */
function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
