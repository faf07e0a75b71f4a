import { identityProblem } from '#contracts/identity/problems.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Actor } from '../../platform/http/actor.ts'
import type { CallContext } from '../../platform/http/binding.ts'
import { deviceName, FRESH_MS } from './model.ts'

/** The account and session of a call. @throws unauthenticated where there is none */
export function callerOf({ actor }: CallContext): Readonly<{
  accountId: string
  sessionId: string
  authenticatedAt: string
}> {
  if (actor.kind === 'guest' || actor.session === undefined) throw generalProblem('unauthenticated')
  return { accountId: actor.id, ...actor.session }
}

/** @throws identity.reauthentication_required if the person signed in too long ago for this */
export function assertFresh(context: CallContext, clock: Clock): void {
  const { authenticatedAt } = callerOf(context)
  if (clock.now().getTime() - Date.parse(authenticatedAt) > FRESH_MS)
    throw identityProblem('identity.reauthentication_required')
}

type Staff = Extract<Actor, { kind: 'operator' | 'seller' }>

/**
 * Who of the staff calls, to change what others may do. A person has to have signed in just now; a program has its key.
 * @throws forbidden, identity.reauthentication_required
 */
export function staffOf(context: CallContext, clock: Clock): Staff {
  const { actor } = context
  if (actor.kind !== 'operator' && actor.kind !== 'seller') throw generalProblem('forbidden')
  if (actor.session) assertFresh(context, clock)
  return actor
}

/** A person of the staff: programs make no keys for themselves. @throws as `staffOf` */
export function signedInStaffOf(context: CallContext, clock: Clock): Staff {
  const actor = staffOf(context, clock)
  if (actor.session) return actor
  throw generalProblem('forbidden', { detail: 'Only somebody who has signed in may do this' })
}

/** @throws not_found for a seller for whom the caller may not act. */
export function assertTeam({ actor }: CallContext, sellerId: string): void {
  if (actor.kind === 'operator') return
  if (actor.kind !== 'seller' || !actor.sellerIds.includes(sellerId))
    throw generalProblem('not_found')
}

/** Where a call comes from: the address for limits, the device in words. */
export function sourceOf({ remoteAddress, headers }: CallContext): Readonly<{
  remoteAddress: string
  device: string
}> {
  const agent = headers['user-agent']
  return { remoteAddress, device: deviceName(typeof agent === 'string' ? agent : undefined) }
}

/** Whether a browser asks, as opposed to a program: it says from where. */
export function isBrowser({ headers }: CallContext): boolean {
  return headers['sec-fetch-site'] !== undefined
}
