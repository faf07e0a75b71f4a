import { timingSafeEqual } from 'node:crypto'
import { Readable } from 'node:stream'
import type { z } from 'zod'
import type { Bank, Done } from './bank.ts'
import { holdsCardNumber } from './cards.ts'
import type { ChaosSwitch, Fate } from './chaos.ts'
import type { Clock, Timers } from './clock.ts'
import { HANG, type HttpRequest, json, RESET, type Reply } from './http.ts'
import { type Answer, hashRequest, type IdempotencyKeys, inProgress } from './idempotency.ts'
import type { Journal } from './journal.ts'
import type { Payment } from './model.ts'
import { notFound, ProviderProblem } from './problem.ts'
import type { Proof, Records } from './records.ts'
import {
  CancelPayment,
  CapturePayment,
  CloseDispute,
  CreatePayment,
  CreateRefund,
  IdempotencyKey,
  parse,
  SetChaos,
} from './schemas.ts'

export type ApiDeps = Readonly<{
  bank: Bank
  records: Records
  journal: Journal
  keys: IdempotencyKeys
  chaos: ChaosSwitch
  clock: Clock
  timers: Timers
  apiKey: string
  waitingWebhooks: () => number
}>

type Work<Input> = (input: Input, proof: Proof) => Done

/** The routes of the shop's server: payments, refunds, and the levers and books of the test bank. */
export function createApi(deps: ApiDeps): (request: HttpRequest) => Promise<Reply> | Reply {
  const authorize = makeAuthorize(deps.apiKey)
  return (request) => {
    authorize(request)
    const [, collection, id, verb, more] = request.segments
    if (more !== undefined) throw notFound('route')
    if (collection === 'test' && id === 'disputes') return closeDispute(deps, request, verb)
    if (collection === 'test') return handleTest(deps, request, id)
    const isCreation = id === undefined
    if (request.method === 'GET' && verb === undefined) return handleRead(deps, request)
    if (request.method !== 'POST') throw notAllowed()
    if (collection === 'payments' && isCreation) {
      return command(deps, request, CreatePayment, deps.bank.createPayment)
    }
    if (collection === 'refunds' && isCreation) {
      return command(deps, request, CreateRefund, deps.bank.createRefund)
    }
    if (collection === 'payments' && id !== undefined && verb === 'capture') {
      const capture: Work<z.output<typeof CapturePayment>> = ({ amount }, proof) =>
        deps.bank.capturePayment({ id, amount }, proof)
      return command(deps, request, CapturePayment, capture)
    }
    if (collection === 'payments' && id !== undefined && verb === 'cancel') {
      return command(deps, request, CancelPayment, (_, proof) => deps.bank.cancelPayment(id, proof))
    }
    throw notFound('route')
  }
}

function notAllowed(): ProviderProblem {
  return new ProviderProblem(405, 'method_not_allowed', 'This route does not take that method.')
}

function makeAuthorize(apiKey: string): (request: HttpRequest) => void {
  const expected = Buffer.from(`Bearer ${apiKey}`)
  return (request) => {
    const given = Buffer.from(request.header('authorization') ?? '')
    if (given.length === expected.length && timingSafeEqual(given, expected)) return
    throw new ProviderProblem(401, 'unauthenticated', 'Send your key as Authorization: Bearer.')
  }
}

/** @throws 400, 415, and 400 card_number_refused: a card number may only go to the card form */
function readJson(request: HttpRequest): unknown {
  if (request.body === '') return {}
  if (!(request.header('content-type') ?? '').startsWith('application/json')) {
    throw new ProviderProblem(415, 'unsupported_media_type', 'Send application/json.')
  }
  if (holdsCardNumber(request.body)) {
    const detail = 'The body holds a card number. Cards go to the hosted fields, tokens come here.'
    throw new ProviderProblem(400, 'card_number_refused', detail)
  }
  try {
    return JSON.parse(request.body) as unknown
  } catch {
    throw new ProviderProblem(400, 'malformed_json', 'The body is not JSON.')
  }
}

function faultReply(fault: NonNullable<Fate['fault']>): Reply {
  if (fault === 'timeout') return HANG
  if (fault === 'reset') return RESET
  throw new ProviderProblem(500, 'provider_error', 'Something broke here.')
}

function answerReply({ status, body, neverComes }: Answer): Reply {
  return neverComes ? HANG : json(status, body)
}

/** A POST that moves money: once per key, told only when it is on the disk. */
async function command<Input>(
  deps: ApiDeps,
  request: HttpRequest,
  schema: z.ZodType<Input>,
  work: Work<Input>,
): Promise<Reply> {
  const { keys, chaos, timers } = deps
  const fate = chaos.drawFate()
  const input = parse(schema, readJson(request))
  const key = readKey(request)
  if (deps.journal.isFailing()) throw unavailable()
  const hash = hashRequest(request.path, input)
  const earlier = keys.begin({ key, hash, now: deps.clock.now() })
  if (fate.latencyMs > 0) await timers.wait(fate.latencyMs)
  if (earlier !== undefined) {
    return fate.fault === undefined ? replay(earlier) : faultReply(fate.fault)
  }
  let done: Done
  try {
    if (fate.fault !== undefined && fate.when === 'before') {
      keys.abandon(key)
      return faultReply(fate.fault)
    }
    done = work(input, { key, hash })
  } catch (error) {
    // Refused before anything happened: the key stays free, as it was.
    keys.abandon(key)
    throw error
  }
  await done.durable
  keys.finish({ key, answer: done.answer })
  return fate.fault === undefined ? answerReply(done.answer) : faultReply(fate.fault)
}

