import { createHash, timingSafeEqual } from 'node:crypto'
import { generalProblem } from '#contracts/kit/problem.ts'
import { type Actor, GUEST } from './actor.ts'
import type { RawRequest } from './execute.ts'

/**
 * Knows the operator by an API key sent as a bearer token; everyone else is a guest.
 * @throws unauthenticated for a credential that is not valid: never silently a guest.
 */
export function operatorByKey(operatorKey: string): (request: RawRequest) => Promise<Actor> {
  const expected = digest(operatorKey)
  return async ({ headers }) => {
    const header = headers['authorization']
    if (header === undefined) return GUEST
    const token = /^Bearer ([\w.~+/=-]+)$/.exec(String(header))?.[1]
    if (token !== undefined && timingSafeEqual(digest(token), expected))
      return { kind: 'operator', id: 'api-key' }
    throw generalProblem('unauthenticated', { detail: 'The bearer token is not valid' })
  }
}

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest()
}
