import { type FastifyInstance, type FastifyRequest, fastify } from 'fastify'
import { generalProblem, Problem } from '#contracts/kit/problem.ts'
import type { Chance } from '../chance.ts'
import type { Log } from '../log.ts'
import type { Binding } from './binding.ts'
import { type Executor, problemReply, type RawRequest } from './execute.ts'

const DEFAULT_BODY_LIMIT = 64 * 1024

/** A Fastify instance with the shop's conventions: request ids, problem+json, raw JSON bodies. */
export function createHttpServer({
  log,
  chance,
}: Readonly<{ log: Log; chance: Chance }>): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: DEFAULT_BODY_LIMIT,
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 65_000,
    trustProxy: 'loopback',
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: true },
    genReqId: (request) => {
      const given = request.headers['x-request-id']
      if (typeof given === 'string' && /^[\w-]{8,64}$/.test(given)) return given
      return Buffer.from(chance.bytes(12)).toString('base64url')
    },
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    ['application/json', 'application/problem+json'],
    { parseAs: 'string' },
    (_request, body, done) => done(null, body),
  )
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    reply.header('x-content-type-options', 'nosniff')
  })
  app.setErrorHandler((error, request, reply) => {
    const { status, headers, body } = problemReply(asHttpProblem(error), request.id, log)
    return reply.code(status).headers(headers).send(body)
  })
  app.setNotFoundHandler((request, reply) => {
    const { status, headers, body } = problemReply(
      generalProblem('not_found', {
        detail: `No route ${request.method} ${request.url.split('?')[0]}`,
      }),
      request.id,
      log,
    )
    return reply.code(status).headers(headers).send(body)
  })
  return app
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
  for (const binding of bindings) {
    app.route({
      method: binding.route.method,
      url: binding.route.path,
      bodyLimit: binding.route.bodyLimitBytes ?? DEFAULT_BODY_LIMIT,
      handler: async (request, reply) => {
        const answer = await execute(binding, rawRequest(request))
        return reply
          .code(answer.status)
          .headers(answer.headers)
          .send(answer.body === '' ? null : answer.body)
      },
    })
  }
}

function rawRequest(request: FastifyRequest): RawRequest {
  return {
    params: request.params as Record<string, string>,
    query: request.query as Record<string, unknown>,
    body: typeof request.body === 'string' ? request.body : '',
    headers: request.headers,
    requestId: request.id,
    remoteAddress: request.ip,
  }
}
