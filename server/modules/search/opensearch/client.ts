import { Agent, request as httpRequest } from 'node:http'
import { request as httpsRequest, Agent as SecureAgent } from 'node:https'
import type { Clock } from '../../../platform/clock.ts'

/** What OpenSearch, or Elasticsearch, refused. */
export class OpenSearchError extends Error {
  readonly status: number
  constructor(status: number, reason: string) {
    super(`OpenSearch answered ${status}: ${reason}`)
    this.name = 'OpenSearchError'
    this.status = status
  }
}

/** Whether an index, or a document, is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof OpenSearchError && error.status === 404
}

export type Call = Readonly<{
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD'
  path: string
  /** JSON; a list is sent as lines of JSON, as `_bulk` and `_msearch` want it, text as it is. */
  body?: unknown
  /** After so long the call is given up. */
  deadlineMs?: number
}>

/** The REST calls that OpenSearch 2 and Elasticsearch 8 have in common. */
export type OpenSearchClient = Readonly<{
  /** @throws OpenSearchError for a refusal; any other error when there was no answer in time */
  call<Answer>(call: Call): Promise<Answer>
  close(): void
}>

const MAX_SOCKETS = 64
const DEADLINE_MS = 30_000
/** An answer longer than this is not ours: nothing that is asked for comes near it. */
const MOST_LETTERS = 64 * 1024 * 1024

/** @param url may hold a user's name and password */
export function createOpenSearchClient({
  url,
  clock,
}: Readonly<{ url: string; clock: Clock }>): OpenSearchClient {
  const base = new URL(url)
  const secure = base.protocol === 'https:'
  const request = secure ? httpsRequest : httpRequest
  const options = { keepAlive: true, maxSockets: MAX_SOCKETS, noDelay: true }
  const agent = secure ? new SecureAgent(options) : new Agent(options)
  const prefix = base.pathname.replace(/\/$/, '')
  const authorization = authorizationOf(base)

  function send({ method, path, body }: Call, signal: AbortSignal) {
    const lines = Array.isArray(body)
    const text = body === undefined ? '' : encode(body)
    const headers = {
      accept: 'application/json',
      ...(authorization && { authorization }),
      ...(text !== '' && { 'content-type': `application/${lines ? 'x-ndjson' : 'json'}` }),
      'content-length': String(Buffer.byteLength(text)),
    }
    const target = {
      method,
      protocol: base.protocol,
      hostname: base.hostname.replace(/^\[|\]$/g, ''),
      port: base.port,
      path: `${prefix}${path}`,
      agent,
      signal,
      headers,
    }
    return new Promise<{ status: number; text: string }>((resolve, reject) => {
      const call = request(target, (response) => {
        let answer = ''
        response.setEncoding('utf8')
        response.on('data', (part: string) => {
          answer += part
          if (answer.length > MOST_LETTERS) call.destroy(new Error('The answer is too long'))
        })
        response.on('error', reject)
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: answer }))
      })
      call.on('error', reject)
      call.end(text)
    })
  }

  return {
    async call<Answer>(call: Call) {
      const [late, done] = [new AbortController(), new AbortController()]
      void clock.sleep(call.deadlineMs ?? DEADLINE_MS, done.signal).then(() => late.abort())
      try {
        const { status, text } = await send(call, late.signal)
        if (status >= 300) throw new OpenSearchError(status, reasonOf(text))
        return (text === '' ? null : JSON.parse(text)) as Answer
      } finally {
        done.abort()
      }
    },
    close: () => agent.destroy(),
  }
}

function encode(body: unknown): string {
  return Array.isArray(body)
    ? body.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')
    : JSON.stringify(body)
}

function authorizationOf({ username, password }: URL): string | undefined {
  if (username === '') return undefined
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return `Basic ${Buffer.from(pair).toString('base64')}`
}

function reasonOf(text: string): string {
  try {
    const { error } = JSON.parse(text) as {
      error?: { type?: string; reason?: string; root_cause?: { reason?: string }[] }
    }
    const cause = error?.root_cause?.[0]?.reason ?? error?.reason
    return `${error?.type ?? 'error'}: ${cause ?? text.slice(0, 200)}`
  } catch {
    return text.slice(0, 200)
  }
}
