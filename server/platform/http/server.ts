import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { Readable } from 'node:stream'
import {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  type RequestPayload,
} from 'fastify'
import { generalProblem, Problem } from '#contracts/kit/problem.ts'
import type { Chance } from '../chance.ts'
import type { Log } from '../log.ts'
import { isLoopback } from '../net/proxies.ts'
import type { Binding } from './binding.ts'
import { answerClientError } from './client-errors.ts'
import { revalidated } from './etag.ts'
import { type Executor, problemReply } from './execute.ts'
import type { FastLane } from './fast-lane.ts'
import type { RawRequest } from './raw.ts'

const DEFAULT_BODY_LIMIT = 64 * 1024
/** Until a body is whole; large files on slow lines take longer. */
const BODY_MS = 30_000
const HEADERS_MS = 20_000
const MAX_HEADER_BYTES = 16 * 1024
const UPLOAD_MS = 2 * 3_600_000
const CONNECTION_MS = 60_000
const KEEP_ALIVE_MS = 65_000
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

export type HttpServerDeps = Readonly<{
  log: Log
  chance: Chance
  /** Whose word is taken for where a request comes from; this machine's own if absent. */
  isProxy?(address: string): boolean
  /** Answers what it can before anything else does; absent: nothing. */
  fastLane?: Pick<FastLane, 'serve'>
}>

/** A Fastify instance with the shop's conventions: request ids, problem+json, raw JSON bodies. */
export function createHttpServer({
  log,
  chance,
  isProxy = isLoopback,
  fastLane,
}: HttpServerDeps): FastifyInstance {
  const sendProblem = (reply: FastifyReply, error: unknown, requestId: string) => {
    const { status, headers, body } = problemReply(error, requestId, log)
    return reply.code(status).headers(headers).send(body)
  }
  const requestIdOf = createRequestIds(chance)
  const app: FastifyInstance = fastify({
    logger: false,
    bodyLimit: DEFAULT_BODY_LIMIT,
    // Requests that come by an open connection while it stops are still answered.
    return503OnClosing: false,
    trustProxy: isProxy,
    // What the router itself refuses (an address that cannot be decoded) never reaches the hooks.
    frameworkErrors: (error, request, reply) => {
      reply.header('x-request-id', request.id)
      return sendProblem(reply, asHttpProblem(error), request.id)
    },
    clientErrorHandler: (error, socket) =>
      answerClientError(error, socket, { requestId: requestIdOf({ headers: {} }), log }),
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: true },
    genReqId: requestIdOf,
    serverFactory: (ordinary) =>
      createListener((request, response) => {
        if (!fastLane?.serve(request, response, requestIdOf)) ordinary(request, response)
      }),
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    ['application/json', 'application/problem+json'],
    { parseAs: 'string' },
    (_request, body, done) => done(null, body),
  )
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    reply.header('x-content-type-options', 'nosniff')
    done()
  })
  app.setErrorHandler((error, request, reply) =>
    sendProblem(reply, asHttpProblem(error), request.id),
  )
  app.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?')
    const detail = `No route ${request.method} ${path}`
    return sendProblem(reply, generalProblem('not_found', { detail }), request.id)
  })
  return app
}

function createListener(listener: RequestListener): Server {
  const limits = {
    headersTimeout: HEADERS_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    requestTimeout: UPLOAD_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  }
  return createServer(limits, listener).setTimeout(CONNECTION_MS)
}

/** The id that a request brings, or a new one. */
function createRequestIds(chance: Chance): (request: Pick<IncomingMessage, 'headers'>) => string {
  // Unique, not secret: a start that no other process drew, then a count. Drawing each id costs more.
  const start = Buffer.from(chance.bytes(9)).toString('base64url')
  let requests = 0
  return ({ headers }) => {
    const given = headers['x-request-id']
    if (typeof given === 'string' && /^[\w-]{8,64}$/.test(given)) return given
    requests += 1
    return `${start}${requests.toString(36)}`
  }
}

/** Fastify's own refusals (too large, wrong type) in the shop's words. */
function asHttpProblem(error: unknown): unknown {
  if (error instanceof Problem) return error
  const status = (error as { statusCode?: number }).statusCode
  if (status === 413) return generalProblem('payload_too_large')
  if (status === 415) return generalProblem('unsupported_media_type')
  if (status !== undefined && status >= 400 && status < 500) {
    return generalProblem('validation_failed', { detail: (error as Error).message })
  }
  return error
}

/** Serves bindings by HTTP. */
export function serveBindings(
  app: FastifyInstance,
  bindings: readonly Binding[],
  execute: Executor,
): void {
  const serve = (scope: FastifyInstance, binding: Binding) =>
    scope.route({
      method: binding.route.method,
      url: binding.route.path,
      bodyLimit: binding.route.bodyLimitBytes ?? DEFAULT_BODY_LIMIT,
      config: { spec: binding.route },
      ...(binding.route.upload || binding.route.method === 'GET' ? {} : { preParsing: limitTime }),
      handler: async (request, reply) => {
        const answer = revalidated(await execute(binding, rawRequest(request)), request)
        return reply
          .code(answer.status)
          .headers(answer.headers)
          .send(answer.body === '' ? undefined : answer.body)
      },
    })
  const uploads = bindings.filter(({ route }) => route.upload)
  for (const binding of bindings) if (!binding.route.upload) serve(app, binding)
  // Bytes are handed on as they come, whatever they are said to be: the handler looks, and counts.
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    for (const binding of uploads) serve(scope, binding)
  })
  refuseOtherMethods(app, bindings)
}

/** Ends requests whose body does not come: who sends a letter a minute holds a place for ever. */
function limitTime(
  request: FastifyRequest,
  _reply: FastifyReply,
  payload: RequestPayload,
  done: (error: null, payload: RequestPayload) => void,
): void {
  const timer = setTimeout(() => request.raw.destroy(), BODY_MS)
  payload.once('close', () => clearTimeout(timer))
  done(null, payload)
}

/** A path of ours asked by a method that it does not have: 405, and which it has. */
function refuseOtherMethods(app: FastifyInstance, bindings: readonly Binding[]): void {
  const byShape = Map.groupBy(bindings, ({ route }) => route.path.replace(/:\w+/g, ':'))
  for (const [{ route }, ...others] of byShape.values() as Iterable<[Binding, ...Binding[]]>) {
    const allowed: readonly string[] = [route, ...others.map((other) => other.route)].map(
      (one) => one.method,
    )
    app.route({
      method: METHODS.filter((method) => !allowed.includes(method)),
      url: route.path,
      handler: async (request, reply) => {
        reply.header('allow', allowed.join(', '))
        throw generalProblem('method_not_allowed', {
          detail: `${request.method} is not among ${allowed.join(', ')}`,
        })
      },
    })
  }
}

function rawRequest(request: FastifyRequest): RawRequest {
  return {
    params: request.params as Record<string, string>,
    query: request.query as Record<string, unknown>,
    body: typeof request.body === 'string' ? request.body : '',
    ...(request.body instanceof Readable ? { upload: request.body } : {}),
    headers: request.headers,
    requestId: request.id,
    remoteAddress: request.ip,
  }
}
