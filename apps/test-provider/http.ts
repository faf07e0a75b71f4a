import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Log } from './log.ts'
import { ProviderProblem } from './problem.ts'

const BODY_BYTES_MAX = 64 * 1024
const KEEP_ALIVE_MS = 65_000
const REQUEST_MS = 30_000

export type HttpRequest = Readonly<{
  method: string
  path: string
  /** `/v1/payments/pay_1` is `['v1', 'payments', 'pay_1']`. */
  segments: readonly string[]
  query: URLSearchParams
  header: (name: string) => string | undefined
  body: string
}>

export type Reply = Readonly<{
  status: number
  body: string | NodeJS.ReadableStream
  headers?: Readonly<Record<string, string>>
  /** Instead of an answer: silence and then the end of the connection, or its end at once. */
  drop?: 'hang' | 'reset'
}>

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' }
const PROBLEM_TYPE = { 'content-type': 'application/problem+json; charset=utf-8' }

export const HANG: Reply = { status: 0, body: '', drop: 'hang' }
export const RESET: Reply = { status: 0, body: '', drop: 'reset' }

export function json(status: number, body: string): Reply {
  return { status, body, headers: JSON_TYPE }
}

function problemReply(problem: ProviderProblem): Reply {
  return { status: problem.status, body: problem.toBody(), headers: PROBLEM_TYPE }
}

type Handle = (request: HttpRequest) => Promise<Reply> | Reply

/** A server that answers every request, well-formed or not, and survives all of them. */
export function createHttpServer(
  options: Readonly<{ handle: Handle; hangMs: number; log: Log }>,
): Server {
  const { log } = options
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_MS, noDelay: true },
    (request, response) => {
      serve(options, request, response).catch((error: unknown) => {
        log.error('a request could not be answered', error)
        response.destroy()
      })
    },
  )
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n')
    else socket.destroy()
  })
  return server
}

async function serve(
  { handle, hangMs, log }: Readonly<{ handle: Handle; hangMs: number; log: Log }>,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let reply: Reply
  try {
    const body = incoming.method === 'GET' ? '' : await readBody(incoming)
    reply = await handle(toRequest(incoming, body))
  } catch (error) {
    if (!(error instanceof ProviderProblem)) log.error('a request failed', error)
    reply = problemReply(
      error instanceof ProviderProblem
        ? error
        : new ProviderProblem(500, 'internal_error', 'Something broke here.'),
    )
  }
  send(reply, response, hangMs)
}

function send(reply: Reply, response: ServerResponse, hangMs: number): void {
  const { socket } = response
  if (reply.drop === 'reset') {
    socket?.resetAndDestroy()
    return
  }
  if (reply.drop === 'hang') {
    setTimeout(() => socket?.destroy(), hangMs).unref()
    return
  }
  if (typeof reply.body !== 'string') {
    response.writeHead(reply.status, reply.headers)
    reply.body.on('error', () => response.destroy())
    response.on('close', () => response.destroy())
    reply.body.pipe(response)
    return
  }
  const length = Buffer.byteLength(reply.body)
  // A refused body is not read to its end, so its connection cannot be used again.
  const end = reply.status === 413 ? { connection: 'close' } : {}
  response.writeHead(reply.status, { ...reply.headers, ...end, 'content-length': length })
  response.end(reply.body)
}

function readBody(incoming: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= BODY_BYTES_MAX) {
        chunks.push(chunk)
        return
      }
      incoming.pause()
      reject(new ProviderProblem(413, 'payload_too_large', `At most ${BODY_BYTES_MAX} bytes.`))
    })
    incoming.on('end', () => {
      resolve(
        (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)).toString('utf8'),
      )
    })
    incoming.on('error', reject)
    incoming.on('close', () => {
      if (incoming.complete) return
      reject(new ProviderProblem(400, 'aborted', 'The body ended early.'))
    })
  })
}

function toRequest(incoming: IncomingMessage, body: string): HttpRequest {
  const url = incoming.url ?? '/'
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  return {
    method: incoming.method === 'HEAD' ? 'GET' : (incoming.method ?? 'GET'),
    path,
    segments: path.slice(1).split('/'),
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    header(name) {
      const value = incoming.headers[name]
      return Array.isArray(value) ? value[0] : value
    },
    body,
  }
}
