import { identityProblem } from '#contracts/identity/problems.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../platform/clock.ts'
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
