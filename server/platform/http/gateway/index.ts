import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Metric } from 'prom-client'
import { generalProblem, Problem } from '#contracts/kit/problem.ts'
import type { RouteSpec } from '#contracts/kit/route.ts'
import type { Chance } from '../../chance.ts'
import type { Clock } from '../../clock.ts'
import type { TokenBuckets } from '../../token-bucket.ts'
import { type Actor, isOpen } from '../actor.ts'
import { createComebacks } from './comebacks.ts'
import { compressAnswer } from './compress.ts'
import { createLimits, type Limited, type Limits } from './limits.ts'
import { crossOriginHeaders, isForeignChange, preflightHeaders } from './origins.ts'
import { createShedding, type LoopWatch, type Shedding } from './shedding.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route of the contract that this one serves. */
    spec?: RouteSpec
    /** Never counted and never turned away: the host's own questions. */
    open?: true
  }
  interface FastifyRequest {
    /** Whether it counts as being under way. */
    isRunning: boolean
  }
}

export type GatewayOptions = Readonly<{
  chance: Chance
  clock: Clock
  buckets: TokenBuckets
  /** How many times the usual one address or account may ask; once if absent. */
  factor?: number
  /** Whether an address is one of our own proxies. */
  isProxy(address: string): boolean
  /** Where shoppers reach the shop. */
  publicUrl: string
  /** Origins of other sites whose pages may call the API, with tokens alone. */
  corsOrigins: readonly string[]
  /** How busy the event loop is; measured if absent. */
  watch?: LoopWatch
}>

export type Gateway = Readonly<{
  limits: Limits
  /** What every request passes before its route does anything. */
  mount(app: FastifyInstance): void
  /**
   * Lets a call through that a page makes within the process. Reads went through with their page;
   * what changes something is counted as if the visitor had called the API.
   */
  admitLocal(route: RouteSpec, address: string): Promise<void>
  /** Lets a read of the API's own pages through at once; false, and nothing is counted, where it may not. */
  admitNow(route: RouteSpec, caller: Readonly<{ actor: Actor; address: string }>): boolean
  /** For all answers. */
  readonly headers: Readonly<Record<string, string>>
  readonly metrics: readonly Metric[]
  stop(): void
}>

const PAGE: Limited = { traffic: 'page' }

/** The one door of the process: load, limits, origins, headers, compression. */
export function createGateway(options: GatewayOptions): Gateway {
  const limits = createLimits(options)
  const shedding = createShedding(options)
  const comeback = createComebacks(options.clock)
  const door = {
    limits,
    shedding,
    headers: securityHeaders(options.publicUrl),
    ownOrigin: new URL(options.publicUrl).origin,
    allowed: new Set(options.corsOrigins),
  }
  return {
    limits,
    metrics: shedding.metrics,
    mount(app) {
      app.decorateRequest('isRunning', false)
      app.addHook('onRequest', (request, reply) => enter(door, request, reply))
      const leave = (request: FastifyRequest) => {
        if (!request.isRunning) return
        request.isRunning = false
        shedding.leave()
      }
      app.addHook('onSend', async (request, reply, payload) => {
        leave(request)
        if (reply.statusCode === 503 && !request.routeOptions.config.open) {
          const given = Number(reply.getHeader('retry-after') ?? 0)
          reply.header('retry-after', String(Math.max(given, comeback())))
        }
        return compressAnswer(request, reply, payload)
      })
      app.addHook('onResponse', (request, _reply, done) => {
        leave(request)
        done()
      })
    },
    async admitLocal(route, address) {
      if (route.method !== 'GET' || route.limit) await limits.countAddress(route, address)
    },
    admitNow: (route, { actor, address }) =>
      shedding.hasRoom(route.traffic) &&
      limits.countAccountNow(route, actor) &&
      limits.countAddressNow(route, address),
    headers: door.headers,
    stop: shedding.stop,
  }
}

type Door = Readonly<{
  limits: Limits
  shedding: Shedding
  headers: Readonly<Record<string, string>>
  ownOrigin: string
  allowed: ReadonlySet<string>
}>

async function enter(door: Door, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  reply.headers(door.headers)
  const { spec, open } = request.routeOptions.config
  if (open) return
  const isApi = spec !== undefined || request.url.startsWith('/api/')
  if (isApi) {
    const { origin } = request.headers
    if (origin !== undefined && door.allowed.has(origin)) {
      if (request.method === 'OPTIONS')
        return reply.code(204).headers(preflightHeaders(origin)).send()
      reply.headers(crossOriginHeaders(origin))
    }
    if (isForeignChange(request, door))
      throw generalProblem('forbidden', { detail: 'This request comes from another site' })
  }
  // Pictures are shown in mails and by other shops.
  if (spec?.download && isOpen(spec)) reply.header('cross-origin-resource-policy', 'cross-origin')
  try {
    const route = spec ?? PAGE
    door.shedding.enter(route.traffic)
    request.isRunning = true
    const told = await door.limits.countAddress(route, request.ip)
    // What shared caches keep must not tell one visitor what another has left.
    if (spec && spec.cacheSeconds === undefined) reply.headers(told)
  } catch (error) {
    if (isApi || !(error instanceof Problem)) throw error
    return refusePage(reply, error)
  }
}

/** In a few words: a page that explains would cost what is short. */
function refusePage(reply: FastifyReply, { status, title, options }: Problem): FastifyReply {
  const seconds = options.retryAfterSeconds ?? 1
  return reply
    .code(status)
    .headers({ ...options.headers, 'retry-after': seconds, 'cache-control': 'no-store' })
    .type('text/plain; charset=utf-8')
    .send(`${title}. Please try again in ${seconds} s.\n`)
}

/** For all answers; pages have a policy of their own, which takes this one's place. */
function securityHeaders(publicUrl: string): Readonly<Record<string, string>> {
  return {
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(self)',
    ...(publicUrl.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  }
}
