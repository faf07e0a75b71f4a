import { generalProblem } from '#contracts/kit/problem.ts'
import type { RateLimit, RouteSpec, TrafficClass } from '#contracts/kit/route.ts'
import { networkOf } from '../../net/network-of.ts'
import type { Taken, TokenBuckets } from '../../token-bucket.ts'
import { type Actor, actorName } from '../actor.ts'

/** Pages and files of the apps beside the API are a class of their own. */
export type GateClass = TrafficClass | 'page'

/** What a route is counted as: a route of the contract, or a page. */
export type Limited = Readonly<{ traffic: GateClass; operation?: string; limit?: RateLimit }>

/** What one address may ask for; a household, an office or a telephone network may share it. */
export const ADDRESS_LIMITS: Readonly<Record<GateClass, RateLimit>> = {
  checkout: { burst: 120, perSecond: 2 },
  cart: { burst: 300, perSecond: 10 },
  browse: { burst: 1_200, perSecond: 40 },
  page: { burst: 1_200, perSecond: 40 },
  account: { burst: 200, perSecond: 4 },
  admin: { burst: 600, perSecond: 20 },
  export: { burst: 60, perSecond: 1 },
  webhook: { burst: 2_000, perSecond: 200 },
}

/** What one account may ask for, from wherever. */
export const ACCOUNT_LIMITS: Readonly<Record<GateClass, RateLimit>> = {
  ...ADDRESS_LIMITS,
  checkout: { burst: 60, perSecond: 1 },
  cart: { burst: 200, perSecond: 5 },
  browse: { burst: 600, perSecond: 20 },
  account: { burst: 120, perSecond: 2 },
}

export type Limits = Readonly<{
  /**
   * Counts a request by its address, before anything else is done for it.
   * @returns headers that tell what is left; none where nothing is counted
   * @throws rate_limited
   */
  countAddress(route: Limited, address: string): Promise<Readonly<Record<string, string>>>
  /** Counts a request at once. @returns false, and counts nothing, where that cannot be or it is one too many */
  countAddressNow(route: Limited, address: string): boolean
  /** As `countAddressNow`, by the account. */
  countAccountNow(route: RouteSpec, actor: Actor): boolean
  /** Counts a request by the account that it came under. @throws rate_limited */
  countAccount(route: RouteSpec, actor: Actor): Promise<void>
}>

type LimitDeps = Readonly<{
  buckets: TokenBuckets
  isProxy(address: string): boolean
  /** How many times the usual is allowed in each class; routes with a limit of their own keep it. */
  factor?: number
}>

/**
 * Who may ask how often, by address and by account, in the classes that routes declare.
 * @param isProxy Whether an address is that of a trusted proxy. What comes from there and names
 *   nobody is not counted by address: that would make one visitor of all.
 */
export function createLimits({ buckets, isProxy, factor = 1 }: LimitDeps): Limits {
  const byAddress = timesAll(ADDRESS_LIMITS, factor)
  const byAccount = timesAll(ACCOUNT_LIMITS, factor)
  return {
    async countAddress(route, address) {
      if (isProxy(address)) return NONE
      const name = nameOf(route)
      const limit = route.limit ?? byAddress[route.traffic]
      const taken = await buckets.take(`${name}:${networkOf(address)}`, limit)
      if (taken.waitMs > 0) throw tooMany({ name, limit, taken })
      return limitHeaders({ name, limit, taken })
    },
    countAddressNow(route, address) {
      if (isProxy(address)) return true
      const limit = route.limit ?? byAddress[route.traffic]
      return buckets.takeNow(`${nameOf(route)}:${networkOf(address)}`, limit)
    },
    countAccountNow(route, actor) {
      if (!isPerson(actor)) return true
      const limit = route.limit ?? byAccount[route.traffic]
      return buckets.takeNow(`${nameOf(route)}:${actorName(actor)}`, limit)
    },
    async countAccount(route, actor) {
      if (!isPerson(actor)) return
      const name = nameOf(route)
      const limit = route.limit ?? byAccount[route.traffic]
      const taken = await buckets.take(`${name}:${actorName(actor)}`, limit)
      if (taken.waitMs > 0) throw tooMany({ name, limit, taken })
    },
  }
}

/** The installation's own key is the operator's programs. */
function isPerson(actor: Actor): boolean {
  return actor.kind !== 'guest' && (actor.kind !== 'operator' || actor.permissions !== undefined)
}

const NONE: Readonly<Record<string, string>> = {}

type ClassLimits = Readonly<Record<GateClass, RateLimit>>

function timesAll(limits: ClassLimits, factor: number): ClassLimits {
  const scaled = Object.entries(limits).map(([name, { burst, perSecond }]) => {
    return [name, { burst: burst * factor, perSecond: perSecond * factor }] as const
  })
  return Object.fromEntries(scaled) as ClassLimits
}

/** A route with a limit of its own has a bucket of its own. */
function nameOf({ limit, operation, traffic }: Limited): string {
  return limit && operation ? operation : traffic
}

type Count = Readonly<{ name: string; limit: RateLimit; taken: Taken }>

/** As in the IETF's draft-ietf-httpapi-ratelimit-headers-10. */
function limitHeaders({ name, limit, taken }: Count): Record<string, string> {
  const window = Math.ceil(limit.burst / limit.perSecond)
  const missing = limit.burst - taken.remaining
  const reset = taken.waitMs > 0 ? taken.waitMs / 1_000 : missing / limit.perSecond
  return {
    'ratelimit-policy': `"${name}";q=${limit.burst};w=${window}`,
    ratelimit: `"${name}";r=${taken.remaining};t=${Math.ceil(reset)}`,
  }
}

function tooMany(count: Count) {
  const retryAfterSeconds = Math.max(1, Math.ceil(count.taken.waitMs / 1_000))
  return generalProblem('rate_limited', {
    retryAfterSeconds,
    data: { retryAfterSeconds },
    headers: limitHeaders(count),
  })
}
