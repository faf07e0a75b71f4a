import type { z } from 'zod'
import { type FieldError, generalProblem, Problem } from '#contracts/kit/problem.ts'
import { type RouteSpec, refusalsOf } from '#contracts/kit/route.ts'
import type { AuditTrail } from '../audit-log/record.ts'
import { BatcherFull } from '../batcher.ts'
import type { Clock } from '../clock.ts'
import { isBusyError, isConnectionError } from '../db/database.ts'
import type { Gate } from '../gate.ts'
import {
  hashRequest,
  type Idempotency,
  type IdempotentCall,
  type KeptReply,
} from '../idempotency.ts'
import { type Log, withRequestId } from '../log.ts'
import { type Actor, actorName, isOpen, mayDo } from './actor.ts'
import { type Binding, type CallContext, isByteStream, isRawJson } from './binding.ts'
import { pathOf, refuseFault, refuseFaultyBody } from './faults.ts'
import type { RawReply, RawRequest } from './raw.ts'

export type Executor = (binding: Binding, request: RawRequest) => Promise<RawReply>

export type ExecutorDeps = Readonly<{
  idempotency: Idempotency
  clock: Clock
  log: Log
  /** Whose request it is. @throws unauthenticated if it carries a credential that is not valid. */
  authenticate(request: RawRequest, route: RouteSpec): Promise<Actor>
  /** Runs a call, and keeps who did what and what staff were refused; nothing is kept if absent. */
  audit?: Pick<AuditTrail, 'around' | 'refused'>
  /** Counts the call against its account; no limits if absent. @throws rate_limited */
  countAccount?(route: RouteSpec, actor: Actor): Promise<void>
  /** Lets so many of what is a checkout be at work at once; all at once if absent. */
  checkouts?: Gate
  /** Checks each reply against its schema: on in tests, where a breach is an error. */
  checkReplies: boolean
}>

export const JSON_TYPE = 'application/json; charset=utf-8'
const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'
const MAX_KEY_LENGTH = 255

/**
 * Runs one call from its raw form to its raw answer: who may call, what is valid, the idempotency
 * key, the handler, and every error as problem+json. It never throws.
 */
export function createExecutor(deps: ExecutorDeps): Executor {
  const { log, checkouts } = deps
  return (binding, request) =>
    withRequestId(request.requestId, async () => {
      try {
        const isPaced = checkouts !== undefined && binding.route.traffic === 'checkout'
        const run = () => runCall(deps, binding, request)
        return await (isPaced ? checkouts(run) : run())
      } catch (error) {
        return problemReply(error, request.requestId, log)
      }
    })
}

async function runCall(
  deps: ExecutorDeps,
  binding: Binding,
  request: RawRequest,
): Promise<RawReply> {
  await request.admit?.()
  const actor = await deps.authenticate(request, binding.route)
  await deps.countAccount?.(binding.route, actor)
  authorize(deps, binding, actor, request)
  const context: CallContext = {
    actor,
    requestId: request.requestId,
    idempotencyKey: readKey(binding, request),
    receivedAt: deps.clock.now(),
    remoteAddress: request.remoteAddress,
    headers: request.headers,
    rawBody: request.body,
    upload: request.upload,
  }
  const input = parseInput(binding, request)
  return answer(deps, binding, request, context, input)
}

type Input = Readonly<{ params: unknown; query: unknown; body: unknown; json: unknown }>