function replay(answer: Answer): Reply {
  const reply = answerReply(answer)
  return { ...reply, headers: { ...reply.headers, 'idempotent-replayed': 'true' } }
}

function readKey(request: HttpRequest): string {
  const key = request.header('idempotency-key')
  if (key !== undefined && IdempotencyKey.safeParse(key).success && !holdsCardNumber(key))
    return key
  const detail = 'Send an Idempotency-Key of 1 to 255 printable characters without spaces.'
  throw new ProviderProblem(400, 'idempotency_key_required', detail)
}

function unavailable(): ProviderProblem {
  return new ProviderProblem(503, 'unavailable', 'The bank cannot write its record now.')
}

async function handleRead(deps: ApiDeps, request: HttpRequest): Promise<Reply> {
  const fate = deps.chaos.drawFate()
  if (fate.latencyMs > 0) await deps.timers.wait(fate.latencyMs)
  if (fate.fault !== undefined) return faultReply(fate.fault)
  const found = read(deps, request)
  // What a reader is told must not be forgotten either.
  await deps.journal.settled()
  return json(200, JSON.stringify(found))
}

function read({ records, keys }: ApiDeps, { segments, query }: HttpRequest): unknown {
  const [, collection, id] = segments
  if (collection === 'payments' && id === undefined) return listPayments({ records, keys, query })
  if (id === undefined) throw notAllowed()
  if (collection === 'payments') return records.payment(id)?.payment ?? missing('payment')
  if (collection === 'refunds') return records.refund(id) ?? missing('refund')
  throw notFound('route')
}

function missing(what: string): never {
  throw notFound(what)
}

/** What became of an order or of a request whose answer was lost. */
function listPayments(
  deps: Readonly<{ records: Records; keys: IdempotencyKeys; query: URLSearchParams }>,
): Readonly<{ items: readonly Payment[] }> {
  const { records, keys, query } = deps
  const reference = query.get('reference')
  const key = query.get('idempotencyKey')
  if (reference === null && key === null) {
    const detail = 'Ask by reference or by idempotencyKey.'
    throw new ProviderProblem(400, 'validation_failed', detail)
  }
  // "None" would be a lie while the first request is still at work.
  if (key !== null && keys.isRunning(key)) throw inProgress()
  const byKey = key === null ? undefined : records.paymentOfKey(key)
  if (key === null) return { items: records.paymentsOf(reference ?? '') }
  const isWanted = byKey !== undefined && (reference === null || byKey.reference === reference)
  return { items: isWanted ? [byKey] : [] }
}

/** Says for the card's bank how the dispute of a payment ends. */
async function closeDispute(
  deps: ApiDeps,
  request: HttpRequest,
  paymentId: string | undefined,
): Promise<Reply> {
  if (paymentId === undefined) throw notFound('route')
  if (request.method !== 'POST') throw notAllowed()
  const { outcome } = parse(CloseDispute, readJson(request))
  const closed = await deps.bank.closeDispute({ paymentId, won: outcome === 'won' })
  return json(200, JSON.stringify(closed))
}

async function handleTest(
  deps: ApiDeps,
  request: HttpRequest,
  what: string | undefined,
): Promise<Reply> {
  const { chaos, records, journal } = deps
  const { method, query } = request
  if (what === 'chaos') {
    if (method === 'GET') return json(200, JSON.stringify(chaos.current()))
    if (method === 'DELETE') return json(200, JSON.stringify(chaos.clear()))
    if (method !== 'POST') throw notAllowed()
    return json(200, JSON.stringify(chaos.set(parse(SetChaos, readJson(request)))))
  }
  if (method !== 'GET') throw notAllowed()
  await journal.settled()
  if (what === 'summary') {
    const webhooksWaiting = deps.waitingWebhooks()
    return json(200, JSON.stringify({ currencies: records.summary(), webhooksWaiting }))
  }
  if (what === 'balances') return lines(Readable.from(balanceLines(records)))
  if (what !== 'log') throw notFound('route')
  const reference = query.get('reference')
  if (reference === null) return lines(journal.stream())
  const items = journal.linesOf(reference).join(',')
  const balances = JSON.stringify(records.balanceOf(reference))
  return json(200, `{"items":[${items}],"balances":${balances}}`)
}

function lines(body: Readable): Reply {
  return { status: 200, body, headers: { 'content-type': 'application/x-ndjson; charset=utf-8' } }
}

function* balanceLines(records: Records): Generator<string> {
  for (const reference of records.references()) {
    for (const balance of records.balanceOf(reference)) {
      yield `${JSON.stringify({ reference, ...balance })}\n`
    }
  }
}
