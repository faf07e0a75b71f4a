import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { RouteSpec } from '#contracts/kit/route.ts'
import type { Clock } from '../clock.ts'
import { visitorAddress } from '../net/visitor-address.ts'
import { type Actor, GUEST } from './actor.ts'
import type { Authenticator } from './authenticate.ts'
import type { Binding, ReadyAnswer } from './binding.ts'
import { cacheHeader, JSON_TYPE } from './execute.ts'
import { compressedNow, type Form } from './gateway/compress.ts'
import type { Gateway } from './gateway/index.ts'

export type FastLaneDeps = Readonly<{
  bindings: readonly Binding[]
  gateway: Pick<Gateway, 'admitNow' | 'headers'>
  isProxy(address: string): boolean
  /** Who reads under a credential, if that is known at once; nobody is if absent. */
  knownReader?: Authenticator['knownReader']
  clock: Clock
}>

/** Told of each answer, as whoever measures routes wants it. */
export type OnAnswer = (answer: Readonly<{ path: string; status: number; ms: number }>) => void

export type FastLane = Readonly<{
  /** Answers at once. @returns false, with nothing done, if that is for the ordinary way. */
  serve(
    request: IncomingMessage,
    response: ServerResponse,
    requestIdOf: (request: IncomingMessage) => string,
  ): boolean
  onAnswer(listener: OnAnswer): void
  /** From now on everything goes the ordinary way. */
  close(): void
}>

type Lane = Readonly<{
  binding: Binding & Required<Pick<Binding, 'ready'>>
  /** Name of the one parameter, which ends the path. */
  parameter: string
  query: unknown
  /** Headers of all its answers, by turns names and values; those of a body apart. */
  headers: readonly string[]
  bodyHeaders: readonly string[]
}>

/** What asks for more than a plain read. */
const FOR_THE_ORDINARY_WAY = [
  'origin',
  'idempotency-key',
  'content-length',
  'transfer-encoding',
] as const
/** What is the same decoded or not. */
const PLAIN = /^[\w-]{1,200}$/

/**
 * Answers plain reads straight from memory, before any router. It holds to the rules of the
 * ordinary way, or leaves the request to it: what is refused, compressed for the first time, read
 * from a database or asked under a name that memory does not know is never answered here (ADR 0011).
 */
export function createFastLane(deps: FastLaneDeps): FastLane {
  const { bindings, gateway, isProxy, clock } = deps
  const lanes = lanesOf(bindings, gateway)
  /** Paths that belong to other routes, though they look like ours. */
  const taken = new Set(bindings.map(({ route }) => route.path))
  const listeners: OnAnswer[] = []
  let isOpen = true
  return {
    serve(request, response, requestIdOf) {
      if (!isOpen || request.method !== 'GET') return false
      const began = clock.monotonicMs()
      const url = request.url as string
      const cut = url.lastIndexOf('/') + 1
      const lane = lanes.get(url.slice(0, cut))
      if (!lane || !PLAIN.test(url.slice(cut)) || taken.has(url)) return false
      const { headers } = request
      if (FOR_THE_ORDINARY_WAY.some((name) => headers[name] !== undefined)) return false
      const { binding, parameter, query } = lane
      const params = { [parameter]: url.slice(cut) }
      const answer = binding.ready({ params, query, body: undefined } as never, headers)
      if (!answer) return false
      const form = formOf(answer, headers)
      if (!form) return false
      const actor = readerOf(deps, headers, binding.route)
      if (!actor) return false
      const remoteAddress = addressOf(request, isProxy)
      if (!gateway.admitNow(binding.route, { actor, address: remoteAddress })) return false
      const requestId = requestIdOf(request)
      send(response, { lane, answer, form, requestId })
      answer.given?.({
        actor,
        requestId,
        idempotencyKey: undefined,
        receivedAt: clock.now(),
        remoteAddress,
        headers,
        rawBody: '',
        upload: undefined,
      })
      const told = { path: binding.route.path, status: answer.status }
      for (const listener of listeners) listener({ ...told, ms: clock.monotonicMs() - began })
      return true
    },
    onAnswer: (listener) => void listeners.push(listener),
    close() {
      isOpen = false
    },
  }
}

function lanesOf(
  bindings: readonly Binding[],
  gateway: Pick<Gateway, 'headers'>,
): ReadonlyMap<string, Lane> {
  const lanes = new Map<string, Lane>()
  const own = { 'x-content-type-options': 'nosniff', ...gateway.headers }
  for (const binding of bindings) {
    const { route, ready } = binding
    if (!ready) continue
    const { prefix, parameter } = placeOf(route)
    const headers = Object.entries({ ...own, ...cacheHeader(binding) }).flat()
    lanes.set(prefix, {
      binding: { ...binding, ready },
      parameter,
      query: route.query?.parse({}),
      headers,
      bodyHeaders: [...headers, 'content-type', JSON_TYPE],
    })
  }
  return lanes
}

/** @throws Error for a route whose rules need more than this way does */
function placeOf({ operation, method, path, access, cacheSeconds, idempotency }: RouteSpec) {
  const [, prefix, parameter] = /^(\/[\w/]+\/):(\w+)$/.exec(path) ?? []
  const isPlainRead = method === 'GET' && access.includes('public') && !idempotency
  // What no shared cache keeps tells each visitor what its limit leaves.
  if (!prefix || !parameter || !isPlainRead || cacheSeconds === undefined)
    throw new Error(`${operation} is no route for the fast lane`)
  return { prefix, parameter }
}

function readerOf(
  { knownReader }: FastLaneDeps,
  headers: IncomingHttpHeaders,
  route: RouteSpec,
): Actor | undefined {
  if (headers.authorization === undefined && headers.cookie === undefined) return GUEST
  return knownReader?.(headers, route)
}

const EMPTY: Form = { bytes: new Uint8Array(0), encoding: undefined, varies: false }

function formOf({ body }: ReadyAnswer, headers: IncomingHttpHeaders): Form | undefined {
  return body ? compressedNow(body.rawJson, headers['accept-encoding']?.toString()) : EMPTY
}

function addressOf({ socket, headers }: IncomingMessage, isProxy: FastLaneDeps['isProxy']) {
  const forwarded = headers['x-forwarded-for']?.toString()
  return visitorAddress({ remoteAddress: socket.remoteAddress ?? '', forwarded }, isProxy)
}

type Given = Readonly<{ lane: Lane; answer: ReadyAnswer; form: Form; requestId: string }>

function send(response: ServerResponse, { lane, answer, form, requestId }: Given): void {
  const headers = ['x-request-id', requestId]
  for (const name in answer.headers) {
    if (name !== 'vary') headers.push(name, answer.headers[name] as string)
  }
  const vary = varyOf(answer.headers['vary'], form.varies)
  if (vary !== undefined) headers.push('vary', vary)
  if (!answer.body) {
    response.writeHead(answer.status, headers.concat(lane.headers)).end()
    return
  }
  if (form.encoding) headers.push('content-encoding', form.encoding)
  headers.push('content-length', String(form.bytes.length))
  response.writeHead(answer.status, headers.concat(lane.bodyHeaders)).end(form.bytes)
}

function varyOf(own: string | undefined, isCompressed: boolean): string | undefined {
  if (!isCompressed) return own
  return own === undefined ? 'Accept-Encoding' : `${own}, Accept-Encoding`
}
