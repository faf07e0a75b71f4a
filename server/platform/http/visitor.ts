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
  const id = headers['x-visitor-id']
  const isGuest = actor.kind === 'guest' && typeof id === 'string' && /^[\w-]{8,64}$/.test(id)
  return isGuest ? `guest:${id}` : null
}
