import type { Actor } from './actor.ts'

export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>

/**
 * Who looks, as far as it may be kept: a customer, or the guest that the storefront names in
 * `X-Visitor-Id`. Null for anyone who asks not to be followed (Global Privacy Control, Do Not
 * Track), and for who is at work.
 */
export function visitorOf(actor: Actor, headers: RequestHeaders): string | null {
  if (headers['sec-gpc'] === '1' || headers['dnt'] === '1') return null
  if (actor.kind === 'customer') return `customer:${actor.id}`
  const id = deviceOf(headers)
  return actor.kind === 'guest' && id !== undefined ? `guest:${id}` : null
}

/** The number that a visitor's browser keeps, if it tells one. */
export function deviceOf(headers: RequestHeaders): string | undefined {
  const id = headers['x-visitor-id']
  return typeof id === 'string' && /^[\w-]{8,64}$/.test(id) ? id : undefined
}
