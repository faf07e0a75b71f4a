import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { generalProblem, Problem } from '#contracts/kit/problem.ts'
import { BatcherFull } from '../batcher.ts'
import { type Clock, systemClock } from '../clock.ts'
import { isBusyError, isConnectionError } from '../db/database.ts'
import { withRequestId } from '../log.ts'
import { DEADLINE_HEADER, withDeadline } from './deadline.ts'

/** An import of 100,000 levels fits. */
const BODY_LIMIT_BYTES = 64 * 1024 * 1024
const LONGEST_CALL_MS = 600_000

type Method = (input: unknown) => Promise<unknown>

/** A refusal as it goes over the wire. */
export type WireProblem = Readonly<Pick<Problem, 'code' | 'status' | 'title' | 'options'>>

/**
 * Offers a module's interface to other processes: `POST /rpc/<name>/<method>`, with the shared
 * secret. Answers `{ value }`, or `{ problem }` with the problem's status.
 */
export function serveRpc(
  app: FastifyInstance,
  name: string,
  api: object,
  { secret, clock = systemClock }: Readonly<{ secret: string; clock?: Clock }>,
): void {
  const methods = new Map(
    Object.entries(api).filter((entry): entry is [string, Method] => {
      return typeof entry[1] === 'function'
    }),
  )
  app.route<{ Params: { method: string } }>({
    method: 'POST',
    url: `/rpc/${name}/:method`,
    bodyLimit: BODY_LIMIT_BYTES,
    // Before the body is read: a stranger cannot make this process parse anything.
    onRequest: async (request) => {
      if (!isSecret(request.headers.authorization, secret)) throw generalProblem('unauthenticated')
    },
    handler: async (request, reply) => {
      const method = methods.get(request.params.method)
      if (!method)
        throw generalProblem('not_found', { detail: `No method ${name}.${request.params.method}` })
      const ms = Math.min(
        Number(request.headers[DEADLINE_HEADER]) || LONGEST_CALL_MS,
        LONGEST_CALL_MS,
      )
      const input = readInput(request.body)
      // The server's own limit is for idle sockets; this one waits for its answer.
      request.raw.socket.setTimeout(ms + 1_000)
      try {
        const value = await withRequestId(request.id, () =>
          withDeadline({ clock, ms }, () => method(input)),
        )
        return reply.type('application/json').send(JSON.stringify({ value }))
      } catch (error) {
        const problem = asProblem(error)
        return reply
          .code(problem.status)
          .type('application/json')
          .send(JSON.stringify({ problem: toWire(problem) }))
      }
    },
  })
}

function readInput(body: unknown): unknown {
  try {
    return JSON.parse(String(body))
  } catch {
    throw generalProblem('malformed_json')
  }
}

/** What is no refusal is thrown on: the server's own handler logs it and tells nothing of it. */
function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof BatcherFull || isConnectionError(error) || isBusyError(error)) {
    return generalProblem('unavailable', { retryAfterSeconds: 1 })
  }
  throw error
}

function toWire({ code, status, title, options }: Problem): WireProblem {
  return { code, status, title, options }
}

/** Compares hashes, so that neither the time taken nor the length tells anything of the secret. */
function isSecret(header: string | undefined, secret: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(header ?? ''), hash(`Bearer ${secret}`))
}