async function answer(
  deps: ExecutorDeps,
  binding: Binding,
  request: RawRequest,
  context: CallContext,
  input: Input,
): Promise<RawReply> {
  const { route } = binding
  const { actor } = context
  const { params, query } = request
  const work = async (): Promise<RawReply> => {
    const reply = deps.checkReplies
      ? await handleChecked(binding, input, context)
      : await binding.handle(input, context)
    const body =
      reply.body === undefined
        ? ''
        : reply.body instanceof Uint8Array || isByteStream(reply.body)
          ? reply.body
          : isRawJson(reply.body)
            ? reply.body.rawJson
            : JSON.stringify(reply.body)
    const type: Record<string, string> = body === '' ? {} : { 'content-type': JSON_TYPE }
    const headers = { ...type, ...cacheHeader(binding), ...reply.headers }
    return { status: reply.status, headers, body }
  }
  const { audit } = deps
  const call = { route, actor, params, query, json: input.json }
  const run = audit ? () => audit.around(call, work) : work
  if (!route.idempotency || context.idempotencyKey === undefined) return run()
  const path = fillPath(route.path, request.params)
  const kept: IdempotentCall = {
    scope: `${actorName(context.actor)} ${route.method} ${path}`,
    key: context.idempotencyKey,
    requestHash: hashRequest(route.method, path, input.json),
  }
  const claim = await deps.idempotency.claim(kept)
  if (claim.kind === 'replay') {
    return { ...claim.reply, headers: { ...claim.reply.headers, 'idempotent-replayed': 'true' } }
  }
  return keepAnswer(deps, kept, request.requestId, run)
}

/**
 * Keeps the first answer, refusals included, so that a retry sees it again. What may pass by
 * itself (the database away, too much load) and what was not valid, whoever noticed it, is not
 * kept: the key is given back.
 */
async function keepAnswer(
  deps: ExecutorDeps,
  call: IdempotentCall,
  requestId: string,
  run: () => Promise<RawReply>,
): Promise<RawReply> {
  let reply: RawReply
  try {
    reply = await run()
  } catch (error) {
    reply = problemReply(error, requestId, deps.log)
    if (reply.status >= 500 || reply.status === 429 || reply.status === 400) {
      await deps.idempotency.abandon(call).catch(() => {})
      return reply
    }
  }
  // What streams is read, and so harmless when it is asked for again.
  if (isByteStream(reply.body)) {
    await deps.idempotency.abandon(call)
    return reply
  }
  const kept: KeptReply = {
    ...reply,
    body: typeof reply.body === 'string' ? reply.body : Buffer.from(reply.body).toString(),
  }
  await deps.idempotency.finish(call, kept)
  return reply
}

function authorize(
  { audit }: Pick<ExecutorDeps, 'audit'>,
  { route }: Binding,
  actor: Actor,
  { params, query }: RawRequest,
): void {
  if (isOpen(route)) return
  if (route.access.some((kind) => kind === actor.kind) && mayDo(actor, route.permission)) return
  const refusal = generalProblem(refusalOf(route, actor))
  audit?.refused({ route, actor, params, query, json: undefined }, refusal.code)
  throw refusal
}

function refusalOf({ access }: RouteSpec, actor: Actor) {
  if (actor.kind === 'guest') return 'unauthenticated'
  const isWaiting = actor.kind === 'customer' && actor.isWaiting && actor.staff
  return isWaiting && access.includes(isWaiting) ? 'second_factor_required' : 'forbidden'
}

function readKey(binding: Binding, request: RawRequest): string | undefined {
  const header = request.headers['idempotency-key']
  const key = Array.isArray(header) ? header[0] : header
  if (binding.route.idempotency === 'required' && !key)
    throw generalProblem('idempotency_key_required')
  if (key !== undefined && (key.length > MAX_KEY_LENGTH || !/^[\x21-\x7e]+$/.test(key))) {
    throw generalProblem('validation_failed', {
      errors: [
        {
          path: 'headers.Idempotency-Key',
          message: `is 1 to ${MAX_KEY_LENGTH} visible ASCII characters`,
        },
      ],
    })
  }
  return key
}

function parseInput(binding: Binding, request: RawRequest): Input {
  const { params, query, body } = binding.route
  refuseFault('params', request.params)
  refuseFault('query', request.query)
  const json = body ? parseJson(request.body) : undefined
  refuseFaultyBody(binding.route, json)
  const errors: FieldError[] = []
  const read = (part: string, schema: z.ZodType | undefined, value: unknown): unknown => {
    if (!schema) return undefined
    const result = schema.safeParse(value)
    if (result.success) return result.data
    errors.push(...result.error.issues.flatMap((issue) => fieldErrors(part, issue)))
    return undefined
  }
  const input = {
    params: read('params', params, request.params),
    query: read('query', query, request.query),
    body: read('body', body, json),
    json,
  }
  if (errors.length > 0) {
    const first = errors[0] as FieldError
    throw generalProblem('validation_failed', { detail: `${first.path} ${first.message}`, errors })
  }
  return input
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch (error) {
    throw generalProblem('malformed_json', {
      detail: (error as Error).message,
      errors: [{ path: 'body', message: 'is not valid JSON' }],
    })
  }
}

