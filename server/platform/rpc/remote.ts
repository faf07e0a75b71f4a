import { generalProblem, Problem } from '#contracts/kit/problem.ts'
import type { Chance } from '../chance.ts'
import type { Clock } from '../clock.ts'
import { assertOutsideTransaction } from '../db/database.ts'
import { currentRequestId, type Log } from '../log.ts'
import { type Breaker, createBreaker } from './breaker.ts'
import { DEADLINE_HEADER, remainingMs } from './deadline.ts'
import { createRetryBudget, type RetryBudget } from './retry-budget.ts'
import type { WireProblem } from './serve.ts'
import { type Answer, createPost, type Post } from './transport.ts'

export type RemoteOptions = Readonly<{
  url: string
  secret: string
  /** The whole call, retries included. */
  deadlineMs: number
  /** Methods that are given longer, or less. */
  deadlinesMs?: Readonly<Record<string, number>>
  clock: Clock
  chance: Chance
  log: Log
}>

type Line = RemoteOptions &
  Readonly<{ name: string; post: Post; breaker: Breaker; budget: RetryBudget }>

const RETRIES = 2
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 1_000
/** The server was not reached, or went away before it answered. */
const RETRYABLE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN'])
/** Answers of proxies that do not reach the server, or of one that is too busy. */
const AWAY = new Set([502, 503, 504])

/**
 * A module that runs in another process, with the same interface as in this one. A Problem thrown
 * there is thrown here. Failures that may pass are tried again, because commands are idempotent by
 * their keys; when the server stays away, calls are refused at once with `unavailable`.
 * @param methods the interface's methods, all of them.
 */
export function remote<Api extends object>(
  name: string,
  methods: readonly (keyof Api & string)[],
  options: RemoteOptions,
): Api {
  const line: Line = {
    ...options,
    name,
    post: createPost(options.url),
    breaker: createBreaker({ clock: options.clock }),
    budget: createRetryBudget(),
  }
  return Object.fromEntries(
    methods.map((method) => [method, (input: unknown) => call(line, method, input)]),
  ) as Api
}

/** An attempt's outcome that another attempt may better. */
class Failure extends Error {
  readonly retryable: boolean
  readonly problem: Problem

  constructor(reason: string, retryable: boolean, problem: Problem) {
    super(reason)
    this.retryable = retryable
    this.problem = problem
  }
}

async function call(line: Line, method: string, input: unknown): Promise<unknown> {
  const { name, clock, chance, log, breaker, budget } = line
  assertOutsideTransaction(`A call of ${name}.${method}`)
  const limit =
    clock.monotonicMs() + remainingMs({ clock, ms: line.deadlinesMs?.[method] ?? line.deadlineMs })
  const body = JSON.stringify(input ?? {})
  budget.earn()
  for (let attempt = 0; ; attempt += 1) {
    admit(line)
    try {
      const value = await attemptOnce(line, { method, body, limit })
      breaker.succeeded()
      return value
    } catch (error) {
      if (!(error instanceof Failure)) {
        breaker.succeeded()
        throw error
      }
      breaker.failed()
      log.warn({ call: `${name}.${method}`, attempt, reason: error.message }, 'remote call failed')
      const pause = chance.float() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt)
      const late = clock.monotonicMs() + pause >= limit
      if (!error.retryable || attempt >= RETRIES || late || !budget.spend()) throw error.problem
      await clock.sleep(pause)
    }
  }
}

/** @throws unavailable while the breaker is open. */
function admit({ name, breaker }: Line): void {
  const waitMs = breaker.admit()
  if (waitMs === 0) return
  throw generalProblem('unavailable', {
    detail: `${name} does not answer`,
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)),
  })
}

async function attemptOnce(
  line: Line,
  { method, body, limit }: Readonly<{ method: string; body: string; limit: number }>,
): Promise<unknown> {
  const { name, clock, secret, post } = line
  const left = Math.floor(limit - clock.monotonicMs())
  if (left < 1) throw timedOut(name)
  const requestId = currentRequestId()
  const ended = new AbortController()
  const timeout = new AbortController()
  void clock.sleep(left, ended.signal).then(() => timeout.abort())
  const headers = {
    authorization: `Bearer ${secret}`,
    [DEADLINE_HEADER]: String(left),
    ...(requestId ? { 'x-request-id': requestId } : {}),
  }
  const answer = await post({
    path: `/rpc/${name}/${method}`,
    body,
    headers,
    signal: timeout.signal,
  })
    .catch((error: NodeJS.ErrnoException) => {
      throw timeout.signal.aborted ? timedOut(name) : notReached(name, error)
    })
    .finally(() => ended.abort())
  return readAnswer(name, answer)
}

function notReached(name: string, { code = '', message }: NodeJS.ErrnoException): Failure {
  const problem = generalProblem('unavailable', {
    detail: `${name} is not reached`,
    retryAfterSeconds: 1,
  })
  return new Failure(`${code} ${message}`, RETRYABLE.has(code), problem)
}

function timedOut(name: string): Failure {
  const detail = `${name} did not answer in time`
  const problem = generalProblem('unavailable', { detail, retryAfterSeconds: 1 })
  return new Failure(detail, false, problem)
}

/**
 * @throws Problem as it was thrown there; Failure if the server cannot answer for the moment; an
 * Error if it answers what only a wrong set-up or a fault of its own explains.
 */
function readAnswer(name: string, { status, body }: Answer): unknown {
  const answer = parse(body)
  if (status === 200 && answer) return answer.value
  if (answer?.problem) {
    const { code, title, options } = answer.problem
    const problem = new Problem(code, status, title, options)
    if (status === 503) throw new Failure(code, true, problem)
    throw problem
  }
  if (AWAY.has(status)) {
    throw new Failure(`answered ${status}`, true, generalProblem('unavailable'))
  }
  throw new Error(`${name} answered ${status} ${answer?.code ?? ''}`)
}

type Wire = Readonly<{ value?: unknown; problem?: WireProblem; code?: string }>

function parse(body: string): Wire | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
