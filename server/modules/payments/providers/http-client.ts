import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Chance } from '../../../platform/chance.ts'
import type { Clock } from '../../../platform/clock.ts'
import { assertOutsideTransaction } from '../../../platform/db/database.ts'
import type { Log } from '../../../platform/log.ts'
import { ProviderRefused, ProviderSilent } from '../provider.ts'

export type ProviderReply = Readonly<{ status: number; body: unknown }>

export type ProviderCall = Readonly<{
  method: 'GET' | 'POST'
  path: string
  headers?: Readonly<Record<string, string>> | undefined
  /** Sent as JSON; a text is sent as it is. */
  body?: unknown
  /** For the whole call, its repetitions included. */
  deadlineMs: number
}>

export type ProviderClient = Readonly<{
  /**
   * Calls the provider; what failed in a way that may pass is tried again while there is time.
   * Only calls that may be repeated come here: a GET, or a POST with an idempotency key.
   * @throws ProviderRefused `unreachable` if nothing can have reached it; ProviderSilent otherwise.
   */
  call(call: ProviderCall): Promise<ProviderReply>
  close(): void
}>

const TRIES = 3
const REPLY_BYTES_MAX = 256 * 1024
const BACKOFF_MS = 150
/** The provider is busy or broken. */
const MAY_PASS = new Set([429, 500, 502, 503, 504])
const NEVER_ARRIVED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'])

type Deps = Readonly<{
  baseUrl: string
  clock: Clock
  log: Log
  chance: Chance
  connectionsMax?: number
}>

export function createProviderClient(deps: Deps): ProviderClient {
  const { baseUrl, clock, log, chance, connectionsMax = 128 } = deps
  const base = new URL(baseUrl)
  const secure = base.protocol === 'https:'
  const settings = { keepAlive: true, maxSockets: connectionsMax, scheduling: 'lifo' as const }
  const agent = secure ? new HttpsAgent(settings) : new HttpAgent(settings)
  const prefix = base.pathname.replace(/\/$/, '')
  const target = {
    agent,
    hostname: base.hostname.replace(/^\[|\]$/g, ''),
    port: base.port || (secure ? 443 : 80),
  }

  function send({ method, path, headers, body }: ProviderCall, leftMs: number) {
    return new Promise<ProviderReply>((resolve, reject) => {
      const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
      const start = secure ? httpsRequest : httpRequest
      const request = start({
        ...target,
        method,
        path: prefix + path,
        headers: {
          ...(text ? { 'content-type': 'application/json' } : {}),
          ...headers,
          'content-length': Buffer.byteLength(text),
        },
      })
      const late = setTimeout(
        () => request.destroy(new ProviderSilent('the provider did not answer in time')),
        leftMs,
      )
      readReply(request)
        .then(resolve, reject)
        .finally(() => clearTimeout(late))
      request.end(text)
    })
  }

  return {
    async call(call) {
      assertOutsideTransaction(`Calling ${call.path}`)
      const startedAt = clock.monotonicMs()
      let last: { reply: ProviderReply } | { error: Error } | undefined
      for (let attempt = 1; attempt <= TRIES; attempt += 1) {
        const leftMs = call.deadlineMs - (clock.monotonicMs() - startedAt)
        if (leftMs <= 0) break
        last = await send(call, leftMs).then(
          (reply) => ({ reply }),
          (error: Error) => ({ error }),
        )
        if ('reply' in last && !mayPass(last.reply)) return last.reply
        const what = 'reply' in last ? last.reply.status : last.error.message
        log.warn({ path: call.path.split('?')[0], attempt, what }, 'the payment provider failed')
        if (attempt < TRIES) await clock.sleep(BACKOFF_MS * attempt * (0.5 + chance.float()))
      }
      if (last && 'reply' in last) return last.reply
      throw describe(last?.error)
    },
    close: () => agent.destroy(),
  }
}

function mayPass({ status, body }: ProviderReply): boolean {
  if (MAY_PASS.has(status)) return true
  // The first call with this key is still at work.
  const code = (body as { code?: unknown } | null)?.code
  return status === 409 && code === 'idempotency_in_progress'
}

function describe(error: Error | undefined): Error {
  if (error instanceof ProviderSilent) return error
  const code = (error as { code?: string } | undefined)?.code ?? ''
  if (NEVER_ARRIVED.has(code)) return new ProviderRefused('unreachable')
  return new ProviderSilent(`the provider's connection failed: ${code || error?.message}`)
}

function readReply(request: ClientRequest): Promise<ProviderReply> {
  return new Promise((resolve, reject) => {
    request.on('error', reject)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > REPLY_BYTES_MAX) request.destroy(new ProviderSilent('the reply is too large'))
        else chunks.push(chunk)
      })
      response.on('error', reject)
      response.on('close', () => reject(new ProviderSilent('the reply broke off')))
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const isJson = /json/.test(response.headers['content-type'] ?? '')
        try {
          resolve({ status: response.statusCode ?? 0, body: isJson ? JSON.parse(text) : text })
        } catch {
          reject(new ProviderSilent('the reply is not JSON'))
        }
      })
    })
  })
}