function fieldErrors(part: string, issue: z.core.$ZodIssue): FieldError[] {
  const path = pathOf(part, issue.path)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: `${path}.${key}`,
      message: 'is not a field of this request',
    }))
  }
  return [{ path, message: issue.message }]
}

/** Fills `:name` places of a route's path. */
export function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
}

/** How long an answer may be kept. */
export function cacheHeader({ route }: Pick<Binding, 'route'>): Record<string, string> {
  if (route.cacheSeconds === undefined) return { 'cache-control': 'no-store' }
  return {
    'cache-control': `public, max-age=0, s-maxage=${route.cacheSeconds}, stale-while-revalidate=60`,
  }
}

/** Runs the handler, and throws if its answer or its refusal is not in the contract. */
async function handleChecked(
  binding: Binding,
  ...[input, context]: Parameters<Binding['handle']>
): Promise<Awaited<ReturnType<Binding['handle']>>> {
  const { route } = binding
  try {
    const reply = await binding.handle(input, context)
    checkReply(binding, reply)
    return reply
  } catch (error) {
    if (!(error instanceof Problem) || refusalsOf(route).includes(error.code)) throw error
    throw new Error(`${route.operation} refused with ${error.code}, which its contract omits`)
  }
}

function checkReply(binding: Binding, reply: Readonly<{ status: number; body: unknown }>): void {
  const schema = binding.route.replies[reply.status]
  if (!schema)
    throw new Error(`${binding.route.operation} answered ${reply.status}, which its contract omits`)
  if (isByteStream(reply.body)) return
  const body = isRawJson(reply.body)
    ? JSON.parse(Buffer.from(reply.body.rawJson as string).toString())
    : reply.body
  const result = schema.safeParse(body)
  if (!result.success)
    throw new Error(`${binding.route.operation} broke its contract: ${result.error.message}`)
}

/** Any error as problem+json; the inside of a 5xx goes to the log alone. */
export function problemReply(error: unknown, requestId: string, log: Log): RawReply {
  const problem = asProblem(error, log)
  const { detail, errors, data, retryAfterSeconds } = problem.options
  const body = {
    ...data,
    type: `/problems/${problem.code}`,
    title: problem.title,
    status: problem.status,
    detail: detail ?? problem.title,
    code: problem.code,
    requestId,
    retryable:
      problem.status === 503 ||
      problem.status === 429 ||
      problem.code === 'idempotency_in_progress',
    ...(errors ? { errors } : {}),
  }
  const headers: Record<string, string> = {
    'content-type': PROBLEM_TYPE,
    'cache-control': 'no-store',
    ...(problem.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    ...problem.options.headers,
  }
  if (retryAfterSeconds !== undefined) headers['retry-after'] = String(retryAfterSeconds)
  return { status: problem.status, headers, body: JSON.stringify(body) }
}

function asProblem(error: unknown, log: Log): Problem {
  if (error instanceof Problem) return error
  if (error instanceof BatcherFull) return generalProblem('unavailable', { retryAfterSeconds: 1 })
  if (isConnectionError(error)) {
    log.warn({ error: String(error) }, 'database not reachable')
    return generalProblem('unavailable', { retryAfterSeconds: 2 })
  }
  if (isBusyError(error)) {
    log.warn({ error: String(error) }, 'database too busy')
    return generalProblem('unavailable', { retryAfterSeconds: 2 })
  }
  log.error({ error: error instanceof Error ? error.stack : String(error) }, 'request failed')
  return generalProblem('internal')
}
