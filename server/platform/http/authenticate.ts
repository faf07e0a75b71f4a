import { timingSafeEqual } from 'node:crypto'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { RouteSpec } from '#contracts/kit/route.ts'
import { type Actor, actorFor, GUEST, type Recognised } from './actor.ts'
import type { RawRequest } from './execute.ts'
import { isFromOwnPage } from './gateway/origins.ts'

export type Authenticate = (request: RawRequest, route: RouteSpec) => Promise<Actor>

type AuthenticateDeps = Readonly<{
  /** The installation's own key: an operator who may do everything. */
  operatorKey: string
  /** Whose session token or API key it is; undefined if nobody's. */
  recognise?(token: string): Recognised
  /** Name of the cookie that holds a browser's session token, and the origin whose pages may use it. */
  cookie?: Readonly<{ name: string; origin: string }>
}>

/**
 * Knows who calls by a bearer token or a browser's cookie; everyone else is a guest.
 * @throws unauthenticated for a credential that is not valid: never silently a guest.
 * @throws forbidden for a change that another site's page asks for under our cookie.
 */
export function createAuthenticate({
  operatorKey,
  recognise = async () => undefined,
  cookie,
}: AuthenticateDeps): Authenticate {
  const isOperatorKey = comparerWith(operatorKey)
  const readCookie = cookie ? cookieReader(cookie.name) : () => undefined
  return async (request, route) => {
    const { headers } = request
    const header = headers['authorization']
    let token: string | undefined
    if (header !== undefined) {
      token = /^Bearer ([\w.~+/=-]{1,512})$/.exec(String(header))?.[1]
      if (token !== undefined && isOperatorKey(token)) return { kind: 'operator', id: 'api-key' }
    } else {
      token = readCookie(headers['cookie'])
      if (token === undefined) return GUEST
      if (route.method !== 'GET' && !isFromOwnPage(headers, cookie?.origin ?? ''))
        throw generalProblem('forbidden', { detail: 'This request comes from another site' })
    }
    const principal = token === undefined ? undefined : await recognise(token)
    if (principal) return actorFor(principal, route)
    throw generalProblem('unauthenticated', { detail: 'The session or key is not valid' })
  }
}

function cookieReader(name: string): (header: string | string[] | undefined) => string | undefined {
  const pattern = new RegExp(`(?:^|; ?)${name}=([\\w.-]{1,512})(?:;|$)`)
  return (header) => (typeof header === 'string' ? pattern.exec(header)?.[1] : undefined)
}

/** Tells by its time nothing of a key but how long it is. */
function comparerWith(key: string): (text: string) => boolean {
  const expected = Buffer.from(key)
  return (text) => {
    if (text.length !== key.length) return false
    const given = Buffer.from(text)
    return given.length === expected.length && timingSafeEqual(given, expected)
  }
}
