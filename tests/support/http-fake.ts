import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'

export type FakeRequest = Readonly<{
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}>

export type FakeReply = Readonly<{ status: number; body: unknown }>

/** How the next calls go wrong: before anything is done, after it is done, or by an error. */
export type Misbehaviour =
  | 'reset_before'
  | 'hang_after'
  | 'reset_after'
  | 'error_before'
  | 'error_after'

/**
 * A real HTTP server that answers by `handle`, and misbehaves as it is told: one entry a call.
 * Closed after the test file.
 */
export async function openHttpFake(handle: (request: FakeRequest) => FakeReply) {
  const requests: FakeRequest[] = []
  const planned: Misbehaviour[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request
      const seen = { method, path, headers, body }
      const how = path.includes('oauth2') ? undefined : planned.shift()
      if (how === 'reset_before') return request.socket.destroy()
      const answer = how === 'error_before' ? undefined : handle(seen)
      if (answer) requests.push(seen)
      if (how === 'reset_after') return request.socket.destroy()
      if (how === 'hang_after') return
      const reply = how === 'error_after' || !answer ? { status: 500, body: { error: {} } } : answer
      response.writeHead(reply.status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(reply.body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** What was carried out, answered or not. */
    requests,
    misbehave: (...how: Misbehaviour[]) => void planned.push(...how),
  }
}
