import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'

const SECRET_PREFIX = 'whsec_'

/** The key in a `whsec_…` secret (base64, 24 to 64 bytes). @throws if it is not one */
export function decodeWebhookSecret(secret: string): KeyObject {
  const encoded = secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : ''
  const bytes = Buffer.from(encoded, 'base64')
  if (bytes.length < 24 || bytes.length > 64) {
    throw new TypeError('webhookSecret must be whsec_ and the base64 of 24 to 64 bytes')
  }
  return createSecretKey(bytes)
}

/** Source: the Standard Webhooks specification, symmetric scheme v1. */
export function signWebhook(
  key: KeyObject,
  message: Readonly<{ id: string; timestamp: string; body: string }>,
): string {
  const { id, timestamp, body } = message
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}
