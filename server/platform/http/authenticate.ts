import { timingSafeEqual } from 'node:crypto'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { RouteSpec } from '#contracts/kit/route.ts'
import { type Actor, actorFor, GUEST, type Principal } from './actor.ts'
import { isFromOwnPage } from './gateway/origins.ts'
import type { RawRequest } from './raw.ts'

type Authenticate = (request: RawRequest, route: RouteSpec) => Promise<Actor>

export type Authenticator = Readonly<{
  /**
   * Knows who calls by a bearer token or a browser's cookie; everyone else is a guest.
   * @throws unauthenticated for a credential that is not valid: never silently a guest.
   * @throws forbidden for a change that another site's page asks for under our cookie.
   */
  authenticate: Authenticate
  /** Who reads, if that is known at once; undefined: ask `authenticate`. */
  knownReader(headers: RawRequest['headers'], route: RouteSpec): Actor | undefined
}>

type AuthenticatorDeps = Readonly<{
  /** The installation's own key: an operator who may do everything. */
  operatorKey: string
  /** Whose session tokens and API keys are; nobody's if absent. */
  accounts?: Readonly<{
    recognise(token: string): Promise<Principal | undefined>
    /** From memory alone. */
    recall(token: string): Principal | undefined
  }>
  /** Name of the cookie that holds a browser's session token, and the origin whose pages may use it. */
  cookie?: Readonly<{ name: string; origin: string }>
}>

const OPERATOR: Actor = { kind: 'operator', id: 'api-key' }

export function createAuthenticator({
  operatorKey,
  accounts,
  cookie,
}: AuthenticatorDeps): Authenticator {
  const isOperatorKey = comparerWith(operatorKey)
  const readCookie = cookie ? cookieReader(cookie.name) : () => undefined
  return {
    async authenticate({ headers }, route) {
      const bearer = headers['authorization']
      const token = bearer === undefined ? readCookie(headers['cookie']) : readBearer(bearer)
      if (bearer === undefined) {
        if (token === undefined) return GUEST
        if (route.method !== 'GET' && !isFromOwnPage(headers, cookie?.origin ?? ''))
          throw generalProblem('forbidden', { detail: 'This request comes from another site' })
      } else if (token !== undefined && isOperatorKey(token)) return OPERATOR
      if (token !== undefined && accounts) {
        const principal = accounts.recall(token) ?? (await accounts.recognise(token))
        if (principal) return actorFor(principal, route)
      }
      throw generalProblem('unauthenticated', { detail: 'The session or key is not valid' })
    },
    knownReader(headers, route) {
      const bearer = headers['authorization']
      const token = bearer === undefined ? readCookie(headers['cookie']) : readBearer(bearer)
      if (token === undefined) return bearer === undefined ? GUEST : undefined
      const principal = accounts?.recall(token)
      return principal && actorFor(principal, route)
    },
  }
}

function readBearer(header: string | string[]): string | undefined {
  return /^Bearer ([\w.~+/=-]{1,512})$/.exec(String(header))?.[1]
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
